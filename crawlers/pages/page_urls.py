"""Targets of links as absolute addresses, split into contacts and pages."""
# ruff: noqa: SIM905 - a list of words reads best as one text

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import unquote, urljoin, urlsplit

from selectolax.lexbor import LexborNode

from crawlers.pages.node_path import climb

CONTACT_HOSTS = frozenset(
    "t.me telegram.me telegram.dog wa.me api.whatsapp.com chat.whatsapp.com zalo.me line.me lin.ee page.line.me viber.com "
    "invite.viber.com weixin.qq.com u.wechat.com m.me signal.me signal.group".split()
)
CONTACT_SCHEMES = frozenset("mailto tel sms whatsapp viber tg line zalo weixin skype callto".split())

_SHARES = re.compile(
    r"(?:https?:)?//(?:www\.)?(?:t\.me|telegram\.me)/share/|(?:https?:)?//(?:wa\.me|api\.whatsapp\.com)/(?:send/?)?\?(?!.*phone=)|"
    r"(?:https?:)?//(?:social-plugins\.)?line\.me/(?:R/(?:msg|share)|lineit/share)|(?:mailto|sms):\?|viber://forward|"
    r"whatsapp://send/?\?(?!.*phone=)|tg://msg_url|line://msg",
    re.I,
)
"""Share buttons: they open a messenger and reach nobody."""


@lru_cache(maxsize=32_768)  # each reader of a page asks for its links again
def absolute(base: str, href: str | None) -> str | None:
    """Return ``href`` as an absolute http(s) address seen from ``base``; None for other schemes and for what is no address."""
    href = re.sub(r"[\t\r\n]", "", href or "").strip()
    if not href or href.startswith(("#", "javascript:", "data:")):
        return None
    try:
        address = urljoin(base, href)
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https"):
        return None if parts.scheme or base else address
    return address if parts.netloc and not re.search(r"[\s<>\"]", parts.netloc) else None


def host_of(url: str) -> str:
    """Return the host of an address in lower case; "" for what is no address, as a page may write anything."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def is_web(url: str) -> bool:
    """Whether an address can be fetched at all."""
    return url.startswith(("http://", "https://")) and bool(host_of(url))


def is_contact(href: str) -> bool:
    """Tell whether an address is a contact (mail, telephone, messenger) and not a page."""
    scheme, _, rest = href.partition(":")
    if _SHARES.match(href):
        return False
    if scheme.lower() in CONTACT_SCHEMES:
        return bool(rest)
    return host_of(href).removeprefix("www.") in CONTACT_HOSTS


def of(node: LexborNode, base: str, *, skip: frozenset[int] = frozenset()) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return (contact addresses, other absolute addresses) that the visible links of ``node`` point to, each once, in order."""
    return sorted_out(_hrefs(node, skip), base)


def sorted_out(hrefs: Iterable[str], base: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return (contact addresses, other absolute addresses) of link targets as written, each once, in order."""
    contacts: dict[str, None] = {}
    others: dict[str, None] = {}
    for href in hrefs:
        if not href.startswith("/") and is_contact(href):
            contacts[unquote(href) if href.startswith(("mailto:", "tel:")) else href] = None
        elif (address := absolute(base, href)) is not None:
            (contacts if is_contact(address) else others)[address] = None
    return tuple(contacts), tuple(others)


def _hrefs(node: LexborNode, skip: frozenset[int]) -> Iterator[str]:
    for anchor in node.css("a[href], area[href]"):
        if skip and _inside(anchor, skip):
            continue
        if href := (anchor.attributes.get("href") or "").strip():
            yield href


def _inside(node: LexborNode, outer: frozenset[int]) -> bool:
    return any(around.mem_id in outer for around in climb(node, until=()))
