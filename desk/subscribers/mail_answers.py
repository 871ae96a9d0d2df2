"""What readers answer by a link in a mail: keep an advert in sight, call it not relevant, get more like it.

A link is signed by its subscription for one answer to one advert, and ends on a day. It works without a log-in; opening it
changes nothing. What it answers is kept once, and can be taken back once. No answer decides anything about an advert.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal, get_args

import msgspec
from sqlalchemy import Connection, Engine, Row, func, select

from desk.cases.asks import ask, unwatch, watch_of
from desk.cases.case_decisions import TAGS
from desk.cases.comments import escalated_items
from desk.cases.reason_marks import RuleAccuracy, all_struck, rank_accuracy, rules_of
from desk.cases.top_reasons import grounds
from desk.cases.visible_store import visible
from desk.custody.log_details import MAIL_ANSWERS, add_row
from desk.database import writing
from desk.people import accounts
from desk.people.accounts import User
from desk.people.roles import Right
from desk.people.saved_searches import drop_search, keep_search
from desk.subscribers.subscriptions import Subscription, active_subscriptions, close_subscription, read_token, widen
from desk.tables import mail_answers, subscriptions, users
from enrichment.assessment import LureKind
from index.admission import AT_RISK
from index.base import Record, Store
from index.history import record_sha256

AnswerKind = Literal["watch", "irrelevant", "more"]
KINDS: tuple[AnswerKind, ...] = get_args(AnswerKind)
HOLDS = timedelta(days=30)
"""How long after its mail a link works."""
PLACES = 2
"""Places by which adverts like one in no campaign are searched."""


class AnswerLink(msgspec.Struct, frozen=True, kw_only=True):
    """What a link in a mail may do."""

    reader: Subscription
    kind: AnswerKind
    item_id: str


def link_kinds(reader: Subscription) -> tuple[AnswerKind, ...]:
    """Return what a reader may answer; who has no account keeps nothing in sight."""
    return KINDS if reader.owner else KINDS[1:]


def answer_token(reader: Subscription, kind: AnswerKind, item_id: str, mailed_at: datetime) -> str:
    """Return the token of a link in a mail of that moment."""
    return reader.token(f"{kind}.{int((mailed_at + HOLDS).timestamp())}.{item_id}")


def read_answer_link(connection: Connection, token: str, now: datetime) -> AnswerLink | None:
    """Return what a token may do; None for one that was altered, has ended, or whose reader may answer nothing any more."""
    signed, claim = read_token(connection, token)
    kind, _dot, rest = claim.partition(".")
    ends, _dot, item_id = rest.partition(".")
    if signed is None or not item_id or now >= datetime.fromtimestamp(int(ends), UTC):
        return None
    reader = next((one for one in active_subscriptions(connection) if one.id == signed.id), None)
    if reader is None:
        return None
    found = next((one for one in link_kinds(reader) if one == kind), None)
    return AnswerLink(reader=reader, kind=found, item_id=item_id) if found else None


def answered_record(connection: Connection, link: AnswerLink, store: Store) -> Record | None:
    """Return the advert a link is about, without struck reasons; None when its reader may not see it, or it is gone."""
    sees_all = link.reader.owner is not None and accounts.user(connection, link.reader.owner).may(Right.VICTIMS)
    hidden: frozenset[str] = frozenset() if sees_all else escalated_items(connection)
    return visible(store, hidden, all_struck(connection)).get(link.item_id)


def answer_state(connection: Connection, link: AnswerLink) -> str:
    """Return ``open``, ``given`` or ``undone``."""
    rows = _rows(connection, link)
    return ("open", "given", "undone")[len(rows)]


def give_answer(engine: Engine, link: AnswerLink, record: Record, *, now: datetime) -> None:
    """Keep an answer and do what it asks; one that was given before changes nothing more.

    Raises DeskRefusal for what cannot be done.
    """
    with writing(engine) as connection:
        if _rows(connection, link):
            return
        named = dict.fromkeys(ground.indicator for ground in grounds(record.assessment.signals))
        rules = (rule for indicator in named for rule in rules_of(indicator, record.assessment.rules))
        values = {
            "undoes": None, "made": _DO[link.kind](connection, link, record, now), "indicators": " ".join(named),
            "rules": " ".join(rules), "text_sha256": record_sha256(record),
        }  # fmt: skip
        _keep(connection, link, "mail_answered", values, now)


def undo_answer(engine: Engine, link: AnswerLink, _record: Record, *, now: datetime) -> None:
    """Take an answer back with all it did; one that was not given, or was taken back before, changes nothing."""
    with writing(engine) as connection:
        rows = _rows(connection, link)
        if len(rows) != 1:
            return
        if rows[0].made is not None:
            _UNDO[link.kind](connection, link, rows[0].made, now)
        values = {name: rows[0]._mapping[name] for name in ("indicators", "rules", "text_sha256")}
        _keep(connection, link, "mail_answer_undone", values | {"undoes": rows[0].id, "made": None}, now)


def reader_votes(connection: Connection) -> tuple[list[RuleAccuracy], list[RuleAccuracy]]:
    """Return how often readers asked for more of what an indicator, and a rule, found, and called it not relevant.

    Copies of one text count once for each reader.
    """
    query = select(mail_answers, func.coalesce(users.c.name, subscriptions.c.address).label("reader"))
    query = query.join(subscriptions, subscriptions.c.id == mail_answers.c.subscription_id)
    rows = connection.execute(query.outerjoin(users, users.c.id == subscriptions.c.user_id)).all()
    undone = {row.undoes for row in rows}
    votes = {(row.text_sha256, row.reader, row.kind): row for row in rows if row.undoes is None and row.id not in undone}
    indicators: dict[str, Counter[str]] = defaultdict(Counter)
    rules: dict[str, Counter[str]] = defaultdict(Counter)
    for row in votes.values():
        vote = {"irrelevant": "struck", "more": "upheld"}.get(row.kind)
        if vote is not None:
            for counted, names in ((indicators, row.indicators), (rules, row.rules)):
                for name in names.split():
                    counted[name][vote] += 1
    return rank_accuracy(indicators), rank_accuracy(rules)


def alike_search(record: Record) -> str:
    """Return what finds adverts like one: those of its campaign; else those of its kind, in its places or else its language."""
    if record.campaign:
        return f"campaign:{record.campaign}"
    places = () if record.assessment.stance in AT_RISK else record.assessment.places
    names = [name for name in dict.fromkeys(place.name for place in places) if '"' not in name][:PLACES]
    judged = record.assessment
    kind = [f"tag:{judged.tag}"] if judged.tag in get_args(LureKind) else []
    language = [] if kind and names else [f"lang:{judged.language.code}"]
    return " ".join((*kind, *language, *(f'place:"{name}"' for name in names)))


def _rows(connection: Connection, link: AnswerLink) -> list[Row[tuple[object, ...]]]:
    """Return the row of an answer, and of its being taken back."""
    mine = mail_answers.c.subscription_id == link.reader.id, mail_answers.c.item_id == link.item_id
    query = select(mail_answers).where(*mine, mail_answers.c.kind == link.kind)
    return list(connection.execute(query.order_by(mail_answers.c.id)))


def _keep(connection: Connection, link: AnswerLink, action: str, values: Mapping[str, object], now: datetime) -> None:
    by = accounts.user(connection, link.reader.owner) if link.reader.owner else None
    values = {**values, "subscription_id": link.reader.id, "kind": link.kind, "item_id": link.item_id}
    add_row(connection, MAIL_ANSWERS, action, values, by=by, now=now)


def _keeper(connection: Connection, link: AnswerLink) -> User:
    """Return in whose name a search is kept: the reader's, or of one without an account who subscribed them."""
    return accounts.user(connection, link.reader.owner or link.reader.by)


