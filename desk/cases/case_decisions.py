"""People's decisions about an item: append-only, each with person, reason and policy clause; undo is a decision too.

Every decision names the last one its person saw (``seen``): when somebody else decided meanwhile, it is refused with the
current case, so that no analyst overwrites another. The unique (item, number) pair decides between two writers.
"""

import secrets
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Literal, get_args

import msgspec
from sqlalchemy import ColumnElement, Connection, Engine, select
from sqlalchemy.exc import IntegrityError

from desk.cases.asks import OF_DECISION, close_decided
from desk.cases.leases import ItemLease, end_leases, held_by_others, note_takeover, openings_of
from desk.cases.reason_marks import Reason, ReasonMark, marks_on, standing_marks, struck_reasons, without_struck
from desk.cases.top_reasons import grounds, shown_kind
from desk.custody.log_details import DECISIONS, add_row
from desk.database import writing
from desk.highlighting import plain_line
from desk.people.accounts import User
from desk.people.roles import Right
from desk.refusals import DeskRefusal
from desk.tables import decisions, users
from enrichment.assessment import LureKind
from enrichment.scoring import TAGS as SHOWING
from enrichment.text.unspaced import whole_words
from foundation.messages import _, ngettext
from index.base import Record
from index.history import record_sha256
from index.terms.record_terms import raw_text

Kind = Literal["confirm", "dismiss", "undo"]
State = Literal["open", "confirmed", "dismissed"]
_STATE: dict[str, State] = {"confirm": "confirmed", "dismiss": "dismissed"}

TAGS = {
    "scam_compound": _("Scam compound"), "organ_trade": _("Organ trade"), "surrogacy_or_egg": _("Surrogacy or egg cells"),
    "marriage_broker": _("Marriage broker"), "money_scam": _("Money scam"), "unstated": _("Kind not stated"),
    "none": _("No lure"),
}  # fmt: skip
"""Kinds of lures as people read them."""
SEVERITIES = {
    "critical": _("people are being taken now"),
    "high": _("leads into confinement or crime"),
    "medium": _("deceives, no sign of confinement"),
    "low": _("breaks rules, little danger"),
}
"""How grave the harm to people is; docs/desk.md has examples of each."""
REASONS = {
    "honest_employer": _("a real employer or licensed agency, nothing hidden"),
    "warning_or_news": _("warns of, reports or studies such offers"), "testimony": _("somebody tells what happened to them"),
    "seeker": _("somebody looks for work or help"), "other_harm": _("harmful, but none of the lures watched here"),
    "not_enough": _("too little to accuse anybody"), "misread": _("the words were misread (language, place, number)"),
}  # fmt: skip
LEAST_GROUND, MOST_GROUND = 4, 300
"""Fewest and most characters of the words that a person names."""
_CHUNK = 400
"""Ids asked for at a time; SQLite and PostgreSQL both take many more."""


class CaseError(DeskRefusal):
    """A decision cannot be made as asked; the message says what to change."""


class Conflict(CaseError):
    """Somebody else decided meanwhile; ``case`` is the current case."""

    def __init__(self, case: "Case") -> None:
        last = case.history[-1]
        super().__init__(_("%(name)s decided meanwhile (%(kind)s); look again before deciding", name=last.by, kind=last.kind))
        self.case = case


class ItemHeld(CaseError):
    """Somebody else has an item open; ``holders`` are their names. Who says so knowingly decides all the same."""

    def __init__(self, held: Sequence[ItemLease]) -> None:
        self.holders = tuple(dict.fromkeys(lease.by for lease in held))
        told = ngettext(
            "%(names)s has this item open; ask them, or tick that you decide all the same",
            "%(names)s has %(num)s of these items open; ask them, or tick that you decide all the same",
            len(held),
            names=", ".join(self.holders),
        )
        super().__init__(told)


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """One step in a case."""

    id: int
    item_id: str
    seq: int
    """1 for an item's first decision, growing by one."""
    kind: Kind
    tag: str | None = None
    severity: str | None = None
    clause: str | None = None
    """Key of a policy clause in ``seeds/platforms.yml``."""
    reason: str | None = None
    ground: str = ""
    """Words of the text that show the lure, named by the person."""
    note: str = ""
    """It never leaves the house."""
    disclosed: str = ""
    """The sentences of the note that its writer allows to leave, one a line."""
    undoes: int | None = None
    batch: str | None = None
    """The same for all items of one campaign decision."""
    source: str
    url: str
    revision: int
    """Revision of the record the person looked at."""
    text_sha256: str
    """Digest of what the person read: title and text."""
    by: str
    at: datetime
    opened_at: datetime | None = None
    """When this person first opened the item with this very text, by the desk's own record; None when they did not."""
    batch_size: int | None = None
    """Number of items in the same decision; None when it was decided alone."""


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """An item's decisions, oldest first, and the one in force."""

    item_id: str
    state: State = "open"
    in_force: Decision | None = None
    standing: tuple[Decision, ...] = ()
    """Decisions that were not undone, oldest first; the last one is in force."""
    history: tuple[Decision, ...] = ()
    marks: tuple[ReasonMark, ...] = ()
    """What people said of single reasons, the oldest first."""

    @property
    def struck_reasons(self) -> frozenset[Reason]:
        """The reasons that somebody struck: no ground of anything that leaves the house."""
        return struck_reasons(self.marks)

    def struck_before(self, decision: Decision) -> list[ReasonMark]:
        """Return the strikes that stood when a decision was made."""
        before = [mark for mark in self.marks if mark.at <= decision.at]
        return [mark for mark in standing_marks(before) if mark.kind == "struck"]

    @property
    def last_seq(self) -> int:
        """Number that the next decision must name."""
        return self.history[-1].seq if self.history else 0


