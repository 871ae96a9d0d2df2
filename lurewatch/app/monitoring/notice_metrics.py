"""Samples of sent notices: whether their adverts are gone since.

Replies of platforms go to a mail box that no program reads, so they are not counted.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, select

from desk.tables import list_entries, lists
from index.base import Record, Store
from lurewatch.app.monitoring.catalogue import SeriesSample, sample

COUNTED_FOR = timedelta(days=30)
"""So long after it was sent a notice is counted: by then a platform has acted or will not, and few records are looked up."""


class SentNotice(msgspec.Struct, frozen=True, kw_only=True):
    """The newest entry about an item on the lists sent to a platform."""

    platform: str
    item_id: str
    withdrawn: bool
    sent_at: datetime


def notices_sent(connection: Connection, now: datetime) -> list[SentNotice]:
    """Return the newest notice of each item and platform; raise SQLAlchemy's errors when the database does not answer."""
    columns = lists.c.platform, list_entries.c.item_id, list_entries.c.change, lists.c.sent_at
    query = select(*columns).join(lists, lists.c.id == list_entries.c.list_id).order_by(lists.c.number)
    newest: dict[tuple[str, str], SentNotice] = {}
    for platform, item_id, change, sent_at in connection.execute(
        query.where(lists.c.state == "sent", lists.c.sent_at > now - COUNTED_FOR)
    ):
        newest[platform, item_id] = SentNotice(
            platform=platform, item_id=item_id, withdrawn=change == "withdrawn", sent_at=sent_at
        )
    return list(newest.values())


def notice_samples(notices: Sequence[SentNotice], store: Store) -> Iterator[SeriesSample]:
    """Yield the notices by platform and answer; raise StoreError when the index does not answer."""
    records = store.get_many(notice.item_id for notice in notices if not notice.withdrawn)
    counted = Counter((notice.platform, _answer(notice, records)) for notice in notices)
    for (platform, answer), count in sorted(counted.items()):
        yield sample("lurewatch_takedown_notices", count, platform, answer)


def _answer(notice: SentNotice, records: Mapping[str, Record]) -> str:
    """Return what followed a notice: ``standing`` only where a crawl saw the advert after the notice had left."""
    if notice.withdrawn:
        return "withdrawn"
    record = records.get(notice.item_id)
    if record is not None and record.posting.deleted:
        return "gone"
    return "standing" if record is not None and record.last_seen > notice.sent_at else "unseen"
