"""Platforms: how each takes notices, what it did with them, and the report for the public.

A platform's card is taken out to be handed on before the public report may name the platform.
"""

from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, HTTPException
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel
from sqlalchemy import Connection

from crawlers.fetch.handlers.chromium import print_page
from desk.languages.catalogues import say
from desk.partners.answer_review import answers_about, note_reply
from desk.partners.answers import KINDS, OFFERED, OFFERED_REASONS, REASONS
from desk.partners.partner_tokens import SCOPES, issue_token, open_token, partner_token_list, revoke_partner_token
from desk.people.roles import Right
from desk.people.tokens import LONGEST_DAYS
from desk.people.tokens import STATES as TOKEN_STATES
from desk.rechecks.clock import fates, proof_of
from desk.rechecks.reappearance import reappearances_of
from desk.rechecks.report_card import (
    ACTIONS,
    FIRST,
    card_file,
    give_card,
    given_cards,
    platform_cards,
)
from desk.rechecks.sighting import STATES
from desk.rechecks.transparency import (
    FOLDED,
    HIDDEN,
    SETTLED,
    Quarter,
    Transparency,
    reported_quarters,
    transparency_csv,
    transparency_report,
)
from desk.refusals import DeskRefusal, ListError
from desk.web import guard
from desk.web.guard import Count, Number, PageVisit, Text, needs
from desk.web.pages import environment
from foundation.messages import _

router = APIRouter()
Operator = Annotated[PageVisit, Depends(needs(Right.SEEDS))]
Onlooker = Annotated[PageVisit, Depends(needs(Right.READ))]
Approver = Annotated[PageVisit, Depends(needs(Right.APPROVE))]
Maker = Annotated[PageVisit, Depends(needs(Right.LISTS))]
EvidenceVisit = Annotated[PageVisit, Depends(needs(Right.EVIDENCE))]
NAMED = 100
"""Notices that a platform's page names, the newest first."""


class ReceiverForm(BaseModel):
    """Where a platform's lists are to go, and the file the person saw."""

    contact: Text = ""
    enabled: bool = False
    version: Text = ""
    why: Text = ""


@router.get("/platforms")
def platforms_page(visit: Onlooker) -> Response:
    """Show every receiver: how it takes notices, and whether it is on."""
    receivers = visit.desk.platforms
    with visit.desk.engine.connect() as connection:
        cards = platform_cards(connection)
    return visit.show("platforms.html", platforms=receivers.platforms, unaccepted=receivers.unaccepted, cards=cards)


@router.get("/platforms/{key}")
def platform_page(visit: Onlooker, key: str) -> Response:
    """Show one receiver: its route, its rules, how its adverts look, what waits for a second person, and what was done."""
    return _show_platform(visit, key)


@router.post("/platforms/{key}/sign", dependencies=[guard.Form])
def sign_receiver(visit: Operator, key: str, form: Annotated[ReceiverForm, Form()]) -> Response:
    """Propose where lists go, or sign as the second person what somebody else proposed."""
    sign = partial(visit.desk.receivers.sign, key, by=visit.user, reason=form.why, version=form.version)
    refuse = partial(_show_platform, visit, key, form=form)
    return visit.change(partial(sign, contact=form.contact, enabled=form.enabled), f"/platforms/{key}", refuse, 409)


@router.post("/platforms/{key}/try", dependencies=[guard.Form])
def try_receiver(visit: Operator, key: str) -> Response:
    """Send the mail of what is proposed to the person logged in, with an invented advert."""
    send, show = partial(visit.desk.receivers.send_trial, key, by=visit.user), partial(_show_platform, visit, key)
    return visit.change(send, lambda _: show(said=True), show, 409)


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


def _show_platform(
    visit: PageVisit, key: str, status: int = 200, problem: str = "", *, form: ReceiverForm | None = None, said: bool = False,
    made: str = "",
) -> Response:  # fmt: skip
    receivers, editor = visit.desk.platforms, visit.desk.receivers
    try:
        file = editor.read(key)
    except DeskRefusal as exc:
        file, problem = None, problem or say(exc)
    platform = file.platform if file else receivers.platforms.get(key)
    if platform is None:
        return visit.show_message(404, _("No such platform"), _("No file describes a platform of that name."))
    with visit.desk.engine.connect() as connection:
        card, given = platform_cards(connection, platform=key).get(key), given_cards(connection).get(key)
        mine = [fate for fate in fates(connection, platform=key) if fate.notice.item_id not in visit.desk.hidden]
        tokens = partner_token_list(connection, key)
    return visit.show(
        "platform.html",
        status,
        own=False,
        card=card,
        given=given,
        first=FIRST.days,
        states=STATES,
        notices=mine[::-1][:NAMED],
        named=len(mine),
        key=key,
        platform=platform,
        file=file,
        in_force=receivers.platforms.get(key),
        unaccepted=receivers.unaccepted.get(key, ""),
        clauses=receivers.clauses,
        mails=editor.mails,
        form=form or ReceiverForm(contact=platform.contact, enabled=platform.enabled),
        problem=problem,
        said=said,
        made=made,
        tokens=tokens,
        token_states=TOKEN_STATES,
        scopes=SCOPES,
        longest=LONGEST_DAYS,
    )