class DecisionBatch(msgspec.Struct, frozen=True, kw_only=True):
    """A decision about many items, as far as it stands."""

    decision: Decision
    """That on one of them; the others differ in their item alone."""
    items: dict[str, int]
    """Item -> number of its last decision."""


def confirm(
    engine: Engine, records: Sequence[Record], *, tag: str, severity: str, clause: str, by: User, now: datetime,
    seen: dict[str, int], ground: str = "", note: str = "", disclose: Sequence[str] = (), over: Collection[str] = (),
) -> tuple[Decision, ...]:  # fmt: skip
    """Confirm one item, or several of a campaign at once: it is a lure of kind ``tag`` that breaks ``clause``.

    ``ground`` are words of the text that show it; they are needed when no signal that a person can check shows that kind. Of the
    note only the sentences in ``disclose`` leave the house; each must be part of it. ``over`` names the people who have an item
    open and whom the decision overrides knowingly; without it such a decision is refused.
    """
    if tag not in get_args(LureKind):
        raise CaseError(_("kind: choose what kind of lure it is"))
    if severity not in SEVERITIES:
        raise CaseError(_("severity: choose one of %(severities)s", severities=", ".join(SEVERITIES)))
    if not clause:
        raise CaseError(_("rule broken: choose the rule that is broken"))
    ground = plain_line(ground)
    with engine.connect() as connection:
        marks = marks_on(connection, [record.id for record in records])
    for record in records:
        _check_ground(without_struck(record, struck_reasons(marks.get(record.id, ()))), tag, ground)
    step = {"kind": "confirm", "tag": tag, "severity": severity, "clause": clause, "ground": ground, "note": note.strip()}
    step["disclosed"] = _disclosed_note(note, disclose)
    return _decide(engine, records, step, by=by, now=now, seen=seen, over=over)


def dismiss(
    engine: Engine, records: Sequence[Record], *, reason: str, by: User, now: datetime, seen: dict[str, int], note: str = "",
    over: Collection[str] = (), also: Callable[[Connection, Decision], None] | None = None,
) -> tuple[Decision, ...]:  # fmt: skip
    """Dismiss items: not a lure, with the reason; ``over`` as in ``confirm``. ``also`` writes more of each in the same step."""
    if reason not in REASONS:
        raise CaseError(_("reason: choose one of %(reasons)s", reasons=", ".join(REASONS)))
    step = {"kind": "dismiss", "reason": reason, "note": note.strip()}
    return _decide(engine, records, step, by=by, now=now, seen=seen, over=over, also=also)


def undo(
    engine: Engine, item_ids: Sequence[str], *, by: User, now: datetime, seen: dict[str, int], note: str = ""
) -> tuple[Decision, ...]:
    """Undo the decision in force of each item; the case is again as before that decision."""
    results: list[Decision] = []
    with _racing(engine, item_ids) as connection:
        standing = cases(connection, item_ids)
        batch = secrets.token_hex(8) if len(item_ids) > 1 else None
        close_decided(connection, item_ids, now, OF_DECISION)
        for item_id in item_ids:
            case = standing[item_id]
            _check(case, seen, by)
            if case.in_force is None:
                raise CaseError(_("nothing to undo: no decision is in force"))
            if case.in_force.by != by.name and not by.may(Right.UNDO_OTHERS):
                raise CaseError(_("%(by)s decided this; ask them or a lead to undo it", by=case.in_force.by))
            last = case.in_force
            copied = {name: getattr(last, name) for name in ("source", "url", "revision", "text_sha256")}
            step = {"kind": "undo", "note": note.strip(), "undoes": last.id, "batch": batch, **copied}
            results.append(_write(connection, by, now, {"item_id": item_id, "seq": case.last_seq + 1, **step}))
    return tuple(results)


