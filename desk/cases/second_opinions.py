"""Second opinions: a share of all decisions, drawn by chance, is looked at again by somebody who is not shown the first.

The chance is each decision's salt, which nobody knows before it is made. An opinion changes no case; where it differs, its giver
asks the first decider to talk it over. How often two people agree is told with its interval, and corrected for chance (kappa).
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, Engine, select

from desk.agreement_measures import kappa, wilson
from desk.cases.asks import ask
from desk.cases.case_decisions import TAGS, Decision, cases
from desk.custody.log_details import OPINIONS, add_row
from desk.database import writing
from desk.people.accounts import User, user
from desk.people.roles import Right
from desk.refusals import DeskRefusal
from desk.tables import decisions, opinions, users
from foundation.messages import _

SECOND_KINDS = {key: words for key, words in TAGS.items() if key != "unstated"}
"""What a second person chooses among."""
SINCE = timedelta(days=30)
"""A decision is looked at again at most so long after it was made."""
_LOOKED = 500
"""Newest drawn decisions among which the oldest without an opinion is looked for."""


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """How often the second person came to the kind of the first."""

    total: int = 0
    agreed: int = 0
    low: float = 0.0
    high: float = 1.0
    """The 95 % interval of the share."""
    kappa: float | None = None
    """The share corrected for what chance alone would give; None where chance gives everything, or nothing was counted."""


def due_items(connection: Connection, *, by: User, percent: int, now: datetime, hidden: Iterable[str] = ()) -> list[Decision]:
    """Return the drawn decisions in force, of others, that nobody has looked at again: the oldest first."""
    drawn = decisions.c.salt.is_not(None) & (decisions.c.salt != "") & (decisions.c.salt < _salt_bound(percent))
    query = select(decisions.c.id, decisions.c.item_id).outerjoin(opinions, opinions.c.decision_id == decisions.c.id)
    query = query.where(drawn, decisions.c.by_id != by.id, decisions.c.kind != "undo", opinions.c.id.is_(None))
    query = query.where(decisions.c.at > now - SINCE).order_by(decisions.c.id.desc()).limit(_LOOKED)
    rows = [row for row in connection.execute(query).all()[::-1] if row.item_id not in frozenset(hidden)]
    standing = cases(connection, [row.item_id for row in rows])
    pairs = [(row.id, standing[row.item_id].in_force) for row in rows]
    return [last for number, last in pairs if last is not None and last.id == number]


def give_opinion(engine: Engine, item_id: str, tag: str, *, by: User, percent: int, now: datetime) -> bool:
    """Keep what a second person makes of an item (``none``: no lure); return whether it is what the first decided."""
    if tag not in SECOND_KINDS:
        raise DeskRefusal(_("opinion: choose a kind of lure, or that it is none"))
    if not by.may(Right.DECIDE):
        raise DeskRefusal(_("the role %(role)s decides nothing; ask an analyst", role=by.role))
    with writing(engine) as connection:
        due = due_items(connection, by=by, percent=percent, now=now)
        first = next((decision for decision in due if decision.item_id == item_id), None)
        if first is None:
            raise DeskRefusal(_("this item waits for no second opinion of yours"))
        values = {"item_id": item_id, "decision_id": first.id, "tag": tag}
        add_row(connection, OPINIONS, "second_opinion", values, by=by, now=now)
        agreed = tag == (first.tag or "none")
        if not agreed:
            ask(connection, item_id, "differs", to=user(connection, first.by), by=by, now=now)
    return agreed


def given_opinions(connection: Connection) -> dict[int, tuple[str, str]]:
    """Return who gave a second opinion on each decision, and the kind of lure (``none``: no lure), by the decision's number."""
    query = select(opinions.c.decision_id, users.c.name, opinions.c.tag).join(users, users.c.id == opinions.c.by_id)
    return {row.decision_id: (row.name, row.tag) for row in connection.execute(query)}


def agreement(connection: Connection) -> Agreement:
    """Return how often two people agreed, over all opinions."""
    query = select(decisions.c.tag.label("first"), opinions.c.tag).join(decisions, decisions.c.id == opinions.c.decision_id)
    pairs = Counter((row.first or "none", row.tag) for row in connection.execute(query))
    total, agreed = pairs.total(), sum(count for (first, second), count in pairs.items() if first == second)
    low, high = wilson(agreed, total)
    return Agreement(total=total, agreed=agreed, low=low, high=high, kappa=kappa(pairs))


def _salt_bound(percent: int) -> str:
    """Return the hexadecimal digits below which a share of all salts begins."""
    return "g" if percent >= 100 else f"{percent * 16**8 // 100:08x}"
