"""Verifies the index, and compares and copies indexes."""

import contextlib
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

import msgspec
from msgspec.structs import replace

from crawlers.evidence.partition import NotedReport, read_postings, read_report
from crawlers.evidence.salvage import damaged_partitions
from crawlers.items import Posting
from enrichment.harm import harm
from foundation.crawl_errors import PartitionError
from index.base import CampaignStore, Query, Record, Store
from index.load import pending

Progress = Callable[[int], None]


class VerificationReport(msgspec.Struct, frozen=True, kw_only=True):
    """The result of a verification."""

    records: int
    fingerprint: str
    """Hash over all fields of all records: the same for the same content, on either store."""
    pending: tuple[str, ...] = ()
    """Sealed partitions that are not loaded."""
    missing: tuple[str, ...] = ()
    """Ids of postings in loaded partitions that the store does not have."""
    damaged: tuple[str, ...] = ()
    """Partitions that are not as they were sealed: their files, and how many of their postings can be read."""
    unreadable: int = 0
    """Postings of damaged partitions that cannot be read any more."""
    problems: tuple[str, ...] = ()
    """What the store itself says is wrong with it."""

    @property
    def is_whole(self) -> bool:
        """Whether the index holds all that was loaded, and nothing waits."""
        return not (self.pending or self.missing or self.damaged or self.problems)


def field_hash(record: Record) -> str:
    """Return the SHA-256 of what a record says. ``revision`` is left out: it counts writes, not content."""
    return hashlib.sha256(msgspec.json.encode(replace(record, revision=0))).hexdigest()


def verify(
    store: Store,
    runs: str,
    *,
    progress: Progress | None = None,
    erased: Callable[[Posting, datetime], bool] = lambda *_: False,
    noted: Mapping[str, NotedReport] | None = None,
) -> VerificationReport:
    """Compare the store with the partitions under ``runs``, and each file of those with what was sealed and ``noted`` of it;
    ``progress`` is told the number of records read.

    A posting the store refused (its dead letter) counts as missing: it is not there to be found. One that ``erased`` knows, given
    when it was seen, does not.
    """
    ids: set[str] = set()
    whole = hashlib.sha256()
    for number, record in enumerate(store.scan(Query()), 1):
        ids.add(record.id)
        whole.update(field_hash(record).encode())
        if progress:
            progress(number)
    damaged = list(damaged_partitions(runs, noted or {}, store.loaded_partitions()))
    return VerificationReport(
        records=len(ids),
        fingerprint=whole.hexdigest(),
        pending=tuple(pending(runs, store)),
        missing=tuple(_missing(store.loaded_partitions(), ids, erased)),
        damaged=tuple(map(str, damaged)),
        unreadable=sum(max(0, check.parsed - check.readable) for check in damaged),
        problems=store.problems(),
    )


def _missing(loaded: Iterable[str], ids: set[str], erased: Callable[[Posting, datetime], bool]) -> list[str]:
    missing: dict[str, None] = {}
    for address in sorted(loaded):
        with contextlib.suppress(PartitionError, OSError):  # it is named among the damaged ones
            at = read_report(address).finished_at
            lost = (posting for posting in read_postings(address) if posting.id not in ids)
            missing |= {posting.id: None for posting in lost if not erased(posting, posting.fetched_at or at)}
    return list(missing)


def copy(source: Store, target: Store, *, progress: Progress | None = None) -> int:
    """Copy all records, campaigns, decisions and the ledger from one store to another; return the number of records read.

    Carrying on after a copy that broke off is the same call again: a record that is there already is left alone.
    """
    count = 0

    def count_records() -> Iterator[Record]:
        nonlocal count
        for record in source.scan(Query()):
            count += 1
            if progress and count % 500 == 0:
                progress(count)
            yield _add_harm(record)

    target.put(count_records())
    target.put_rules(source.rules())
    target.put_campaigns(
        source.campaigns(), gone={campaign.campaign.id for campaign in target.campaigns()} - _campaign_ids(source)
    )
    for address, outcome in source.outcomes().items():
        target.mark_loaded(address, outcome)
    return count


def _add_harm(record: Record) -> Record:
    """Return a record with the harm its signals show: an index from before harm was kept has none."""
    judged = record.assessment
    shown = harm(judged.signals, judged.stance)
    return record if judged.harm.reasons or not shown.reasons else replace(record, assessment=replace(judged, harm=shown))


def _campaign_ids(store: CampaignStore) -> set[str]:
    return {campaign.campaign.id for campaign in store.campaigns()}
