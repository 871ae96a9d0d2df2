"""Any page with one advert and no machine-readable facts: labels, class names and layout, read with BeautifulSoup.

It is the slowest family (``benchmarks/parse.py``) and asked last. It uses BeautifulSoup because these pages are written by
hand: tables inside paragraphs, fonts for headings, tags never closed.
"""
# ruff: noqa: SIM905 - a list of words reads best as one text

import html
import re
import warnings
from typing import Any

import msgspec
from bs4 import NavigableString, Tag, XMLParsedAsHTMLWarning
from bs4.element import Comment

from crawlers.items import ParsedPage, Reject
from crawlers.pages import named, page_urls, xml
from crawlers.pages.document import PageDocument
from crawlers.pages.listings.layout import description, headline, read_pruned
from crawlers.pages.posting_fields import field_labels as labels
from crawlers.pages.posting_fields import prose
from crawlers.text.stated_pay import Pay
from foundation.yaml_limits import read_table

FAMILY = "plain"
warnings.filterwarnings(
    "ignore", category=XMLParsedAsHTMLWarning
)  # XHTML is HTML here, and what is no HTML is asked elsewhere first


class PlainWords(msgspec.Struct, frozen=True):
    """What ``plain_words.yml`` holds; each list is of parts of one regular expression."""

    closed: list[str]
    remote: list[str]
    phone: list[str]
    posted: list[str]


_WORDS = read_table(__file__, "plain_words.yml", PlainWords)
CLOSED, _REMOTE, _POSTED = (re.compile("|".join(words), re.I) for words in (_WORDS.closed, _WORDS.remote, _WORDS.posted))
_PHONE = re.compile(rf"(?:{'|'.join(_WORDS.phone)})\s*[.:：]\s*((?:\+?\d[\d\s().\-]{{6,18}}\d[^\n\d+]{{0,12}}){{1,4}})", re.I)
_NUMBER = re.compile(r"\+?\d(?:[ ().\-]{0,2}\d){6,14}")
_XML = re.compile(r"[\s\ufeff]*<(?:\?xml|!DOCTYPE\s+(?!html\b))", re.I)
_HTML = frozenset(("html", "body", "head", "div", "main", "article", "section", "table", "p", "h1", "h2", "title"))
_DEEPEST = 150
"""Levels of nesting; hand-made pages seen stay under 60."""
_LARGEST = 2_000_000
"""Characters of markup; the largest advert pages seen hold 700,000."""
_TELLING = ("company", "location", "pay_raw", "valid_through", "employment_type", "openings", "contact")
"""Facts any of which makes a heading without further words an advert."""
_LONGEST_VALUE = 200
_LABEL_TAGS = frozenset("th td dt label strong b em h2 h3 h4 h5 h6 span div p small font li u i legend".split())


def parse(document: PageDocument) -> ParsedPage:
    """Return the advert of the page; a page with neither title nor words is a Reject ``no_text``, one with a title and nothing
    else ``only_heading``, XML of no known kind ``unknown_xml``."""
    if (root_name := xml.first_element(document.text)) not in _HTML and _XML.match(document.text):
        return ParsedPage(family=FAMILY, rejected=(Reject(url=document.url, reason="unknown_xml", detail=root_name[:100]),))
    soup, page_title = read_pruned(_shallow(document))
    language = document.language
    root: Tag = soup.body or soup
    title, node = headline(root, page_title, soup)
    facts = named.title_mate(root, page_title, title) | named.byline(node) | _stated_facts(root, node)
    body = description(root, node)
    markup = str(body) if body is not None else ""
    text = prose.text_of_html(markup)
    text = _without_head(text, title, facts)
    text = facts["text"] if len(facts.get("text", "")) > 2 * len(text) else text
    if not title and not text:
        return ParsedPage(family=FAMILY, title=page_title, rejected=(Reject(url=document.url, reason="no_text"),))
    published = facts.get("posted_at")
    contacts, links = page_urls.of(PageDocument(markup, document.url).body, document.base) if markup else ((), ())
    if not any(facts.get(name) for name in _TELLING) and {*text.split("\n")} <= {"", title, page_title}:
        return ParsedPage(
            family=FAMILY, title=title, rejected=(Reject(url=document.url, reason="only_heading", detail=title or ""),)
        )
    employment_type, location = facts.get("employment_type"), facts.get("location")
    said = " ".join(filter(None, (location, title, employment_type)))
    posting = document.posting(
        document.address,
        text=text or title or "",
        title=title or facts.get("title"),
        company=facts.get("company"),
        location=location,
        pay=_pay(facts, document),
        pay_raw=facts.get("pay_raw"),
        posted_at=document.moment(published),
        posted_at_raw=published,
        valid_through=document.moment(facts.get("valid_through")),
        employment_type=employment_type,
        openings=facts.get("openings"),
        remote=True if _REMOTE.search(said) else None,
        language_hint=language,
        is_open=False if _says_closed(root) else None,
        contacts=tuple(dict.fromkeys((*contacts, *_phones(text, facts)))),
        links=links,
    )
    return ParsedPage(family=FAMILY, title=posting.title, postings=(posting,))


def _says_closed(root: Tag) -> bool:
    return any(len(line) < 200 and CLOSED.search(line) for line in prose.text_of_html(str(root)).split("\n"))


def _stated_facts(root: Tag, heading: Tag | None) -> dict[str, str]:
    """Return the facts that labels announce, else the names in the markup."""
    marked, facts = named.facts(root, heading), _labelled_values(root)
    if marked.get("stamp") and marked["stamp"] in facts.get("posted_at", ""):
        facts["posted_at"] = marked["posted_at"]  # the same date, as its <time> gives it to machines
    return marked | facts


