"""Samples of the desk's database: deliveries, lists, decisions, the audit log, the digest, and what followed sent notices."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Column, Connection, Table, and_, func, or_, select

from desk.tables import audit, decisions, deliveries, digests, list_entries, lists
from index.base import Record, Store
from lurewatch.app.monitoring.catalogue import SeriesSample, sample

REFUSED_FOR = timedelta(days=7)
"""For so long a refused message counts as failing."""
LATE = timedelta(hours=1)
"""A message that waits longer counts as failing: each sending tries all that wait."""
WAITING = deliveries.c.state.in_(("queued", "sending"))


def desk_samples(connection: Connection, now: datetime, *, digest_wanted: bool = False) -> Iterator[SeriesSample]:
    """Yield the samples of the desk; raise SQLAlchemy's errors when the database does not answer.

    ``digest_wanted``: somebody is to receive the weekly digest, so that one never built is late, too.
    """
    yield from _by(connection, "lurewatch_deliveries", deliveries, deliveries.c.state)
    refused = and_(deliveries.c.state == "failed", deliveries.c.queued_at > now - REFUSED_FOR)
    late = and_(WAITING, deliveries.c.queued_at < now - LATE)
    failing = select(func.count()).select_from(deliveries).where(or_(refused, late))
    yield sample("lurewatch_deliveries_failing", connection.execute(failing).scalar_one())
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


def _age(moment: datetime | None, now: datetime) -> float:
    return max(0.0, (now - moment).total_seconds()) if moment else 0.0


def _by(connection: Connection, name: str, table: Table, column: Column[str]) -> Iterator[SeriesSample]:
    """Yield the rows of a table, counted by one column."""
    for value, count in connection.execute(select(column, func.count()).select_from(table).group_by(column).order_by(column)):
        yield sample(name, count, value)


COUNTED_FOR = timedelta(days=30)
"""So long after it was sent a notice is counted: by then a platform has acted or will not, and few records are looked up."""


class NewestNotice(msgspec.Struct, frozen=True, kw_only=True):
    """The newest entry about an item on the lists sent to a platform."""

    platform: str
    item_id: str
    withdrawn: bool
    sent_at: datetime


def notices_sent(connection: Connection, now: datetime) -> list[NewestNotice]:
    """Return the newest notice of each item and platform; raise SQLAlchemy's errors when the database does not answer."""
    columns = lists.c.platform, list_entries.c.item_id, list_entries.c.change, lists.c.sent_at
    query = select(*columns).join(lists, lists.c.id == list_entries.c.list_id).order_by(lists.c.number)
    newest: dict[tuple[str, str], NewestNotice] = {}
    for platform, item_id, change, sent_at in connection.execute(
        query.where(lists.c.state == "sent", lists.c.sent_at > now - COUNTED_FOR)
    ):
        newest[platform, item_id] = NewestNotice(
            platform=platform, item_id=item_id, withdrawn=change == "withdrawn", sent_at=sent_at
        )
    return list(newest.values())


def notice_samples(notices: Sequence[NewestNotice], store: Store) -> Iterator[SeriesSample]:
    """Yield the notices by platform and answer; raise StoreError when the index does not answer."""
    records = store.get_many(notice.item_id for notice in notices if not notice.withdrawn)
    counted = Counter((notice.platform, _answer(notice, records)) for notice in notices)
    for (platform, answer), count in sorted(counted.items()):
        yield sample("lurewatch_takedown_notices", count, platform, answer)


def _answer(notice: NewestNotice, records: Mapping[str, Record]) -> str:
    """Return what followed a notice: ``standing`` only where a crawl saw the advert after the notice had left."""
    if notice.withdrawn:
        return "withdrawn"
    record = records.get(notice.item_id)
    if record is not None and record.posting.deleted:
        return "gone"
    return "standing" if record is not None and record.last_seen > notice.sent_at else "unseen"
