"""Samples of the desk's database: deliveries, lists, decisions, the audit log, the digest, and what followed sent notices."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Column, Connection, Table, and_, func, or_, select

from desk.rechecks.notice_outcomes import count_outcomes
from desk.tables import UNDELIVERED, audit, decisions, deliveries, digests, lists
from lurewatch.app.monitoring.catalogue import SeriesSample, sample

REFUSED_FOR = timedelta(days=7)
"""For so long a refused message counts as failing."""
LATE = timedelta(hours=1)
"""A message that waits longer counts as failing, even where no try of it is noted."""
WAITING = deliveries.c.state.in_(UNDELIVERED)


def desk_samples(connection: Connection, now: datetime, *, digest_wanted: bool = False) -> Iterator[SeriesSample]:
    """Yield the samples of the desk; raise SQLAlchemy's errors when the database does not answer.

    ``digest_wanted``: somebody is to receive the weekly digest, so that one never built is late, too.
    """
    yield from _by(connection, "lurewatch_deliveries", deliveries, deliveries.c.state)
    refused = and_(deliveries.c.state == "failed", deliveries.c.queued_at > now - REFUSED_FOR)
    late = and_(WAITING, or_(deliveries.c.attempts > 0, deliveries.c.queued_at < now - LATE))
    failing = connection.execute(select(func.count()).select_from(deliveries).where(or_(refused, late))).scalar_one()
    yield sample("lurewatch_deliveries_failing", failing)
    oldest = connection.execute(select(func.min(deliveries.c.queued_at)).where(WAITING)).scalar_one()
    yield sample("lurewatch_delivery_oldest_waiting_seconds", _age(oldest, now))
    yield from _by(connection, "lurewatch_takedown_lists", lists, lists.c.state)
    unapproved = connection.execute(select(func.min(lists.c.built_at)).where(lists.c.state == "built")).scalar_one()
    yield sample("lurewatch_takedown_oldest_unapproved_seconds", _age(unapproved, now))
    yield from _by(connection, "lurewatch_decisions", decisions, decisions.c.kind)
    yield sample("lurewatch_audit_head_number", connection.execute(select(func.max(audit.c.seq))).scalar_one() or 0)
    built = connection.execute(select(func.max(digests.c.built_at))).scalar_one()
    if built is None and digest_wanted and (began := connection.execute(select(func.min(audit.c.at))).scalar_one()):
        built = datetime.fromisoformat(began)
    if built is not None:
        yield sample("lurewatch_digest_age_seconds", _age(built, now))
    yield from notice_samples(connection, now)


def _age(moment: datetime | None, now: datetime) -> float:
    return max(0.0, (now - moment).total_seconds()) if moment else 0.0


def _by(connection: Connection, name: str, table: Table, column: Column[str]) -> Iterator[SeriesSample]:
    """Yield the rows of a table, counted by one column."""
    for value, count in connection.execute(select(column, func.count()).select_from(table).group_by(column).order_by(column)):
        yield sample(name, count, value)


COUNTED_FOR = timedelta(days=30)
"""So long after it was sent a notice is counted: by then a platform has acted or will not."""


def notice_samples(connection: Connection, now: datetime) -> Iterator[SeriesSample]:
    """Yield the notices of the last thirty days by platform and by what became of them, as the recheck clock saw it."""
    counted: Counter[tuple[str, str]] = Counter()
    for each in count_outcomes(connection, now, since=now - COUNTED_FOR):
        counted[each.platform, "withdrawn" if each.withdrawn else each.known] += each.count
    for (platform, known), count in sorted(counted.items()):
        yield sample("lurewatch_takedown_notices", count, platform, known)
