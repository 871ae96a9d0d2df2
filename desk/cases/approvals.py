"""The second person's approval of a list, and the check whether the list may still leave.

An approval is append-only and names the approver, the recipient, the SHA-256 of every file and of the entries, and who
decided. All of it is compared when the list is sent: a difference stops the list, with the reason and the fix.
"""

import hashlib
import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, Select, insert, select, update

from desk.cases.case_decisions import Decision, cases
from desk.custody import audit
from desk.custody.log_details import entries_sha256
from desk.database import writing
from desk.list_maker import Notifier
from desk.people.accounts import EMAIL, User, dependence, require_code, same_person, user_by_id
from desk.people.roles import Right
from desk.platforms import Platform, Platforms
from desk.refusals import ListError, name_some
from desk.tables import approvals, openings
from desk.tables import lists as lists_table
from desk.takedown import repository
from desk.takedown.repository import ListEntry, TakedownList
from foundation.messages import _, sentence_of


class ReviewedEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A notice on a list with the decision behind it."""

    entry: ListEntry
    decision: Decision
    opened: bool
    """Whether anybody at the desk opened the item with the text that was decided about."""


def review(connection: Connection, list_id: int) -> list[ReviewedEntry]:
    """Return the notices of a list, in its order, without withdrawals, which accuse nobody."""
    entries = [entry for entry in repository.entries(connection, list_id) if entry.change != "withdrawn"]
    history = cases(connection, [entry.item_id for entry in entries])
    results = []
    for entry in entries:
        decision = next((each for each in history[entry.item_id].history if each.id == entry.decision_id), None)
        if decision is None:
            raise ListError(_("the decision on %(item_id)s is not in the database; build the list again", item_id=entry.item_id))
        opened = select(openings.c.id).where(openings.c.item_id == entry.item_id, openings.c.text_sha256 == decision.text_sha256)
        found = connection.execute(opened.limit(1)).first() is not None
        results.append(ReviewedEntry(entry=entry, decision=decision, opened=found))
    return results


def check_review(connection: Connection, platforms: Platforms, list_id: int) -> list[ReviewedEntry]:
    """Return the notices of a list; raise ListError for one nobody opened, or whose rule does not follow from its kind."""
    notices = review(connection, list_id)
    if unopened := [each.entry.item_id for each in notices if not each.opened]:
        raise ListError(
            _(
                "nobody opened %(unopened)s of %(notices)s items with the text they have: "
                "%(named)s; open each at the desk, then approve",
                unopened=len(unopened),
                notices=len(notices),
                named=name_some(unopened),
            )
        )
    for each in notices:
        decision = each.decision
        if why := platforms.incoherence(decision.tag, decision.clause, decision.note):
            raise ListError(
                _("%(item_id)s: %(why)s; decide it again, then build the list again", item_id=each.entry.item_id, why=why)
            )
        body = each.entry.body
        clause = platforms.clauses.get(body.get("clause", {}).get("key"))
        if clause is None or clause.missing([ground["indicator"] for ground in body["grounds"]]):
            raise ListError(
                _("%(item_id)s: its words do not bear what the clause says; build the list again", item_id=each.entry.item_id)
            )
    return notices


def check_ticks(notices: list[ReviewedEntry], ticked: Collection[str]) -> None:
    """Raise ListError unless the second person ticked exactly the notices of the list."""
    items = {each.entry.item_id for each in notices}
    if missing := sorted(items - set(ticked)):
        raise ListError(_(
            "%(missing)s of %(items)s notices are not ticked: %(named)s; read each and tick it", missing=len(missing),
            items=len(items), named=name_some(missing),
        ))  # fmt: skip
    if strange := sorted(set(ticked) - items):
        raise ListError(_("%(strange)s is not on this list; look at it again", strange=strange[0]))


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    """One approval of a list, with what was approved."""

    list_id: int
    by_id: int
    at: datetime
    recipient: str
    """Mail address the list may go to."""
    sent_as: str
    """As whom it may leave, and where answers go: ``Notifier.byline``; empty for one of release 0.2, which bound neither."""
    files: dict[str, str]
    """Name -> SHA-256 of every file."""
    entries_sha256: str
    """SHA-256 of the entries as canonical JSON: the covering letter is written from them."""
    deciders: tuple[int, ...]
    """Account ids of those whose decisions the list rests on, sorted."""


def approve(
    engine: Engine, platforms: Platforms, list_id: int, *, by: User, now: datetime, ticked: Collection[str],
    notifier: Notifier, recipient: str | None = None, code: str = "", address: str = "shell",
) -> TakedownList:  # fmt: skip
    """Approve a list as a second person, who neither built it nor decided on an item of it.

    ``ticked`` are the items whose notices this person read: it must be all of them, and somebody must have opened each item.
    ``recipient`` is the address this person was shown; it must still be the list's. A list whose approval has become invalid
    (another recipient or sender, a disabled approver) may be approved again. ``code`` is of the second factor, if this person has
    one, given for this act alone. Raises ListError; LoginRefused for a code that is wrong, from ``address``.
    """
    require_code(engine, by, code, address=address, now=now)
    with writing(engine) as connection:
        takedown_list = repository.one_list(connection, list_id)
        if not EMAIL.fullmatch(notifier.sender):
            raise ListError(
                _("nobody knows here as whom lists leave; set LUREWATCH_MAIL_FROM for whoever approves and whoever sends")
            )
        check_approver(connection, takedown_list, by)
        again = takedown_list.state == "refused" or (
            takedown_list.state == "approved" and refusal(connection, platforms, takedown_list, notifier) is not None
        )
        if takedown_list.state != "built" and not again:
            raise ListError(
                _("list %(list_id)s is %(state)s; only a built one can be approved", list_id=list_id, state=takedown_list.state)
            )
        contact = receiver(platforms, takedown_list).recipient
        if recipient not in (None, contact):
            raise ListError(_(
                "list %(list_id)s goes to %(contact)s now, and you were shown %(recipient)s; look at it again", list_id=list_id,
                contact=contact, recipient=recipient,
            ))  # fmt: skip
        if takedown_list.state == "built" and repository.recipient_in(connection, list_id) not in (None, contact):
            raise ListError(_(
                "list %(list_id)s names another recipient than %(contact)s in its manifest; build it again", list_id=list_id,
                contact=contact,
            ))  # fmt: skip
        repository.check_decisions(connection, list_id)
        repository.check_follows(connection, takedown_list)
        check_ticks(check_review(connection, platforms, list_id), ticked)
        _check_bytes(connection, takedown_list)
        files, digest = _digests(connection, list_id), entries_sha256(connection, list_id)
        deciders = sorted(decider.id for decider in repository.deciders(connection, list_id))
        to = {"recipient": contact, "sent_as": notifier.byline}
        bound: dict[str, Any] = to | {"files": files, "entries_sha256": digest, "deciders": deciders}
        values = to | {"files": audit.canonical(files), "deciders": audit.canonical(deciders)}
        row = insert(approvals).values(**values, list_id=list_id, entries_sha256=digest, by_id=by.id, at=now)
        bound["approval"] = connection.execute(row.returning(approvals.c.id)).scalar_one()
        signed = {"state": "approved", "approved_by": by.id, "approved_at": now}
        connection.execute(update(lists_table).where(lists_table.c.id == list_id).values(signed))
        detail = {"manifest": takedown_list.manifest_sha256, "approver": by.id, "builder": takedown_list.built_by, **bound}
        detail["ticked"] = sorted(ticked)
        audit.append(connection, at=now, actor=by.name, action="list_approved", subject=f"list:{list_id}", detail=detail)
        return repository.one_list(connection, list_id)


def check(connection: Connection, platforms: Platforms, takedown_list: TakedownList, notifier: Notifier) -> None:
    """Raise ListError unless an approved list may leave now, unchanged, to the approved recipient and as the approved sender."""
    check_approval(connection, platforms, takedown_list, notifier)
    repository.check_decisions(connection, takedown_list.id)
    check_review(connection, platforms, takedown_list.id)
    repository.check_follows(connection, takedown_list, sending=True)


def check_approval(connection: Connection, platforms: Platforms, takedown_list: TakedownList, notifier: Notifier) -> None:
    """Raise ListError unless the approval of a list still holds: approver, recipient, sender, bytes and deciders.

    One that needs no second person goes to the address approved before, with the bytes it was built with.
    """
    bound = newest(connection, takedown_list.id)
    if bound is None and not takedown_list.second_person:
        receiver(platforms, takedown_list)
        check_sender(approval_of(connection, takedown_list), takedown_list, notifier)
        _check_bytes(connection, takedown_list)
        return
    again = f"lurewatch takedown approve {takedown_list.id} --as NAME"
    if bound is None or bound.by_id != takedown_list.approver_id:
        raise ListError(
            _("list %(id)s has no approval on record; a second person approves it: %(again)s", id=takedown_list.id, again=again)
        )
    approver = user_by_id(connection, bound.by_id)
    if not approver.may(Right.APPROVE):
        why = "is disabled" if approver.disabled else f"may approve nothing any more as {approver.role}"
        raise ListError(_(
            "%(name)s approved list %(id)s and %(why)s; somebody else approves it again: %(again)s", name=approver.name,
            id=takedown_list.id, why=why, again=again,
        ))  # fmt: skip
    contact = receiver(platforms, takedown_list).recipient
    if contact != bound.recipient:
        raise ListError(
            _(
                "list %(id)s was approved for %(recipient)s, and %(platform)s receives at %(contact)s "
                "now; approve it again (%(again)s) or correct the contact in seeds/platforms.yml",
                id=takedown_list.id,
                recipient=bound.recipient,
                platform=takedown_list.platform,
                contact=contact,
                again=again,
            )
        )
    check_sender(bound, takedown_list, notifier)
    if not intact(connection, takedown_list):
        raise ListError(
            _("list %(id)s is not the one that was approved: a file or an entry was changed; build it again", id=takedown_list.id)
        )
    if reason := conflict(connection, takedown_list, approver):
        raise ListError(reason)


def check_sender(bound: Approval, takedown_list: TakedownList, notifier: Notifier) -> None:
    """Raise ListError where letters would leave as somebody else than was approved, or their answers go elsewhere."""
    if bound.sent_as != notifier.byline:
        raise ListError(
            _(
                "list %(id)s was approved to leave as %(approved)s, and would leave as %(now)s (name, sender, address for"
                " answers); put the settings back, or a second person approves it anew: %(again)s",
                id=takedown_list.id,
                approved=bound.sent_as or "-",
                now=notifier.byline,
                again=f"lurewatch takedown approve {takedown_list.id} --as NAME",
            )
        )


def refusal(connection: Connection, platforms: Platforms, takedown_list: TakedownList, notifier: Notifier) -> str | None:
    """Return why an approved list cannot leave, with the fix; None when it can."""
    try:
        check(connection, platforms, takedown_list, notifier)
    except ListError as exc:
        return sentence_of(exc)
    return None


def intact(connection: Connection, takedown_list: TakedownList) -> bool:
    """Tell whether files, entries and deciders of an approved list are those its approval was bound to."""
    bound = newest(connection, takedown_list.id)
    return (
        bound is not None
        and bound.files == _digests(connection, takedown_list.id)
        and bound.entries_sha256 == entries_sha256(connection, takedown_list.id)
        and bound.deciders == tuple(sorted(decider.id for decider in repository.deciders(connection, takedown_list.id)))
    )


def check_approver(connection: Connection, takedown_list: TakedownList, person: User) -> None:
    """Raise ListError for a person who may not approve a list, before they read it."""
    if not person.may(Right.APPROVE):
        raise ListError(_("the role %(role)s approves nothing; ask a lead", role=person.role))
    if reason := conflict(connection, takedown_list, person):
        raise ListError(reason)


def conflict(connection: Connection, takedown_list: TakedownList, person: User) -> str | None:
    """Return why a person may not approve a list: they built it or decided on it, under this account or another."""
    if takedown_list.builder_id is not None:
        builder = user_by_id(connection, takedown_list.builder_id)
        if why := _dependence(connection, builder, person):
            return _("%(who)s built this list; a second person has to approve it", who=why)
    for decider in repository.deciders(connection, takedown_list.id):
        if why := _dependence(connection, decider, person):
            return _("%(who)s decided an item on this list; somebody else has to approve it", who=why)
    return None


def newest(connection: Connection, list_id: int) -> Approval | None:
    """Return the approval in force of a list."""
    return _newest(connection, select(approvals).where(approvals.c.list_id == list_id))


def _newest(connection: Connection, query: Select[Any]) -> Approval | None:
    row = connection.execute(query.order_by(approvals.c.id.desc()).limit(1)).first()
    if row is None:
        return None
    return Approval(
        list_id=row.list_id, by_id=row.by_id, at=row.at, recipient=row.recipient, sent_as=row.sent_as,
        files=json.loads(row.files), entries_sha256=row.entries_sha256, deciders=tuple(json.loads(row.deciders)),
    )  # fmt: skip


def recipient_of(connection: Connection, takedown_list: TakedownList) -> str:
    """Return the address a list goes to: the one it was approved for; a retraction goes where the last list went."""
    return approval_of(connection, takedown_list).recipient


def goes_by_hand(connection: Connection, takedown_list: TakedownList) -> bool:
    """Tell whether no mail carries a list: a person tells its platform each notice (``desk.cases.filing``)."""
    return not EMAIL.fullmatch(recipient_of(connection, takedown_list))


def approval_of(connection: Connection, takedown_list: TakedownList) -> Approval:
    """Return the approval a list leaves by: its own; for a retraction without one, that of the last list sent."""
    if (bound := newest(connection, takedown_list.id)) is not None:
        return bound
    went = select(approvals).join(lists_table, lists_table.c.id == approvals.c.list_id)
    went = went.where(lists_table.c.platform == takedown_list.platform, lists_table.c.state == "sent")
    bound = _newest(connection, went)
    if bound is None:
        again = f"lurewatch takedown approve {takedown_list.id} --as NAME"
        raise ListError(_(
            "no address of %(platform)s was ever approved; a second person approves it: %(again)s",
            platform=takedown_list.platform, again=again,
        ))  # fmt: skip
    return bound


def _check_bytes(connection: Connection, takedown_list: TakedownList) -> None:
    """Raise ListError when the files of a list have changed since it was built."""
    files = _digests(connection, takedown_list.id)
    noted = repository.noted_digests(connection, takedown_list.id, shown=True)
    if files.get("manifest.json") != takedown_list.manifest_sha256 or files != noted:
        raise ListError(_("a file of list %(id)s is not as it was built; build it again", id=takedown_list.id))


def _dependence(connection: Connection, other: User, person: User) -> str | None:
    if person.id == other.id:
        return person.name
    why = dependence(connection, other, person)
    if why is None:
        return None
    return _("%(why)s, who", why=why) if same_person(other, person) else _("%(why)s; %(name)s", why=why, name=other.name)


def receiver(platforms: Platforms, takedown_list: TakedownList) -> Platform:
    """Return the receiver of a list now; raise ListError when there is none that is enabled."""
    platform = platforms.platforms.get(takedown_list.platform)
    if platform is None or not platform.enabled:
        raise ListError(_("%(platform)s is not enabled in seeds/platforms.yml any more", platform=takedown_list.platform))
    return platform


def _digests(connection: Connection, list_id: int) -> dict[str, str]:
    files = repository.files(connection, list_id, shown=True)
    return {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
