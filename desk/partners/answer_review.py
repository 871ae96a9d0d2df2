"""Platforms' answers at the desk: noted in the audit log, shown on lists and items, put before a person where one disagrees.

No answer changes a decision. A refusal, or an appeal, asks who decided to look again; removals count for the reasons that the
notices gave, and refusals that speak against them count against.
"""

import secrets
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any, Literal

import msgspec
from sqlalchemy import ColumnElement, Connection, Engine, Row, insert, select, update

from desk.cases.asks import ask
from desk.cases.case_decisions import cases
from desk.cases.reason_marks import RuleAccuracy, rank_accuracy
from desk.custody import audit
from desk.database import writing
from desk.partners.answers import AGAINST, AnswerKind, GivenAnswer, KeptAnswer, answer_fault, answer_row, select_answers
from desk.people.accounts import User, all_users
from desk.people.roles import Right
from desk.refusals import ListError
from desk.tables import list_entries, lists, partner_answers
from desk.takedown import repository
from foundation.messages import _

ACTION = "partner_answered"
DISAGREES = ("refused", "appealed")
AT_ONCE = 200
"""Answers that a page takes in before it is shown; the hourly run takes all."""
_CHUNK = 400


class TakenAnswer(KeptAnswer, frozen=True, kw_only=True):
    """An answer as the desk shows it; its words are empty when there were none, or retention emptied them."""

    platform: str
    item_id: str


class _Ground(msgspec.Struct, frozen=True):
    indicator: str = ""


class _NoticeGrounds(msgspec.Struct, frozen=True):
    """What a notice gives as reasons."""

    grounds: tuple[_Ground, ...] = ()


def take_answers(engine: Engine, now: datetime, most: int = 0) -> int:
    """Note the answers that came since the last time, ``most`` of them where it is given; return how many.

    An answer to a retraction closes it once each of its notices is answered; a refusal or an appeal asks a person to look again.
    """
    count = 0
    while taken := _take_some(engine, now, min(most - count, _CHUNK) if most else _CHUNK):
        count += taken
        if most and count >= most:
            break
    return count


def _take_some(engine: Engine, now: datetime, most: int) -> int:
    """Note some answers in one step, so that nobody else waits long to write."""
    query = select(partner_answers).where(partner_answers.c.at.is_(None)).order_by(partner_answers.c.id).limit(most)
    with engine.connect() as connection:
        if connection.execute(query).first() is None:
            return 0
    with writing(engine) as connection:
        rows = connection.execute(query).all()
        named = list_entries.c.notice_id.in_({row.notice_id for row in rows}) & (list_entries.c.body != "{}")
        found = connection.execute(select(list_entries.c.notice_id, list_entries.c.item_id).where(named).distinct())
        items = {row.notice_id: row.item_id for row in found}
        for row in rows:
            _note(connection, row, items.get(row.notice_id, ""), now)
        for platform in {row.platform for row in rows if row.kind in ("undone", "refused")}:
            _close_retractions(connection, platform, now)
    return len(rows)


def note_reply(
    engine: Engine, platform: str, named: str, kind: AnswerKind, *, reason: str = "", words: str = "", by: User, now: datetime
) -> None:
    """Note what a platform answered to a notice by mail, as a person read it: as if it had come in at the door.

    ``named`` is the number of the notice, its item's id or address: what letters ask for. Raises ListError for a notice that the
    platform does not hold, and for what the door would refuse.
    """
    if not by.may(Right.LISTS):
        raise ListError(_("the role %(role)s notes no answers; ask an analyst", role=by.role))
    with writing(engine) as connection:
        told = next(repository.find_told(connection, named, platform), None)
        if told is None:
            raise ListError(_("%(platform)s holds no notice about that item", platform=platform))
        key = f"desk-{secrets.token_hex(12)}"
        given = GivenAnswer(key=key, notice_id=told.notice_id, kind=kind, reason=reason, words=words)
        if why := answer_fault(given, told.change != "withdrawn"):
            raise ListError(why)
        made = insert(partner_answers).values(answer_row(platform, given, now)).returning(*partner_answers.c)
        _note(connection, connection.execute(made).one(), told.item_id, now, by)
        _close_retractions(connection, platform, now, by)


def answers_about(connection: Connection, item_id: str) -> list[TakenAnswer]:
    """Return what platforms answered about an item, the oldest first."""
    return list(_read(connection, partner_answers.c.item_id == item_id))


def answers_on(connection: Connection, list_id: int) -> dict[str, list[TakenAnswer]]:
    """Return what the platform of a list answered about its items, by item."""
    platform = repository.one_list(connection, list_id).platform
    named = [entry.item_id for entry in repository.entries(connection, list_id)]
    results: dict[str, list[TakenAnswer]] = defaultdict(list)
    for start in range(0, len(named), _CHUNK):
        some = partner_answers.c.item_id.in_(named[start : start + _CHUNK]) & (partner_answers.c.platform == platform)
        for answer in _read(connection, some):
            results[answer.item_id].append(answer)
    return dict(results)