def _without_head(text: str, title: str | None, facts: dict[str, str]) -> str:
    """Return the body without the lines that only repeat the headline, the byline and the date above it."""
    known = {title, facts.get("byline"), facts.get("stamp"), facts.get("posted_at")}
    lines = text.split("\n")
    while len(lines) > 1 and (lines[0] in known or labels.field(lines[0]) == "text"):
        lines.pop(0)
    return "\n".join(lines)


def _pay(facts: dict[str, str], document: PageDocument) -> Pay | None:
    """Return the labelled pay; a label that means pay by the month gives the period when the figures do not."""
    read = document.pay(facts["pay_raw"]) if "pay_raw" in facts else None
    if read is not None and read.period is None and labels.is_monthly(facts.get("pay_label", "")):
        return msgspec.structs.replace(read, period="month")
    return read


def _shallow(document: PageDocument) -> str:
    """Return the page's markup; of a page nested too deeply only its lines."""
    if len(document.text) <= _LARGEST and not prose.is_deeper(document.body, _DEEPEST):
        return document.text
    lines = prose.text_of(document.body)[:_LARGEST].split("\n")
    title = document.tree.css_first("title")
    head = html.escape(title.text()[:500]) if title is not None else ""
    return f"<title>{head}</title>" + "".join(f"<p>{html.escape(line)}</p>" for line in lines)


def _phones(text: str, facts: dict[str, str]) -> list[str]:
    """Return telephone numbers that a label announces, as ``tel:`` addresses."""
    entries = [match[1] for match in _PHONE.finditer(text)]
    if contact := facts.get("contact"):
        entries.append(contact)
    return [f"tel:{number.strip()}" for part in entries for number in _NUMBER.findall(part)]


def _labelled_values(root: Tag) -> dict[str, str]:
    """Return field -> value for every label in tables, lists, definition lists and running text; the first mention wins."""
    results: dict[str, str] = {}
    for string in list(root.find_all(string=True)):
        if isinstance(string, Comment) or not isinstance(string, NavigableString):
            continue
        said = prose.one_line(str(string))
        if not said or len(said) > 400:
            continue
        if pair := labels.read_label(said):
            name, value = pair
            if name == "pay_raw":
                results.setdefault("pay_label", re.split("[:：]", said)[0])
            if len(value) <= _LONGEST_VALUE or name == "text":
                rest = _rest_of_line(string) if len(said) < 60 else ""
                results.setdefault(name, prose.one_line(f"{value} {rest}") or value)
        elif (name_only := labels.field(said)) and (after := _value_of(string, said)):
            results.setdefault(name_only, after)
            if name_only == "pay_raw":
                results.setdefault("pay_label", said)
        elif "posted_at" not in results and len(said) < 60 and _POSTED.search(said):
            results["posted_at"] = said
    return results


def _value_of(label: NavigableString, said: str) -> str | None:
    """Return what follows a label: the next cell, the rest of its line, or the next element beside it."""
    if label.parent is None:
        return None
    node: Tag = label.parent
    if node.name not in _LABEL_TAGS:
        return None
    marked = said.rstrip().endswith((":", "：", "﹕"))
    while node.parent is not None and (prose.one_line(node.parent.get_text(" ")) or "") == said and node.parent.name != "body":
        node = node.parent
    if node.name in ("th", "td", "dt"):
        return _next_cell(node, marked=marked)
    hidden_label = re.search(
        r"hidden|sr-only|screen-?reader|label|title|key|name|caption|head", " ".join(node.get("class") or ()), re.I
    )
    if not marked and not hidden_label and node.name not in ("strong", "b", "h3", "h4", "h5", "label", "small"):
        return None
    inside = _rest_of_line(label) if (prose.one_line(node.get_text(" ")) or "") != said else ""
    return _short(inside) or _short(_rest_of_line(node)) or _short(_next_text(node))


def _next_cell(node: Tag, *, marked: bool) -> str | None:
    """Return the cell beside a label's, or its definition; in a wide row only behind a ``marked`` label."""
    if node.name == "dt":
        return _short(cell.get_text(" ")) if (cell := node.find_next_sibling("dd")) else None
    cell = node.find_next_sibling(["td", "th"])
    cells = len(node.parent.find_all(["td", "th"], recursive=False)) if node.parent is not None else 0
    return None if cell is None or (node.name == "td" and not marked and cells > 4) else _short(cell.get_text(" "))


def _rest_of_line(node: Any) -> str:
    """Return the text after ``node`` inside its parent, up to a line break, a block or the next label."""
    words: list[str] = []
    for sibling in node.next_siblings:
        if isinstance(sibling, Comment):
            continue
        if isinstance(sibling, Tag):
            if sibling.name == "br" or (sibling.name in prose.BLOCKS and words):
                break
            said = sibling.get_text(" ")
            if labels.field(said) and said.strip().endswith((":", "：")):
                break
            if sibling.name in prose.BLOCKS:
                return said
            words.append(said)
        else:
            words.append(str(sibling))
    return prose.one_line(" ".join(words).lstrip(" :：")) or ""


def _next_text(node: Tag) -> str:
    for sibling in node.find_next_siblings(limit=2):
        if said := prose.one_line(sibling.get_text(" ")):
            return said if not labels.field(said) else ""
    return ""


def _short(text: str | None) -> str | None:
    said = prose.one_line(text)
    said = said.lstrip(":： ") if said else None
    return said if said and len(said) <= _LONGEST_VALUE and not labels.field(said) else None
