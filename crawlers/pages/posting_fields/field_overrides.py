"""Fields that an operator's selectors (``crawl.fields``) read instead of the page parser."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from selectolax.lexbor import LexborNode

from crawlers.items import ParsedPage
from crawlers.pages import page_urls
from crawlers.pages.document import PageDocument
from crawlers.pages.posting_fields import prose
from crawlers.sources.setting_types import split_selector

SELECTED = "selected "
"""Prefix of the fact that says whether a selector found anything: ``selected title`` -> ``yes`` or ``no``."""
MOST = 50
"""Matches of one selector that are read."""
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_PHONE = re.compile(r"\+?\(?\d(?:[\s().-]{0,2}\d){6,14}")


def override_fields(read: ParsedPage, document: PageDocument, fields: Mapping[str, str] | None) -> ParsedPage:
    """Return the page with its one posting changed by ``fields``; where the parser found none, a posting of the selected title
    and text.

    A selector that finds nothing leaves the parser's value. Pages of several postings stay as they are.
    """
    if not fields or len(read.postings) > 1:
        return read
    values = {name: _values(document, name, selector) for name, selector in fields.items()}
    facts = _facts(values, document)
    said = {f"{SELECTED}{name}": "yes" if facts.keys() & {name, f"{name}_raw"} else "no" for name in fields}
    read = msgspec.structs.replace(read, facts={**read.facts, **said})
    if read.postings:
        return msgspec.structs.replace(read, postings=(msgspec.structs.replace(read.postings[0], **facts),))
    if not facts.get("title") or not facts.get("text"):
        return read
    posting = document.posting(document.address, **facts)
    return msgspec.structs.replace(read, title=posting.title, postings=(posting,), links=(), rejected=())


def field_counters(read: ParsedPage) -> dict[str, int]:
    """Return the counters of a run's report for one page: ``field/<name>/selected`` or ``field/<name>/missed``."""
    said = {name.removeprefix(SELECTED): value for name, value in read.facts.items() if name.startswith(SELECTED)}
    return {f"field/{name}/{'selected' if value == 'yes' else 'missed'}": 1 for name, value in said.items()}


def contact_addresses(values: Iterable[str]) -> tuple[str, ...]:
    """Return the contacts in links, e-mail addresses and telephone numbers as published; what is none of these is left out."""
    contacts: dict[str, None] = {}
    for value in values:
        if page_urls.is_contact(value):
            contacts[value] = None
        elif mail := _MAIL.search(value):
            contacts[f"mailto:{mail[0]}"] = None
        else:
            contacts |= dict.fromkeys(f"tel:{number}" for number in _PHONE.findall(value))
    return tuple(contacts)


def _values(document: PageDocument, name: str, selector: str) -> tuple[str, ...]:
    """Return what a selector finds, in page order, empty values left out."""
    css, attribute = split_selector(selector)
    nodes = document.tree.css(css)[:MOST]
    return tuple(filter(None, (_value(document, name, node, attribute) for node in nodes)))


def _value(document: PageDocument, name: str, node: LexborNode, attribute: str) -> str | None:
    if attribute:
        value = (node.attributes.get(attribute) or "").strip()
        return document.absolute(value) or value if attribute in ("href", "src") else value
    if name == "text":
        return prose.text_of(node)
    if name == "contacts" and node.tag == "a" and page_urls.is_contact(href := (node.attributes.get("href") or "").strip()):
        return href
    return prose.one_line(prose.text_of(node) or node.text())  # a button is no prose, and may carry a number


def _facts(values: Mapping[str, tuple[str, ...]], document: PageDocument) -> dict[str, Any]:
    """Return the fields of a posting that were found."""
    facts: dict[str, Any] = {}
    for name, entries in values.items():
        if not entries:
            continue
        if name == "contacts":
            facts |= {"contacts": contacts} if (contacts := contact_addresses(entries)) else {}
        elif name == "text":
            facts["text"] = "\n".join(entries)
        elif name == "pay":
            facts |= {"pay_raw": entries[0], "pay": document.pay(entries[0])}
        elif name == "posted_at":
            facts |= {"posted_at_raw": entries[0], "posted_at": document.moment(entries[0])}
        else:
            facts[name] = entries[0]
    return facts
