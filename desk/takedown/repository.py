"""Stores takedown lists: built, approved, sent; what a receiver holds follows from the lists sent.

``desk/takedown`` builds lists and ``desk/cases/approvals.py`` approves them; pages and both use this module.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, Row, exists, func, insert, or_, select, update

from desk.cases.case_decisions import Case, cases
from desk.cases.comments import escalated_items
from desk.cases.reason_marks import struck_ground
from desk.custody import audit
from desk.custody.log_details import list_detail
from desk.people.accounts import User, all_users, dependence, user_of
from desk.refusals import ListError, name_some
from desk.tables import UNDELIVERED, decisions, deliveries, list_entries, list_files, lists, users
from foundation.messages import Message, _

Change = Literal["new", "updated", "withdrawn"]
State = Literal["built", "approved", "sent", "refused", "superseded"]
UNSENT: tuple[State, ...] = ("built", "approved", "refused")
"""States of a list that may still leave: ``refused`` was approved, and the mail server gave a final no (5xx)."""


SHOWN = "notices/"
"""Begins the name of a file that is kept with a list and not mailed: the partners' door shows it beside its notice."""
_MAILED = ~list_files.c.name.startswith(SHOWN)
_TOO_LARGE = 2**31
"""Larger than any id, and than PostgreSQL accepts."""
_NUMBER = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE)
_ADDRESS = re.compile(r"<?(?:h(?:tt|xx)ps?(?::|\[:\])//)?(?=[^\s/]*\.)[^\s/:]+(?::\d+)?/\S+", re.IGNORECASE)
UNTOLD = _("no notice of that number, or about that address, was sent; or its item is kept no longer")

MOST_ALONE, ALONE_WITHIN = 3, timedelta(hours=24)
"""The most notices that one person takes back within that time; more of them need a second person."""
CHASES = (7, 14, 28)
"""Days after a retraction was sent on which its platform is asked again, until somebody notes an answer; then a person calls."""
ANSWERED = "retraction_answered"
_ASKED = "-asked-"
"""Stands before the number of a letter that asks again, in the period of the outbox."""
Answer = Literal["undone", "refused"]
"""What a platform answered to a retraction: it put back what it removed, or it will not."""


class ListEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One item on a list."""

    item_id: str
    change: Change
    decision_id: int
    body: dict[str, Any]
    """The notice as it goes out; for a withdrawn item, which notice is taken back and why."""


class TakedownList(msgspec.Struct, frozen=True, kw_only=True):
    """A list for one platform."""

    id: int
    platform: str
    number: int
    state: State
    previous: int | None
    manifest_sha256: str
    built_by: str
    """Name of the account, or of the service (``dag:...``) that built it."""
    builder_id: int | None
    """None for a service."""
    built_at: datetime
    approved_by: str | None
    approver_id: int | None
    approved_at: datetime | None
    sent_at: datetime | None
    retraction: bool
    """It only takes notices back."""
    second_person: bool
    """A second person approves it before it leaves: all lists but the retractions that one person may answer for."""

    @property
    def leaves_by_itself(self) -> bool:
        """Whether it leaves with the next sending: it is approved, or needs no approval, and not sent."""
        return self.state == "approved" or (self.state == "built" and not self.second_person)


def mail_key(platform: str, number: int) -> tuple[str, str]:
    """Return the subscription and the period that a list has in the outbox."""
    return f"takedown:{platform}", f"list-{number}"


def list_period(period: str) -> str:
    """Return the period of the list that a mail belongs to: its own, one of its parts, or a letter that asks again."""
    return "-".join(period.split("-")[:2])


def all_lists(connection: Connection, platform: str | None = None, states: Collection[State] = ()) -> list[TakedownList]:
    """Return every list, newest first; with ``platform`` those for it, with ``states`` those in one of them."""
    return list(_iterate_lists(connection, platform, states))


def _iterate_lists(connection: Connection, platform: str | None, states: Collection[State]) -> Iterator[TakedownList]:
    query = _query().order_by(lists.c.id.desc())
    query = query if platform is None else query.where(lists.c.platform == platform)
    query = query.where(lists.c.state.in_(states)) if states else query
    return (_list(connection, row) for row in connection.execute(query))


def one_list(connection: Connection, list_id: int) -> TakedownList:
    """Return a list; raise ListError when there is none of that number."""
    row = connection.execute(_query().where(lists.c.id == list_id)).first() if list_id < _TOO_LARGE else None
    if row is None:
        raise ListError(_("there is no list %(list_id)s; `lurewatch takedown show` lists them", list_id=list_id))
    return _list(connection, row)


def read_named(typed: str) -> str:
    """Return the number of a notice that stands in what was typed, else the address that it is, else nothing."""
    number = _NUMBER.search(typed)
    return number[0] if number else typed.strip() if _ADDRESS.fullmatch(typed.strip()) else ""


def told_items(connection: Connection, typed: str) -> list[str]:
    """Return the items that were sent under the notice's number or the address that was typed, the newest first."""
    named = read_named(typed)
    return list(dict.fromkeys(row.item_id for row in find_told(connection, named))) if named else []


