"""What people say of a single reason: that it is not so (``struck``), or that it is (``upheld``).

A reason is an indicator and its words. Of each person the last mark on a reason stands, until it is withdrawn. A reason that
anybody struck is no ground of a notice, a mail or a decision on that item any more, in whatever revision it stands there. Marks
are only added; retention empties their words.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, Connection, Engine, select

from desk.agreement_measures import wilson
from desk.custody.log_details import REASON_MARKS, add_row
from desk.database import writing
from desk.highlighting import plain_line
from desk.people.accounts import User
from desk.people.roles import Right
from desk.refusals import DeskRefusal
from desk.tables import reason_marks, users
from enrichment.assessment import Signal
from enrichment.scoring import tag
from foundation.messages import _
from index.base import Record
from index.history import record_sha256

Verdict = Literal["struck", "upheld"]
MarkKind = Literal[Verdict, "withdrawn"]
Reason = tuple[str, str]
"""Indicator and words."""
LONGEST = 2000
"""Characters of the words that are kept."""
_CHUNK = 400


class ReasonMark(msgspec.Struct, frozen=True, kw_only=True):
    """What one person said of one reason."""

    id: int
    item_id: str
    kind: MarkKind
    indicator: str
    rules: str
    """Ids of the rules and concepts of that indicator in the text, parted by spaces; empty where the assessment names none."""
    words: str
    """The words of the text; empty when retention emptied them."""
    revision: int
    text_sha256: str
    """Digest of what the person read: title and text."""
    undoes: int | None
    by: str
    at: datetime

    @property
    def reason(self) -> Reason:
        """What was marked."""
        return self.indicator, self.words


class RuleAccuracy(NamedTuple):
    """How often people found what a rule, or any rule of an indicator, says to be so."""

    name: str
    struck: int
    upheld: int
    share: float
    """Share upheld, with its 95 % Wilson interval."""
    low: float
    high: float


def reason_of(signal: Signal) -> Reason:
    """Return the reason a signal gives."""
    return signal.indicator, signal.text[:LONGEST]


def mark_reason(engine: Engine, record: Record, reason: Reason, kind: Verdict, *, by: User, now: datetime) -> None:
    """Keep what a person says of a reason; to say it twice keeps it once."""
    _check_right(by)
    if reason not in {reason_of(signal) for signal in record.assessment.signals}:
        raise DeskRefusal(_("the text is judged anew, and this reason does not stand in it any more; look at its reasons again"))
    with writing(engine) as connection:
        own = _own_mark(connection, record.id, reason, by)
        if own is not None and own.kind == kind:
            return
        values = {
            "item_id": record.id, "indicator": reason[0], "rules": " ".join(rules_of(reason[0], record.assessment.rules)),
            "body": reason[1], "revision": record.revision,
            "text_sha256": record_sha256(record), "undoes": None, "kind": kind,
        }  # fmt: skip
        add_row(connection, REASON_MARKS, f"reason_{kind}", values, by=by, now=now)


def withdraw_mark(engine: Engine, item_id: str, number: int, *, by: User, now: datetime) -> None:
    """Take back what a person said of a reason: one's own mark, or as a lead anybody's."""
    _check_right(by)
    with writing(engine) as connection:
        given = _read(connection, reason_marks.c.item_id == item_id)
        mark = next((each for each in standing_marks(given) if each.id == number), None)
        if mark is None:
            raise DeskRefusal(_("that mark is withdrawn already; look at the reasons again"))
        if mark.by != by.name and not by.may(Right.UNDO_OTHERS):
            raise DeskRefusal(_("%(name)s said so; ask them or a lead to take it back", name=mark.by))
        names = ("item_id", "indicator", "rules", "revision", "text_sha256")
        values = {name: getattr(mark, name) for name in names} | {"body": mark.words, "undoes": mark.id, "kind": "withdrawn"}
        add_row(connection, REASON_MARKS, "reason_withdrawn", values, by=by, now=now)


def marks_on(connection: Connection, item_ids: Sequence[str]) -> dict[str, tuple[ReasonMark, ...]]:
    """Return every mark on each item that has some, the oldest first."""
    results: dict[str, list[ReasonMark]] = defaultdict(list)
    for start in range(0, len(item_ids), _CHUNK):
        for mark in _read(connection, reason_marks.c.item_id.in_(item_ids[start : start + _CHUNK])):
            results[mark.item_id].append(mark)
    return {item: tuple(marks) for item, marks in results.items()}


def standing_marks(marks: Iterable[ReasonMark]) -> list[ReasonMark]:
    """Return of ``marks`` in their order those that stand: the last of each person on each reason, unless it was withdrawn."""
    standing: dict[tuple[str, str, Reason], ReasonMark] = {}
    for mark in marks:
        if mark.undoes is None:
            standing[mark.item_id, mark.by, mark.reason] = mark
        else:
            standing = {key: other for key, other in standing.items() if other.id != mark.undoes}
    return list(standing.values())


def struck_reasons(marks: Iterable[ReasonMark]) -> frozenset[Reason]:
    """Return the reasons that somebody struck and that stand so."""
    return frozenset(mark.reason for mark in standing_marks(marks) if mark.kind == "struck")


def all_struck(connection: Connection) -> dict[str, frozenset[Reason]]:
    """Return the struck reasons of each item that has some."""
    results: dict[str, set[Reason]] = defaultdict(set)
    for mark in standing_marks(_read(connection, reason_marks.c.id > 0)):
        if mark.kind == "struck":
            results[mark.item_id].add(mark.reason)
    return {item: frozenset(reasons) for item, reasons in results.items()}


def without_struck(record: Record, struck: Collection[Reason]) -> Record:
    """Return a record without the reasons that were struck, of the kind that the others name; its score stays."""
    if not struck:
        return record
    kept = tuple(signal for signal in record.assessment.signals if reason_of(signal) not in struck)
    named = tag(kept) if record.assessment.flagged else record.assessment.tag
    return msgspec.structs.replace(record, assessment=msgspec.structs.replace(record.assessment, signals=kept, tag=named))


def struck_ground(grounds: Iterable[Mapping[str, str]], struck: Collection[Reason]) -> str:
    """Return what a notice quotes, or else means, that was struck; empty where it says nothing of the kind."""
    for ground in grounds:
        quote = ground.get("quote", "")
        for indicator, words in struck:
            if ground.get("indicator") == indicator and (not quote or plain_line(words) in quote):
                return quote or ground.get("meaning", "") or indicator
    return ""


def rules_of(indicator: str, rules: Iterable[str]) -> list[str]:
    """Return the rules and concepts of an indicator among those that fired: an id is the language, the indicator, a name."""
    named = indicator.replace("_", "-")
    return [rule for rule in rules if rule.partition("-")[2].startswith(f"{named}-")]


def accuracy(connection: Connection) -> tuple[list[RuleAccuracy], list[RuleAccuracy]]:
    """Return how often what indicators, and what rules, say was found to be so, those that go wrong most surely first.

    Copies of one text count once for each person. Where several rules of an indicator fire in a text, a mark counts for each.
    """
    indicators: dict[str, Counter[str]] = defaultdict(Counter)
    rules: dict[str, Counter[str]] = defaultdict(Counter)
    every = standing_marks(_read(connection, reason_marks.c.id > 0))
    for mark in {(mark.text_sha256, mark.by, mark.indicator, mark.kind): mark for mark in every}.values():
        indicators[mark.indicator][mark.kind] += 1
        for rule in mark.rules.split():
            rules[rule][mark.kind] += 1
    return rank_accuracy(indicators), rank_accuracy(rules)


def rank_accuracy(counted: Mapping[str, Counter[str]]) -> list[RuleAccuracy]:
    """Return counts of ``struck`` and ``upheld`` as shares, those that go wrong most surely first."""
    results = []
    for name, count in counted.items():
        struck, upheld = count["struck"], count["upheld"]
        low, high = wilson(upheld, struck + upheld)
        results.append(RuleAccuracy(name, struck, upheld, upheld / (struck + upheld), low, high))
    return sorted(results, key=lambda one: (one.high, -one.struck, one.name))


def _check_right(by: User) -> None:
    if not by.may(Right.DECIDE):
        raise DeskRefusal(_("the role %(role)s judges no reasons; ask an analyst", role=by.role))


def _own_mark(connection: Connection, item_id: str, reason: Reason, by: User) -> ReasonMark | None:
    given = _read(connection, (reason_marks.c.item_id == item_id) & (reason_marks.c.by_id == by.id))
    return next((mark for mark in standing_marks(given) if mark.reason == reason), None)


def _read(connection: Connection, where: ColumnElement[bool]) -> list[ReasonMark]:
    query = select(reason_marks, users.c.name.label("by")).join(users, users.c.id == reason_marks.c.by_id)
    names = ("id", "item_id", "kind", "indicator", "rules", "revision", "text_sha256", "undoes", "by", "at")
    return [
        ReasonMark(words=row.body, **{name: row._mapping[name] for name in names})
        for row in connection.execute(query.where(where).order_by(reason_marks.c.id))
    ]
