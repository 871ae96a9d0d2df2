"""Reads XML safely: no entity is expanded, nothing is fetched, ill-formed input is repaired, trees have at most lxml's 256
levels."""

import re
from html.entities import html5

from lxml import etree

_NAME = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)[\s>/]")
_LITERAL = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)", re.S)
_REFERENCE = re.compile(r"&([^\W\d][\w.:-]{0,99};)")
_BEFORE_ROOT = re.compile(r"[\s\ufeff]+|<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.I | re.S)
Element = etree._Element
"""An element of lxml's tree."""


def without_doctype(text: str) -> str:
    """Return ``text`` from its first element on: without byte order mark, XML declaration (it is decoded already) and document
    type (entities live there)."""
    return text[_prologue_end(text) :]


def own_entities(text: str) -> list[str]:
    """Return the entities that ``text`` declares and uses, beside those of HTML, once each: what they stand for is not read."""
    if "<!entity" not in text.lower():
        return []
    marked = _LITERAL.sub("", text)
    if not re.search(r"<!ENTITY\s", marked, re.I):
        return []
    content = marked[_prologue_end(marked) :]
    return [f"&{name}" for name in dict.fromkeys(_REFERENCE.findall(content)) if name not in html5]


def root(text: str) -> Element | None:
    """Return the root element of ``text``; None when there is none."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        recover=True,
        huge_tree=False,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(without_doctype(text).strip().encode(), parser)
    except etree.XMLSyntaxError:
        return None


def first_element(text: str) -> str:
    """Return the local name, in lower case, of the first element of an XML-like text; "" when it begins otherwise."""
    root = _NAME.match(text, _prologue_end(text))
    return root[1].lower() if root else ""


def is_cut(text: str) -> bool:
    """Tell whether an XML text ends before its root element does."""
    name = _NAME.match(text, _prologue_end(text))
    if name is None:
        return False
    closed = re.search(rf"</(?:[\w.-]+:)?{re.escape(name[1])}\s*>", text.rstrip()[-300:], re.I)
    return not closed and not re.fullmatch(r"<[^<>]*/>", text[name.start() :].strip())


def _prologue_end(text: str) -> int:
    """Return where the first thing stands that may not come before the root: each part is looked at once."""
    at = 0
    while (match := _BEFORE_ROOT.match(text, at)) is not None:
        at = match.end()
    return at


def name(element: Element) -> str:
    """Return the local name of an element in lower case, without namespace."""
    tag = element.tag
    return tag.rsplit("}", 1)[-1].lower() if isinstance(tag, str) else ""


def element_text(element: Element) -> str:
    """Return all text inside an element, stripped."""
    if not isinstance(element.tag, str):  # an entity that is not expanded
        return ""
    return "".join(str(part) for part in element.itertext()).strip()