def find_told(connection: Connection, named: str, platform: str = "") -> Iterator[Row[Any]]:
    """Yield the entries (item, notice, change) sent under a notice's number, an item's id or its address, the newest first."""
    address = _plain_address(named)
    part = max(re.findall(r"\w+", address, re.ASCII), key=len, default="")
    query = select(list_entries).join(lists, lists.c.id == list_entries.c.list_id).where(lists.c.state == "sent")
    query = query.where(*([lists.c.platform == platform] if platform else [])).order_by(lists.c.sent_at.desc(), lists.c.id.desc())
    number = or_(list_entries.c.item_id == named.strip(), list_entries.c.notice_id == named.strip().lower())
    yield from (rows := connection.execute(query.where(number)).all())
    if not rows and "/" in address:
        rows = connection.execute(query.where(list_entries.c.body.contains(part, autoescape=True))).all()
        yield from (row for row in rows if _plain_address(json.loads(row.body).get("url", "")) == address)


def _plain_address(typed: str) -> str:
    """Return an address without what people change when they write it down: brackets around dots, the protocol, a last stroke."""
    bare = typed.strip(" \t\r\n<>\"'.,;").replace("[.]", ".").replace("[:]", ":")
    return re.sub(r"^h(?:tt|xx)ps?://(?:www\.)?", "", bare, flags=re.IGNORECASE).removeprefix("www.").rstrip("/")


def entries(connection: Connection, list_id: int) -> list[ListEntry]:
    """Return what stands on a list, in the order of its files; raise ListError for a damaged entry."""
    query = select(list_entries).where(list_entries.c.list_id == list_id).order_by(list_entries.c.change, list_entries.c.item_id)
    return [_entry(row) for row in connection.execute(query)]


def files(connection: Connection, list_id: int, *, shown: bool = False) -> dict[str, bytes]:
    """Return the files of a list that are mailed, by name; with ``shown`` also what the door shows of single notices."""
    query = select(list_files.c.name, list_files.c.content).where(list_files.c.list_id == list_id).order_by(list_files.c.name)
    return {row.name: bytes(row.content) for row in connection.execute(query if shown else query.where(_MAILED))}


def recipient_in(connection: Connection, list_id: int) -> str | None:
    """Return the address a list was built for, as its manifest names it; None for a retraction and a list of release 0.2."""
    recipient = json.loads(files(connection, list_id).get("manifest.json", b"{}")).get("recipient")
    return recipient if isinstance(recipient, str) else None


def noted_digests(connection: Connection, list_id: int, *, shown: bool = False) -> dict[str, str]:
    """Return the SHA-256 each file of a list had when it was built, by name, as ``files`` gives them."""
    query = select(list_files.c.name, list_files.c.sha256).where(list_files.c.list_id == list_id)
    return {row.name: row.sha256 for row in connection.execute(query if shown else query.where(_MAILED))}


