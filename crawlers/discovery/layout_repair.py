"""Repairs a source after a new layout: finds the fields that are gone, their places on the saved page and on pages of today.

It is a pure function of these pages. A proposed selector must find a plausible value on every page of today, so that one odd
advert does not decide.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal

import msgspec
from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawlers.items import Posting
from crawlers.pages import page_families, page_urls
from crawlers.pages.document import PageDocument
from crawlers.pages.node_path import climb
from crawlers.pages.posting_fields import field_labels as labels
from crawlers.pages.posting_fields.field_overrides import contact_addresses
from crawlers.pages.posting_fields.prose import one_line

Reason = Literal["same value", "same label", "label", "same name", "name", "most text"]
"""Why an element may hold a field, the most certain reason first."""
LONGEST_LABEL = 60
_LABEL_FIELDS = {"pay": "pay_raw", "contacts": "contact"}
"""Names of fields that ``crawlers.pages.posting_fields.field_labels`` calls otherwise."""
_NAMES = {
    "title": "title jobtitle job-title headline subject position name",
    "company": "company employer organization organisation recruiter advertiser business shop seller",
    "location": "location address place city region area district where",
    "pay": "salary pay wage compensation price income",
    "posted_at": "date posted published time created updated",
    "contacts": "contact phone tel mobile email mail telegram zalo whatsapp line wechat",
    "text": "description body content detail text",
}
"""Words of class names, ids and test attributes that name a field, on boards of every make."""
_WORD = re.compile(r"[a-z]{3,}")
_ATTRIBUTES = ("itemprop", "data-automation", "data-testid", "data-qa", "data-field")
"""Attributes that name what an element is; they change less often than its classes."""
_GENERATED = re.compile(r"\d|^[a-z]{0,3}$|__[A-Za-z0-9]{5,}$|^(?:css|sc|jss)-", re.I)
_NOT_READ = "script, style, noscript, template, nav, footer, select"


class FieldPlace(msgspec.Struct, frozen=True, kw_only=True):
    """An element that may hold a field."""

    value: str
    label: str
    """The label beside it; "" for none."""
    selectors: tuple[str, ...]
    """CSS, the most stable first; each selects only this element on its page."""
    reason: Reason


def prepare_page(text: str) -> LexborHTMLParser:
    """Return the page without the parts that are no advert."""
    tree = LexborHTMLParser(text)
    for node in tree.css(_NOT_READ):
        node.decompose()
    return tree


def places_of_value(tree: LexborHTMLParser, value: str) -> Iterator[FieldPlace]:
    """Yield the deepest elements whose whole text is ``value``, in page order."""
    wanted = one_line(value)
    for node in _elements(tree):
        if one_line(node.text()) == wanted and all(one_line(child.text()) != wanted for child in node.iter()):
            yield _place(tree, node, "same value")


def places_of_field(tree: LexborHTMLParser, field: str, before: FieldPlace | None) -> Iterator[FieldPlace]:
    """Yield the elements that may hold ``field``, the most certain first; ``before`` is where it stood on the saved page."""
    nodes = [node for node in _elements(tree) if labels.field(one_line(node.text()) or "") is None]
    nodes.sort(key=lambda node: len(node.text(strip=True)), reverse=field == "text")
    yield from _labelled_places(tree, nodes, field, before)
    known = frozenset(_NAMES[field].split())
    same = known & frozenset(_WORD.findall(" ".join(before.selectors).lower())) if before else frozenset[str]()
    yield from (_place(tree, node, "same name") for node in nodes if same & _name_words(node))
    yield from (_place(tree, node, "name") for node in nodes if (known - same) & _name_words(node))
    if field == "text" and (longest := _longest(nodes)) is not None:
        yield _place(tree, longest, "most text")


def _labelled_places(
    tree: LexborHTMLParser, nodes: Sequence[LexborNode], field: str, before: FieldPlace | None
) -> Iterator[FieldPlace]:
    for node in nodes:
        label = _label(node)
        if label and before and _is_same_label(label, before.label):
            yield _place(tree, node, "same label")
        elif label and labels.field(label) == _LABEL_FIELDS.get(field, field):
            yield _place(tree, node, "label")


def contact_places(tree: LexborHTMLParser) -> Iterator[FieldPlace]:
    """Yield the links and buttons that are contacts."""
    for node in tree.css("a[href], button"):
        href = node.attributes.get("href") or ""
        if page_urls.is_contact(href) or _name_words(node) & set(_NAMES["contacts"].split()):
            yield _place(tree, node, "name")


def _elements(tree: LexborHTMLParser) -> list[LexborNode]:
    body = tree.body
    return [node for node in body.css("*") if one_line(node.text())] if body else []


def _place(tree: LexborHTMLParser, node: LexborNode, reason: Reason) -> FieldPlace:
    return FieldPlace(
        value=one_line(node.text()) or "", label=_label(node), selectors=tuple(_selectors(tree, node)), reason=reason
    )


def _before(node: LexborNode) -> LexborNode | None:
    """Return the element before ``node``; None when text or nothing stands there."""
    before: LexborNode | None = node.prev
    while before is not None and before.tag in ("-text", "-comment"):
        if before.tag == "-text" and (before.text() or "").strip():
            return None
        before = before.prev
    return before


def _label(node: LexborNode) -> str:
    """Return the words of the element before ``node``, when they are short enough to be a label and no value themselves."""
    before = _before(node)
    words = one_line(before.text()) if before is not None else None
    return words if words and len(words) <= LONGEST_LABEL and (words.endswith((":", "：")) or labels.field(words)) else ""


def _is_same_label(label: str, other: str) -> bool:
    return label.strip(" :：").casefold() == other.strip(" :：").casefold()


def _name_words(node: LexborNode) -> set[str]:
    """Return the words of the names that the page gives an element."""
    names = [node.attributes.get(name) or "" for name in ("class", "id", *_ATTRIBUTES)]
    return set(_WORD.findall(re.sub(r"(?<=[a-z])(?=[A-Z])", "-", " ".join(names)).lower()))


def _longest(nodes: Sequence[LexborNode]) -> LexborNode | None:
    """Return the element with the most text directly in it: its largest child does not count."""

    def own_length(node: LexborNode) -> int:
        sizes = [len(child.text(strip=True)) for child in node.iter()]
        return len(node.text(strip=True)) - max(sizes, default=0)

    return max(nodes, key=own_length, default=None)


def _selectors(tree: LexborHTMLParser, node: LexborNode) -> Iterator[str]:
    """Yield the selectors that select this element and no other on its page."""
    for css in dict.fromkeys(_candidates(node)):
        matches = tree.css(css)
        if len(matches) == 1 and matches[0].mem_id == node.mem_id:
            yield css


def _candidates(node: LexborNode) -> Iterator[str]:
    own = list(_steps(node))
    yield from own
    label, before = _label(node), _before(node)
    if label and before is not None and '"' not in label:
        words = label.strip(" :：")
        yield f'{before.tag}:lexbor-contains("{words}" i) + {node.tag}'
    for outer in climb(node.parent, 4, until=(None, "html", "-document")):
        for above in _steps(outer):
            yield from (f"{above} {step}" for step in own)


def _steps(node: LexborNode) -> Iterator[str]:
    """Yield simple selectors of an element: by named attribute, id, class, tag; generated names are passed over."""
    for name in _ATTRIBUTES:
        if (value := node.attributes.get(name)) and re.fullmatch(r"[\w:-]+", value):
            yield f'{node.tag}[{name}="{value}"]'
    if (own_id := node.attributes.get("id")) and re.fullmatch(r"[A-Za-z][\w-]*", own_id) and not _GENERATED.search(own_id):
        yield f"#{own_id}"
    for name in (node.attributes.get("class") or "").split():
        if re.fullmatch(r"[A-Za-z][\w-]*", name) and not _GENERATED.search(name):
            yield f"{node.tag}.{name}"
    yield node.tag or "*"


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
