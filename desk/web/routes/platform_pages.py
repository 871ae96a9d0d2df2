"""Platforms: how each takes notices, and what became of them."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import RedirectResponse, Response

from desk.partners.answer_review import note_reply
from desk.partners.answers import KINDS
from desk.partners.partner_tokens import SCOPES, issue_token, open_token, partner_token_list, revoke_partner_token
from desk.people.roles import Right
from desk.people.tokens import LONGEST_DAYS
from desk.people.tokens import STATES as TOKEN_STATES
from desk.rechecks.clock import fates, proof_of
from desk.rechecks.notice_outcomes import KNOWN
from desk.rechecks.platform_outcomes import outcomes_csv, platform_outcomes
from desk.rechecks.sighting import STATES
from desk.refusals import ListError
from desk.web import guard
from desk.web.guard import Count, Number, PageVisit, Text, needs
from foundation.messages import _

router = APIRouter()
Onlooker = Annotated[PageVisit, Depends(needs(Right.READ))]
Approver = Annotated[PageVisit, Depends(needs(Right.APPROVE))]
Maker = Annotated[PageVisit, Depends(needs(Right.LISTS))]
EvidenceVisit = Annotated[PageVisit, Depends(needs(Right.EVIDENCE))]
NAMED = 100
"""Notices that a platform's page names: what is said gone and still up first, then the newest."""


@router.get("/platforms")
def platforms_page(visit: Onlooker) -> Response:
    """Show every receiver: how it takes notices, and whether it is on."""
    receivers = visit.desk.platforms
    with visit.desk.engine.connect() as connection:
        outcomes = platform_outcomes(connection, visit.desk.clock())
    shown = {"outcomes": outcomes, "titles": receivers.titles, "known": KNOWN}
    return visit.show("platforms.html", platforms=receivers.platforms, **shown)


@router.get("/platforms/outcomes.csv")
def outcomes_file(visit: Onlooker) -> Response:
    """Download what became of the notices to each platform, as a spreadsheet."""
    with visit.desk.engine.connect() as connection:
        found = platform_outcomes(connection, visit.desk.clock())
    content = outcomes_csv(found.values(), visit.desk.platforms.titles)
    return guard.attachment(content, "text/csv; charset=utf-8", "outcomes.csv")


@router.get("/platforms/{key}")
def platform_page(visit: Onlooker, key: str) -> Response:
    """Show one receiver: its route, its rules, how its adverts look, and what was done with its notices."""
    return _show_platform(visit, key)


@router.post("/platforms/{key}/tokens", dependencies=[guard.Form])
def add_platform_token(
    visit: Approver, key: str, name: Text = "", scopes: Annotated[list[str], Form()] = [],  # noqa: B006
    days: Count = 0,
) -> Response:  # fmt: skip
    """Make a token of a platform's door and show it, this once."""
    if key not in visit.desk.platforms.platforms:
        return _show_platform(visit, key, 404, _("only a platform that is described can have a token"))
    by, now, show = visit.user.name, visit.desk.clock(), partial(_show_platform, visit, key)
    issue = partial(issue_token, visit.desk.engine, key, name, scopes=scopes, days=days, actor=by, now=now)
    return visit.change(issue, lambda made: show(made=made), show)


@router.post("/platforms/{key}/tokens/{number}/open", dependencies=[guard.Form])
def open_platform_token(visit: Approver, key: str, number: Number) -> Response:
    """Let a token of a platform's door in, as the second person."""
    let_in = partial(open_token, visit.desk.engine, number, by=visit.user, now=visit.desk.clock(), platform=key)
    return visit.change(let_in, f"/platforms/{key}", partial(_show_platform, visit, key), 409)


@router.post("/platforms/{key}/tokens/{number}/revoke", dependencies=[guard.Form])
def end_platform_token(visit: Approver, key: str, number: Number) -> Response:
    """Revoke a token of a platform's door."""
    by, now = visit.user.name, visit.desk.clock()
    revoke = partial(revoke_partner_token, visit.desk.engine, number, actor=by, now=now, platform=key)
    return visit.change(revoke, f"/platforms/{key}", partial(_show_platform, visit, key), 404)


def _show_platform(visit: PageVisit, key: str, status: int = 200, problem: str = "", *, made: str = "") -> Response:
    receivers = visit.desk.platforms
    platform = receivers.platforms.get(key)
    if platform is None:
        return visit.show_message(404, _("No such platform"), _("No file describes a platform of that name."))
    with visit.desk.engine.connect() as connection:
        outcomes = platform_outcomes(connection, visit.desk.clock(), key).get(key)
        mine = [fate for fate in fates(connection, platform=key) if fate.notice.item_id not in visit.desk.hidden]
        tokens = partner_token_list(connection, key)
    return visit.show(
        "platform.html", status, outcomes=outcomes, known=KNOWN, states=STATES,
        notices=sorted(mine, key=lambda fate: (fate.still_up, fate.notice.sent_at), reverse=True)[:NAMED], named=len(mine),
        key=key, platform=platform, clauses=receivers.clauses,
        steps=[*visit.desk.seeds.history(f"platforms/{key}.yml"), *visit.desk.seeds.history("platforms.yml")], problem=problem,
        made=made, tokens=tokens, token_states=TOKEN_STATES, scopes=SCOPES, longest=LONGEST_DAYS,
    )  # fmt: skip


@router.post("/item/{item_id}/answer", dependencies=[guard.Form])
def note_item_answer(
    visit: Maker, item_id: str, platform: Text = "", kind: Text = "", reason: Text = "", words: Text = ""
) -> Response:
    """Note what a platform answered to a notice by mail."""
    if item_id in visit.desk.hidden:
        raise guard.NoItem
    if kind not in KINDS:
        raise ListError(_("answer: choose one"))
    reason = reason if kind == "refused" else ""
    note_reply(visit.desk.engine, platform, item_id, kind, reason=reason, words=words, by=visit.user, now=visit.desk.clock())
    return RedirectResponse(f"/item/{item_id}#t-notices", status_code=303)


@router.get("/item/{item_id}/sightings/{number}")
def sighting_proof(visit: EvidenceVisit, item_id: str, number: Number) -> Response:
    """Download the proof of what was seen at an advert's address: the answer as WARC records."""
    with visit.desk.engine.connect() as connection:
        known = {step.id for fate in fates(connection, items=[item_id]) for step in fate.seen}
        content = proof_of(connection, number) if number in known and item_id not in visit.desk.hidden else b""
    if not content:
        return visit.show_message(404, _("No such proof"), _("There was no answer to keep, or retention erased it."))
    return guard.attachment(content, "application/octet-stream", f"sighting-{number}.warc.gz")
