"""What a platform holds, and will hold after the lists that leave by themselves; lists form a chain."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine

from desk.cases import approvals
from desk.cases.case_decisions import Case, cases
from desk.list_maker import Notifier, WithheldItem
from desk.platforms import Platforms
from desk.refusals import ListError
from desk.takedown import repository
from desk.takedown.notice import CONTENT
from desk.takedown.repository import ListEntry, TakedownList


class Holdings(msgspec.Struct, frozen=True, kw_only=True):
    """What a platform holds, and will hold when every approved list that can leave has left."""

    last: TakedownList | None
    """The list the next one follows: approved and not sent yet, or sent."""
    known: dict[str, ListEntry]
    unsent: tuple[TakedownList, ...]
    """All other lists: built, refused, or approved and unable to leave."""


def holdings_of(
    connection: Connection, key: str, platforms: Platforms | None = None, notifier: Notifier | None = None
) -> Holdings:
    """Follow the chain of lists: those sent, then those that leave by themselves, each follow the one before and still hold.

    With ``platforms`` and the ``notifier`` only such as could leave at once.
    """
    last = repository.last_sent(connection, key)
    leaving: list[int] = []
    unsent: list[TakedownList] = []
    mine = repository.all_lists(connection, key, repository.UNSENT)
    for takedown_list in sorted(mine, key=lambda item: item.number):
        if (
            takedown_list.leaves_by_itself
            and takedown_list.previous == (last.id if last else None)
            and _holds(connection, takedown_list)
            and (platforms is None or notifier is None or _may_leave(connection, platforms, takedown_list, notifier))
        ):
            leaving.append(takedown_list.id)
            last = takedown_list
        else:
            unsent.append(takedown_list)
    return Holdings(last=last, known=repository.held_by(connection, key, leaving), unsent=tuple(unsent))


def _holds(connection: Connection, takedown_list: TakedownList) -> bool:
    """Tell whether an approved list may still leave, once a person has mended recipient or approver where they changed."""
    try:
        repository.check_decisions(connection, takedown_list.id)
    except ListError:
        return False
    # One that an older release approved is bound to nothing; it waits for a new approval, which looks at it again.
    return approvals.newest(connection, takedown_list.id) is None or approvals.intact(connection, takedown_list)


def _may_leave(connection: Connection, platforms: Platforms, takedown_list: TakedownList, notifier: Notifier) -> bool:
    """Tell whether the approval of a list is valid now, without a correction."""
    try:
        approvals.check_approval(connection, platforms, takedown_list, notifier)
    except ListError:
        return False
    return True


def fallen_notices(connection: Connection, known: Mapping[str, ListEntry]) -> dict[str, Case]:
    """Return the cases of notices whose confirmation was undone."""
    return {item: case for item, case in cases(connection, sorted(known)).items() if case.state != "confirmed"}


def unsent_equal(connection: Connection, before: Holdings, list_entries: list[ListEntry], recipient: str) -> TakedownList | None:
    """Return the unsent list with the same content, so that a second run changes nothing.

    A list that is not approved and names another recipient is built again.
    """
    wanted, previous = [_content(entry) for entry in list_entries], before.last.id if before.last else None
    for each in reversed(before.unsent):
        if each.previous != previous or each.state == "approved":
            continue
        if each.state == "built" and repository.recipient_in(connection, each.id) not in (None, recipient):
            continue
        found = repository.entries(connection, each.id)
        if [_content(entry) for entry in found] != wanted:
            continue
        if not any(repository.struck_notices(found, cases(connection, [entry.item_id for entry in found]))):
            return each
    return None


def _content(entry: ListEntry) -> tuple[str, str, int, dict[str, Any]]:
    """Return what an entry says: the decision it rests on says the rest."""
    return entry.item_id, entry.change, entry.decision_id, {name: entry.body.get(name) for name in CONTENT}


def stuck_retractions(engine: Engine, platforms: Platforms) -> tuple[WithheldItem, ...]:
    """Return the notices that ought to be taken back and cannot be: their platform is not enabled, or refused the mail, or one
    person takes back more than one may alone."""
    results: list[WithheldItem] = []
    with engine.connect() as connection:
        lists = repository.all_lists(connection)
        for key in sorted({takedown_list.platform for takedown_list in lists}):
            refused = [each for each in lists if each.platform == key and each.state == "refused"]
            built = [each for each in lists if each.platform == key and each.state == "built"]
            alone = [each for each in built if each.retraction and each.second_person]
            if key not in platforms.platforms or not platforms.platforms[key].enabled:
                why = f"{key} is not enabled in seeds/platforms.yml; enable it, or write to them yourself"
            elif refused and refused[0].retraction:
                number = refused[0].id
                why = (
                    f"the mail server refused list {number} for good; correct the contact of {key}, then"
                    f" `lurewatch takedown approve {number} --as NAME` and `lurewatch takedown send {number}`"
                )
            elif alone:
                why = repository.too_many_alone(alone[0].id)
            else:
                continue
            with suppress(ListError):  # a damaged list is told when the lists of its platform are built
                reason = f"its notice is to be taken back, and {why}"
                fallen = fallen_notices(connection, repository.held_by(connection, key))
                results += [WithheldItem(item, "retraction", reason) for item in fallen]
    return tuple(results)
