"""Reads attributes, select boxes and pagers without addresses: further pages of a list, their number, a total."""

import itertools
import re
from urllib.parse import urlencode, urlsplit

from selectolax.lexbor import LexborNode

from crawlers.pages.document import PageDocument
from crawlers.pages.listings import pager, pager_words
from crawlers.pages.node_path import class_and_id, climb
from crawlers.pages.posting_fields import prose
from foundation.url_template import page_number

_NEXT_NAME = re.compile(r"data-(?:\w+-)*next(?:-?(?:page|url|href|link))*")
_TOTAL_PAGES = re.compile(r"data-(?:total-?pages?|max-?(?:num-?)?pages?|last-?page|pages?-?(?:count|total))|totalpage")
_TOTAL = re.compile(r"data-(?:total-?(?:count|results|items|jobs|records|listings)|(?:results?|jobs?|found)-?(?:count|total))")
_SENTINEL = re.compile(
    r"(?:infinite|endless|lazy)[-_]?(?:scroll|list|load)?\w{0,2}[-_]+(?:sentinel|loader|loading|trigger|request|next|more|observer)|"
    r"(?:^|[\s_-])(?:sentinel|observer)(?:[\s_-]|$)",
    re.I,
)
_WATCHES = re.compile(r"IntersectionObserver|onscroll|addEventListener\(\s*[\"']scroll|\.on\(\s*[\"']scroll|\)\.scroll\s*\(")
_FETCHES = re.compile(
    r"\bfetch\s*\(|XMLHttpRequest|\baxios\b|\$\.(?:get|ajax|getJSON|post)\b|jQuery\.(?:get|ajax|getJSON|post)\b"
)
_INSERTS = re.compile(r"insertAdjacentHTML|innerHTML|append(?:Child|To)?\s*\(|insertBefore|\.before\s*\(|\.html\s*\(")
_NEAR = 2_000
"""Characters around a script's watching in which it fetches and inserts, when it brings more of a list."""
_POSTED = re.compile(r"__doPostBack\(.{0,200}?Page\$(?:\d+|Next)", re.I | re.S)
_CURRENT = re.compile(r"(?:^|[\s_-])(?:current|active|selected|disabled)(?:[\s_-]|$)", re.I)
_SIZES = re.compile(r"per_?-?page|page_?-?size|limit|\bppp\b", re.I)
_PAGE_BOX = re.compile(r"(?:^|[\s_-])(?:page|paged|pg|trang|halaman|pageno|page_?num\w*)(?:[\s_-]|$)", re.I)


def is_linked(node: LexborNode) -> bool:
    """Tell whether an element carries a ``href`` that a browser would go to."""
    href = (node.attributes.get("href") or "").strip()
    return bool(href) and not href.startswith(("#", "javascript:"))


def address(document: PageDocument, node: LexborNode) -> str | None:
    """Return the address that an element without a link keeps for its script (``data-url``, Discuz!'s ``rel``)."""
    for name in ("data-url", "data-href", "data-link", "data-load-url", "data-next", "data-next-page", "data-next-url", "rel"):
        value = (node.attributes.get(name) or "").strip()
        if value.startswith(("/", "?", "http")) or (name == "rel" and "=" in value):
            return document.absolute(value)
    return None


def counted_addresses(document: PageDocument, href: str | None) -> list[str]:
    """Return the address of ``href`` when it counts pages or items, which another list's address does not."""
    target = document.absolute(href)
    return [target] if target and (page_number(target) is not None or pager.OFFSET_PARAMETER.search(target)) else []


def following(document: PageDocument, skip: frozenset[int]) -> list[str]:
    """Return the addresses of further pages in attributes named for them, in paging links for scripts and in select boxes."""
    found: list[str] = []
    for node, name, value in _attributes(document, skip):
        if value.startswith(("/", "?", "http")) and _NEXT_NAME.fullmatch(name):
            found += filter(None, [document.absolute(value)])
        elif name in ("curpage", "data-curpage") and not is_linked(node):
            found += filter(None, [address(document, node)])
    for box in document.body.css("select"):
        options = [(option.attributes.get("value") or "").strip() for option in box.css("option")[:500]]
        if _numbers(box) and all("/" in value or "?" in value for value in options if value):
            found += [page for value in options for page in _addresses_of_list(document, value)]
        elif _is_page_box(box):
            found += _form_addresses(document, box, options)
    return [page for page in dict.fromkeys(found) if document.identity.page(page) != document.identity.page(document.url)]


def _addresses_of_list(document: PageDocument, value: str) -> list[str]:
    """Return the address in an option of a select box when it counts pages, or continues the address of this page."""
    target = document.absolute(value)
    continues = target and pager.series_step(document.identity.page(document.url), document.identity.page(target))
    return [target] if target and continues else counted_addresses(document, value)