def held_by(connection: Connection, platform: str, leaving: Sequence[int] = ()) -> dict[str, ListEntry]:
    """Return what a platform holds after every list sent to it: item -> its newest entry; withdrawn ones are gone.

    With ``leaving`` as it will stand when those lists, approved and not sent yet, have left too.
    """
    sent = select(lists.c.id).where(lists.c.platform == platform, lists.c.state == "sent").order_by(lists.c.number)
    values: dict[str, ListEntry] = {}
    for list_id in (*connection.execute(sent).scalars().all(), *leaving):
        for entry in entries(connection, list_id):
            if entry.change == "withdrawn":
                values.pop(entry.item_id, None)
            else:
                values[entry.item_id] = entry
    return values


class OpenRetraction(msgspec.Struct, frozen=True, kw_only=True):
    """A retraction that was sent and that nobody has answered."""

    takedown_list: TakedownList
    asked: int
    """Letters that asked again."""
    next_at: datetime | None
    """When the next one leaves; None when all were sent, and a person calls."""
    refused: bool
    """The mail server refused one of them."""
    unsent: tuple[str, ...] = ()
    """Periods of the letters that still wait for the mail server."""

    @property
    def period(self) -> str:
        """The period of the outbox of the next letter."""
        return f"{mail_key(self.takedown_list.platform, self.takedown_list.number)[1]}{_ASKED}{self.asked + 1}"


def open_retractions(connection: Connection) -> list[OpenRetraction]:
    """Return the retractions that no answer is noted for, oldest first; those of releases that asked for none are left out."""
    withdrawn = select(list_entries.c.list_id).where(
        list_entries.c.change == "withdrawn", list_entries.c.body.contains('"requested_action"')
    )
    query = _query().where(lists.c.state == "sent", lists.c.id.in_(withdrawn)).order_by(lists.c.id)
    answered = {entry.subject for entry in audit.entries(connection, ANSWERED)}
    found = [_list(connection, row) for row in connection.execute(query)]
    return [_open_retraction(connection, each) for each in found if f"list:{each.id}" not in answered]


def _open_retraction(connection: Connection, takedown_list: TakedownList) -> OpenRetraction:
    subscription, period = mail_key(takedown_list.platform, takedown_list.number)
    rows = connection.execute(
        select(deliveries.c.state, deliveries.c.queued_at, deliveries.c.period)
        .where(deliveries.c.subscription == subscription, deliveries.c.period.startswith(f"{period}{_ASKED}", autoescape=True))
        .order_by(deliveries.c.queued_at)
    ).all()
    asked, sent_at = len(rows), takedown_list.sent_at
    assert sent_at is not None, "it was sent"
    steps = [*CHASES[:1], *(later - earlier for earlier, later in pairwise(CHASES))]
    since = rows[-1].queued_at if rows else sent_at
    next_at = since + timedelta(days=steps[asked]) if asked < len(CHASES) else None
    refused = any(row.state == "failed" for row in rows)
    unsent = tuple(row.period for row in rows if row.state in UNDELIVERED)
    return OpenRetraction(
        takedown_list=takedown_list, asked=asked, next_at=None if refused else next_at, refused=refused, unsent=unsent
    )


def answers(connection: Connection, list_id: int) -> list[tuple[str, str, datetime]]:
    """Return what a platform answered to a retraction, who noted it and when, oldest first."""
    noted = audit.entries(connection, ANSWERED, subject=f"list:{list_id}")
    return [(str(entry.values.get("answer")), entry.actor, entry.moment) for entry in noted]


def note_answer(connection: Connection, list_id: int, answer: Answer, *, by: User | str, now: datetime) -> None:
    """Note what a platform answered to a retraction, as a person heard it or as it came in at the partners' door.

    Raises ListError for a list that takes nothing back or was not sent.
    """
    found = one_list(connection, list_id)
    if found.state != "sent" or not found.retraction:
        raise ListError(_("list %(id)s is no retraction that was sent; only those wait for an answer", id=list_id))
    actor = by.name if isinstance(by, User) else by
    audit.append(connection, at=now, actor=actor, action=ANSWERED, subject=f"list:{list_id}", detail={"answer": answer})


