"""What a second person must have seen of a list: each text, its kind and rule, and that somebody opened the item.

Checked at the approval and again when the list is sent, whatever a page or a command asked for.
"""

from collections.abc import Collection

import msgspec
from sqlalchemy import Connection, select

from desk.cases.cases import Decision, cases
from desk.errors import ListError
from desk.platforms import Platforms
from desk.tables import openings
from desk.takedown import repository
from desk.takedown.repository import ListEntry


class ReviewedEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A notice on a list with the decision behind it."""

    entry: ListEntry
    decision: Decision
    opened: bool
    """Whether anybody at the desk opened the item with the text that was decided about."""


def review(connection: Connection, list_id: int) -> list[ReviewedEntry]:
    """Return the notices of a list, in its order; what it takes back accuses nobody and is not among them."""
    entries = [entry for entry in repository.entries(connection, list_id) if entry.change != "withdrawn"]
    history = cases(connection, [entry.item_id for entry in entries])
    results = []
    for entry in entries:
        decision = next((each for each in history[entry.item_id].history if each.id == entry.decision_id), None)
        if decision is None:
            raise ListError(f"the decision on {entry.item_id} is not in the database; build the list again")
        opened = select(openings.c.id).where(openings.c.item_id == entry.item_id, openings.c.text_sha256 == decision.text_sha256)
        found = connection.execute(opened.limit(1)).first() is not None
        results.append(ReviewedEntry(entry=entry, decision=decision, opened=found))
    return results


def check_review(connection: Connection, platforms: Platforms, list_id: int) -> list[ReviewedEntry]:
    """Return the notices of a list; raise ListError for one nobody opened, or whose rule does not follow from its kind."""
    notices = review(connection, list_id)
    if unopened := [each.entry.item_id for each in notices if not each.opened]:
        raise ListError(
            f"nobody opened {len(unopened)} of {len(notices)} items with the text they have: {', '.join(unopened[:5])}"
            f"{' …' if len(unopened) > 5 else ''}; open each at the desk, then approve"
        )
    for each in notices:
        decision = each.decision
        if why := platforms.incoherence(decision.tag, decision.clause, decision.note):
            raise ListError(f"{each.entry.item_id}: {why}; decide it again, then build the list again")
    return notices


def check_ticks(notices: list[ReviewedEntry], ticked: Collection[str]) -> None:
    """Raise ListError unless the second person ticked each notice, and nothing that is not on the list."""
    items = {each.entry.item_id for each in notices}
    if missing := sorted(items - set(ticked)):
        raise ListError(
            f"{len(missing)} of {len(items)} notices are not ticked: {', '.join(missing[:5])}{' …' if len(missing) > 5 else ''};"
            " read each and tick it"
        )
    if strange := sorted(set(ticked) - items):
        raise ListError(f"{strange[0]} is not on this list; look at it again")
