"""Addresses in a text: links of messengers, web addresses, e-mail, crypto wallets. Found from their dots, not by scanning
with patterns."""

import re
from collections.abc import Iterator
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
    "com net org info biz xyz top site online shop app club vip asia icu link live pro store work jobs dev io gov edu "
    "example test"
)
_COUNTRIES = (
    "vn th id my ph kh la mm sg cn tw hk mo jp kr in pk bd np lk ae sa qa ke tz ug et za ng gh ma fr pt br ru ua uz kz de "
    "es it nl uk us au ca "
    "co me cc tv ly gl gd ee to ws pw"
)
_SURE_TLDS = frozenset(_SURE.split())
_TLDS = _SURE_TLDS | frozenset(_COUNTRIES.split())
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
            found = _address(text[start:end], start, end)
            if found:
                yield found
    yield from _schemes(text)


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
    scheme = text.find("://", start, end)
    if scheme > start and not text[start:scheme].isalpha():
        start = max(start - 1, *(text.rfind(char, start, scheme) for char in ".(,;:'=+")) + 1
    colon = text.find(":", start, place) if scheme < 0 else -1
    if colon >= 0:  # "web:example.com", "mail:name@example.com"
        start = colon + 1
    while start < place and text[start] in "('\"*~&.,;:!?=#$+-/":
        start += 1
    while end > place and text[end - 1] in _STOP and not (text[end - 1] == ")" and "(" in text[start:end]):
        end -= 1
    return start, end


def _address(token: str, start: int, end: int) -> Address | None:
    if "@" in token and "://" not in token:
        mail = token.split(":")[-1] if token.startswith("mailto:") else token
        mail = re.split(r"[/,;?!]", mail)[0].rstrip(".-")
        if "/" in token and "@" in token.split("/")[-1]:
            mail = token.split("/")[-1]
        if _EMAIL.match(mail):
            at = start + token.index(mail)
            return Address("email", mail, at, at + len(mail), written=True)
        return None
    scheme = "://" in token
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
    labels = host.split(".")
    if scheme and token.startswith(("http", "hxxp")):
        return Address("url", token, start, end, written=True)
    if labels[-1] not in _TLDS or not labels[-2] or host in _PRODUCTS:
        return None
    sure = (
        labels[-1] in _SURE_TLDS or token.startswith("www.") or "/" in token.rstrip("/") or "-" in host or labels[-2] in _SECOND
    ) and (len(labels[-2]) > 1 or "/" in token)
    return (
        Address("url", token, start, end, written=True) if (sure and not host[0].isdigit()) or (sure and "/" in token) else None
    )


def _is_host(host: str) -> bool:
    return all(label and len(label) < 64 and all(char.isalnum() or char == "-" for char in label) for label in host.split("."))


_IGNORED_TELEGRAM = frozenset(
    {"share", "addstickers", "proxy", "socks", "iv", "addtheme", "setlanguage", "login", "c", "addemoji", "bg", "invoice"}
)


_WHATSAPP = frozenset({"wa.me", "wasap.my"})


def _messenger(host: str, path: str, query: str, fragment: str, start: int, end: int) -> Address | None:
    """Return the contact a messenger's link stands for; one with an empty value is no contact and no web address either."""
    steps = [unquote(step) for step in path.split("/") if step]
    nothing = Address("url", "", start, end)
    if host in ("t.me", "telegram.me", "telegram.dog") or host.endswith(".t.me"):
        if host.endswith(".t.me"):
            steps = [host.removesuffix(".t.me")]
        if steps and steps[0] == "s":
            steps = steps[1:]
        if not steps or steps[0] in _IGNORED_TELEGRAM:
            return nothing
        if steps[0] == "joinchat" and len(steps) > 1:
            return Address("telegram", f"+{steps[1]}", start, end, written=True)
        if steps[0].startswith("+"):
            if steps[0][1:].isdigit() and len(steps[0]) > 8:
                return Address("telegram", steps[0][1:], start, end, digits=True)
            return Address("telegram", steps[0], start, end, written=True)
        name = steps[0].lstrip("@")
        return Address("telegram", name, start, end) if _HANDLE.match(name) else nothing
    if host in _WHATSAPP or host.endswith("whatsapp.com"):
        number = steps[0] if steps and host in _WHATSAPP else "".join(parse_qs(query).get("phone", []))
        plain = re.sub(r"\D", "", number)
        if len(plain) >= 7:
            return Address("whatsapp", plain, start, end, digits=True)
        code = steps[-1] if steps and steps[-1] not in ("send", "message", "channel") else ""
        return Address("whatsapp", code, start, end, written=True) if code else nothing
    if host in ("line.me", "page.line.me", "lin.ee", "line.naver.jp"):
        name = steps[-1].lstrip("~@") if steps else ""
        return Address("line", name, start, end, written=host == "lin.ee" or "g" in steps or "g2" in steps)
    if host in ("zalo.me", "chat.zalo.me", "oa.zalo.me"):
        name = steps[-1] if steps else ""
        if name.isdigit():
            return Address("zalo", name, start, end, digits=True)
        return Address("zalo", "/".join(steps), start, end)
    if host in ("signal.me", "signal.group"):
        plain = re.sub(r"\D", "", fragment)
        return Address("signal", plain or fragment, start, end, digits=len(plain) >= 7)
    if host in ("open.kakao.com", "pf.kakao.com"):
        return Address("kakaotalk", "/".join(steps), start, end, written=True)
    return None


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
