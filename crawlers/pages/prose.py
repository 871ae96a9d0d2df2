"""Visible text of a part of a page: block-level newlines kept, scripts and hidden parts dropped, deep markup walked without
recursion.

selectolax (Lexbor) reads a page in about a third of lxml's time, so every family but the plain one uses it.
"""
# ruff: noqa: SIM905 - a list of words reads best as one text

import html
import re
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawlers.pages import addresses

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
HIDDEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]*[1-9]))", re.I)


def is_hidden(node: LexborNode) -> bool:
    """Tell whether the element is kept from the reader's eyes by its own attributes."""
    attributes = node.attributes
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
    lines: list[str] = []
    line: list[str] = []

    def end_line() -> None:
        if line:
            words = " ".join("".join(line).split())
            line.clear()
            if words:
                lines.append(words)

    current: LexborNode | None = node
    walked = 0
    while current is not None:
        walked += 1
        if walked == most:
            break
        tag = current.tag
        descend = None
        if tag == "-text":
            line.append(current.text_content or "")
        elif tag == "br":
            end_line()
        elif (
            tag is not None
            and tag[0] not in "-_!"
            and tag not in UNSEEN
            and (not skip or current.mem_id not in skip)
            and not (may_hide and is_hidden(current))
        ):
            if hrefs is not None and tag in ("a", "area") and (href := current.attributes.get("href")):
                hrefs.append(href.strip())
            if tag in BLOCKS:
                end_line()
            if tag == "pre":
                lines.extend(words for words in (row.rstrip() for row in current.text().splitlines()) if words)
            else:
                descend = current.first_child
        if descend is not None:
            current = descend
            continue
        while current is not None and current.mem_id != node.mem_id:
            if current.tag in BLOCKS:
                end_line()
            if (following := current.next) is not None:
                current = following
                break
            current = current.parent
        else:
            break
    end_line()
    return "\n".join(lines)


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
    body = LexborHTMLParser(markup).body
    if body is None:
        return Fragment("", (), ())
    hrefs: list[str] = []
    text = text_of(body, hrefs=hrefs, may_hide="hidden" in markup or "tyle" in markup or "STYLE" in markup or "HIDDEN" in markup)
    return Fragment(text, *addresses.sorted_out(hrefs, base))


def text_of_html(markup: str) -> str:
    """Return what a reader sees of an HTML fragment."""
    return fragment(markup, "").text


def one_line(text: str | None) -> str | None:
    """Return ``text`` with runs of white space as one space; None when nothing is left."""
    return (" ".join(text.split()) or None) if text else None
