"""Finds channels that share contacts and texts with a suggested one, and whether they stopped before it (a renamed channel).

It compares postings of or about the venue: forwards from it, lures that name it, and the posts of a probe.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice

import msgspec

from crawlers.items import Posting
from enrichment.assessment import Assessment
from enrichment.campaigns.linkage import LinkItem, item, link_copy
from enrichment.text.fingerprint import Hashes
from index.base import Record, RecordStore
from index.campaigns.network_update import as_node
from index.campaigns.relink import as_item
from index.terms.venue_pointers import Venue, pointers, venue_of
from lurewatch.app.venues.mentions import named_contacts

COMPARED = 50
"""Postings of a venue that are compared."""
SHARED = 2
"""Contacts and near-same texts together from which two venues belong together."""
USERS = 3
"""A contact that more venues name is an agency's or a help desk's: it says nothing."""


SHARE = 0.3
"""Share of a venue's own posts that must share something: where everybody posts, one crew's few say nothing of who runs it."""


class Relative(msgspec.Struct, frozen=True, kw_only=True):
    """A Telegram name that shares contacts or texts with a venue."""

    venue: str
    contacts: tuple[str, ...]
    """``type:value`` that both name."""
    texts: int
    """Near-same texts."""
    last_seen: datetime
    """When it was last posted in, or named."""
    stopped: bool
    """It was last seen before the venue was first: probably renamed, not a second name."""
    ruled: str = ""
    """What was ruled about it, in words: a blocked name may be back."""

    @property
    def sentence(self) -> str:
        """What it says, as text."""
        what = "probably the renamed" if self.stopped else "probably run by the same people as"
        shared = [f"shared contacts: {len(self.contacts)}"] if self.contacts else []
        shared += [f"near-same texts: {self.texts}"] if self.texts else []
        shared += [f"last seen {self.last_seen:%Y-%m-%d}", *filter(None, (self.ruled,))]
        return f"{what} {self.venue} ({', '.join(shared)})"


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """A posting of a venue, or about it."""

    posting: Posting
    assessment: Assessment
    at: datetime


def sample_of_record(record: Record) -> Sample:
    """Return a record as a sample."""
    return Sample(posting=record.posting, assessment=record.assessment, at=record.posting.posted_at or record.first_seen)


def relatives(store: RecordStore, venue: Venue, samples: Iterable[Sample]) -> tuple[Relative, ...]:
    """Return the other Telegram names that share contacts or texts with a venue, the likeliest first.

    Raises StoreUnavailable.
    """
    kept = list(islice(samples, COMPARED))
    if not kept:
        return ()
    first = min(sample.at for sample in kept)
    ties = _find_ties(store, venue, kept)
    users = Counter(entry for tie in ties.values() for entry in tie.contacts)
    results = [
        Relative(
            venue=other, texts=len(tie.texts), contacts=tuple(sorted(entry for entry in tie.contacts if users[entry] <= USERS)),
            last_seen=tie.last_seen, stopped=tie.last_seen < first,
        )
        for other, tie in ties.items()
    ]  # fmt: skip
    near = [relative for relative in results if len(relative.contacts) + relative.texts >= SHARED]
    near = [relative for relative in near if _mostly(store, relative.venue, ties[relative.venue].records)]
    return tuple(sorted(near, key=lambda relative: (-len(relative.contacts) - relative.texts, relative.venue)))


class _Tie(msgspec.Struct, kw_only=True):
    """What the postings of another name share with a venue."""

    records: set[str] = msgspec.field(default_factory=set)
    contacts: set[str] = msgspec.field(default_factory=set)
    texts: set[str] = msgspec.field(default_factory=set)
    last_seen: datetime


def _find_ties(store: RecordStore, venue: Venue, samples: Sequence[Sample]) -> dict[str, _Tie]:
    """Return each other Telegram name whose postings share a contact or a text with the samples."""
    named = {entry for sample in samples for entry in named_contacts(sample.assessment)} - {venue.name}
    items = [item(sample.assessment, _raw(sample)) for sample in samples]
    bands = {band for sample in samples for band in sample.assessment.fingerprint.bands}
    known: dict[str, Hashes] = {}
    ties: dict[str, _Tie] = {}
    for record in store.find_alike(bands, named).values():
        others = _venues(record) - {venue.name} - named  # a contact of both is no other venue
        if not others or not as_node(record).offer or venue.name in pointers(record.posting, record.assessment):
            continue  # who warns of a crew quotes it; who points to the venue speaks of it
        copied = {record.id} if _is_copied(as_item(record), items, known) else set()
        for other in others:
            tie = ties.setdefault(other, _Tie(last_seen=record.first_seen))
            tie.records.add(record.id)
            tie.contacts |= named & named_contacts(record.assessment) - {other}
            tie.texts |= copied
            tie.last_seen = max(tie.last_seen, record.posting.posted_at or record.first_seen)
    return ties


def _mostly(store: RecordStore, name: str, sharing: set[str]) -> bool:
    """Whether enough of what is known to come from a venue, posts and forwards, is among what shares something."""
    handle = name.removeprefix("telegram:")
    own = {
        record.id
        for record in store.find_alike((), (f"channel:{handle}",)).values()
        if handle in ((record.posting.author or "").casefold(), (record.posting.forwarded_from or "").casefold())
    }
    return len(own & sharing) >= SHARE * len(own)


def _venues(record: Record) -> set[str]:
    """Return the Telegram names a record stands at or points to."""
    here = venue_of(record.posting.url)
    names = {here.name} if here else set()
    names |= set(pointers(record.posting, record.assessment))
    return {name for name in names if name.startswith("telegram:")}


def _is_copied(other: LinkItem, items: Iterable[LinkItem], known: dict[str, Hashes]) -> bool:
    return any(not set(link_item.bands).isdisjoint(other.bands) and link_copy(link_item, other, known) for link_item in items)


def _raw(sample: Sample) -> str:
    return f"{sample.posting.title or ''}\n{sample.posting.text}"
