"""Where a fact stands on a page: the elements that may hold it, why, and selectors that find it on other pages of the site."""

import re
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec
from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawlers.pages import page_urls
from crawlers.pages.posting_fields import field_labels as labels
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
    """The words beside it that say what it is; "" for none."""
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
    outer = node.parent
    for _ in range(4):
        if outer is None or outer.tag in (None, "html", "-document"):
            return
        for above in _steps(outer):
            yield from (f"{above} {step}" for step in own)
        outer = outer.parent


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
