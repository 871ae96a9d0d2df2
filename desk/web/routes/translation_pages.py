"""An item in the reader's language."""

from collections.abc import Iterable

from fastapi import APIRouter
from fastapi.responses import Response

from desk.languages.catalogues import say
from desk.translation.provider import TranslationError
from desk.translation.translator import NeverSent, TranslatedItem, foreign
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


def translations_in(visit: PageVisit, records: Iterable[Record]) -> dict[str, TranslatedItem]:
    """Return what is kept of items in the reader's language: item -> translation; nothing is sent."""
    translator, language = visit.desk.translator, visit.user.language
    foreign_records = [record for record in records if foreign(record, language)] if translator else []
    found = {record.id: translator.kept_item(record, language) for record in foreign_records if translator}
    return {item: translated for item, translated in found.items() if translated}


def titles_in(visit: PageVisit, records: Iterable[Record]) -> dict[str, str]:
    """Return the titles of a list that are kept in the reader's language: item -> title; nothing is sent."""
    translator = visit.desk.translator
    return translator.kept_titles(records, visit.user.language) if translator else {}