@router.post("/platforms/{key}/card", dependencies=[guard.Form])
def take_card(visit: Maker, key: str) -> Response:
    """Download a platform's card, to be handed on to it; that is noted, and a week later the public report may name it."""
    desk, now = visit.desk, visit.desk.clock()
    with desk.engine.connect() as connection:
        content = card_file(connection, key, visit.desk.platforms.titles.get(key, key), now)
    if not content:
        return visit.show_message(404, _("No such card"), _("No notice to that platform has left."))
    give_card(desk.engine, key, content, actor=visit.user.name, now=now)
    return guard.attachment(content, "application/json", f"card-{now:%Y-%m-%d}.json")


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


@router.get("/transparency")
def transparency_page(visit: Onlooker, quarter: str = "") -> Response:
    """Show the report for the public about a quarter as it would be given out now."""
    with visit.desk.engine.connect() as connection:
        known = reported_quarters(connection, visit.desk.clock())
    return visit.show(
        "transparency.html", titles=visit.desk.platforms.titles, quarters=known, **_report_parts(_report(visit, quarter))
    )


@router.post("/transparency/file", dependencies=[guard.Form])
def transparency_file(visit: Maker, kind: Annotated[Literal["csv", "pdf"], Form()] = "csv", quarter: Text = "") -> Response:
    """Download the report for the public about a quarter whose figures are fixed, as a spreadsheet or printed."""
    report, titles = _report(visit, quarter), visit.desk.platforms.titles
    if not report.fixed:
        why = _(
            "Its figures are fixed %(days)s days after the quarter, so that no two versions can be compared.", days=SETTLED.days
        )
        return visit.show_message(409, _("Not given out yet"), why)
    name = f"transparency-{report.quarter}.{kind}"
    if kind == "csv":
        return guard.attachment(transparency_csv(report, titles, say), "text/csv; charset=utf-8", name)
    sheet = environment().get_template("transparency_sheet.html").render(
        titles=titles, language=visit.user.language, organisation=visit.desk.organisation, **_report_parts(report)
    )  # fmt: skip
    try:
        return guard.attachment(print_page(sheet, report.until), "application/pdf", name)
    except OSError:
        why = _("There is no browser beside the desk that prints. Take the spreadsheet, or print the page.")
        return visit.show_message(503, _("It cannot be printed here"), why)


def notice_parts(visit: PageVisit, connection: Connection, item_id: str) -> dict[str, object]:
    """Return what an item's page says of its notices: what was seen since, and which other adverts its case goes on in.

    An advert that the person may not see is left out.
    """
    links = [
        link for link in reappearances_of(connection, [item_id]) if not visit.desk.hidden & {link.item_id, link.other_id}
    ]  # fmt: skip
    others = {name for link in links for name in (link.item_id, link.other_id)} - {item_id}
    records = visit.desk.store.get_many(others)
    return {
        "fates": fates(connection, items=[item_id]),
        "links": links,
        "others_titles": {name: record.posting.title or record.posting.text[:60] for name, record in records.items()},
        "states": STATES,
        "told": answers_about(connection, item_id),
        "offered": OFFERED,
        "offered_reasons": OFFERED_REASONS,
        "answer_kinds": KINDS,
        "answer_reasons": REASONS,
        "titles": visit.desk.platforms.titles,
    }


def _report(visit: PageVisit, name: str) -> Transparency:
    try:
        quarter = Quarter.parse(name) if name else None
    except ValueError as exc:
        raise HTTPException(404) from exc
    with visit.desk.engine.connect() as connection:
        return transparency_report(connection, visit.desk.clock(), quarter)


def _report_parts(report: Transparency) -> dict[str, object]:
    return {
        "report": report,
        "actions": ACTIONS,
        "folded": FOLDED,
        "hidden_number": HIDDEN,
        "first": FIRST.days,
    }
