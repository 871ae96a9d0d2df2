"""Checks whether a purge is plausible: retention trusts the machine's clock, and a wrong clock must not erase young adverts.

A purge is refused when the clock does not fit the times of stored data, or when it would erase a large share at once. A person
may override the refusal; the audit log notes who and why.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import msgspec
from sqlalchemy import Engine, select

from crawlers.evidence.partition import Report, partitions, reports
from desk.custody import audit
from desk.database import writing
from desk.tables import audit as chain
from index.base import Query, RecordStore, Store
from lurewatch.app.app_errors import PermanentError
from lurewatch.app.retention.due import DueItems
from lurewatch.settings import Settings

LONGEST_GAP = timedelta(days=14)
"""Something is written more often than this wherever LureWatch runs: a run partition, a record, an entry of the audit log."""
WATCHED = timedelta(days=60)
"""How far back gaps are looked for: a clock that has been wrong for so long is refused every night of it."""
AHEAD = timedelta(days=1)
"""Nothing may be written so much later than now."""
SHARE, FEW = 0.1, 20
"""A purge each night erases well under this part of all records or partitions; so many may go whatever their share is."""
SOURCE_SHARE, SOURCE_FEW = 0.25, 5
"""The same of one source, whose adverts may have come in few runs."""
_OVERRIDE = "purge_override"
FIX = 'when it is right: lurewatch retention purge --yes --override "why it is right" --as NAME'


class PurgeRefused(PermanentError):
    """The purge is not plausible: nothing was erased. The message says why and what to do."""


class Doubt(msgspec.Struct, frozen=True, kw_only=True):
    """An objection to erasing anything of one source."""

    source: str
    words: str


class Override(msgspec.Struct, frozen=True, kw_only=True):
    """What a person accepted: the clock at that moment, and the newest time that was written then."""

    clock: datetime
    newest: datetime


def doubts(settings: Settings, engine: Engine, store: Store, entries: Sequence[DueItems], now: datetime) -> list[str]:
    """Return the objections to a purge of ``entries`` at ``now``."""
    clock = list(_clock_doubts(_written_times(settings, engine, store), _last_override(engine), now))
    return [*clock, *(doubt.words for doubt in _share_doubts(settings, store, entries))]


def judge(
    settings: Settings, engine: Engine, store: Store, entries: Sequence[DueItems], *, by: str, now: datetime, override: str = ""
) -> tuple[list[DueItems], list[Doubt]]:
    """Return what may be erased, and the doubts about the sources of which nothing may.

    Raises PurgeRefused when the clock is doubtful, which concerns every source. With ``override``, which says why it is right,
    all may go; where that was needed it is written to the audit log with its reason, before anything is erased.
    """
    written = _written_times(settings, engine, store)
    clock, shares = list(_clock_doubts(written, _last_override(engine), now)), _share_doubts(settings, store, entries)
    if not override.strip():
        if clock:
            raise PurgeRefused(f"nothing was erased: {'; '.join(clock)}. Check the clock (`date -u`); {FIX}")
        halted = {doubt.source for doubt in shares}
        return [entry for entry in entries if entry.source not in halted], shares
    if against := [*clock, *(doubt.words for doubt in shares)]:
        detail: dict[str, object] = {
            "why": override.strip(), "against": against, "clock": now.isoformat(),
            "newest": max(written, default=now).isoformat(),
        }  # fmt: skip
        with writing(engine) as connection:
            audit.append(connection, at=now, actor=by, action=_OVERRIDE, detail=detail)
    return list(entries), []


def _clock_doubts(written: list[datetime], override: Override | None, now: datetime) -> Iterator[str]:
    newest = max(written, default=now)
    if newest > now + AHEAD and not (override and newest <= override.newest):
        yield (
            f"the clock says {_format_time(now)}, but something was written here at {_format_time(newest)}: "
            "the clock was set back, or it was ahead then"
        )
    for earlier, later in pairwise(sorted({time for time in written if time <= now} | {now})):
        watched = later > now - WATCHED and not (override and later <= override.clock)
        if watched and later - earlier > LONGEST_GAP:
            yield (
                f"nothing was written here between {_format_time(earlier)} and {_format_time(later)} "
                f"({(later - earlier).days} days): the clock may have been set forward"
            )


def _share_doubts(settings: Settings, store: RecordStore, entries: Sequence[DueItems]) -> list[Doubt]:
    """Return which sources would lose too much at once, and those that together would cost all sources too much."""
    results = []
    for entry in entries:
        records = store.search(Query(filters={"source": (entry.source,)}, size=1, count_facets=False)).total
        shares = {
            "records": (len(entry.items), records),
            "run partitions": (len(entry.partitions), len(partitions(settings.runs, entry.source))),
        }
        if said := [
            words for name, (count, total) in shares.items() if (words := _large(count, total, name, SOURCE_FEW, SOURCE_SHARE))
        ]:
            results.append(Doubt(source=entry.source, words=f"{entry.source}: {' and '.join(said)}"))
    halted = {doubt.source for doubt in results}
    left = [entry for entry in entries if entry.source not in halted]
    every = _large(sum(len(entry.items) for entry in left), store.count(), "records", FEW, SHARE)
    return results + [Doubt(source=entry.source, words=f"{entry.source}: with others {every}") for entry in left if every]


def _large(count: int, total: int, name: str, few: int, share: float) -> str:
    return f"{count} of {total} {name} would go at once, more than {share:.0%}" if count > few and count > share * total else ""


def _written_times(settings: Settings, engine: Engine, store: RecordStore) -> list[datetime]:
    """Return when partitions, the newest record and the entries of the audit log were written."""
    times = [report.finished_at for _, report in reports(settings.runs) if isinstance(report, Report)]
    times += [hit.record.last_seen for hit in store.search(Query(sort="newest", size=1)).hits]
    with engine.connect() as connection:
        times += [datetime.fromisoformat(at) for at in connection.execute(select(chain.c.at)).scalars()]
    return [time if time.tzinfo else time.replace(tzinfo=UTC) for time in times]


def _last_override(engine: Engine) -> Override | None:
    with engine.connect() as connection:
        newest_first = select(chain.c.detail).where(chain.c.action == _OVERRIDE).order_by(chain.c.seq.desc())
        detail = connection.execute(newest_first.limit(1)).scalar()
    return msgspec.convert(json.loads(detail), Override) if detail else None


def _format_time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
