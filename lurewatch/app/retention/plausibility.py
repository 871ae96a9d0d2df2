"""Whether a purge may be believed: retention trusts the machine's clock, and a wrong clock must not erase what is young.

A purge is refused when the clock says a time that nothing written here leads up to, or when it would erase a large share at once.
A person who has looked may override the refusal; who and why stand in the audit log.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import msgspec
from sqlalchemy import Engine, select

from crawlers.evidence.partition import partitions, read_report
from desk.custody import audit
from desk.database import writing
from desk.tables import audit as chain
from index.base import Query, RecordStore, Store
from lurewatch.app.errors import PermanentError
from lurewatch.app.retention.due import DueItems
from lurewatch.settings import Settings

LONGEST_GAP = timedelta(days=14)
"""Something is written more often than this wherever LureWatch runs: a run partition, a record, an entry of the audit log."""
WATCHED = timedelta(days=60)
"""How far back gaps are looked for: a clock that has been wrong for so long is refused every night of it."""
AHEAD = timedelta(days=1)
"""Nothing may be written so much later than now."""
SHARE = 0.1
"""A purge each night erases well under this part of all records or partitions."""
FEW = 20
"""So many may go whatever their share is."""
_OVERRIDE = "purge_override"


class PurgeRefused(PermanentError):
    """The purge is not plausible: nothing was erased. The message says why and what to do."""


class Override(msgspec.Struct, frozen=True, kw_only=True):
    """What a person accepted: the clock at that moment, and the newest time that was written then."""

    clock: datetime
    newest: datetime


def doubts(settings: Settings, engine: Engine, store: Store, entries: Iterable[DueItems], now: datetime) -> list[str]:
    """Return what speaks against a purge of ``found`` at ``now``; empty when nothing does."""
    written = _written(settings, engine, store)
    return [*_clock_doubts(written, _last_override(engine), now), *_share_doubts(settings, store, entries)]


def judge(
    settings: Settings, engine: Engine, store: Store, entries: Iterable[DueItems], *, by: str, now: datetime, override: str = ""
) -> None:
    """Raise PurgeRefused when something speaks against the purge and nobody says why it is right (``override``).

    An override that was needed is written to the audit log with its reason, before anything is erased.
    """
    against = doubts(settings, engine, store, entries, now)
    if not against:
        return
    if not override.strip():
        raise PurgeRefused(
            f"nothing was erased: {'; '.join(against)}. Check the clock (`date -u`) and retention_days in seeds/sources; "
            'when both are right: lurewatch retention purge --yes --override "why it is right"'
        )
    newest = max(_written(settings, engine, store), default=now)
    detail: dict[str, object] = {
        "why": override.strip(), "against": against, "clock": now.isoformat(), "newest": newest.isoformat(),
    }  # fmt: skip
    with writing(engine) as connection:
        audit.append(connection, at=now, actor=by, action=_OVERRIDE, detail=detail)


def _clock_doubts(written: list[datetime], override: Override | None, now: datetime) -> Iterator[str]:
    newest = max(written, default=now)
    if newest > now + AHEAD and not (override and newest <= override.newest):
        yield (
            f"the clock says {_said(now)}, but something was written here at {_said(newest)}: the clock was set back, or it was "
            "ahead then"
        )
    for earlier, later in pairwise(sorted({time for time in written if time <= now} | {now})):
        watched = later > now - WATCHED and not (override and later <= override.clock)
        if watched and later - earlier > LONGEST_GAP:
            yield (
                f"nothing was written here between {_said(earlier)} and {_said(later)} ({(later - earlier).days} days): the "
                "clock may have been set forward"
            )


def _share_doubts(settings: Settings, store: RecordStore, entries: Iterable[DueItems]) -> Iterator[str]:
    entries = list(entries)
    shares = {
        "records": (sum(len(item.items) for item in entries), store.count()),
        "run partitions": (sum(len(item.partitions) for item in entries), len(partitions(settings.runs))),
    }
    for name, (count, total) in shares.items():
        if count > FEW and count > SHARE * total:
            yield f"{count} of {total} {name} would go at once, more than {SHARE:.0%}"


def _written(settings: Settings, engine: Engine, store: RecordStore) -> list[datetime]:
    """Return when partitions, the newest record and the entries of the audit log were written."""
    times = [read_report(address).finished_at for address in partitions(settings.runs)]
    times += [hit.record.last_seen for hit in store.search(Query(sort="newest", size=1)).hits]
    with engine.connect() as connection:
        times += [datetime.fromisoformat(at) for at in connection.execute(select(chain.c.at)).scalars()]
    return [time if time.tzinfo else time.replace(tzinfo=UTC) for time in times]


def _last_override(engine: Engine) -> Override | None:
    with engine.connect() as connection:
        newest_first = select(chain.c.detail).where(chain.c.action == _OVERRIDE).order_by(chain.c.seq.desc())
        detail = connection.execute(newest_first.limit(1)).scalar()
    return msgspec.convert(json.loads(detail), Override) if detail else None


def _said(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
