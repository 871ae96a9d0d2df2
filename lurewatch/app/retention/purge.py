"""The erasure of what is past its retention: from index, partitions and assessments, noted first and certified last.

Killed at any point, the next purge completes it: everything is noted before it is deleted, and deleting again changes nothing.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

import msgspec
from sqlalchemy import Engine

from crawlers.evidence.partition import partitions, read_report, remove
from desk.custody import erasure
from index.base import Store
from index.campaigns.relink import link_new
from lurewatch import assessments
from lurewatch.app.retention.due import DEFAULT_DAYS, Progress, days_kept, due, holds, run_of
from lurewatch.app.retention.plausibility import judge
from lurewatch.settings import Settings

_BATCH = 200
"""Records an entry of the audit chain names."""


class PurgeResult(msgspec.Struct, frozen=True, kw_only=True):
    """What a purge did."""

    items: int = 0
    partitions: int = 0
    certificate: int | None = None
    """Number of the audit entry that certifies it; ``None`` when nothing was due."""


def purge(
    settings: Settings, engine: Engine, store: Store, *, by: str, now: datetime, override: str = "",
    progress: Progress = lambda *_: None,
) -> PurgeResult:  # fmt: skip
    """Erase what is due, complete what an earlier purge left, and certify both.

    Raises PurgeRefused, with nothing erased, when the clock or the share that is due is not plausible and ``override`` does not
    say why it is right. Raises StoreUnavailable while the index cannot be written, or somebody keeps its log readable; the same
    call again completes it.
    """
    count = 0
    results = due(settings, engine, store, now, progress)
    judge(settings, engine, store, results, by=by, now=now, override=override)
    for entry in results:
        for batch in _batches(entry.items):
            named = {item: digest for item, (_, digest) in batch.items()}
            free = erasure.begin(engine, source=entry.source, cutoff=entry.cutoff, items=named, by=by, now=now)
            count += len(store.delete({item: batch[item][0] for item in free}))
            progress("erased", count)
        if entry.partitions:
            digests = {address: read_report(address).digests for address in entry.partitions}
            erasure.begin(engine, source=entry.source, cutoff=entry.cutoff, partitions=digests, by=by, now=now)
    with engine.connect() as connection:
        noted, kept = erasure.begun(connection), erasure.protected_items(connection, now)
    _forget_assessments(settings, engine, now)
    if not noted.items and not noted.partitions:
        return PurgeResult()
    spared = store.get_many(noted.items)
    stayed = [address for address in noted.partitions if holds(address, kept.keys() | spared.keys())]
    for address in noted.partitions:
        if address not in stayed:
            remove(address)
            store.unmark_loaded(address)
    _mend(store, noted.items - spared.keys())
    store.scrub()
    closing = erasure.close(engine, spared=spared, stayed=stayed, by=by, now=now).closing
    return PurgeResult(
        items=len(noted.items) - len(spared), partitions=len(noted.partitions) - len(stayed), certificate=closing.seq
    )


def _batches(items: dict[str, tuple[int, str]]) -> Iterator[dict[str, tuple[int, str]]]:
    source = iter(items.items())
    while batch := dict(islice(source, _BATCH)):
        yield batch


def _mend(store: Store, gone: frozenset[str]) -> None:
    """Link again what is left of campaigns that lost a member, and drop those nothing is left of."""
    left: set[str] = set()
    empty: list[str] = []
    for campaign in store.campaigns():
        members = set(campaign.campaign.members)
        if members & gone:
            here = store.get_many(members)
            left |= here.keys()
            empty += [] if here else [campaign.campaign.id]
    if empty:
        store.put_campaigns((), gone=empty)
    if left:
        link_new(store, left)


def _forget_assessments(settings: Settings, engine: Engine, now: datetime) -> None:
    """Delete what was made of partitions that are gone or past their retention: those can be assessed again."""
    days = days_kept(settings, engine)
    for name, runs in assessments.runs(settings.assessed).items():
        cutoff = now - timedelta(days=days.get(name, DEFAULT_DAYS))
        young = {
            run_of(partition) for partition in partitions(settings.runs, name) if read_report(partition).finished_at >= cutoff
        }
        assessments.forget(settings.assessed, name, runs - young)
