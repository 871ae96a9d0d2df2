"""One item: its text with the evidence marked, its reasons, its history; and deciding about it or about its campaign."""

from collections.abc import Mapping
from typing import Annotated, cast, get_args

import msgspec
from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel
from starlette.background import BackgroundTask

from desk.cases.asks import close_mentions
from desk.cases.case_decisions import CaseError, cases, shown_words, undo, undo_batch
from desk.cases.case_marks import tell
from desk.cases.leases import note_opening
from desk.cases.reason_marks import Verdict, mark_reason, reason_of, withdraw_mark, without_struck
from desk.languages.catalogues import say
from desk.people.roles import Right
from desk.refusals import DeskRefusal
from desk.translation.provider import TranslationError
from desk.translation.translator import NeverSent
from desk.web import guard
from desk.web.decision_scope import NewDecision, carry_out, read_verdict, status_of
from desk.web.guard import Decider, PageVisit, Reader, Text
from desk.web.item_sections import ItemLook, query_sections
from desk.web.results import next_open, search_request
from desk.web.routes.colleague_pages import hold_item, is_open, lease_of
from desk.web.view import name_reason
from foundation.messages import _

router = APIRouter()
READER = "reader"
"""Id of the part of the page that shows an item: a script that asks for it shows it to a person."""


class DecisionForm(BaseModel):
    """What a decision is made with."""

    note: Text = ""
    seen: int = -1
    """Number of the last decision the form showed."""
    over: list[Text] = []
    """Names of the people who have the item open, and whom the decision overrides knowingly."""


class ConfirmForm(DecisionForm):
    """An item is a lure of this kind."""

    tag: Text = ""
    severity: Text = ""
    clause: Text = ""
    ground: Text = ""
    disclose: list[Text] = []


class DismissForm(DecisionForm):
    """An item is no lure."""

    reason: Text = ""


class ItemUndoForm(DecisionForm):
    """A decision is taken back; with ``whole`` wherever the same decision about many stands."""

    whole: bool = False
    size: int = -1
    """For how many it stood on the page."""


class VerdictForm(BaseModel):
    """A decision in one key after another: ``confirm KIND SEVERITY`` or ``dismiss REASON``; the rule follows from the kind."""

    verdict: Text = ""
    seen: int = -1
    """Number of the last decision the form showed."""
    following: Text = ""
    """The item to go to then, as the list beside it stands; empty: the next of the queue."""
    over: list[Text] = []
    """People who have the item open, and whom the decision overrides knowingly."""


@router.get("/item/{item_id}")
def item_page(visit: Reader, item_id: str, done: str = "") -> Response:
    """Show an item; who may decide is noted as having opened it and takes its lease, unless a script or a prefetch asked.

    A script that puts the item before the reader's eyes says so by its target. ``done`` is what was decided just before.
    """
    desk, headers = visit.desk, visit.request.headers
    record = desk.store.get(item_id)
    quiet = "hx-request" in headers and headers.get("hx-target") != READER
    if record is not None and visit.user.may(Right.DECIDE) and not quiet and "prefetch" not in headers.get("sec-purpose", ""):
        note_opening(desk.engine, record, by=visit.user, now=desk.clock())
        hold_item(visit, record)
        close_mentions(desk.engine, item_id, by=visit.user, now=desk.clock())
    answer = _show_item(visit, item_id, done=done)
    if done:  # the address of the item, as a link to it would have it
        answer.headers["HX-Push-Url"] = search_request(visit.request).address_of(item_id)
    return answer


@router.get("/item/{item_id}/translation")
def translation_page(visit: Reader, item_id: str) -> Response:
    """Show an item sentence by sentence beside its translation: the part alone for a script, else a page."""
    record = visit.item(item_id)
    translator, translated, problem, again = visit.desk.translator, None, "", True
    try:
        translated = translator.translate_item(record, visit.user.language) if translator else None
    except TranslationError as exc:
        problem, again = say(exc), not isinstance(exc, NeverSent)
    return visit.show_part("translated.html", _("Translation"), one=record, translated=translated, problem=problem, again=again)


@router.post("/item/{item_id}/decide", dependencies=[guard.Form])
def decide_item(visit: Decider, item_id: str, form: Annotated[VerdictForm, Form()]) -> Response:
    """Decide about one item without a note and lead to the next; in a page without scripts, back to the item."""
    desk = visit.desk
    try:
        made, record = read_verdict(form.verdict, clause=None), desk.store.get(item_id)
        if made.kind == "confirm" and record is not None:
            with desk.engine.connect() as connection:
                case = cases(connection, [item_id])[item_id]
            words = shown_words(without_struck(record, case.struck_reasons))
            made = msgspec.structs.replace(made, ground=words.get(made.tag, ""))
        _carry_out(visit, item_id, made, form.seen, form.over)
    except CaseError as exc:
        return _refuse_decision(visit, item_id, exc, {})
    if "hx-request" not in visit.request.headers:
        return _lead_back(visit, item_id)
    want = search_request(visit.request)
    following = form.following if _is_free(visit, form.following) else next_open(desk, want, item_id, visit.user)
    told = BackgroundTask(tell, desk.engine, desk.index)
    return RedirectResponse(want.address_of(following or item_id, done=item_id), status_code=303, background=told)


