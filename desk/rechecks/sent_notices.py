"""The notices that platforms hold: what left, when, what was taken back, and what they answered."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, select

from desk.tables import decisions, list_entries, lists, partner_answers


class SentNotice(msgspec.Struct, frozen=True, kw_only=True):
    """A notice about one advert to one platform."""

    platform: str
    item_id: str
    sent_at: datetime
    """When the list left that told of it first, since it was last taken back."""
    tag: str | None
    """The kind of lure it was confirmed as."""
    withdrawn_at: datetime | None = None
    answer: str = ""
    """What the platform answered last, at its door or by mail; that it was received counts only where nothing else was said."""
    reason: str = ""
    """Of a refusal."""
    answered_at: datetime | None = None


def sent_notices(connection: Connection, until: datetime | None = None, items: Collection[str] | None = None) -> list[SentNotice]:
    """Return every notice that left, in the order of sending, those taken back since too; with ``items`` those about these."""
    columns = (list_entries.c.item_id, list_entries.c.change, lists.c.sent_at, lists.c.platform, decisions.c.tag)
    query = select(*columns).select_from(list_entries.join(lists).join(decisions, decisions.c.id == list_entries.c.decision_id))
    query = query.where(lists.c.state == "sent", *([lists.c.sent_at <= until] if until else []))
    if items is not None:
        query = query.where(list_entries.c.item_id.in_(list(items)))
    standing: dict[tuple[str, str], SentNotice] = {}
    gone: list[SentNotice] = []
    for row in connection.execute(query.order_by(lists.c.sent_at, lists.c.id)):
        key = row.platform, row.item_id
        if row.change == "withdrawn":
            if notice := standing.pop(key, None):
                gone.append(msgspec.structs.replace(notice, withdrawn_at=row.sent_at))
        elif key not in standing:
            standing[key] = SentNotice(platform=row.platform, item_id=row.item_id, sent_at=row.sent_at, tag=row.tag)
    for row in connection.execute(_answers(until, items)) if standing else ():
        notice = standing.get((row.platform, row.item_id))
        if notice is None or row.given_at < notice.sent_at or (row.kind == "acknowledged" and notice.answer):
            continue
        said = {"answer": row.kind, "reason": row.reason, "answered_at": row.given_at}
        standing[row.platform, row.item_id] = msgspec.structs.replace(notice, **said)
    return sorted([*gone, *standing.values()], key=lambda notice: (notice.sent_at, notice.platform, notice.item_id))


def _answers(until: datetime | None, items: Collection[str] | None) -> Select[Any]:
    columns = (partner_answers.c[name] for name in ("platform", "item_id", "kind", "reason", "given_at"))
    query = select(*columns).where(partner_answers.c.at.is_not(None), *([partner_answers.c.given_at <= until] if until else []))
    if items is not None:
        query = query.where(partner_answers.c.item_id.in_(list(items)))
    return query.order_by(partner_answers.c.id)