def _form_addresses(document: PageDocument, box: LexborNode, options: list[str]) -> list[str]:
    """Return the addresses that a form asks for by the page numbers of its select box."""
    form = next((outer for outer in climb(box) if outer.tag == "form"), None)
    name = box.attributes.get("name")
    if form is None or not name or not _numbers(box) or (form.attributes.get("method") or "get").lower() != "get":
        return []
    fields = {node.attributes.get("name") or "": node.attributes.get("value") or "" for node in form.css("input[type=hidden]")}
    action = urlsplit(document.absolute(form.attributes.get("action") or document.url) or document.url)
    return [action._replace(query=urlencode({**fields, name: value}), fragment="").geturl() for value in options if value]


def _is_page_box(box: LexborNode) -> bool:
    """Tell whether a select box is named for pages, or stands in a pager, and does not choose how long a page is."""
    names = f"{box.attributes.get('name') or ''} {class_and_id(box)}"
    return not _SIZES.search(names) and bool(_PAGE_BOX.search(names) or pager.is_paging(box))


def pages(document: PageDocument, skip: frozenset[int]) -> int | None:
    """Return the number of pages that an attribute, a select box of pages or a box to jump to one says."""
    numbers = [int(value) for _, name, value in _attributes(document, skip) if _TOTAL_PAGES.fullmatch(name) and _is_count(value)]
    numbers += [_numbers(box) for box in document.body.css("select") if _is_page_box(box)]
    for box in document.body.css("input[type=number][max]"):
        if pager.is_paging(box) and _is_count(box.attributes["max"] or ""):
            numbers.append(int(box.attributes["max"] or 0))
    return max(numbers, default=0) or None


def total(document: PageDocument, skip: frozenset[int]) -> int | None:
    """Return the total that an attribute of the list says."""
    numbers = (int(value) for _, name, value in _attributes(document, skip) if _TOTAL.fullmatch(name) and _is_count(value))
    return max(numbers, default=None)


def find_script_control(document: PageDocument, skip: frozenset[int]) -> str:
    """Return what leads on by a script alone: a button of a pager, a link that posts a form."""
    here = page_number(document.url) or 1
    for node in document.body.css("a, button, input[type=submit], input[type=button]")[:2000]:
        if is_linked(node) and not (node.attributes.get("href") or "").startswith("javascript:"):
            continue
        said = node_text(node)
        posts = bool(_POSTED.search(node.attributes.get("href") or ""))
        if (posts or (_leads_on(said, here) and pager.is_paging(node))) and not _is_off(node) and node.mem_id not in skip:
            return said or "next"
    return ""


def endless(document: PageDocument) -> str:
    """Return what speaks for a list that goes on by scrolling: a mark at its end, a script that watches, fetches and inserts."""
    for node in document.body.css("[class], [id]"):
        names = class_and_id(node)
        if _SENTINEL.search(names) and not prose.is_hidden(node):
            return names.strip()[:60]
    for script in document.tree.css("script:not([src])")[:100]:
        text = script.text()
        for match in itertools.islice(_WATCHES.finditer(text), 10):
            around = text[max(0, match.start() - _NEAR) : match.end() + _NEAR]
            if _FETCHES.search(around) and _INSERTS.search(around):
                return "a script that fetches more on scrolling"
    return ""


def _attributes(document: PageDocument, skip: frozenset[int]) -> list[tuple[LexborNode, str, str]]:
    """Return (element, name, value) of the attributes for scripts, none of adverts, menus and sliders."""
    results: list[tuple[LexborNode, str, str]] = []
    if not re.search(r"\b(?:data-\w|curpage|totalpage)", document.text):
        return results
    for node in document.body.css("div, ul, ol, section, main, table, a, button, nav, span"):
        pairs = [
            (name, value or "") for name, value in node.attributes.items() if name.startswith(("data-", "curpage", "totalpage"))
        ]
        if pairs and not _is_beside(node, skip):
            results += [(node, name, value) for name, value in pairs]
    return results


def _is_beside(node: LexborNode, skip: frozenset[int]) -> bool:
    away = ("aside", "footer", "dialog")
    return any(outer.mem_id in skip or outer.tag in away or pager.is_slide(outer) for outer in climb(node, 20))


def _numbers(box: LexborNode) -> int:
    """Return how many pages a select box offers: its options are 1, 2, 3 …; 0 for another box."""
    said = [re.findall(r"\d+", option.text()[:80])[:1] for option in box.css("option")[:2000]]
    return len(said) if len(said) > 1 and said == [[str(number)] for number in range(1, len(said) + 1)] else 0


def node_text(node: LexborNode) -> str:
    """Return what an element says to a person: its words, else its label or value."""
    return prose.one_line(node.text()[:80]) or node.attributes.get("aria-label") or node.attributes.get("value") or ""


def _leads_on(said: str, here: int) -> bool:
    return int(said) > here if said.isdecimal() and len(said) < 6 else pager_words.says_next(said)


def _is_off(node: LexborNode) -> bool:
    """Tell whether a button is disabled, hidden or the mark of this very page."""
    for outer in (node, node.parent):
        if outer is None or outer.attributes is None:
            continue
        attributes = outer.attributes
        marked = "disabled" in attributes or attributes.get("aria-disabled") == "true" or "aria-current" in attributes
        if marked or _CURRENT.search(attributes.get("class") or "") or prose.is_hidden(outer):
            return True
    return False


def _is_count(value: str) -> bool:
    return value.isdecimal() and len(value) < 8
