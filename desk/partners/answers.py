"""What platforms answer to notices, as their door takes it: each answer has a key of theirs, and counts once however often it is
given.

An answer changes no decision. It waits here until the desk takes it (``answer_review``), which notes it in the audit log.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, Engine, Select, insert, select

from desk.database import writing
from desk.partners.served import notices_named
from desk.tables import partner_answers
from foundation.messages import Message, _

AnswerKind = Literal["acknowledged", "removed", "refused", "appealed", "undone"]
KINDS: dict[AnswerKind, Message] = {
    "acknowledged": _("received, we look at it"), "removed": _("removed or made inaccessible"), "refused": _("refused"),
    "appealed": _("an appeal was made against it"), "undone": _("undone after your retraction"),
}  # fmt: skip
"""Each answer, in the words of whoever gives it."""
OFFERED: dict[bool, tuple[AnswerKind, ...]] = {
    True: ("acknowledged", "removed", "refused", "appealed"),
    False: ("acknowledged", "undone", "refused"),
}
"""The answers to a notice in force, and to one that was taken back."""
REASONS: dict[str, Message] = {
    "not_found": _("nothing stands at that address"),
    "not_ours": _("it is no item of the platform"),
    "no_breach": _("it breaks no rule of the platform"),
    "not_enough": _("the notice does not show enough"),
    "other": _("another reason, in the platform’s words"),
}
"""Why a platform refuses."""
AGAINST = ("no_breach", "not_enough")
"""Reasons that speak against what a notice says; the others say that there is nothing to act on."""
AFTER_RETRACTION: dict[AnswerKind, Message] = {"refused": _("nothing is undone")}
"""What an answer says to a notice that was taken back, where that is something else."""
OFFERED_REASONS: dict[bool, dict[str, Message]] = {
    True: REASONS,
    False: {name: words for name, words in REASONS.items() if name not in AGAINST},
}
"""The reasons to refuse a notice in force, and to undo nothing after it was taken back: that one says nothing any more."""
MOST_ANSWERS = 10_000
"""Answers in one batch; all of them are kept in one transaction."""
LONGEST = 2000
"""Characters of a platform's own words."""
_KEY = re.compile(r"[A-Za-z0-9._:~-]{1,80}")
_CHUNK = 400


class GivenAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a platform says of one notice, under a key that it chose."""

    key: str
    notice_id: str
    kind: AnswerKind
    reason: str = ""
    words: str = ""


class AnswerOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """The result of giving one answer."""

    key: str
    outcome: Literal["recorded", "known", "refused"]
    """``known``: the same answer was given under this key before."""
    detail: str = ""
    """Why it was refused; empty for the others."""


class KeptAnswer(GivenAnswer, frozen=True, kw_only=True):
    """An answer as it is kept."""

    id: int
    given_at: datetime


def give_answers(engine: Engine, platform: str, given: Sequence[GivenAnswer], *, now: datetime) -> list[AnswerOutcome]:
    """Keep answers in one transaction; say of each whether it was recorded, was known, or why it was refused."""
    with writing(engine) as connection:
        known = _kept_under(connection, platform, {each.key for each in given})
        told = notices_named(connection, platform, {each.notice_id for each in given})
        results, rows = [], []
        for each in given:
            same = known.get(each.key)
            if same is not None:
                fits = each == (same if same.words else msgspec.structs.replace(same, words=each.words))
                why = "" if fits else _("key: it was used for another answer; give each answer a key of its own")
                results.append(AnswerOutcome(key=each.key, outcome="known" if fits else "refused", detail=why))
            elif why := answer_fault(each, told[each.notice_id].is_standing if each.notice_id in told else None):
                results.append(AnswerOutcome(key=each.key, outcome="refused", detail=why))
            else:
                known[each.key] = each
                rows.append(answer_row(platform, each, now))
                results.append(AnswerOutcome(key=each.key, outcome="recorded"))
        if rows:
            connection.execute(insert(partner_answers), rows)
    return results


def answers_of(connection: Connection, platform: str, *, after: int = 0, limit: int) -> list[KeptAnswer]:
    """Return what a platform answered, in the order it came."""
    query = _select(platform).where(partner_answers.c.id > after).order_by(partner_answers.c.id)
    return list(_read_answers(connection, query.limit(limit)))


def answers_to(connection: Connection, platform: str, notices: Collection[str]) -> dict[str, list[KeptAnswer]]:
    """Return what a platform answered to some notices, by notice, in the order it came."""
    results: dict[str, list[KeptAnswer]] = {}
    query = _select(platform).where(partner_answers.c.notice_id.in_(list(notices))).order_by(partner_answers.c.id)
    for answer in _read_answers(connection, query):
        results.setdefault(answer.notice_id, []).append(answer)
    return results


def _read_answers(connection: Connection, query: Select[Any]) -> Iterator[KeptAnswer]:
    for row in connection.execute(query):
        yield KeptAnswer(**row._mapping)


def answer_fault(given: GivenAnswer, standing: bool | None) -> str:
    """Say why an answer to a notice in force, taken back, or never given (None) cannot be kept; empty when it can."""
    if not _KEY.fullmatch(given.key):
        return _("key: 1 to 80 of the characters A-Z a-z 0-9 . _ : ~ -")
    if standing is None:
        return _("you were told of no such notice")
    if given.kind == "refused" and given.reason not in REASONS:
        return _("reason: choose one of %(reasons)s", reasons=", ".join(REASONS))
    if given.reason not in ("", *OFFERED_REASONS[standing]):
        return _("reason: this notice was taken back and claims nothing; choose one of %(reasons)s",
                 reasons=", ".join(OFFERED_REASONS[standing]))  # fmt: skip
    if given.reason and given.kind != "refused":
        return _("reason: only a refusal has one")
    if len(given.words) > LONGEST or "\0" in given.words:
        return _("words: at most %(most)s characters, without NUL", most=f"{LONGEST:,}")
    if not given.words.strip() and (given.kind == "appealed" or given.reason == "other"):
        return _("words: say why")
    if standing and given.kind == "undone":
        return _("answer: this notice is in force; “undone” answers a retraction")
    if not standing and given.kind in ("removed", "appealed"):
        return _("answer: this notice was taken back; answer that it is undone, refused or received")
    return ""


def answer_row(platform: str, given: GivenAnswer, now: datetime) -> dict[str, object]:
    """Return the columns of an answer that say what was given."""
    values = {name: getattr(given, name) for name in ("key", "notice_id", "kind", "reason")}
    return values | {"platform": platform, "body": given.words, "given_at": now}


def _kept_under(connection: Connection, platform: str, keys: Collection[str]) -> dict[str, GivenAnswer]:
    """Return what is kept under some keys; words that retention emptied count as the same."""
    results: dict[str, GivenAnswer] = {}
    wanted, names = sorted(keys), GivenAnswer.__struct_fields__
    for start in range(0, len(wanted), _CHUNK):
        for each in _read_answers(connection, _select(platform).where(partner_answers.c.key.in_(wanted[start : start + _CHUNK]))):
            results[each.key] = GivenAnswer(**{name: getattr(each, name) for name in names})
    return results


def _select(platform: str) -> Select[Any]:
    return select_answers(KeptAnswer).where(partner_answers.c.platform == platform)


def select_answers(kind: type[KeptAnswer]) -> Select[Any]:
    """Return the query of what a kind of answer is made of."""
    columns = [partner_answers.c[name] for name in kind.__struct_fields__ if name != "words"]
    return select(*columns, partner_answers.c.body.label("words"))