def first_lists(connection: Connection, platform: str) -> dict[str, TakedownList]:
    """Return the list that told a platform of an item first, since the item was last taken back: item -> list.

    Lists that were never sent count too: what follows one is built again when it does not leave.
    """
    query = (
        select(list_entries.c.item_id, func.max(list_entries.c.list_id).label("list_id"))
        .join(lists, lists.c.id == list_entries.c.list_id)
        .where(lists.c.platform == platform, list_entries.c.change == "new", lists.c.state.in_(("approved", "sent")))
        .group_by(list_entries.c.item_id)
    )
    found = {row.item_id: row.list_id for row in connection.execute(query)}
    known = {number: one_list(connection, number) for number in set(found.values())}
    return {item: known[number] for item, number in found.items()}


def next_number(connection: Connection, platform: str) -> int:
    """Return the number the next list of a platform gets: one more than any before, so that no number is used twice."""
    newest = connection.execute(select(func.max(lists.c.number)).where(lists.c.platform == platform)).scalar_one()
    return (newest or 0) + 1


def last_sent(connection: Connection, platform: str) -> TakedownList | None:
    """Return the newest list a platform was sent."""
    sent = _iterate_lists(connection, platform, ["sent"])
    return next(sent, None)


def keep(
    connection: Connection,
    *,
    platform: str,
    number: int,
    previous: int | None,
    manifest_sha256: str,
    by: User | str,
    now: datetime,
    found: list[ListEntry],
    contents: dict[str, tuple[str, bytes]],
) -> int:
    """Store a new list with its entries and files (name -> digest and bytes); ``by`` is a person, or the name of a service."""
    built_by, service, actor = (by.id, None, by.name) if isinstance(by, User) else (None, by, by)
    values = {"platform": platform, "number": number, "state": "built", "previous": previous, "built_by": built_by}
    values |= {"manifest_sha256": manifest_sha256, "service": service, "built_at": now}
    list_id = connection.execute(insert(lists).values(values).returning(lists.c.id)).scalar_one()
    for entry in found:
        row = msgspec.structs.asdict(entry) | {"list_id": list_id, "body": audit.canonical(entry.body)}
        connection.execute(insert(list_entries).values(row | {"notice_id": entry.body.get("notice_id", "")}))
    for name, (digest, content) in contents.items():
        connection.execute(insert(list_files).values(list_id=list_id, name=name, sha256=digest, content=content))
    detail: dict[str, object] = {"platform": platform, "number": number, "entries": len(found), "manifest": manifest_sha256}
    detail |= {"retraction": True} if all(entry.change == "withdrawn" for entry in found) else {}
    detail |= list_detail(connection, list_id)
    audit.append(connection, at=now, actor=actor, action="list_built", subject=f"list:{list_id}", detail=detail)
    return int(list_id)


def supersede(connection: Connection, ids: Iterable[int], *, by: User | str, now: datetime) -> None:
    """Note that lists will not leave, because a newer one replaces them."""
    actor = by.name if isinstance(by, User) else by
    for list_id in ids:
        before = one_list(connection, list_id).state
        _move(connection, list_id, "superseded", now, {"from": before}, actor=actor)


def deciders(connection: Connection, list_id: int) -> list[User]:
    """Return who made the decisions a list rests on, each once, by account."""
    query = (
        select(users)
        .join(decisions, decisions.c.by_id == users.c.id)
        .join(list_entries, list_entries.c.decision_id == decisions.c.id)
        .where(list_entries.c.list_id == list_id)
        .distinct()
        .order_by(users.c.id)
    )
    return [user_of(row) for row in connection.execute(query)]


