"""The plain page of the partners' door: notices, one notice with its evidence, a form to answer; it works without scripts."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment

from desk.languages.reader_locale import reader_locale, stamp
from desk.partners import served
from desk.partners.answers import (
    AFTER_RETRACTION,
    KINDS,
    OFFERED,
    OFFERED_REASONS,
    REASONS,
    GivenAnswer,
    answers_to,
    give_answers,
)
from desk.partners.door_access import Answering, DoorVisit, Reading, door_of
from desk.partners.door_operations import Cursor, NoticeId, TranslationReply, read_file, read_screenshot
from desk.takedown.notice import KINDS as LURES
from desk.web.guard import Text
from foundation.messages import _

STEP = 50
"""Notices on a page."""
NOTHING_WRITTEN = {"kind": "", "reason": "", "words": ""}
"""A form that nobody filled in yet."""
router = APIRouter()


@router.get("/")
def notices_page(request: Request, visit: Reading, state: served.State = "standing", after: Cursor = "") -> Response:
    """Show notices as they stand, the newest first."""
    with visit.door.engine.connect() as connection:
        found = served.notices_after(connection, visit.platform, state, after, STEP + 1, newest_first=True)
        answers = answers_to(connection, visit.platform, [each.newest.notice_id for each in found])
        total, waiting = served.count_notices(connection, visit.platform)
    return _show(
        request, "notices.html", platform=visit.door.titles.get(visit.platform, visit.platform), notices=found[:STEP],
        answers=answers, kinds=KINDS, state=state, total=total, waiting=waiting,
        many=total == served.MOST_COUNTED,
        after=found[STEP - 1].newest.cursor if len(found) > STEP else "",
    )  # fmt: skip


@router.get("/notices/{notice_id}")
def notice_page(request: Request, visit: Reading, notice_id: NoticeId, said: bool = False) -> Response:
    """Show one notice, with the form to answer it."""
    return _show_notice(request, visit, notice_id, said=said)


@router.post("/notices/{notice_id}/answer")
def answer_notice(
    request: Request,
    visit: Answering,
    notice_id: NoticeId,
    key: Annotated[Text, Form()] = "",
    kind: Annotated[Text, Form()] = "",
    reason: Annotated[Text, Form()] = "",
    words: Annotated[Text, Form()] = "",
) -> Response:
    """Keep an answer; the form carries its key, so that it counts once if it is sent twice."""
    written = {"kind": kind, "reason": reason, "words": words}
    if kind not in KINDS:
        return _show_notice(request, visit, notice_id, 422, problem=_("answer: choose one"), written=written)
    if kind == "refused" and reason not in REASONS:
        return _show_notice(request, visit, notice_id, 422, problem=_("choose why it is refused"), written=written)
    given = GivenAnswer(
        key=key, notice_id=notice_id, kind=kind, reason=reason if kind == "refused" else "", words=words
    )  # fmt: skip
    (outcome,) = give_answers(visit.door.engine, visit.platform, [given], now=visit.door.clock())
    if outcome.outcome == "refused":
        return _show_notice(request, visit, notice_id, 422, problem=outcome.detail, written=written)
    return RedirectResponse(f"/notices/{notice_id}?said=true", status_code=303)


router.add_api_route("/notices/{notice_id}/screenshot", read_screenshot)
router.add_api_route("/lists/{number}/{name}", read_file)


def _show_notice(
    request: Request, visit: DoorVisit, notice_id: str, status: int = 200, *, problem: str = "", said: bool = False,
    written: Mapping[str, str] = NOTHING_WRITTEN,
) -> Response:  # fmt: skip
    with visit.door.engine.connect() as connection:
        one = served.notices_named(connection, visit.platform, [notice_id]).get(notice_id)
        if one is None:
            raise HTTPException(404, _("you were told of no such notice"))
        answers = answers_to(connection, visit.platform, [notice_id]).get(notice_id, [])
        files = served.file_names(connection, visit.platform, one.newest.number)
        picture = served.exhibit_of(connection, visit.platform, one, "jpg") is not None
        kept = served.exhibit_of(connection, visit.platform, one, "json")
    captured = one.newest.body.get("evidence", {}).get("captured_at")
    offered = OFFERED[one.is_standing]
    translation = TranslationReply.model_validate_json(kept) if kept else None
    return _show(
        request, "notice.html", status, one=one, answers=answers, files=files, picture=picture,
        translation=translation, kinds=KINDS, reasons=REASONS, lures=LURES, offered_reasons=OFFERED_REASONS[one.is_standing],
        offered=[(kind, KINDS[kind] if one.is_standing else AFTER_RETRACTION.get(kind, KINDS[kind])) for kind in offered],
        key=f"page-{secrets.token_hex(12)}", problem=problem, said=said,
        captured=stamp(datetime.fromisoformat(captured)) if captured else "", written=written,
        may_answer="answer" in visit.token.scopes,
    )  # fmt: skip


def show_refusal(request: Request, status: int, text: str, headers: dict[str, str] | None = None) -> Response:
    """Answer a refusal with a page that says it in words."""
    answer = _show(request, "refusal.html", status, title=f"{status}", text=text)
    answer.headers.update(headers or {})
    return answer


def _show(request: Request, name: str, status: int = 200, /, **values: Any) -> HTMLResponse:
    templates: Environment = request.app.state.templates
    notifier = door_of(request).notifier
    body = templates.get_template(name).render(
        lang=reader_locale().language, organisation=notifier.name, email=notifier.email, **values
    )
    return HTMLResponse(body, status_code=status)