def disagreements(connection: Connection) -> list[TakenAnswer]:
    """Return the refusals and appeals that stand, and after which nobody decided about their item again, the newest first."""
    last: dict[tuple[str, str], TakenAnswer] = {}
    for answer in _read(connection, partner_answers.c.kind != "acknowledged"):
        last.pop((answer.platform, answer.notice_id), None)
        last[answer.platform, answer.notice_id] = answer
    found = [answer for answer in last.values() if answer.kind in DISAGREES][::-1]
    standing = cases(connection, sorted({answer.item_id for answer in found}))
    return [
        answer
        for answer in found
        if (decision := standing[answer.item_id].in_force) is not None
        and decision.kind == "confirm"
        and decision.at <= answer.given_at
    ]


def answer_counts(connection: Connection) -> dict[str, Counter[str]]:
    """Return how often each platform gave each answer last, a notice each."""
    last = {(answer.platform, answer.notice_id): answer.kind for answer in _read(connection, partner_answers.c.id > 0)}
    results: dict[str, Counter[str]] = defaultdict(Counter)
    for (platform, _notice), kind in last.items():
        results[platform][kind] += 1
    return results


def answered_reasons(connection: Connection) -> list[RuleAccuracy]:
    """Return how often platforms removed what indicators pointed at (upheld), or refused it as no breach or not shown (struck).

    The last of these answers to each notice counts; those that go wrong most surely stand first.
    """
    last: dict[str, Literal["upheld", "struck"]] = {}
    for answer in _read(connection, partner_answers.c.kind.in_(("removed", "refused"))):
        if answer.kind == "removed" or answer.reason in AGAINST:
            last[answer.notice_id] = "upheld" if answer.kind == "removed" else "struck"
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for notice, indicators in _grounds_of(connection, sorted(last)):
        for indicator in indicators:
            counted[indicator][last[notice]] += 1
    return rank_accuracy(counted)


def _note(connection: Connection, row: Row[Any], item: str, now: datetime, by: User | None = None) -> None:
    salt, actor = secrets.token_hex(16), by.name if by else f"partner:{row.platform}"
    body = row.body if item else ""  # retention took its item meanwhile, and the words go with it
    values = {"item_id": item, "at": now, "salt": salt, "body": body, "by_id": by.id if by else None}
    connection.execute(update(partner_answers).where(partner_answers.c.id == row.id).values(values))
    names = ("platform", "key", "notice_id", "kind", "reason")
    detail: dict[str, object] = {name: row._mapping[name] for name in names if row._mapping[name]}
    detail |= {"answer": row.id, "given_at": row.given_at.isoformat(), "words_sha256": {"body": audit.word_sha256(salt, body)}}
    audit.append(connection, at=now, actor=actor, action=ACTION, subject=item, detail=detail)
    if item and row.kind in DISAGREES and (reader := _decider(connection, item)) is not None:
        ask(connection, item, "answered", to=reader, by=by or reader, now=now)


def _decider(connection: Connection, item: str) -> User | None:
    """Return who confirmed an item, to look again; None where nothing stands, or they work here no more."""
    decision = cases(connection, [item])[item].in_force
    if decision is None or decision.kind != "confirm":
        return None
    return next((person for person in all_users(connection) if person.name == decision.by and not person.disabled), None)


def _close_retractions(connection: Connection, platform: str, now: datetime, by: User | None = None) -> None:
    """Note the answer to each retraction as a person would, once each of its notices is answered."""
    for found in repository.open_retractions(connection):
        takedown_list = found.takedown_list
        if takedown_list.platform != platform or takedown_list.sent_at is None:
            continue
        given = {name: answers[-1] for name, answers in answers_on(connection, takedown_list.id).items()}
        named = [entry.item_id for entry in repository.entries(connection, takedown_list.id)]
        told = [given[name].kind for name in named if name in given and given[name].given_at >= takedown_list.sent_at]
        if len(told) == len(named) and set(told) <= {"undone", "refused"}:
            answer: repository.Answer = "refused" if "refused" in told else "undone"
            repository.note_answer(connection, takedown_list.id, answer, by=by or f"partner:{platform}", now=now)


def _grounds_of(connection: Connection, notices: list[str]) -> Iterator[tuple[str, set[str]]]:
    """Yield the indicators of each of some notices, as the platform was told last."""
    sent = lists.c.state == "sent", list_entries.c.change != "withdrawn", list_entries.c.body != "{}"
    query = select(list_entries.c.notice_id, list_entries.c.body).join(lists, lists.c.id == list_entries.c.list_id).where(*sent)
    for start in range(0, len(notices), _CHUNK):
        some = query.where(list_entries.c.notice_id.in_(notices[start : start + _CHUNK])).order_by(lists.c.number)
        for notice, body in {row.notice_id: row.body for row in connection.execute(some)}.items():
            with suppress(msgspec.DecodeError):  # a damaged notice gives no reason
                yield notice, {each.indicator for each in msgspec.json.decode(body, type=_NoticeGrounds).grounds}


def _read(connection: Connection, where: ColumnElement[bool]) -> Iterator[TakenAnswer]:
    for row in connection.execute(
        select_answers(TakenAnswer).where(where, partner_answers.c.at.is_not(None)).order_by(partner_answers.c.id)
    ):
        yield TakenAnswer(**row._mapping)
