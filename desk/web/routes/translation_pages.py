"""An item in the reader's language."""

from collections.abc import Iterable

from fastapi import APIRouter
from fastapi.responses import Response

from desk.languages.catalogues import say
from desk.translation.provider import TranslationError
from desk.translation.translator import NeverSent
from desk.web.guard import PageVisit, Reader
from foundation.messages import _
from index.base import Record

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


def is_translated(visit: PageVisit, record: Record) -> bool:
    """Tell whether the whole item is kept in the reader's language; nothing is sent."""
    translator = visit.desk.translator
    kept = translator.kept_item(record, visit.user.language) if translator else None
    return kept is not None and kept.whole


def titles_in(visit: PageVisit, records: Iterable[Record]) -> dict[str, str]:
    """Return the titles of a list that are kept in the reader's language: item -> title; nothing is sent."""
    translator = visit.desk.translator
    return translator.kept_titles(records, visit.user.language) if translator else {}