def exceeds_alone(connection: Connection, list_id: int) -> bool:
    """Tell whether a decision of this list is one of more than ``MOST_ALONE`` by which one person, under whatever accounts, ended
    notices that platforms hold. All such decisions count, whether a list says them yet or not."""
    told = select(list_entries.c.item_id).join(lists, lists.c.id == list_entries.c.list_id)
    told = told.where(lists.c.state == "sent", list_entries.c.change != "withdrawn")
    query = select(*(decisions.c[name] for name in ("id", "item_id", "by_id", "at"))).where(
        decisions.c.kind != "confirm", decisions.c.item_id.in_(told)
    )
    ended = connection.execute(query.order_by(decisions.c.id)).all()
    if len(ended) <= MOST_ALONE:
        return False
    accounts = [each for each in all_users(connection) if each.id in {row.by_id for row in ended}]
    own = set(connection.execute(select(list_entries.c.decision_id).where(list_entries.c.list_id == list_id)).scalars())
    for decider in deciders(connection, list_id):
        same = {each.id for each in accounts if dependence(connection, each, decider)}
        last = {row.item_id: row for row in ended if row.by_id in same}  # an item undone and then dismissed counts once
        moments = sorted(row.at for row in last.values())
        crowds = [(first, end) for first, end in zip(moments, moments[MOST_ALONE:], strict=False) if end - first < ALONE_WITHIN]
        if any(first <= row.at <= end for row in last.values() if row.id in own for first, end in crowds):
            return True
    return False


def too_many_alone(list_id: int) -> Message:
    """Say that a retraction waits for a second person, and why."""
    return _(
        "one person takes back more than %(most)s notices within %(hours)s hours, under one account or several; a second person"
        " approves list %(list_id)s: %(command)s",
        most=MOST_ALONE, hours=ALONE_WITHIN // timedelta(hours=1), list_id=list_id,
        command=f"lurewatch takedown approve {list_id} --as NAME",
    )  # fmt: skip


def check_escalated(connection: Connection, list_id: int, only: str = "") -> list[ListEntry]:
    """Return what stands on a list, with ``only`` of that item; raise ListError for one that gives notice of an item escalated
    since: a person says first what happens to it."""
    found = [entry for entry in entries(connection, list_id) if only in ("", entry.item_id)]
    apart = escalated_items(connection)
    if held := [entry.item_id for entry in found if entry.change != "withdrawn" and entry.item_id in apart]:
        values = {"held": len(held), "list_id": list_id, "named": name_some(held)}
        raise ListError(_(
            "%(held)s on list %(list_id)s (%(named)s) escalated as a possible victim's after it was built; somebody with the "
            "right to victims' items returns it, or undoes its decision; a list built now leaves it out and takes nothing back",
            **values,
        ))  # fmt: skip
    return found


def lists_naming(connection: Connection, item_id: str) -> list[TakedownList]:
    """Return the lists that gave notice of an item and left or may leave, newest first."""
    query = _query().join(list_entries, list_entries.c.list_id == lists.c.id).where(list_entries.c.item_id == item_id)
    query = query.where(list_entries.c.change != "withdrawn", lists.c.state != "superseded").order_by(lists.c.id.desc())
    return [_list(connection, row) for row in connection.execute(query)]


def check_decisions(connection: Connection, list_id: int, only: str = "") -> None:
    """Raise ListError when an item was escalated, a decision undone, or a notice quotes no words that a person can check; with
    ``only`` that item alone is looked at."""
    results = check_escalated(connection, list_id, only)
    if len({entry.change == "withdrawn" for entry in results}) == 2:
        raise ListError(
            _("list %(list_id)s gives notices and takes some back, as an older release built it; build it again", list_id=list_id)
        )
    standing = cases(connection, [list_entry.item_id for list_entry in results])
    for entry in results:
        case = standing[entry.item_id]
        confirmed = case.in_force is not None and case.in_force.kind == "confirm"
        same = confirmed and case.in_force is not None and case.in_force.id == entry.decision_id
        if (entry.change == "withdrawn") == confirmed or (entry.change != "withdrawn" and not same):
            values = {"item_id": entry.item_id}
            raise ListError(_("the decision on %(item_id)s changed after the list was built; build it again", **values))
        if confirmed and not any(ground.get("quote") for ground in entry.body.get("grounds", ())):
            raise ListError(
                _("the notice on %(item_id)s quotes no words that show it; build the list again", item_id=entry.item_id)
            )
    for item, said in struck_notices(results, standing):
        values = {"item_id": item, "reason": said[:80]}
        raise ListError(_("the notice on %(item_id)s gives a reason that was struck: %(reason)s; build the list again", **values))