def undo_batch(engine: Engine, batch: str, *, by: User, now: datetime, size: int, note: str = "") -> tuple[Decision, ...]:
    """Undo a decision about many wherever it stands; ``size`` is for how many the person saw it standing."""
    with engine.connect() as connection:
        found = standing_batch(connection, batch)
    if found is None or len(found.items) != size:
        stands = len(found.items) if found else 0
        raise CaseError(_("this decision stands for %(count)s items now, not %(size)s; look again", count=stands, size=size))
    return undo(engine, list(found.items), by=by, now=now, seen=found.items, note=note)


def standing_batches(standing: Iterable[Case]) -> list[DecisionBatch]:
    """Return the decisions about many that are in force in some of these cases, newest first."""
    results: dict[str, list[Case]] = defaultdict(list)
    for case in standing:
        if case.in_force is not None and case.in_force.batch:
            results[case.in_force.batch].append(case)
    found = [
        DecisionBatch(decision=same[0].standing[-1], items={case.item_id: case.last_seq for case in same})
        for same in results.values()
    ]
    return sorted(found, key=lambda each: (each.decision.at, each.decision.id), reverse=True)


def standing_batch(connection: Connection, batch: str) -> DecisionBatch | None:
    """Return one decision about many, None where it stands for no item."""
    members = cases(connection, batch_items(connection, batch)).values()
    return next((found for found in standing_batches(members) if found.decision.batch == batch), None)


def cases(connection: Connection, item_ids: Iterable[str]) -> dict[str, Case]:
    """Return the case of each item; one nobody decided about is open and without history."""
    wanted = list(dict.fromkeys(item_ids))
    results: dict[str, list[Decision]] = defaultdict(list)
    for start in range(0, len(wanted), _CHUNK):
        for decision in _read(connection, decisions.c.item_id.in_(wanted[start : start + _CHUNK])):
            results[decision.item_id].append(decision)
    marks = marks_on(connection, wanted)
    return {item_id: _case(item_id, results.get(item_id, []), marks.get(item_id, ())) for item_id in wanted}


def decided_cases(connection: Connection) -> Iterator[Case]:
    """Yield every case that has a decision, by item id."""
    results: dict[str, list[Decision]] = defaultdict(list)
    for decision in _read(connection, decisions.c.id > 0):
        results[decision.item_id].append(decision)
    marks = marks_on(connection, list(results))
    for item_id in sorted(results):
        yield _case(item_id, results[item_id], marks.get(item_id, ()))


def batch_items(connection: Connection, batch: str) -> list[str]:
    """Return the items one campaign decision was about."""
    query = select(decisions.c.item_id).where(decisions.c.batch == batch).order_by(decisions.c.item_id)
    return list(connection.execute(query).scalars())


def _decide(
    engine: Engine, records: Sequence[Record], step: dict[str, str], *, by: User, now: datetime, seen: dict[str, int],
    over: Collection[str], also: Callable[[Connection, Decision], None] | None = None,
) -> tuple[Decision, ...]:  # fmt: skip
    if not records:
        raise CaseError(_("there is no such item"))
    ids = [record.id for record in records]
    with _racing(engine, ids) as connection:
        standing = cases(connection, ids)
        batch = secrets.token_hex(8) if len(ids) > 1 else None
        for case in standing.values():
            _check(case, seen, by)
        held = held_by_others(connection, ids, by, now)
        if strange := [lease for lease in held if lease.by not in over]:
            raise ItemHeld(strange)
        for lease in held:
            note_takeover(connection, lease, by=by, now=now)
        end_leases(connection, ids)
        close_decided(connection, ids, now)
        opened = _opening_times(connection, by, records)
        made = tuple(
            _write(connection, by, now, {
                **step, "item_id": record.id, "seq": standing[record.id].last_seq + 1, "batch": batch, "undoes": None,
                "source": record.posting.source, "url": record.posting.url, "revision": record.revision,
                "text_sha256": record_sha256(record), "opened_at": opened[record.id],
                "batch_size": len(ids) if batch else None,
            })
            for record in records
        )  # fmt: skip
        if also is not None:
            for decision in made:
                also(connection, decision)
        return made


def _disclosed_note(note: str, disclose: Sequence[str]) -> str:
    """Return the sentences that may leave, in the order of the note; raise CaseError for one that is not part of it."""
    whole = " ".join(note.split())
    sentences = {" ".join(sentence.split()) for given in disclose for sentence in given.splitlines()} - {""}
    if strange := next((sentence for sentence in sentences if sentence not in whole), None):
        raise CaseError(_("a sentence that may leave does not stand in the note: %(strange)r; tick again", strange=strange[:60]))
    return "\n".join(sorted(sentences, key=whole.index))


