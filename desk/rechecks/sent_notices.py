"""The notices that platforms hold: what left, when, and what was taken back."""

from collections.abc import Collection
from datetime import datetime

import msgspec
from sqlalchemy import Connection, Engine, select

from crawlers.text.messages import _
from desk.custody import audit
from desk.database import writing
from desk.people.accounts import User
from desk.people.roles import Right
from desk.refusals import ListError
from desk.tables import decisions, list_entries, lists

REFUSED = "notice_refused"
REFUSALS = {
    "no_breach": _("it breaks none of their rules"),
    "not_theirs": _("it is not theirs to remove"),
    "not_found": _("they do not find it"),
    "more": _("they want to know more"),
    "other": _("another reason"),
}
"""Why a platform refuses a notice, as its answer is noted."""


class SentNotice(msgspec.Struct, frozen=True, kw_only=True):
    """A notice about one advert to one platform."""

    platform: str
    item_id: str
    sent_at: datetime
    """When the list left that told of it first, since it was last taken back."""
    tag: str | None
    """The kind of lure it was confirmed as."""
    withdrawn_at: datetime | None = None
    refused: str = ""
    """Why the platform refused it, as its answer was noted; empty where no refusal was noted."""
    refused_at: datetime | None = None


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
    for entry in audit.entries(connection, REFUSED) if standing else ():
        key = str(entry.values.get("platform")), entry.subject
        if (notice := standing.get(key)) and notice.sent_at <= entry.moment and (until is None or entry.moment <= until):
            standing[key] = msgspec.structs.replace(notice, refused=str(entry.values.get("reason")), refused_at=entry.moment)
    return sorted([*gone, *standing.values()], key=lambda notice: (notice.sent_at, notice.platform, notice.item_id))


def note_refusal(engine: Engine, platform: str, item_id: str, reason: str, *, by: User, now: datetime) -> None:
    """Note that a platform refused a notice that it holds; raise ListError for another one, or a reason there is not."""
    if not by.may(Right.LISTS):
        raise ListError(_("the role %(role)s notes no answers; ask an analyst", role=by.role))
    if reason not in REFUSALS:
        raise ListError(_("name the reason: %(reasons)s", reasons=", ".join(REFUSALS)))
    with writing(engine) as connection:
        held = [notice for notice in sent_notices(connection, items=[item_id]) if notice.platform == platform]
        if not held or held[-1].withdrawn_at:
            raise ListError(_("%(platform)s holds no notice about that item", platform=platform))
        detail: dict[str, object] = {"platform": platform, "reason": reason}
        audit.append(connection, at=now, actor=by.name, action=REFUSED, subject=item_id, detail=detail)
