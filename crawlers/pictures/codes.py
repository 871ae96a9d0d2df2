"""What the codes on a poster say, and the contacts in it: addresses, telephone numbers, mail, cards (vCard, MECARD)."""

import re
from collections.abc import Iterator

from crawlers.pages.page_urls import is_contact, is_web

LONGEST = 2000
"""Characters of a code that are kept: a QR code has at most 4,296."""
_CARD_LINE = re.compile(r"^(?:item\d+\.)?(TEL|EMAIL|URL|IMPP)(?:;[^:\r\n]{0,200})?:(.{1,300})$", re.I | re.M)
_MECARD_PART = re.compile(r"(?:^|[:;])(TEL|EMAIL|URL):((?:\\.|[^;\\]){1,300})", re.I)
_NUMBER = re.compile(r"\+?\d[\d ().-]{6,22}")
_MAIL = re.compile(r"(?:MATMSG:TO:|SMTP:)([^;:\s]{3,200})", re.I)


def contact_links(content: str) -> tuple[str, ...]:
    """Return the addresses in a code by which somebody is reached, each once, as a page would publish them as links."""
    return tuple(dict.fromkeys(_links(content.strip())))


def _links(content: str) -> Iterator[str]:
    upper = content[:12].upper()
    if upper.startswith(("BEGIN:VCARD", "MECARD:")):
        pattern = _CARD_LINE if upper.startswith("BEGIN") else _MECARD_PART
        for kind, value in pattern.findall(content):
            yield from _card_contacts(kind.upper(), value.strip().replace("\\:", ":").replace("\\;", ";"))
    elif upper.startswith("SMSTO:"):
        yield f"sms:{content[6:].partition(':')[0]}"
    elif mail := _MAIL.match(content):
        yield f"mailto:{mail.group(1)}"
    elif is_contact(content) or is_web(content):
        scheme, colon, rest = content.partition(":")
        yield scheme.lower() + colon + rest
    elif _NUMBER.fullmatch(content) and content.startswith(("+", "0")):
        yield f"tel:{content}"


def _card_contacts(kind: str, value: str) -> Iterator[str]:
    if kind == "TEL":
        yield value.lower() if value.lower().startswith("tel:") else f"tel:{value}"
    elif kind == "EMAIL":
        yield f"mailto:{value}"
    elif is_contact(value) or is_web(value):
        yield value