def _opening_times(connection: Connection, by: User, records: Sequence[Record]) -> dict[str, datetime | None]:
    """Return when the person opened each item with the text it has now; raise CaseError when it changed since they opened it."""
    results = openings_of(connection, by, [record.id for record in records])
    moments: dict[str, datetime | None] = {}
    for record in records:
        texts = results.get(record.id, {})
        moments[record.id] = texts.get(record_sha256(record))
        if texts and moments[record.id] is None:
            raise CaseError(
                _("the text of %(id)s changed after you opened it; open it again and decide on what it says now", id=record.id)
            )
    return moments


def shown_words(record: Record) -> dict[str, str]:
    """Return kind -> words, for each kind that words of the text show to a person; none are needed for that of its reasons."""
    raw, found = raw_text(record), dict[str, str]()
    for signal in grounds(record.assessment.signals):
        beside = LEAST_GROUND if signal.end - signal.start < LEAST_GROUND else 0
        start, end = whole_words(raw, max(0, signal.start - beside), min(len(raw), signal.end + beside))
        words = plain_line(raw[start:end])
        for kind, indicators in SHOWING.items():
            if signal.indicator in indicators and LEAST_GROUND <= len(words) <= MOST_GROUND:
                found.setdefault(str(kind), words)
    return found | {shown_kind(record.assessment): ""}


def _check_ground(record: Record, tag: str, ground: str) -> None:
    """Raise CaseError unless words of the text show a lure of this kind: those of a signal, or those a person names."""
    if ground and (
        not LEAST_GROUND <= len(ground) <= MOST_GROUND or ground.casefold() not in plain_line(raw_text(record)).casefold()
    ):
        raise CaseError(_(
            "words that show it: give %(least_ground)s to %(most_ground)s characters as they stand in the text of %(id)s",
            least_ground=LEAST_GROUND, most_ground=MOST_GROUND, id=record.id,
        ))  # fmt: skip
    if not ground and shown_kind(record.assessment) != tag:
        raise CaseError(_(
            "words that show it: no reason that a person can check shows this kind in %(id)s; name its words", id=record.id,
        ))  # fmt: skip


@contextmanager
def _racing(engine: Engine, item_ids: Sequence[str]) -> Iterator[Connection]:
    """A write transaction; when another writer takes the same (item, number) first, it raises Conflict with the current case."""
    try:
        with writing(engine) as connection:
            yield connection
    except IntegrityError as exc:
        with engine.connect() as connection:
            case = max(cases(connection, item_ids).values(), key=lambda case: case.last_seq)
        raise Conflict(case) from exc


def _check(case: Case, seen: dict[str, int], by: User) -> None:
    if not by.may(Right.DECIDE):
        raise CaseError(_("the role %(role)s decides nothing; ask an analyst", role=by.role))
    if case.item_id not in seen:
        raise CaseError(_("say which decision was seen last, so that nobody is overwritten"))
    if not 0 <= seen[case.item_id] <= case.last_seq:
        raise CaseError(_("decision %(seen)s was never made on this item; load the page again", seen=seen[case.item_id]))
    if seen[case.item_id] != case.last_seq:
        raise Conflict(case)


def _write(connection: Connection, by: User, now: datetime, values: dict[str, Any]) -> Decision:
    number = add_row(connection, DECISIONS, values["kind"], values, by=by, now=now)
    return Decision(id=number, by=by.name, at=now, **values)


def _read(connection: Connection, where: ColumnElement[bool]) -> Iterator[Decision]:
    query = select(decisions, users.c.name.label("by")).join(users, users.c.id == decisions.c.by_id)
    for row in connection.execute(query.where(where).order_by(decisions.c.item_id, decisions.c.seq)):
        yield Decision(**{name: row._mapping[name] for name in Decision.__struct_fields__})


def _case(item_id: str, history: Sequence[Decision], marks: tuple[ReasonMark, ...] = ()) -> Case:
    """Replay the decisions in order: confirm and dismiss are added, undo removes the last one."""
    pile: list[Decision] = []
    for decision in history:
        if decision.kind != "undo":
            pile.append(decision)
        elif pile:
            pile.pop()
    in_force = pile[-1] if pile else None
    state = _STATE[in_force.kind] if in_force else "open"
    return Case(
        item_id=item_id, state=state, in_force=in_force, standing=tuple(pile), history=tuple(history), marks=marks
    )  # fmt: skip
