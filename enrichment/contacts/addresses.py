"""Addresses in a text: links of messengers, web addresses, e-mail, crypto wallets. Found from their dots, not by scanning
with patterns."""

import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from enrichment.assessment import ContactType


class Address(NamedTuple):
    """An address found; ``digits`` means that ``value`` is a telephone number still to be brought to E.164."""

    type: ContactType | None
    value: str
    start: int
    end: int
    digits: bool = False
    written: bool = False
    """The value is the address as written: to be taken from the raw text."""


_URL_CHARS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/?#@!$&'()*+,;=%")
_DOT = re.compile(rf"(?<=[{re.escape(''.join(sorted(_URL_CHARS)))}])\.(?=[{re.escape(''.join(sorted(_URL_CHARS - {'.'})))}])")
"""A dot with a character of an address on both sides."""
_STOP = ".,;:!?)'\"]}*~&+("
_EMAIL = re.compile(r"[a-z0-9][a-z0-9._%+\-]*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$")
_HANDLE = re.compile(r"[a-z][a-z0-9_]{3,31}$")
_SURE = (
    "com net org info biz xyz top site online shop app club vip asia icu link live pro store work jobs dev io gov edu bet win "
    "fun buzz cyou cfd sbs rest lol click website space tech games casino poker mobi ltd group life news today world care zone "
    "market finance agency team money chat social cash loans credit center media network systems services company digital "
    "cloud host pics quest monster ink vin bid loan men date trade ventures support solutions africa vn ph cn tw hk jp kr sg "
    "ru ua kz uz pk bd np lk tz ug ke ng gh uk fr cc tv example test"
)
"""Ends of addresses that no word of a text is, so that a name before one is an address."""
_COUNTRIES = (
    "th id my kh la mm mo in ae sa qa et za ma pt br de es it nl us au ca ch be se pl tr ga ml tk gq cf "
    "co me ly gl gd ee to ws pw"
)
_SURE_TLDS = frozenset(_SURE.split())
_TLDS = _SURE_TLDS | frozenset(_COUNTRIES.split())
_SCHEMES = ("https", "http", "hxxps", "hxxp")
_BROKEN_SCHEME = re.compile(r"(?:https?|hxxps?)(?::/|//|:)(?=[a-z0-9])")
_GLUED_BEFORE = ",;!(|*&~='"
"""Signs that part an address from the word they stand behind, when no space does."""
_PRODUCTS = frozenset({"asp.net", "vb.net", "ado.net", "draw.io", "socket.io", "paint.net", "ml.net"})
"""Names of products that look like addresses when nothing but their name is written."""
_SECOND = frozenset({"com", "co", "org", "net", "edu", "gov", "go", "ac", "or", "ne", "in"})
"""Labels before a country's own: ``com.vn``, ``go.id``."""


def addresses(text: str) -> Iterator[Address]:
    """Yield the addresses in ``text`` (folded), each with its span."""
    end = 0
    for dot in _DOT.finditer(text):
        place = dot.start()
        if place >= end:
            start, end = _bounds(text, place, end)
            if text[end : end + 1] in (" ", "-") and text[end - 1].isdigit():
                grouped = _GROUPED.search(text, max(start, end - 12), end)  # "wa.me/+44 7700 900123"
                rest = _REST_OF_NUMBER.match(text, end) if grouped else None
                end = rest.end() if rest else end
            address = _address(text[start:end], start, end)
            if address:
                yield address
    yield from _schemes(text)


_GROUPED = re.compile(r"(?:wa|zalo)\.me/\+?\d{2,6}$")
_REST_OF_NUMBER = re.compile(r"(?:[ -]\d{2,6}){1,4}(?!\d)")
_TG = re.compile(r"tg:/{0,2}(resolve\?domain=|join\?invite=)([a-z0-9_\-]{4,64})")
_MAILTO = re.compile(r"viber://(?:chat|add)\?number=(?:%2b|\+)?(\d{7,15})|whatsapp://send\?phone=(?:%2b|\+)?(\d{7,15})")


def _schemes(text: str) -> Iterator[Address]:
    if "tg:" in text:
        for match in _TG.finditer(text):
            invite = match.group(1).startswith("join")
            yield Address(
                "telegram", f"+{match.group(2)}" if invite else match.group(2), match.start(), match.end(), written=invite
            )
    if "://" in text:
        for match in _MAILTO.finditer(text):
            yield Address(
                "viber" if match.group(1) else "whatsapp",
                match.group(1) or match.group(2),
                match.start(),
                match.end(),
                digits=True,
            )