def _do_watch(connection: Connection, link: AnswerLink, record: Record, now: datetime) -> int | None:
    person = _keeper(connection, link)
    if watch_of(connection, record.id, person) is not None:
        return None
    ask(connection, record.id, "watched", to=person, by=person, now=now)
    made = watch_of(connection, record.id, person)
    return made.id if made else None


def _undo_watch(connection: Connection, link: AnswerLink, made: int, now: datetime) -> None:
    person = _keeper(connection, link)
    watched = watch_of(connection, link.item_id, person)
    if watched is not None and watched.id == made:
        unwatch(connection, link.item_id, by=person, now=now)


def _do_more(connection: Connection, link: AnswerLink, record: Record, now: datetime) -> int:
    keeper = _keeper(connection, link)
    what = f" {TAGS[record.assessment.tag].lower()}," if record.assessment.tag in get_args(LureKind) else ""
    name = f"More like this:{what} {link.reader.id}/{record.id[:8]}"
    number = keep_search(connection, name, alike_search(record), shared=False, by=keeper, now=now)
    return widen(connection, link.reader, number, actor=keeper.name, now=now)


def _undo_more(connection: Connection, link: AnswerLink, made: int, now: datetime) -> None:
    keeper = _keeper(connection, link)
    own = next((one for one in active_subscriptions(connection) if one.id == made), None)
    if own is not None:
        close_subscription(connection, own, "removed", keeper.name, now)
        if own.search_id is not None:
            drop_search(connection, own.search_id, by=keeper, now=now)


_DO: dict[AnswerKind, Callable[[Connection, AnswerLink, Record, datetime], int | None]] = {
    "watch": _do_watch, "irrelevant": lambda *_given: None, "more": _do_more,
}  # fmt: skip
"""What an answer does; returns the number of what it made, to undo it."""
_UNDO: dict[AnswerKind, Callable[[Connection, AnswerLink, int, datetime], None]] = {"watch": _undo_watch, "more": _undo_more}
