"""When a site has a new layout: which fields are gone, where each stood on the saved page and where it stands today.

Pure: the saved page and today's pages in, repairs out. A proposed selector has to find a plausible value on every page of
today, so that one odd advert decides nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec
from selectolax.lexbor import LexborHTMLParser

from crawlers.discovery.field_places import FieldPlace, contact_places, places_of_field, places_of_value, prepare_page
from crawlers.items import Posting
from crawlers.pages import page_families
from crawlers.pages.document import PageDocument
from crawlers.pages.posting_fields.field_overrides import contact_addresses
from crawlers.pages.posting_fields.prose import one_line

FIELDS = ("title", "company", "location", "pay", "posted_at", "contacts", "text")
"""What ``crawl.fields`` may name."""
_STORED = {"pay": "pay_raw", "posted_at": "posted_at_raw"}
MIN_TEXT = 60
"""Characters from which a block of text counts as the words of an advert."""


class SavedPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the site, saved or of today."""

    url: str
    text: str
    fetched_at: datetime


class FieldRepair(msgspec.Struct, frozen=True, kw_only=True):
    """One field that is no longer read."""

    field: str
    old_value: str
    old_place: str
    """Its selector on the saved page; "machine-readable" when no element shows the value."""
    selector: str | None = None
    """Proposed for ``crawl.fields``; None when nothing on today's pages is sure enough."""
    values: tuple[str, ...] = ()
    """What the selector finds on each page of today."""
    reason: str = ""


def repairs(
    saved: SavedPage, today: Sequence[SavedPage], *, family: str | None = None, fields: Mapping[str, str] | None = None
) -> list[FieldRepair]:
    """Return a repair for each field that the saved page has and fewer than half of today's pages have;
    for a title that all of today's pages share, too.

    ``family`` and ``fields`` are ``crawl.page`` and ``crawl.fields`` of the source. Without pages of today there is none.
    """
    before = _posting(saved, family, fields)
    now = [_posting(page, family, fields) for page in today]
    if before is None or not today:
        return []
    trees = [prepare_page(page.text) for page in today]
    saved_tree = prepare_page(saved.text)
    return [
        _repair(field, value, saved, saved_tree, today, trees)
        for field in FIELDS
        if (value := _value(before, field)) and _is_lost(field, [_value(posting, field) if posting else "" for posting in now])
    ]


def _is_lost(field: str, values: Sequence[str]) -> bool:
    """Whether fewer than half of today's pages have the field, or all have one title, which is a heading of the site then."""
    return 2 * sum(map(bool, values)) < len(values) or (field == "title" and len(values) > 1 and len(set(values)) == 1)


def _posting(page: SavedPage, family: str | None, fields: Mapping[str, str] | None) -> Posting | None:
    read = page_families.parse(page.text, page.url, page=family, now=page.fetched_at, fields=fields)
    return read.postings[0] if len(read.postings) == 1 else None


def _value(posting: Posting, field: str) -> str:
    value = getattr(posting, _STORED.get(field, field))
    return ", ".join(value) if isinstance(value, tuple) else value or ""


def _repair(
    field: str,
    old_value: str,
    saved: SavedPage,
    saved_tree: LexborHTMLParser,
    today: Sequence[SavedPage],
    trees: Sequence[LexborHTMLParser],
) -> FieldRepair:
    old = next((place for place in _old_places(saved_tree, field, old_value) if place.selectors), None)
    repair = FieldRepair(field=field, old_value=old_value, old_place=old.selectors[0] if old else "machine-readable")
    for page, tree in zip(today, trees, strict=True):
        for place in _new_places(tree, field, old, old_value if page.url == saved.url else None):
            for css in place.selectors:
                if values := _values(field, css, today, trees):
                    selector = f"{css}@datetime" if field == "posted_at" and _is_time(tree, css) else css
                    return msgspec.structs.replace(repair, selector=selector, values=values, reason=place.reason)
    return repair


def _old_places(tree: LexborHTMLParser, field: str, value: str) -> Iterable[FieldPlace]:
    if field == "contacts":
        return contact_places(tree)
    return places_of_field(tree, field, None) if field == "text" else places_of_value(tree, value)


def _new_places(tree: LexborHTMLParser, field: str, old: FieldPlace | None, value: str | None) -> Iterable[FieldPlace]:
    if value and field not in ("contacts", "text"):
        yield from places_of_value(tree, value)
    if field == "contacts":
        yield from contact_places(tree)
    yield from places_of_field(tree, field, old)


def _values(field: str, css: str, today: Sequence[SavedPage], trees: Sequence[LexborHTMLParser]) -> tuple[str, ...]:
    """Return what ``css`` finds on each page; () unless each is plausible for the field."""
    values: list[str] = []
    for page, tree in zip(today, trees, strict=True):
        nodes = tree.css(css)
        if not nodes or (len(nodes) > 1 and field not in ("contacts", "text")):
            return ()
        node = nodes[0]
        shown = (
            node.attributes.get("datetime")
            if field == "posted_at"
            else node.attributes.get("href")
            if field == "contacts"
            else None
        )
        value = shown or one_line(node.text()) or ""
        if not _is_plausible(field, value, page):
            return ()
        values.append(value)
    return () if field == "title" and len(values) > 1 and len(set(values)) == 1 else tuple(values)


def _is_plausible(field: str, value: str, page: SavedPage) -> bool:
    if field == "posted_at":
        return PageDocument("", page.url, now=page.fetched_at).moment(value) is not None
    if field == "contacts":
        return bool(contact_addresses([value]))
    if field == "pay":
        return len(value) <= 160 and any(letter.isdigit() for letter in value)
    if field == "text":
        return len(value) >= MIN_TEXT
    return 2 <= len(value) <= 160 and any(letter.isalpha() for letter in value)


def _is_time(tree: LexborHTMLParser, css: str) -> bool:
    node = tree.css_first(css)
    return node is not None and bool(node.attributes.get("datetime"))