def _bounds(text: str, place: int, floor: int) -> tuple[int, int]:
    start = place
    low = max(floor, place - 300)
    while start > low and text[start - 1] in _URL_CHARS:
        start -= 1
    end = place + 1
    high = min(len(text), place + 2000)
    while end < high and (text[end] in _URL_CHARS or (text[end] == "_")):
        end += 1
    start = _behind_word(text, start, place, end)
    while start < place and text[start] in "('\"*~&.,;:!?=#$+-/":
        start += 1
    while end > place and text[end - 1] in _STOP and not (text[end - 1] == ")" and "(" in text[start:end]):
        end -= 1
    return start, end


def _behind_word(text: str, start: int, place: int, end: int) -> int:
    """Return where an address with a dot at ``place`` starts in ``[start, end)``, behind the word it is written against."""
    scheme = text.find("://", start, end)
    if scheme == start:
        return start
    if scheme > start:
        known = next((name for name in _SCHEMES if text.endswith(name, start, scheme)), "")
        if known:
            return scheme - len(known)
        if text[start:scheme].isalpha():
            return start
        return max(start - 1, *(text.rfind(char, start, scheme) for char in ".(,;:'=+")) + 1
    start = max(start - 1, *(text.rfind(char, start, place) for char in _GLUED_BEFORE)) + 1
    start = max(start, text.find(".www.", start, end) + 1)
    colon = text.find(":", start, place)
    return colon + 1 if colon >= 0 else start  # "web:example.com", "mail:name@example.com"


def _address(token: str, start: int, end: int) -> Address | None:
    scheme = "://" in token
    if "@" in token and not scheme:
        return _mail_address(token, start)
    if not scheme:
        broken = _BROKEN_SCHEME.match(token)  # "http//", "https:/"
        start += broken.end() if broken else 0
        token = token[broken.end() :] if broken else token
        mark = token.find("#")
        if mark > 0 and "/" not in token[:mark]:
            token = token[:mark]
            end = start + mark
    try:
        parts = urlsplit(token if scheme else f"//{token}")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    if "." not in host or not _is_host(host):
        return None
    known = _messenger(host, parts.path, parts.query, parts.fragment, start, end)
    if known is not None:
        return known if known.value else None
    if (scheme and token.startswith(("http", "hxxp"))) or (host not in _PRODUCTS and _names_host(token, host)):
        return Address("url", token, start, end, written=True)
    return None


def _mail_address(token: str, start: int) -> Address | None:
    last = token.split("/")[-1]
    if "/" in token and "@" in last:
        mail = last
    else:
        mail = token.split(":")[-1] if token.startswith("mailto:") else token
        mail = re.split(r"[/,;?!]", mail)[0].rstrip(".-")
    if not _EMAIL.match(mail):
        return None
    at = start + token.index(mail)
    return Address("email", mail, at, at + len(mail), written=True)


def _names_host(token: str, host: str) -> bool:
    """Tell whether a host without a scheme is an address: by its end, a path, *www*, or letters and digits no word is made of."""
    labels = host.split(".")
    name, path = labels[-2], "/" in token
    if labels[-1] not in _TLDS or not name or (len(name) < 2 and not path):
        return False
    if token.startswith("www.") or (path and "/" in token.rstrip("/")):
        return True
    if not host[0].isalpha() and name.isdigit() and not _is_numbered_site(labels):
        return False  # "1.500.000.com"
    if labels[-1] in _SURE_TLDS or "-" in host or name in _SECOND:
        return True
    odd = host[0].isalpha() and len(name) > 3 and any(char.isdigit() for char in labels[0])
    return odd or (len(labels) > 2 and min(map(len, labels[:-1])) > 3)


def _is_numbered_site(labels: list[str]) -> bool:
    """Tell whether a host of digits is a site's: ``88.com``."""
    return len(labels) == 2 and labels[1] in ("com", "net") and len(labels[0]) > 1


def _is_host(host: str) -> bool:
    return all(label and len(label) < 64 and all(char.isalnum() or char == "-" for char in label) for label in host.split("."))


_IGNORED_TELEGRAM = frozenset(
    {"share", "addstickers", "proxy", "socks", "iv", "addtheme", "setlanguage", "login", "c", "addemoji", "bg", "invoice"}
)


_WHATSAPP = frozenset({"wa.me", "wasap.my"})


class _Link(NamedTuple):
    """A messenger's link, taken apart."""

    host: str
    steps: list[str]
    query: str
    fragment: str
    start: int
    end: int

    def contact(self, kind: ContactType, value: str, *, digits: bool = False, written: bool = False) -> Address:
        return Address(kind, value, self.start, self.end, digits=digits, written=written)

    @property
    def nothing(self) -> Address:
        """No contact, and no web address either."""
        return Address("url", "", self.start, self.end)


