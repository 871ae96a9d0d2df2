"""Contacts that a page publishes as links beside its words: ``https://t.me/…``, ``mailto:``, ``tel:``, ``viber://…``.

Each link is written as the line of text that would say the same, and read as all contacts are (``enrichment.contacts.extract``),
so that both sides give one value for one contact.
"""

import re
from collections.abc import Iterable
from urllib.parse import parse_qs, unquote

from msgspec.structs import replace

from enrichment.assessment import Contact, Language
from enrichment.contacts.extract import contacts
from enrichment.text.views import Views

_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]{1,15}):(?=\S)(?://)?")
_NUMBER = re.compile(r"\+?\d[\d ().-]{5,22}")
_NUMBERED = {"tel": "tel", "callto": "tel", "sms": "tel", "viber": "viber", "whatsapp": "whatsapp", "zalo": "zalo"}
"""Schemes that carry a telephone number, and the word that names them in a text."""
_ABROAD = ("viber", "whatsapp")
"""Schemes whose numbers begin with the country code, with or without the plus sign."""
_PROFILES = {"line": ("https://line.me/ti/p/", "~@"), "weixin": ("wechat: ", ""), "tg": ("https://t.me/", "@")}
"""Schemes that end in an account's name: what a text writes before it, and the signs such a name may begin with."""


def link_contacts(
    links: Iterable[str], known: Iterable[Contact], language: Language, countries: tuple[str, ...]
) -> tuple[Contact, ...]:
    """Return the contacts of ``links`` that are not ``known`` from the text, each value once per type.

    They stand nowhere in the text: their span is empty, and ``link`` is the address as published. ``countries`` as in
    ``enrichment.contacts.extract.contacts``.
    """
    published = [link for link in dict.fromkeys(links) if "\n" not in link]
    if not published:
        return ()
    lines = [_line(link) for link in published]
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    names = {(item.type, item.value.casefold()) for item in known}
    results = []
    number = 0
    for contact in contacts(Views("\n".join(lines)), language, countries):
        while contact.start >= starts[number + 1]:
            number += 1
        if (contact.type, contact.value.casefold()) not in names:
            results.append(replace(contact, start=0, end=0, link=published[number]))
    return tuple(results)


def _line(link: str) -> str:
    """Return the line of text that says what a link says."""
    match = _SCHEME.match(link)
    scheme, rest = (match.group(1).lower(), unquote(link[match.end() :])) if match else ("", link)
    if scheme == "mailto":
        return rest.partition("?")[0]
    query = parse_qs(link.partition("?")[2])
    if scheme in _NUMBERED:
        value = "".join((query.get("number") or query.get("phone") or [])[:1]) or rest.partition("?")[0]
        number = _NUMBER.search(value)
        plus = "+" if number and scheme in _ABROAD and not number.group().startswith(("+", "0")) else ""
        return f"{_NUMBERED[scheme]}: {plus}{number.group().strip()}" if number else link
    if scheme in _PROFILES:
        before, signs = _PROFILES[scheme]
        name = "".join(query.get("domain", [])[:1]) or rest.partition("?")[0].rstrip("/").rpartition("/")[2]
        return f"{before}{name.lstrip(signs)}" if name and "invite" not in query else link
    return link
