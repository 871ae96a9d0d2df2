"""Visible text of a part of a page: block-level newlines kept, scripts and hidden parts dropped, deep markup walked without
recursion.

selectolax (Lexbor) reads a page in about a third of lxml's time, so every family but the plain one uses it.
"""
# ruff: noqa: SIM905 - a list of words reads best as one text

import html
import re
from collections import Counter
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawlers.pages import page_urls
from foundation.crawl_errors import PageTooCostly

BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol option p pre "
    "section summary table tbody td tfoot th thead tr ul".split()
)
"""Elements that begin and end a line. Cells count: two cells in one line would read as one word."""
UNSEEN = frozenset(
    "script style noscript template head title meta link svg iframe object canvas textarea select button audio video".split()
)
"""Elements whose text a reader does not see as part of the prose."""
_SELF_ENDING = frozenset(
    "body dd dt head html li optgroup option p rp rt tbody td tfoot th thead tr "
    "area base br col embed hr img input link meta param source track wbr".split()
)
"""Elements that end by themselves: they nest only where others stand between them."""
_TAG = re.compile(r"<(/?[a-zA-Z][^\s/>]*)([^<>]*)")
_CROWDED = re.compile(r"<[a-zA-Z][^\s/>]*+(?:[\s/]++[^\s/>=]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"']*+))?+){2000}")
SHORT = 60_000
"""Characters of a page that no markup makes dear to read."""
MOST_TAGS, DEEPEST = 20_000, 1_000
"""Bounds of longer pages. Browsers end at 512 levels; a tree costs the square of its depth, and of the attributes of a tag."""
HIDDEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]*[1-9]))", re.I)


def html_tree(text: str) -> LexborHTMLParser:
    """Return the tree of an HTML text; raise PageTooCostly when building it would cost more than any honest page does."""
    refuse_excess(text)
    return LexborHTMLParser(text)


def refuse_excess(text: str) -> None:
    """Raise PageTooCostly when a text has more markup than any honest page."""
    if len(text) > SHORT and (why := _find_excess(text)):
        raise PageTooCostly(why)


def _find_excess(text: str) -> str:
    """Return what a text has too much of; "" for nothing. Nesting is counted as browsers do, but for what scripts would write."""
    if text.count("<") - text.count("</") > MOST_TAGS:
        return f"more than {MOST_TAGS:,} tags"
    if _CROWDED.search(text):
        return "2,000 attributes in one tag"
    around: list[str] = []
    script, nested = "", Counter[str]()
    for name, rest in _TAG.findall(text.lower()):
        if script or name in ("script", "style"):
            script = "" if name == script else script or f"/{name}"
        elif name[0] == "/":
            while nested[name[1:]] and around:
                nested[top := around.pop()] -= 1
                if top == name[1:]:
                    break
        elif name not in _SELF_ENDING and (rest[-1:] != "/" or name in BLOCKS):
            around.append(name)
            nested[name] += 1
            if len(around) > DEEPEST:
                return f"more than {DEEPEST:,} elements inside each other"
    return ""


def is_hidden(node: LexborNode) -> bool:
    """Tell whether the element is kept from the reader's eyes by its own attributes."""
    attributes = node.attributes
    if node.tag == "dialog" and "open" not in attributes:
        return True
    if not attributes:
        return False
    if "hidden" in attributes:
        return attributes["hidden"] != "until-found"
    style = attributes.get("style")
    return bool(style and HIDDEN_STYLE.search(style))


def text_of(
    node: LexborNode,
    *,
    skip: frozenset[int] = frozenset(),
    most: int = 0,
    hrefs: list[str] | None = None,
    may_hide: bool = True,
) -> str:
    """Return what a reader sees of ``node``; nodes whose ``mem_id`` is in ``skip`` are left out.

    ``most`` stops after that many nodes, for callers that only measure (0: none). Link targets met on the way are put into
    ``hrefs``. ``may_hide`` is False where the markup is known to hide nothing, which saves a look at every element.
    """
    text = _Lines()
    current: LexborNode | None = node
    walked = 0
    while current is not None:
        walked += 1
        if walked == most:
            break
        tag = current.tag
        inner = None
        if tag == "-text":
            text.add(current.text_content or "")
        elif tag == "br":
            text.end_line()
        elif _is_read(current, tag, skip, may_hide):
            if hrefs is not None and tag in ("a", "area") and (href := current.attributes.get("href")):
                hrefs.append(href.strip())
            if tag in BLOCKS:
                text.end_line()
            if tag == "pre":
                text.add_lines(current.text())
            else:
                inner = current.first_child
        current = inner if inner is not None else _following(current, node, text)
    text.end_line()
    return "\n".join(text.lines)


class _Lines:
    """The lines read so far."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._line: list[str] = []
        self.add = self._line.append

    def end_line(self) -> None:
        if self._line:
            words = " ".join("".join(self._line).split())
            self._line.clear()
            if words:
                self.lines.append(words)

    def add_lines(self, text: str) -> None:
        """Add text whose line breaks a reader sees."""
        self.lines.extend(words for words in (row.rstrip() for row in text.splitlines()) if words)


def _is_read(node: LexborNode, tag: str | None, skip: frozenset[int], may_hide: bool) -> bool:
    """Tell whether a reader sees what is in the element."""
    return (
        tag is not None
        and tag[0] not in "-_!"
        and tag not in UNSEEN
        and (not skip or node.mem_id not in skip)
        and not (may_hide and is_hidden(node))
    )


def _following(node: LexborNode, root: LexborNode, text: _Lines) -> LexborNode | None:
    """Return what comes after ``node`` within ``root``; the lines of the blocks that are left end."""
    current: LexborNode | None = node
    while current is not None and current.mem_id != root.mem_id:
        if current.tag in BLOCKS:
            text.end_line()
        if (following := current.next) is not None:
            return following
        current = current.parent
    return None


def is_deeper(node: LexborNode, levels: int) -> bool:
    """Tell whether anything lies more than ``levels`` levels inside ``node``."""
    depth, current = 0, node
    while True:
        if (inner := current.first_child) is not None:
            depth, current = depth + 1, inner
            if depth > levels:
                return True
            continue
        while (following := current.next) is None:
            outer = current.parent
            depth -= 1
            if outer is None or depth <= 0:
                return False
            current = outer
        current = following


class Fragment(NamedTuple):
    """A piece of HTML as its reader has it."""

    text: str
    contacts: tuple[str, ...]
    """Addresses that reach a person."""
    links: tuple[str, ...]
    """Other absolute addresses."""


def fragment(markup: str, base: str) -> Fragment:
    """Return text and link targets of an HTML fragment, read in one go; markup that was escaped twice is read as markup."""
    if "<" not in markup and "&lt;" in markup:
        markup = html.unescape(markup)
    if "<" not in markup and "&" not in markup:
        return Fragment("\n".join(words for row in markup.splitlines() if (words := " ".join(row.split()))), (), ())
    if "<" not in markup:
        markup = html.unescape(markup).replace("<", "&lt;")
    body = html_tree(markup).body
    if body is None:
        return Fragment("", (), ())
    hrefs: list[str] = []
    text = text_of(body, hrefs=hrefs, may_hide="hidden" in markup or "tyle" in markup or "STYLE" in markup or "HIDDEN" in markup)
    return Fragment(text, *page_urls.sorted_out(hrefs, base))


def text_of_html(markup: str) -> str:
    """Return what a reader sees of an HTML fragment."""
    return fragment(markup, "").text


def one_line(text: str | None) -> str | None:
    """Return ``text`` with runs of white space as one space; None when nothing is left."""
    return (" ".join(text.split()) or None) if text else None
