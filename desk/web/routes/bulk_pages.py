"""One decision about many: what a search or a campaign holds is looked at, three are opened, then all are decided or none."""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel
from starlette.background import BackgroundTask

from desk.cases.case_decisions import CaseError, cases, standing_batch, undo_batch
from desk.cases.case_marks import tell
from desk.cases.leases import all_leases
from desk.cases.standing_orders import end_order, give_order
from desk.cases.top_reasons import shown_kind
from desk.languages.catalogues import say
from desk.web import guard
from desk.web.decision_scope import (
    COVERED,
    OPENED,
    DecisionScope,
    carry_out,
    check_unchanged,
    decision_choices,
    find_unopened,
    read_verdict,
    scope_of,
    status_of,
)
from desk.web.guard import Count, Decider, Number, PageVisit, Text
from desk.web.results import search_request
from desk.web.view import line
from foundation.messages import _
from index.base import Hit
from index.query.plan import UnusableQuery

router = APIRouter()
_CAMPAIGN = re.compile(r"campaign:([^\s,\"]+)")


class BulkForm(BaseModel):
    """What is decided, and the items as the page showed them."""

    verdict: Text = ""
    shown: Text = ""
    """How many they were, and digests of their ids, texts and decisions."""
    ids: list[Text] = []
    """Ids of those chosen."""
    note: Text = ""
    ground: Text = ""
    clause: Text = ""
    disclose: list[Text] = []
    over: list[Text] = []
    """Names of the people who have an item open, and whom the decision overrides knowingly."""


@router.get("/bulk")
def bulk_page(visit: Decider, done: str = "") -> Response:
    """Show what a decision about a search would cover; ``done`` is the decision made just before."""
    return _show_bulk(visit, done=done)


@router.post("/bulk", dependencies=[guard.Form])
def decide_many(visit: Decider, form: Annotated[BulkForm, Form()]) -> Response:
    """Decide about every item that the form showed and had ticked, once three of them were opened."""
    desk, want = visit.desk, search_request(visit.request)
    try:
        scope = scope_of(desk, want)
        check_unchanged(scope, form.shown)
        chosen = [record for record in scope.records if record.id in form.ids]
        if not chosen:
            raise CaseError(_("tick what you decide about"))
        with desk.engine.connect() as connection:
            closed = find_unopened(connection, chosen, visit.user)
        if closed:
            raise CaseError(_("open %(count)s more of them first", count=len(closed)))
        words = {"note": form.note, "ground": form.ground, "disclose": form.disclose, "clause": form.clause or None}
        wanted = read_verdict(form.verdict, **words)
        made = carry_out(desk, wanted, chosen, by=visit.user, seen=scope.seen, over=form.over)
    except UnusableQuery as exc:
        return _show_bulk(visit, 422, str(exc), form)
    except CaseError as exc:
        return _show_bulk(visit, status_of(exc), say(exc), form)
    told = BackgroundTask(tell, desk.engine, desk.index)
    campaign = _CAMPAIGN.fullmatch(want.typed)
    to = f"/campaign/{campaign[1]}#t-decided" if campaign and not want.ticked else want.address("/bulk", done=made[0].batch)
    return RedirectResponse(to, status_code=303, background=told)


@router.post("/bulk/{batch}/undo", dependencies=[guard.Form])
def undo_many(visit: Decider, batch: str, note: Text = "", size: Count = -1, back: Text = "") -> Response:
    """Undo a decision about many wherever it stands, if it stands for as many (``size``) as the page showed."""
    desk = visit.desk
    undo_batch(desk.engine, batch, by=visit.user, now=desk.clock(), size=size, note=note)
    return RedirectResponse(guard.local(back), status_code=303, background=BackgroundTask(tell, desk.engine, desk.index))


@router.post("/bulk/{batch}/follow", dependencies=[guard.Form])
def follow_batch(visit: Decider, batch: str, likeness: Count = 0, most: Count = 0, days: Count = 0, back: Text = "") -> Response:
    """Let near-copies that come later follow a decision about many, within bounds."""
    give_order(visit.desk.engine, batch, likeness=likeness, most=most, days=days, by=visit.user, now=visit.desk.clock())
    return RedirectResponse(guard.local(back), status_code=303)


@router.post("/orders/{number}/end", dependencies=[guard.Form])
def end_following(visit: Decider, number: Number, back: Text = "") -> Response:
    """End an order; what followed it stays decided."""
    end_order(visit.desk.engine, number, by=visit.user, now=visit.desk.clock())
    return RedirectResponse(guard.local(back), status_code=303)


def bulk_parts(visit: PageVisit, scope: DecisionScope) -> dict[str, Any]:
    """Return what a page decides about many with."""
    desk, receivers = visit.desk, visit.desk.platforms
    shown = {shown_kind(record.assessment) for record in scope.records}
    with desk.engine.connect() as connection:
        closed = find_unopened(connection, scope.records, visit.user)
        held = [lease for lease in all_leases(connection, desk.clock()) if lease.item_id in scope.seen]
    return {
        "scope": scope, "closed": closed, "founded": "".join(shown) if len(shown) == 1 else "",
        "holders": dict.fromkeys(lease.by for lease in held if lease.by != visit.user.name), "most": COVERED, "least": OPENED,
        "clauses": receivers.clauses, **decision_choices(receivers),
    }  # fmt: skip


def _show_bulk(visit: PageVisit, status: int = 200, problem: str = "", typed: BulkForm | None = None, done: str = "") -> Response:
    """Return the page with what a decision would cover; with what was wrong with one, and what was ``typed`` for it."""
    desk, want = visit.desk, search_request(visit.request)
    try:
        scope = scope_of(desk, want)
    except UnusableQuery as exc:
        scope, problem, status = DecisionScope(), problem or str(exc), 422
    with desk.engine.connect() as connection:
        standing = cases(connection, scope.seen)
        made = standing_batch(connection, done) if done else None
    lines = [line(Hit(record=record), standing[record.id]) for record in scope.records]
    return visit.show(
        "bulk.html", status, want=want, lines=lines, problem=problem, typed=typed or BulkForm(), done=made,
        titles=visit.titles(scope.records), **bulk_parts(visit, scope),
    )  # fmt: skip
