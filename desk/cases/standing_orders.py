"""Standing orders: near-copies that come to a campaign later follow a decision about it, within bounds, thirty days at most.

A dismissal is repeated in the name of who gave the order, and listed. A confirmation is never repeated by a machine, for nobody
is accused without a person who read it: such a near-copy is put forward, and a person confirms it with one key. An order ends by
its day, its number, its giver, when the giver decides no more, when the decision it follows stands nowhere, and as soon as
somebody undoes what followed it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, Engine, select

from desk.cases.case_decisions import Case, CaseError, Decision, DecisionBatch, cases, dismiss, standing_batch
from desk.cases.comments import escalated_items
from desk.custody.log_details import FOLLOWERS, ORDERS, add_row
from desk.database import writing
from desk.people.accounts import User, user_by_id
from desk.people.roles import Right
from desk.refusals import DeskRefusal
from desk.tables import followers, standing_orders, users
from enrichment.harm import RANKS
from enrichment.text.fingerprint import likeness, shingles
from foundation.messages import _
from index.admission import AT_RISK
from index.base import Query, Record, RecordStore
from index.terms.record_terms import raw_text

LEAST_LIKE, MOST_ITEMS, MOST_DAYS = 90, 50, 30
"""The widest bounds: least likeness in per cent, most items, most days."""
_COMPARED = 50
"""Members of the decision that a near-copy is compared with, the first ones."""


class StandingOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One order, and how far it was followed."""

    id: int
    batch: str
    """The decision about many that is followed."""
    likeness: int
    """Per cent of its pieces that a near-copy shares at least with one of the items decided about."""
    most: int
    until: datetime
    by: str
    by_id: int
    at: datetime
    ended: datetime | None = None
    followers: tuple["Follower", ...] = ()


class Follower(msgspec.Struct, frozen=True, kw_only=True):
    """An item that was dismissed by following an order."""

    order_id: int
    item_id: str
    decision_id: int
    likeness: int
    at: datetime


class NearCopy(msgspec.Struct, frozen=True, kw_only=True):
    """An undecided item within the bounds of an order."""

    order: StandingOrder
    decision: Decision
    record: Record
    likeness: int


def give_order(engine: Engine, batch: str, *, likeness: int, most: int, days: int, by: User, now: datetime) -> int:
    """Let near-copies follow a person's own decision about many; return the order's number."""
    if not by.may(Right.DECIDE):
        raise DeskRefusal(_("the role %(role)s decides nothing; ask an analyst", role=by.role))
    if not LEAST_LIKE <= likeness <= 100 or not 1 <= most <= MOST_ITEMS or not 1 <= days <= MOST_DAYS:
        raise DeskRefusal(
            _("bounds: from %(like)s to 100 per cent, at most %(most)s items, at most %(days)s days",
              like=LEAST_LIKE, most=MOST_ITEMS, days=MOST_DAYS)
        )  # fmt: skip
    with writing(engine) as connection:
        found = standing_batch(connection, batch)
        if found is None or found.decision.by != by.name:
            raise DeskRefusal(_("near-copies follow a decision of your own that stands; this is none"))
        if any(order.ended is None and order.until > now for order in orders_of(connection, [batch])):
            raise DeskRefusal(_("near-copies follow this decision already; end that order first"))
        values = {"batch": batch, "likeness": likeness, "most": most, "until": now + timedelta(days=days), "ends": None}
        return add_row(connection, ORDERS, "order_given", values, by=by, now=now)


def end_order(engine: Engine, number: int, *, by: User, now: datetime) -> None:
    """End an order; what followed it stays decided. Analysts end their own, leads everybody's."""
    with writing(engine) as connection:
        order = next((each for each in _read(connection) if each.id == number), None)
        if order is None or order.ended is not None:
            raise DeskRefusal(_("this order has ended, or there is none of that number"))
        if order.by_id != by.id and not by.may(Right.UNDO_OTHERS):
            raise DeskRefusal(_("%(by)s gave this order; ask them or a lead to end it", by=order.by))
        values = {"batch": order.batch, "likeness": order.likeness, "most": order.most, "until": None, "ends": number}
        add_row(connection, ORDERS, "order_ended", values, by=by, now=now)


def orders_of(connection: Connection, batches: Iterable[str]) -> list[StandingOrder]:
    """Return the orders that follow these decisions about many, newest first, ended ones too."""
    wanted = frozenset(batches)
    return [order for order in _read(connection) if order.batch in wanted] if wanted else []


def followed_decisions(connection: Connection) -> frozenset[int]:
    """Return the numbers of the decisions that no person made, but an order."""
    return frozenset(connection.execute(select(followers.c.decision_id)).scalars())


def is_followed(connection: Connection, order: StandingOrder, now: datetime) -> bool:
    """Tell whether an order is in force."""
    return order.ended is None and order.until > now and _holds(connection, order)


