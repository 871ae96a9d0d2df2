"""How much a JSON answer says there is: totals, page counts and the way to the next items, as the common APIs name them."""
# ruff: noqa: SIM905 - a list of words reads best as one text

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import msgspec

from crawlers.pages.addresses import absolute

_TOTALS = (
    "total totalcount totalresults totalitems totalelements totalrecords totalhits totalfound totaljobs totalrows numfound "
    "nbhits recordstotal recordsfiltered resultcount jobcount itemcount foundcount found hits count"
).split()
"""Keys that count the items of the whole list, the surest first; ``count`` may be the number of this page."""
_PAGES = ("totalpages", "totalpage", "pagecount", "pagescount", "lastpage", "numpages", "nbpages", "pagestotal", "pages")
_NEXT = ("next", "nextpage", "nexturl", "nextlink", "nextpageurl", "nexthref", "odatanextlink")
_MORE = (
    "nextcursor nexttoken nextpagetoken continuation continuationtoken nextoffset hasmore hasnext hasnextpage more morepages "
    "moreresults scrollid"
).split()
_BESIDE = frozenset("meta pagination paging page pageinfo info links cursor cursors paginator pager resultinfo metadata".split())
"""Objects beside the items in which APIs put these keys."""
_PAGE_PARAMETERS = frozenset("page p pg pageno pagenum pagenumber paged currentpage".split())
_CURSORS = frozenset(
    "cursor after pagetoken nexttoken token continuation continuationtoken nextcursor startingafter nextpagetoken".split()
)
_OFFSETS = frozenset("offset start skip from startat startrow".split())


class JsonExtent(msgspec.Struct, frozen=True, kw_only=True):
    """What an answer announces besides its items."""

    total: int | None = None
    pages: int | None = None
    following: str | None = None
    """Absolute address of the next items."""
    more: str = ""
    """Name of the key that says there is more, where it gives no address."""


def of_json(answer: Any, items: str, base: str, count: int) -> JsonExtent:
    """Return what an ``answer`` fetched from ``base`` with ``shown`` items at the dotted path ``items`` announces."""
    said: dict[str, Any] = {}
    for key, value in _facts(answer, items):
        said.setdefault(key, value)
    following, more = _following(said, base, count)
    total = next((n for name in _TOTALS if (n := _count(said.get(name))) is not None), None)
    if following is None:
        following = _offset(base, count, total)
    pages = next((n for name in _PAGES if (n := _count(said.get(name))) is not None), None)
    return JsonExtent(total=total, pages=pages, following=following, more=more)


def of_headers(headers: Mapping[str, str], base: str) -> JsonExtent:
    """Return what the headers (names in lower case) announce: ``Link: rel=next``, ``X-Total-Count``, ``X-WP-Total``."""
    following = None
    for part in re.split(r",\s*(?=<)", headers.get("link", "")[:8192]):
        if (match := re.match(r"\s*<([^<>]{1,2000})>", part)) and re.search(r";\s*rel=\"?(?:\w+ )?next\b", part, re.I):
            following = absolute(base, match[1])
    totals = ("x-total-count", "x-wp-total", "x-total", "total-count")
    total = next((_count(headers.get(name)) for name in totals if name in headers), None)
    pages = next((_count(headers.get(name)) for name in ("x-wp-totalpages", "x-total-pages") if name in headers), None)
    return JsonExtent(total=total, pages=pages, following=following)


def _facts(answer: Any, items: str) -> Iterator[tuple[str, Any]]:
    """Yield (key, value) of the objects around the list of items, the nearest first, and of those beside it that describe it."""
    around, value = [answer], answer
    for part in items.strip(".").split("."):
        value = value.get(part) if isinstance(value, dict) else None
        around.append(value)
    for outer in reversed(around):
        if not isinstance(outer, dict):
            continue
        waiting = [(outer, 0)]
        while waiting:
            current, depth = waiting.pop(0)
            for key, inner in current.items():
                name = _name(key)
                yield name, inner
                if isinstance(inner, dict) and depth < 2 and name in _BESIDE:
                    waiting.append((inner, depth + 1))


def _name(key: Any) -> str:
    return re.sub(r"[^a-z0-9]", "", str(key).lower())


def _count(value: Any) -> int | None:
    if isinstance(value, dict):
        value = value.get("value", value.get("total"))
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and value.strip().isdecimal() and len(value) < 12:
        return int(value)
    return int(value) if isinstance(value, int | float) and 0 <= value < 10**12 else None


def _following(said: Mapping[str, Any], base: str, count: int) -> tuple[str | None, str]:
    """Return (address of the next items, key that says there are more without an address)."""
    return _named_next(said, base) or _said_more(said, base, count) or (None, "")


def _named_next(said: Mapping[str, Any], base: str) -> tuple[str | None, str] | None:
    """Return what a key for the next page says: its address, a page number or a cursor."""
    for name in _NEXT:
        value = said.get(name)
        if isinstance(value, dict):
            value = value.get("href") or value.get("url")
        if isinstance(value, str) and value and (re.match(r"https?://|/|\?|\./", value) or "/" in value):
            return (address, "") if (address := absolute(base, value)) else (None, name)
        if value and not isinstance(value, bool):
            address = _replaced(base, _PAGE_PARAMETERS | _CURSORS, value)
            return (address, "") if address else (None, name)
        if value is True:
            return None, name
    return None


def _said_more(said: Mapping[str, Any], base: str, shown: int) -> tuple[str | None, str] | None:
    """Return what a key that there is more says: an offset, a cursor, or only that."""
    for name in _MORE:
        value = said.get(name)
        if value in (None, False, "", 0, "0") or isinstance(value, dict | list):
            continue
        if value is not True:
            address = _replaced(base, _OFFSETS if name == "nextoffset" else _CURSORS, value)
            if address:
                return address, ""
        elif shown and (address := _counted(base)):
            return address, ""
        return None, name
    return None


def _replaced(base: str, names: frozenset[str], value: Any) -> str | None:
    """Return ``base`` with ``value`` in the one query parameter it has of these ``names``; None when it has none."""
    parts = urlsplit(base)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    places = [at for at, (name, _) in enumerate(pairs) if _name(name) in names]
    if len(places) != 1 or not isinstance(value, str | int):
        return None
    pairs[places[0]] = (pairs[places[0]][0], str(value))
    return urlunsplit(parts._replace(query=urlencode(pairs)))


def _counted(base: str) -> str | None:
    """Return ``base`` with its page number one higher; None when it carries none."""
    pairs = parse_qsl(urlsplit(base).query, keep_blank_values=True)
    number = next((value for name, value in pairs if _name(name) in _PAGE_PARAMETERS and value.isdecimal()), None)
    return _replaced(base, _PAGE_PARAMETERS, int(number) + 1) if number and len(number) < 7 else None


def _offset(base: str, count: int, total: int | None) -> str | None:
    """Return the next items of an address that counts them (``?offset=20``) or its pages, while the total is not reached."""
    if not count or total is None:
        return None
    pairs = parse_qsl(urlsplit(base).query, keep_blank_values=True)
    start = next((value for name, value in pairs if _name(name) in _OFFSETS and value.isdecimal()), None)
    if start is None or len(start) > 8:
        return None
    return _replaced(base, _OFFSETS, int(start) + count) if int(start) + count < total else None
