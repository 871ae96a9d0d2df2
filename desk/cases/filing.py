"""Notices to a platform that takes no mail: a person fills its form, or reports each item there, and notes each with its ticket.

A second person approves the list first, as for a mail, and every check of sending is made again. With the first notice that is
noted the list counts as sent; a notice whose decision changed since is told no more, and is taken back on a list of its own.
"""

from collections import Counter
from contextlib import suppress
from datetime import datetime

import msgspec
from sqlalchemy import Connection, Engine, func, select

from desk.cases import approvals
from desk.custody import audit
from desk.database import writing
from desk.list_maker import Notifier
from desk.people.accounts import User
from desk.people.roles import Right
from desk.platforms import Platforms
from desk.refusals import ListError
from desk.tables import approvals as approvals_table
from desk.tables import list_entries
from desk.takedown import repository
from desk.takedown.repository import ListEntry, TakedownList
from foundation.messages import _

FILED = "notice_filed"


class Filing(msgspec.Struct, frozen=True, kw_only=True):
    """A notice that a person told a platform."""

    ticket: str
    """The number that the platform gave it; empty where it gives none."""
    by: str
    at: datetime


def filings(connection: Connection, list_id: int) -> dict[str, Filing]:
    """Return the notices of a list that were told, by item."""
    noted = audit.entries(connection, FILED, subject=f"list:{list_id}")
    return {str(entry.values["item"]): Filing(ticket=entry.values["ticket"], by=entry.actor, at=entry.moment) for entry in noted}


def open_filings(connection: Connection) -> dict[int, int]:
    """Return how many notices of each list that was approved to go by hand nobody has told yet; none: the list is left out."""
    by_hand = select(approvals_table.c.list_id).where(~approvals_table.c.recipient.contains("@"))
    counts = select(list_entries.c.list_id, func.count()).where(list_entries.c.list_id.in_(by_hand))
    told = Counter(entry.subject for entry in audit.entries(connection, FILED))
    found = connection.execute(counts.group_by(list_entries.c.list_id)).all()
    return {number: count - told[f"list:{number}"] for number, count in found if count > told[f"list:{number}"]}


def note_filed(
    engine: Engine, platforms: Platforms, list_id: int, item_id: str, *, ticket: str, by: User, notifier: Notifier, now: datetime
) -> None:
    """Note that a person told the platform one notice of a list.

    Raises ListError for a list that goes by mail, was not approved, or holds no more, for an item whose decision changed, and for
    a notice that was told already.
    """
    with writing(engine) as connection:
        takedown_list = repository.one_list(connection, list_id)
        if not by.may(Right.LISTS):
            raise ListError(_("the role %(role)s sends nothing; ask a lead", role=by.role))
        if takedown_list.state != "sent" and not takedown_list.leaves_by_itself:
            raise ListError(_("list %(list_id)s is %(state)s; a second person approves it first", list_id=list_id,
                              state=takedown_list.state))  # fmt: skip
        if not approvals.goes_by_hand(connection, takedown_list):
            raise ListError(_("list %(list_id)s leaves by mail; nothing is to be noted", list_id=list_id))
        if item_id not in {entry.item_id for entry in repository.entries(connection, list_id)}:
            raise ListError(_("%(strange)s is not on this list; look at it again", strange=item_id))
        if before := filings(connection, list_id).get(item_id):
            raise ListError(
                _("%(by)s noted this notice already, with the number “%(ticket)s”", by=before.by, ticket=before.ticket)
            )
        if takedown_list.state == "sent":
            approvals.check_approval(connection, platforms, takedown_list, notifier)
            repository.check_decisions(connection, list_id, only=item_id)
        else:
            approvals.check(connection, platforms, takedown_list, notifier)
            repository.mark_sent(connection, list_id, now, approvals.recipient_of(connection, takedown_list))
        detail: dict[str, object] = {"item": item_id, "ticket": " ".join(ticket.split())}
        audit.append(connection, at=now, actor=by.name, action=FILED, subject=f"list:{list_id}", detail=detail)


def copy_sheet(connection: Connection, takedown_list: TakedownList, notifier: Notifier) -> dict[str, str]:
    """Return what a person pastes into a form, by item: the notice in about 1,000 characters, its number and who answers for it.

    Empty for a list that goes by mail, or that may not leave yet.
    """
    leaves = takedown_list.state == "sent" or takedown_list.leaves_by_itself
    with suppress(ListError):  # no recipient was ever approved
        if leaves and approvals.goes_by_hand(connection, takedown_list):
            entries = repository.entries(connection, takedown_list.id)
            return {entry.item_id: _copy_text(entry, notifier) for entry in entries}
    return {}


def _copy_text(entry: ListEntry, notifier: Notifier) -> str:
    body = entry.body
    if entry.change == "withdrawn":
        said = [body["withdrawn_because"], body.get("requested_action", "")]
    else:
        rule = body["clause"].get("rule")
        said = [body["summary"], f"Your own rule: {rule}." if rule else "", body["requested_action"], body["good_faith"]]
    return "\n".join([*filter(None, said), f"{body['notice_id']}, {notifier.name}, {notifier.email}"])
