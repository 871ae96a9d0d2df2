"""One item's evidence: the pack to download, and the kept pictures and page to look at. Nothing is fetched from outside."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from crawlers.pictures.image_header import ImageRefused
from crawlers.pictures.redraw import redraw
from crawlers.sources.source import Source
from desk.custody.evidence_pack import pack
from desk.custody.kept_records import EvidenceError
from desk.custody.origin import open_page, open_picture, pictures_of
from desk.languages.catalogues import say
from desk.people.roles import Right
from desk.web import guard
from desk.web.context import Desk
from desk.web.guard import Number, PageVisit, needs
from desk.web.pages import key_words, sentence
from desk.web.saved_page import MOST, POLICY, CleanPage, document, saved_page
from foundation.messages import _
from index.base import Record

router = APIRouter()
EvidenceVisit = Annotated[PageVisit, Depends(needs(Right.EVIDENCE))]
PIXELS_ALONE = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""Content-Security-Policy of a picture: it is one, whatever a browser takes it for."""


@router.get("/item/{item_id}/pictures")
def pictures_part(visit: EvidenceVisit, item_id: str) -> Response:
    """Show the pictures of an item, each grey and blurred until it is held."""
    record = visit.item(item_id)
    return visit.show_part("pictures.html", _("Pictures"), one=record, pictures=pictures_of(record.posting))


@router.get("/item/{item_id}/pictures/{number}")
def picture_file(visit: EvidenceVisit, item_id: str, number: Number) -> Response:
    """Return one kept picture, drawn anew; its opening is noted."""
    record = visit.desk.store.get(item_id)
    kept = pictures_of(record.posting) if record else ()
    if record is None or number > len(kept):
        return visit.show_message(404, _("No such picture"), _("The item has none of that number."))
    try:
        page = open_picture(visit.desk.engine, record, kept[number - 1], by=visit.user.name, now=visit.desk.clock())
        drawn = redraw(page.body)
    except ImageRefused as exc:
        why = _("It was not decoded: %(reason)s.", reason=key_words(exc.reason))
        return visit.show_message(409, _("The picture cannot be shown"), why)
    return Response(drawn, media_type="image/jpeg", headers={"Content-Security-Policy": PIXELS_ALONE})


@router.get("/item/{item_id}/page")
def saved_page_part(visit: EvidenceVisit, item_id: str) -> Response:
    """Show the frame in which the page stands that an item was read from."""
    return visit.show_part("saved_page.html", _("Saved page"), one=visit.item(item_id))


@router.get("/item/{item_id}/page/frame")
def saved_page_frame(visit: EvidenceVisit, item_id: str) -> Response:
    """Return the page an item was read from, sanitized, in an origin of its own; its opening is noted."""
    desk, record = visit.desk, visit.item(item_id)
    try:
        shown = saved_page(open_page(desk.engine, record, _source_of(desk, record), by=visit.user.name, now=desk.clock()))
    except EvidenceError as exc:  # told in the frame itself: a page of the desk is not framed
        notes = [say(_("The page cannot be shown")), sentence(exc)]
        return HTMLResponse(document(CleanPage(body="", size=0), "", notes), 409, headers={"Content-Security-Policy": POLICY})
    notes = [_("The first %(shown)s of its %(size)s bytes.", shown=f"{MOST:,}", size=f"{shown.size:,}")] if shown.cut else []
    notes += [_("Its source as it came: it is no web page, or could not be taken apart.")] if shown.source else []
    framed = document(shown, record.assessment.language.code, map(say, notes))
    return HTMLResponse(framed, headers={"Content-Security-Policy": POLICY})


@router.post("/item/{item_id}/evidence", dependencies=[guard.Form])
def download_evidence(visit: EvidenceVisit, item_id: str) -> Response:
    """Download one item's evidence pack; a POST, because it is noted in the audit log."""
    desk, record = visit.desk, visit.item(item_id)
    packed = pack(
        desk.engine, record, now=desk.clock(), by=visit.user.name, source=_source_of(desk, record), seeds=desk.platforms.seeds,
        signers=desk.seeds.run_signers(),
    )  # fmt: skip
    return guard.attachment(packed.content, "application/zip", f"lurewatch-evidence-{packed.item_id}.zip")


def _source_of(desk: Desk, record: Record) -> Source | None:
    return next((source for source in desk.sources() if source.name == record.posting.source), None)