def struck_notices(found: Iterable[ListEntry], standing: Mapping[str, Case]) -> Iterator[tuple[str, str]]:
    """Yield each item whose notice gives a reason that somebody struck, and that reason."""
    for entry in found:
        struck = standing[entry.item_id].struck_reasons if entry.change != "withdrawn" else ()
        if said := struck_ground(entry.body.get("grounds", ()), struck):
            yield entry.item_id, said


def check_follows(connection: Connection, takedown_list: TakedownList, *, sending: bool = False) -> None:
    """Raise ListError when a list does not follow the one before it: its platform would lack items.

    The one before may be a list that leaves by itself; when ``sending``, it must leave first.
    """
    known = _iterate_lists(connection, takedown_list.platform, ("built", "approved", "sent"))
    kept = (item for item in known if item.number < takedown_list.number)
    before = next((item for item in kept if item.state == "sent" or item.leaves_by_itself), None)
    if takedown_list.previous != (before.id if before else None):
        values = {"id": takedown_list.id, "platform": takedown_list.platform}
        raise ListError(_("list %(id)s does not follow the last list %(platform)s was sent; build it again", **values))
    if sending and before is not None and before.state != "sent":
        values = {"earlier": before.id, "list": takedown_list.id, "command": f"lurewatch takedown send {before.id}"}
        raise ListError(_("list %(earlier)s comes before list %(list)s and leaves first: %(command)s", **values))


def mark_sent(connection: Connection, list_id: int, now: datetime, recipient: str) -> None:
    """Note that a list was handed to the mail server, and for whom."""
    _move(connection, list_id, "sent", now, {"recipient": recipient}, sent_at=now)


def mark_refused(connection: Connection, list_id: int, now: datetime) -> None:
    """Note that the mail server refused a list for good: its platform holds nothing of it, and it can be sent again."""
    _move(connection, list_id, "refused", now, {}, sent_at=None)


def _move(
    connection: Connection, list_id: int, state: State, now: datetime, detail: dict[str, object], *, actor: str = "system",
    **values: object,
) -> None:  # fmt: skip
    """Put a list into another state, with its entry in the audit log."""
    connection.execute(update(lists).where(lists.c.id == list_id).values(state=state, **values))
    audit.append(connection, at=now, actor=actor, action=f"list_{state}", subject=f"list:{list_id}", detail=detail)


def _entry(row: Row[Any]) -> ListEntry:
    try:
        return msgspec.convert(
            {"item_id": row.item_id, "change": row.change, "decision_id": row.decision_id, "body": json.loads(row.body)},
            ListEntry,
        )
    except (ValueError, msgspec.ValidationError) as exc:
        raise ListError(
            _(
                "entry %(item_id)s of list %(list_id)s is damaged (%(exc)s); restore the desk's database",
                item_id=row.item_id,
                list_id=row.list_id,
                exc=exc,
            )
        ) from exc


@cache
def _query() -> Any:
    builder, approver, entry = users.alias("builder"), users.alias("approver"), list_entries.alias()
    own, back = entry.c.list_id == lists.c.id, entry.c.change == "withdrawn"
    retraction = exists().where(own, back) & ~exists().where(own, ~back)
    return (
        select(lists, builder.c.name.label("builder"), approver.c.name.label("approver"), retraction.label("retraction"))
        .outerjoin(builder, builder.c.id == lists.c.built_by)
        .outerjoin(approver, approver.c.id == lists.c.approved_by)
    )


def _list(connection: Connection, row: Row[Any]) -> TakedownList:
    names = (*("id", "platform", "number", "state", "previous"), *("manifest_sha256", "built_at", "approved_at", "sent_at"))
    return TakedownList(
        **{name: row._mapping[name] for name in names}, built_by=row.builder or row.service or "system",
        builder_id=row.built_by, approved_by=row.approver, approver_id=row.approved_by, retraction=bool(row.retraction),
        second_person=not row.retraction or (row.state in ("built", "refused") and exceeds_alone(connection, row.id)),
    )  # fmt: skip
