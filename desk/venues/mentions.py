"""Venues that are sources already, and all postings that point to a venue a lure points to."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Literal

import msgspec
from sqlalchemy import Engine

from crawlers.sources.setting_types import site
from crawlers.sources.source import Source
from desk.cases.case_decisions import Case, decided_cases
from desk.refusals import DeskRefusal
from foundation.messages import _
from index.base import Query, Record, RecordStore
from index.campaigns.network_update import as_node
from index.terms.record_terms import raw_text
from index.terms.venue_pointers import Manner, Venue, pointers, search_tokens, venue_of

Standing = Literal["confirmed", "flagged", "dismissed", "ordinary", "quoting"]
"""``flagged``: undecided, flagged by its text or raised by its network. ``quoting``: it warns, reports, tells or asks."""
RAISED = 25.0
"""Network points from which an undecided record stands as if its text were flagged: one confirmed lure by the same poster."""
ASIDE = frozenset({"warning_or_news", "testimony", "seeker"})
"""Reasons of a dismissal that say the text quotes a lure: it speaks neither for nor against where it points."""
_AT_ONCE = 200
"""Venues asked for at once."""


class VenueMention(msgspec.Struct, frozen=True, kw_only=True):
    """One posting that points to a venue."""

    item: str
    title: str
    """Its title, or how its text begins: 80 characters at most."""
    url: str
    source: str
    manner: Manner
    address: str
    """Where it points, as published; "" for a bare name."""
    sure_channel: bool
    standing: Standing
    text: str
    """What copies of the text share: they count once."""
    first_seen: datetime


class SourceLead(msgspec.Struct, frozen=True, kw_only=True):
    """A venue that at least one lure points to, with all who do."""

    venue: Venue
    mentions: tuple[VenueMention, ...]
    """By item id."""

    def items(self, standing: Standing) -> frozenset[str]:
        """Return the ids of the postings of a standing."""
        return frozenset(mention.item for mention in self.mentions if mention.standing == standing)


def leads(store: RecordStore, cases: Mapping[str, Case], known: Container[str] = ()) -> Iterator[SourceLead]:
    """Yield each venue that a confirmed or flagged lure points to, without those in ``known``, in the order of their names.

    ``cases`` are the decisions of the desk by item, which overrule the index. Raises StoreUnavailable.
    """
    venues = _pointed_to(store, cases)
    wanted = iter(sorted(name for name in venues if name not in known))
    while names := list(islice(wanted, _AT_ONCE)):
        yield from find_mentions(store, cases, [venues[name] for name in names])


def find_mentions(store: RecordStore, cases: Mapping[str, Case], venues: Sequence[Venue]) -> Iterator[SourceLead]:
    """Yield for each venue who points to it; raise StoreUnavailable."""
    tokens = [token for venue in venues for token in search_tokens(venue)]
    mentions: dict[str, list[VenueMention]] = {venue.name: [] for venue in venues}
    for record in sorted(store.find_alike((), tokens).values(), key=lambda record: record.id):
        for name, mention in _mentions(record, cases):
            if name in mentions:
                mentions[name].append(mention)
    for venue in venues:
        pointing = mentions[venue.name]
        address = venue.address or next((mention.address for mention in pointing if mention.address), "")
        yield SourceLead(venue=msgspec.structs.replace(venue, address=address), mentions=tuple(pointing))


def standing_of(record: Record, case: Case | None) -> Standing:
    """Return how a record stands: what a person decided, else what its text and its network say."""
    decision = case.in_force if case else None
    if decision is not None:
        if decision.kind == "confirm":
            return "confirmed"
        return "quoting" if decision.reason in ASIDE else "dismissed"
    if not as_node(record).offer:
        return "quoting"
    return "flagged" if record.assessment.flagged or record.network.points >= RAISED else "ordinary"


def _pointed_to(store: RecordStore, cases: Mapping[str, Case]) -> dict[str, Venue]:
    """Return the venues that lures point to, by name."""
    return {
        name: pointer.venue
        for record in _lures(store, cases)
        for name, pointer in pointers(record.posting, record.assessment).items()
    }


def _lures(store: RecordStore, cases: Mapping[str, Case]) -> Iterator[Record]:
    confirmed = [item for item, case in cases.items() if case.state == "confirmed"]
    yield from store.get_many(confirmed).values()
    for record in store.scan(Query(raised=True, count_facets=False)):
        if standing_of(record, cases.get(record.id)) == "flagged":
            yield record


def _mentions(record: Record, cases: Mapping[str, Case]) -> Iterator[tuple[str, VenueMention]]:
    pointing = pointers(record.posting, record.assessment)
    if not pointing:
        return
    standing, raw, node = standing_of(record, cases.get(record.id)), raw_text(record).strip(), as_node(record)
    words = next((token for token in node.tokens if token.startswith("words:")), "")
    for name, pointer in pointing.items():
        yield name, VenueMention(
            item=record.id, title=" ".join(raw.split())[:80], url=record.posting.url, source=record.posting.source,
            manner=pointer.manner, address=pointer.venue.address,
            sure_channel=pointer.sure_channel, standing=standing, text=words or record.id, first_seen=record.first_seen,
        )  # fmt: skip


class KnownVenues:
    """The channels and sites of the source files."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._names: set[str] = set()
        self._sites: set[str] = set()
        for source in sources:
            for url in (*source.crawl.start, source.operator.url):
                venue = venue_of(url)
                if venue is None:
                    continue
                self._names.add(venue.name)
                if venue.kind == "site" and ":" not in venue.value:
                    self._sites.add(site(url))

    def __contains__(self, name: object) -> bool:
        """Whether a venue's name is that of a source, or of another host of a source's site."""
        kind, _, value = str(name).partition(":")
        return name in self._names or (kind == "site" and ":" not in value and site(f"https://{value}/") in self._sites)


def known_as(sources: Iterable[Source], venue: Venue) -> str:
    """Return the name of the source file that has a venue; "" when none has."""
    return next((source.name for source in sources if venue.name in KnownVenues((source,))), "")


def find_venue(written: str) -> Venue:
    """Return the venue a person names; raise DeskRefusal for a text that names none."""
    venue = venue_of(written.strip())
    if venue is None:
        raise DeskRefusal(
            _(
                "%(written)r names no venue; write it as `lurewatch sources suggest` shows it (telegram:NAME, site:HOST), "
                "@NAME or its address",
                written=written[:80],
            )
        )
    return venue


def lead_of(engine: Engine, store: RecordStore, venue: Venue) -> SourceLead:
    """Return who points to a venue, be there a lure among them or none, by the decisions of the desk; raise StoreUnavailable."""
    with engine.connect() as connection:
        cases = {case.item_id: case for case in decided_cases(connection)}
    return next(find_mentions(store, cases, [venue]))


def refuse_source(sources: Iterable[Source], venue: Venue) -> None:
    """Raise DeskRefusal when a source file has the venue already."""
    if known := known_as(sources, venue):
        raise DeskRefusal(f"{venue.name} is the source {known} already; `lurewatch sources list` shows it")
