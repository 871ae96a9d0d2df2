"""What one decision about many covers: the undecided, flagged items of a search, or of a campaign, as a form showed them."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from functools import partial
from typing import Any, get_args

import msgspec
from sqlalchemy import Connection

from desk.cases.case_decisions import REASONS, TAGS, CaseError, Conflict, Decision, ItemHeld, cases, confirm, dismiss
from desk.cases.case_marks import tell
from desk.cases.comments import escalated_items
from desk.cases.leases import openings_of
from desk.cases.reason_marks import without_struck
from desk.custody.audit import canonical
from desk.people.accounts import User
from desk.platforms import Platforms
from desk.web.context import Desk
from desk.web.pages import severity_choices
from desk.web.results import SearchRequest, query_of
from enrichment.assessment import LureKind
from foundation.messages import _
from index.base import Record
from index.history import record_sha256

COVERED = 200
"""Items one decision covers at most; the page says so when there are more."""
OPENED = 3
"""Items a person opens before they decide about many; all where there are fewer."""


class StaleForm(Conflict):
    """The items changed since the form was shown; the message says how, and nothing was decided."""

    def __init__(self, message: str) -> None:
        CaseError.__init__(self, message)


class DecisionScope(msgspec.Struct, frozen=True, kw_only=True):
    """What one decision about many would cover."""

    records: tuple[Record, ...] = ()
    """The undecided, flagged items that are not escalated, at most ``COVERED``."""
    seen: dict[str, int] = {}
    """Item -> number of its last decision."""
    size: int = 0
    """All that match, covered or not."""

    @property
    def fingerprint(self) -> str:
        """Return what a form carries of them: how many they are, and digests of their ids, texts and last decisions."""
        ordered = sorted(self.records, key=lambda record: record.id)
        parts = (
            [record.id for record in ordered],
            [record_sha256(record) for record in ordered],
            [self.seen[record.id] for record in ordered],
        )
        return ":".join([str(len(ordered)), *(hashlib.sha256(canonical(part).encode()).hexdigest() for part in parts)])


def scope_of(desk: Desk, want: SearchRequest) -> DecisionScope:
    """Return what a decision about a search covers, the first of its order; raise UnusableQuery."""
    tell(desk.engine, desk.index)
    query = query_of(desk, msgspec.structs.replace(want, after=None), COVERED)
    query = msgspec.structs.replace(query, undecided=True, count_facets=False)
    filters = {**query.filters, "flagged": ("true",)}
    found = desk.store.search(msgspec.structs.replace(query, filters=filters))
    with desk.engine.connect() as connection:
        return scope_among(connection, [hit.record for hit in found.hits], found.total)


def scope_among(connection: Connection, records: Iterable[Record], size: int) -> DecisionScope:
    """Return which of some records a decision covers."""
    apart = escalated_items(connection)
    flagged = [record for record in records if record.assessment.flagged and record.id not in apart]
    standing = cases(connection, [record.id for record in flagged])
    undecided = tuple(
        without_struck(record, standing[record.id].struck_reasons) for record in flagged if standing[record.id].state == "open"
    )
    return DecisionScope(records=undecided, seen={record.id: standing[record.id].last_seq for record in undecided}, size=size)


def check_unchanged(now: DecisionScope, shown: str) -> None:
    """Raise StaleForm unless the items are those a form showed, with their texts and decisions."""
    current, before = now.fingerprint.split(":"), shown.split(":")
    if len(before) != len(current) or not before[0].isdecimal():
        raise StaleForm(_("the form does not say which items it showed; load the page again"))
    changes = (
        _("it covers %(now)s items now, %(before)s when the form was made; nothing was decided, look again",
          now=current[0], before=before[0]),
        _("other items are among them since the form was made; nothing was decided, look again"),
        _("texts were edited since the form was made; nothing was decided, look again"),
        _("some were decided about since the form was made; nothing was decided, look again"),
    )  # fmt: skip
    for change, old, new in zip(changes, before, current, strict=True):
        if old != new:
            raise StaleForm(change)


def find_unopened(connection: Connection, records: Sequence[Record], by: User) -> tuple[Record, ...]:
    """Return items that a person still has to open, as they read now, before they decide about all; empty: they may."""
    seen = openings_of(connection, by, [record.id for record in records])
    closed = [record for record in records if record_sha256(record) not in seen.get(record.id, {})]
    missing = min(OPENED, len(records)) - (len(records) - len(closed))
    return tuple(closed[: max(0, missing)])


class NewDecision(msgspec.Struct, frozen=True, kw_only=True):
    """What a person decides, as a form or a program says it."""

    kind: str
    """``confirm`` or ``dismiss``."""
    tag: str = ""
    severity: str = ""
    clause: str | None = ""
    """The rule that is broken; None: the one that follows from the kind of lure."""
    reason: str = ""
    ground: str = ""
    note: str = ""
    disclose: Sequence[str] = ()


def read_verdict(verdict: str, **words: Any) -> NewDecision:
    """Return a decision that a form says in one value: ``confirm KIND SEVERITY`` or ``dismiss REASON``; else raise CaseError."""
    match verdict.split():
        case ["confirm", tag, severity]:
            return NewDecision(kind="confirm", tag=tag, severity=severity, **words)
        case ["dismiss", reason]:
            return NewDecision(kind="dismiss", reason=reason, **words)
        case _:
            raise CaseError(_("decision: choose a kind and how grave it is, or a reason to dismiss"))


def carry_out(
    desk: Desk, made: NewDecision, records: Sequence[Record], *, by: User, seen: dict[str, int], over: Collection[str] = ()
) -> tuple[Decision, ...]:
    """Decide about records; raise CaseError for what cannot be decided so."""
    decide = partial(dismiss, reason=made.reason)
    if made.kind == "confirm":
        clause = clause_of(desk.platforms, made.tag)[0] if made.clause is None else made.clause
        check_clause(desk.platforms, made.tag, clause, made.note)
        decide = partial(
            confirm, tag=made.tag, severity=made.severity, clause=clause, ground=made.ground, disclose=made.disclose
        )  # fmt: skip
    return decide(desk.engine, records, by=by, now=desk.clock(), seen=seen, note=made.note, over=over)


def status_of(problem: Exception) -> int:
    """Return the HTTP status of a decision that was refused: 409 where it may be made again after another look."""
    return 409 if isinstance(problem, Conflict | ItemHeld) else 422


def check_clause(receivers: Platforms, tag: str, clause: str, note: str) -> None:
    """Raise CaseError for a rule that is not in the list, or does not follow from the kind and has no reason in the note."""
    if clause and clause not in receivers.clauses:
        raise CaseError(_("rule broken: choose one of %(clauses)s", clauses=", ".join(receivers.clauses)))
    if tag and (why := receivers.incoherence(tag, clause, note)):
        raise CaseError(_("rule broken: %(why)s", why=why))


def clause_of(receivers: Platforms, tag: str) -> tuple[str, str]:
    """Return key and title of the rule that follows from a kind of lure; empty when none does."""
    return next(((key, clause.title) for key, clause in receivers.clauses_for(tag) if tag in clause.tags), ("", ""))


def decision_choices(receivers: Platforms) -> dict[str, Any]:
    """Return what a page chooses among for a decision: kinds with the rule that follows from each, severities, reasons."""
    kinds = [(key, TAGS[key], clause_of(receivers, key)[1]) for key in get_args(LureKind)]
    return {"kinds": kinds, "severities": severity_choices(), "reasons": REASONS}