def follow(engine: Engine, store: RecordStore, now: datetime) -> int:
    """Dismiss the near-copies that follow a dismissal, each as a decision of its own; return how many."""
    done = 0
    with engine.connect() as connection:
        copies = list(near_copies(connection, store, now))
    for copy in copies:
        done += copy.decision.kind == "dismiss" and _dismiss(engine, copy, now)
    return done


def near_copies(connection: Connection, store: RecordStore, now: datetime, campaign: str | None = None) -> Iterator[NearCopy]:
    """Yield the undecided items within the bounds of orders in force; of one campaign where it is named."""
    for order in _read(connection):
        found = standing_batch(connection, order.batch) if is_followed(connection, order, now) else None
        if found is None:
            continue
        decided = list(store.get_many(list(found.items)[:_COMPARED]).values())
        for name in sorted({record.campaign for record in decided if record.campaign and campaign in (None, record.campaign)}):
            yield from _matches(connection, store, order, found, decided, name)


def _matches(
    connection: Connection,
    store: RecordStore,
    order: StandingOrder,
    found: DecisionBatch,
    decided: Sequence[Record],
    campaign: str,
) -> Iterator[NearCopy]:
    query = Query(campaign=campaign, undecided=True, since=order.at, sort="newest", size=2 * MOST_ITEMS, count_facets=False)
    late = [hit.record for hit in store.search(query).hits if hit.record.first_seen > order.at]
    standing, apart = cases(connection, [record.id for record in late]), escalated_items(connection)
    room = order.most - len(order.followers)
    for record in sorted(late, key=lambda each: (each.first_seen, each.id)):
        if room <= 0:
            return
        if record.id in apart or standing[record.id].history:
            continue
        if (alike := likeness_within(record, decided)) >= order.likeness:
            room -= 1
            yield NearCopy(order=order, decision=found.decision, record=record, likeness=alike)


def likeness_within(record: Record, decided: Sequence[Record]) -> int:
    """Return in per cent how like a record is to the likest of those decided about; 0 when it has anything they have not.

    It is flagged, of the same kind as the one it is like, by nobody at risk, with contacts and only such as theirs, no graver and
    no higher scored than the gravest and highest of them.
    """
    judged = record.assessment
    own = {(each.type, each.value) for each in judged.contacts}
    known = {(each.type, each.value) for other in decided for each in other.assessment.contacts}
    worse = not judged.flagged or judged.stance in AT_RISK or not own or not own <= known
    if worse or RANKS[judged.harm.level] > max(RANKS[other.assessment.harm.level] for other in decided):
        return 0
    if judged.score > max(other.assessment.score for other in decided):
        return 0
    pieces = shingles(raw_text(record))
    same = [other for other in decided if other.assessment.tag == judged.tag]
    return int(100 * max((likeness(pieces, shingles(raw_text(other)))[0] for other in same), default=0.0))


def _holds(connection: Connection, order: StandingOrder) -> bool:
    """Tell whether an order is followed: its giver decides, room is left, and nobody took back what followed it."""
    if len(order.followers) >= order.most or not user_by_id(connection, order.by_id).may(Right.DECIDE):
        return False
    standing = cases(connection, [each.item_id for each in order.followers])
    return all(_stands(standing[each.item_id], each.decision_id) for each in order.followers)


def _stands(case: Case, decision_id: int) -> bool:
    return any(decision.id == decision_id for decision in case.standing)


def _dismiss(engine: Engine, copy: NearCopy, now: datetime) -> bool:
    """Dismiss one near-copy and note what it followed, in one step; not one that a person has open or decided meanwhile."""
    order, record = copy.order, copy.record

    def note(connection: Connection, decision: Decision) -> None:
        values = {"order_id": order.id, "item_id": record.id, "decision_id": decision.id, "likeness": copy.likeness}
        add_row(connection, FOLLOWERS, "order_followed", values, by=giver, now=now)

    with engine.connect() as connection:
        giver = user_by_id(connection, order.by_id)
    try:
        dismiss(engine, [record], reason=copy.decision.reason or "", by=giver, now=now, seen={record.id: 0}, also=note)
    except CaseError:
        return False
    return True


def _read(connection: Connection) -> list[StandingOrder]:
    """Return all orders, newest first."""
    query = select(standing_orders, users.c.name.label("by")).join(users, users.c.id == standing_orders.c.by_id)
    rows = connection.execute(query.order_by(standing_orders.c.id.desc())).all()
    if not rows:
        return []
    ended = {row.ends: row.at for row in rows if row.ends is not None}
    made: dict[int, list[Follower]] = {}
    for row in connection.execute(select(followers).order_by(followers.c.id)):
        each = Follower(order_id=row.order_id, item_id=row.item_id, decision_id=row.decision_id, likeness=row.likeness, at=row.at)
        made.setdefault(row.order_id, []).append(each)
    return [
        StandingOrder(
            id=row.id, batch=row.batch, likeness=row.likeness, most=row.most, until=row.until, by=row.by, by_id=row.by_id,
            at=row.at, ended=ended.get(row.id), followers=tuple(made.get(row.id, ())),
        )
        for row in rows
        if row.ends is None
    ]  # fmt: skip
