"""An item in the reader's language, and a draft of what a campaign says."""

from collections.abc import Iterable

from fastapi import APIRouter
from fastapi.responses import Response

from desk.languages.catalogues import say
from desk.translation.provider import TranslationError
from desk.translation.translator import DRAFTED, NeverSent
from desk.web import guard
from desk.web.guard import PageVisit, Reader
from foundation.messages import _
from index.base import Query, Record

router = APIRouter()


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


@router.post("/campaign/{campaign_id}/draft", dependencies=[guard.Form])
def draft_summary(visit: Reader, campaign_id: str) -> Response:
    """Show a draft of what a campaign's adverts say, made now by the operator's language model; nothing of it is kept."""
    translator = visit.desk.translator
    page = visit.desk.store.search(Query(campaign=campaign_id, size=DRAFTED, count_facets=False))
    if translator is None or not translator.drafts or not page.hits:
        return visit.show_message(
            404, _("No draft"), _("No language model is set up that could draft one, or there is no such campaign.")
        )
    draft, engine, problem = "", translator.provider.describe_engine(), ""
    try:
        draft = translator.draft_summary([hit.record for hit in page.hits], visit.user.language)
    except TranslationError as exc:
        problem = say(exc)
    return visit.show_part("drafted.html", _("Draft"), campaign=campaign_id, draft=draft, engine=engine, problem=problem)


def titles_in(visit: PageVisit, records: Iterable[Record]) -> dict[str, str]:
    """Return the titles of a list that are kept in the reader's language: item -> title; nothing is sent."""
    translator = visit.desk.translator
    return translator.kept_titles(records, visit.user.language) if translator else {}
