"""What one decision on a campaign covers: its undecided, flagged members, as a form showed them."""

from collections.abc import Collection, Sequence

import msgspec
from sqlalchemy import Connection

from desk.cases.case_decisions import CaseError, Conflict, cases, confirm, dismiss
from desk.cases.openings import openings_of
from desk.people.accounts import User
from desk.platforms import Platforms
from desk.web.context import Desk
from desk.web.view import Line, line
from index.base import Hit, Query, Record
from index.history import text_sha256

MEMBERS = 200
"""Members of a campaign one decision covers at most; the page says so when there are more."""
OPENED = 3
"""Members a person opens before they decide a whole campaign on its own page; all of a smaller one."""
_DIGEST = 16
"""Hex digits of a text's SHA-256 that a form carries: enough to tell an edit."""


class StaleForm(Conflict):
    """The campaign changed since the form was shown; the message says how, and nothing was decided."""

    def __init__(self, message: str) -> None:
        CaseError.__init__(self, message)


class DecisionScope(msgspec.Struct, frozen=True, kw_only=True):
    """What one decision on an item's campaign would cover."""

    records: tuple[Record, ...] = ()
    """The other undecided, flagged members, at most ``MEMBERS`` of the campaign being looked at."""
    lines: tuple[Line, ...] = ()
    """The same, as the page lists them."""
    seen: dict[str, int] = {}
    """Item -> number of its last decision."""
    size: int = 0
    """Members of the whole campaign."""

    @property
    def form_value(self) -> str:
        """Return what a form carries of them: each id, its text and its last decision."""
        return " ".join(f"{record.id}:{_digest(record)}:{self.seen[record.id]}" for record in self.records)


def scope_of(desk: Desk, connection: Connection, record: Record) -> DecisionScope:
    """Return what a decision on the campaign of ``record`` covers beside it."""
    if record.campaign is None:
        return DecisionScope()
    result_page = desk.store.search(Query(campaign=record.campaign, size=MEMBERS, count_facets=False))
    members = [hit.record for hit in result_page.hits if hit.record.id != record.id and hit.record.assessment.flagged]
    standing = cases(connection, [member.id for member in members])
    undecided = [member for member in members if standing[member.id].state == "open"]
    return DecisionScope(
        records=tuple(undecided),
        lines=tuple(line(Hit(record=record), standing[record.id]) for record in undecided),
        seen={record.id: standing[record.id].last_seq for record in undecided},
        size=result_page.total,
    )


def numbers_seen(now: DecisionScope, carried: str, size: int) -> dict[str, int]:
    """Return which decision of each member the form showed; raise StaleForm unless the campaign is what the form showed."""
    values: dict[str, tuple[str, int]] = {}
    for part in carried.split():
        item, _, rest = part.partition(":")
        digest, _, seen = rest.partition(":")
        if not seen.isdecimal():
            raise StaleForm("the form does not say which members it showed; load the page again")
        values[item] = digest, int(seen)
    current = {record.id: record for record in now.records}
    changes = {
        "joined it or are undecided again": len(current.keys() - values.keys()),
        "were decided or left it": len(values.keys() - current.keys()),
        "were edited": sum(_digest(record) != values[key][0] for key, record in current.items() if key in values),
        "were decided about meanwhile": sum(now.seen[key] != values[key][1] for key in current if key in values),
    }
    results = [f"{number} {what}" for what, number in changes.items() if number]
    if not results and size != now.size:
        results = [f"it has {now.size} members, {size} when the form was made"]
    if results:
        raise StaleForm(f"the campaign changed after this form was made: {', '.join(results)}; nothing was decided, look again")
    return {item: seen for item, (_, seen) in values.items()}


def _digest(record: Record) -> str:
    return text_sha256(record.posting.title, record.posting.text)[:_DIGEST]


def find_unopened(connection: Connection, records: Sequence[Record], by: User) -> tuple[Record, ...]:
    """Return members that a person still has to open, as they read now, before they decide about all; empty: they may."""
    seen = openings_of(connection, by, [record.id for record in records])
    closed = [
        record for record in records if text_sha256(record.posting.title, record.posting.text) not in seen.get(record.id, {})
    ]
    missing = min(OPENED, len(records)) - (len(records) - len(closed))
    return tuple(closed[: max(0, missing)])


def carry_out(
    desk: Desk, verdict: str, records: Sequence[Record], *, by: User, seen: dict[str, int], over: Collection[str] = ()
) -> None:
    """Decide about records as a form says in a word: ``confirm KIND SEVERITY`` or ``dismiss REASON``; else raise CaseError."""
    now = desk.clock()
    match verdict.split():
        case ["confirm", tag, severity]:
            clause = clause_of(desk.platforms, tag)[0]
            confirm(desk.engine, records, tag=tag, severity=severity, clause=clause, by=by, now=now, seen=seen, over=over)
        case ["dismiss", reason]:
            dismiss(desk.engine, records, reason=reason, by=by, now=now, seen=seen, over=over)
        case _:
            raise CaseError("decision: choose a kind and how grave it is, or a reason to dismiss")


def clause_of(receivers: Platforms, tag: str) -> tuple[str, str]:
    """Return key and title of the rule that follows from a kind of lure; empty when none does."""
    return next(((key, clause.title) for key, clause in receivers.clauses_for(tag) if tag in clause.tags), ("", ""))