def _telegram(link: _Link) -> Address:
    steps = [link.host.removesuffix(".t.me")] if link.host.endswith(".t.me") else link.steps
    if steps and steps[0] == "s":
        steps = steps[1:]
    if not steps or steps[0] in _IGNORED_TELEGRAM:
        return link.nothing
    if steps[0] == "joinchat" and len(steps) > 1:
        return link.contact("telegram", f"+{steps[1]}", written=True)
    if steps[0].startswith("+"):
        if steps[0][1:].isdigit() and len(steps[0]) > 8:
            return link.contact("telegram", steps[0][1:], digits=True)
        return link.contact("telegram", steps[0], written=True)
    name = steps[0].lstrip("@")
    return link.contact("telegram", name) if _HANDLE.match(name) else link.nothing


def _whatsapp(link: _Link) -> Address:
    steps = link.steps
    number = steps[0] if steps and link.host in _WHATSAPP else "".join(parse_qs(link.query).get("phone", []))
    plain = re.sub(r"\D", "", number)
    if len(plain) >= 7:
        return link.contact("whatsapp", plain, digits=True)
    code = steps[-1] if steps and steps[-1] not in ("send", "message", "channel") else ""
    return link.contact("whatsapp", code, written=True) if code else link.nothing


def _line(link: _Link) -> Address:
    name = link.steps[-1].lstrip("~@") if link.steps else ""
    return link.contact("line", name, written=link.host == "lin.ee" or not {"g", "g2"}.isdisjoint(link.steps))


def _zalo(link: _Link) -> Address | None:
    steps = link.steps
    if len(steps) > 1 and steps[0] in ("app", "pc", "share"):
        return None  # a page of its makers
    if steps and steps[-1].isdigit():
        return link.contact("zalo", steps[-1], digits=True)
    return link.contact("zalo", "/".join(steps))


def _signal(link: _Link) -> Address:
    plain = re.sub(r"\D", "", link.fragment)
    return link.contact("signal", plain or link.fragment, digits=len(plain) >= 7)


def _kakaotalk(link: _Link) -> Address:
    return link.contact("kakaotalk", "/".join(link.steps), written=True)


_READERS: dict[str, Callable[[_Link], Address | None]] = {
    **dict.fromkeys(("t.me", "telegram.me", "telegram.dog"), _telegram),
    **dict.fromkeys(_WHATSAPP, _whatsapp),
    **dict.fromkeys(("line.me", "page.line.me", "lin.ee", "line.naver.jp"), _line),
    **dict.fromkeys(("zalo.me", "chat.zalo.me", "oa.zalo.me"), _zalo),
    **dict.fromkeys(("signal.me", "signal.group"), _signal),
    **dict.fromkeys(("open.kakao.com", "pf.kakao.com"), _kakaotalk),
}
"""How the links of each messenger's host are read."""


def _messenger(host: str, path: str, query: str, fragment: str, start: int, end: int) -> Address | None:
    """Return the contact a messenger's link stands for; one with an empty value is no contact and no web address either."""
    read = _READERS.get(host)
    if read is None and host.endswith(".t.me"):
        read = _telegram
    elif read is None and host.endswith("whatsapp.com"):
        read = _whatsapp
    if read is None:
        return None
    return read(_Link(host, [unquote(step) for step in path.split("/") if step], query, fragment, start, end))


_TRON = re.compile(r"(?<![A-Za-z0-9])T[1-9A-HJ-NP-Za-km-z]{33}(?![A-Za-z0-9])")
_ETHER = re.compile(r"(?<![A-Za-z0-9])0x[0-9a-fA-F]{40}(?![A-Za-z0-9])")
_BITCOIN = re.compile(r"(?<![A-Za-z0-9])(?:[13][1-9A-HJ-NP-Za-km-z]{25,34}|bc1[02-9ac-hj-np-z]{11,71})(?![A-Za-z0-9])")
_LONG = re.compile(r"[T13][1-9A-HJ-NP-Za-km-z]{25}")
_BASE58 = {char: value for value, char in enumerate("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")}


def wallets(raw: str) -> Iterator[Address]:
    """Yield the wallet addresses in the raw text (their case matters); Base58 ones are kept only when their checksum holds."""
    if "0x" not in raw and "bc1" not in raw and not _LONG.search(raw):
        return
    for match in _TRON.finditer(raw):
        if _checksum_holds(match.group()):
            yield Address("crypto", match.group(), *match.span())
    for match in _ETHER.finditer(raw):
        yield Address("crypto", match.group(), *match.span())
    for match in _BITCOIN.finditer(raw):
        if match.group().startswith("bc1") or _checksum_holds(match.group()):
            yield Address("crypto", match.group(), *match.span())


def _checksum_holds(address: str) -> bool:
    """Check Base58Check: the last four bytes are the first four of the double SHA-256 of the others."""
    total = 0
    for char in address:
        total = total * 58 + _BASE58[char]
    try:
        whole = total.to_bytes(25, "big")
    except OverflowError:
        return False
    return sha256(sha256(whole[:-4]).digest()).digest()[:4] == whole[-4:]