@router.post("/item/{item_id}/confirm", dependencies=[guard.Form])
def confirm_item(visit: Decider, item_id: str, form: Annotated[ConfirmForm, Form()]) -> Response:
    """Confirm the item."""
    told = {"tag": form.tag, "severity": form.severity, "clause": form.clause, "ground": form.ground, "note": form.note}
    return _decide(visit, item_id, form, told, NewDecision(kind="confirm", **told, disclose=form.disclose))


@router.post("/item/{item_id}/dismiss", dependencies=[guard.Form])
def dismiss_item(visit: Decider, item_id: str, form: Annotated[DismissForm, Form()]) -> Response:
    """Dismiss the item."""
    told = {"reason": form.reason, "note": form.note}
    return _decide(visit, item_id, form, told, NewDecision(kind="dismiss", **told))


def _decide(visit: PageVisit, item_id: str, form: DecisionForm, told: dict[str, str], made: NewDecision) -> Response:
    """Decide and lead back to the item; what is refused leaves what was ``told`` in the fields."""
    try:
        _carry_out(visit, item_id, made, form.seen, form.over)
    except CaseError as exc:
        return _refuse_decision(visit, item_id, exc, {"act": made.kind, **told})
    return _lead_back(visit, item_id)


def _carry_out(visit: PageVisit, item_id: str, made: NewDecision, seen: int, over: list[str]) -> None:
    record = visit.desk.store.get(item_id)
    carry_out(visit.desk, made, [record] if record else [], by=visit.user, seen={item_id: seen}, over=over)


@router.post("/item/{item_id}/reason", dependencies=[guard.Form])
def mark_one_reason(visit: Decider, item_id: str, reason: Text = "", mark: Text = "") -> Response:
    """Keep that a single reason is so, or is not; with the number of a mark, take that back."""
    desk, record = visit.desk, visit.desk.store.get(item_id)
    try:
        if record is not None and mark in get_args(Verdict):
            given = {name_reason(each): each for each in map(reason_of, record.assessment.signals)}
            mark_reason(desk.engine, record, given.get(reason, ("", "")), cast(Verdict, mark), by=visit.user, now=desk.clock())
        elif record is not None:
            number = int(mark) if mark.isdecimal() and len(mark) < 10 else 0
            withdraw_mark(desk.engine, item_id, number, by=visit.user, now=desk.clock())
    except DeskRefusal as exc:
        return _show_item(visit, item_id, 422, say(exc), {"act": "reason"})
    return RedirectResponse(search_request(visit.request).address_of(item_id) + "#t-why", status_code=303)


@router.post("/item/{item_id}/undo", dependencies=[guard.Form])
def undo_item(visit: Decider, item_id: str, form: Annotated[ItemUndoForm, Form()]) -> Response:
    """Undo the decision in force, or with ``whole`` the decision about many it was part of."""
    engine, by, now = visit.desk.engine, visit.user, visit.desk.clock()
    with engine.connect() as connection:
        case = cases(connection, [item_id])[item_id]
    batch = case.in_force.batch if case.in_force and form.whole and case.last_seq == form.seen else None
    try:
        if batch:
            undo_batch(engine, batch, size=form.size, by=by, now=now, note=form.note)
        else:
            undo(engine, [item_id], seen={item_id: form.seen}, by=by, now=now, note=form.note)
    except CaseError as exc:
        return _refuse_decision(visit, item_id, exc, {"act": "undo", "note": form.note})
    return _lead_back(visit, item_id)


def _show_item(
    visit: PageVisit,
    item_id: str,
    status: int = 200,
    problem: str = "",
    typed: Mapping[str, str] | None = None,
    done: str = "",
) -> Response:
    """Return an item's page, with what was wrong with a decision and what was ``typed`` for it, and what was ``done`` before."""
    record = visit.item(item_id)
    visit.desk.take_in_answers()
    with visit.desk.engine.connect() as connection:
        case = cases(connection, [item_id])[item_id]
        shown = query_sections(ItemLook(visit, connection, record, case, done))
    told = {"problem": problem, "typed": typed or {}, "want": search_request(visit.request)}
    return visit.show("item.html", status, record=record, case=case, **told, **shown)


def _is_free(visit: PageVisit, item_id: str) -> bool:
    """Tell whether an item is there, undecided, and open to nobody else."""
    if not item_id or visit.desk.store.get(item_id) is None or not is_open(visit, item_id):
        return False
    lease = lease_of(visit, item_id)
    return lease is None or lease.by == visit.user.name


def _refuse_decision(visit: PageVisit, item_id: str, problem: CaseError, typed: Mapping[str, str]) -> Response:
    answer = _show_item(visit, item_id, status_of(problem), str(problem), typed)
    answer.headers["HX-Push-Url"] = "false"
    return answer


def _lead_back(visit: PageVisit, item_id: str) -> Response:
    """Redirect to the item; the decision is written to the index after the answer."""
    told = BackgroundTask(tell, visit.desk.engine, visit.desk.index)
    return RedirectResponse(search_request(visit.request).address_of(item_id), status_code=303, background=told)
