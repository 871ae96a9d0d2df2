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
    "nbhits recordstotal recordsfiltered resultcount jobcount itemcount foundcount odatacount alltotal found hits count"
).split()
"""Keys that count the items of the whole list, the surest first; ``count`` may be the number of this page."""
_THINGS = (
    "jobs?|posts?|topics?|threads?|items?|results?|offers?|ads|adverts?|listings?|vacanc(?:y|ies)|positions?|openings?|"
    "entries|records?"
)
_OWN_TOTAL = re.compile(rf"(?:total|numberof|num)(?:{_THINGS})(?:count)?|(?:{_THINGS})(?:total|count)")
"""Further keys that name what they count: ``jobs_count``, ``totalVacancies``."""
_PAGES = (
    "totalpages",
    "totalpage",
    "maxnumpages",
    "pagecount",
    "pagescount",
    "lastpage",
    "numpages",
    "nbpages",
    "pagestotal",
    "pages",
)
_NEXT = ("next", "nextpage", "nexturl", "nextlink", "nextpageurl", "nexthref", "odatanextlink")
_MORE = (
    "nextcursor nexttoken nextpagetoken continuation continuationtoken nextoffset hasmore hasnext hasnextpage more morepages "
    "moreresults scrollid hasmorepages hasmoreitems hasmoreresults moreavailable truncated istruncated incompleteresults partial "
    "remaining"
).split()
_LAST = frozenset(
    "last islast lastpage islastpage isend isended eof end ended finished complete iscomplete done exhausted".split()
)
"""Keys that say with ``false`` that there is more."""
_NEXT_ADDRESS = re.compile(r"(?:more|next)\w{0,20}(?:url|uri|link|href)")
_BESIDE = frozenset("meta pagination paging page pageinfo info links cursor cursors paginator pager resultinfo metadata".split())
"""Objects beside the items in which APIs put these keys."""
_PAGE_PARAMETERS = frozenset("page p pg pageno pagenum pagenumber paged currentpage".split())
_CURSORS = frozenset(
    "cursor after pagetoken nexttoken token continuation continuationtoken nextcursor startingafter nextpagetoken".split()
)
_OFFSETS = frozenset("offset start skip from startat startrow pageoffset".split())
_SIZES = frozenset("limit pagelimit perpage pagesize size take top rows maxresults resultsperpage itemsperpage".split())


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
    spelled: dict[str, str] = {}
    for key, value in _facts(answer, items):
        said.setdefault(_name(key), value)
        spelled.setdefault(_name(key), key)
    following, more = _following(said, base, count)
    own = sorted(name for name in said if _OWN_TOTAL.fullmatch(name))
    total = next((n for name in (*_TOTALS, *own) if (n := _count(said.get(name))) is not None), None)
    pages = next((n for name in _PAGES if (n := _count(said.get(name))) is not None), None)
    if following is None:
        following = _offset(base, count, total) or _page(base, said, total, pages)
    if following is None and not more and total is None and pages is None:
        following, more = _after_full(said, base, count)
    if base and following is None and (more or (total or 0) > count or pages):
        following = _named_parameter(base, said, spelled, count, total, pages)
        more = "" if following else more
    if not more and isinstance(answer, dict) and isinstance(answer.get("errors"), list) and answer["errors"]:
        more = "errors"
    return JsonExtent(total=total, pages=pages, following=following, more=more)


def of_headers(headers: Mapping[str, str], base: str) -> JsonExtent:
    """Return what the headers (names in lower case) announce: ``Link: rel=next``, ``X-Total-Count``, ``X-WP-Total``."""
    following = None
    for part in re.split(r",\s*(?=<)", headers.get("link", "")[:8192]):
        if (match := re.match(r"\s*<([^<>]{1,2000})>", part)) and re.search(r";\s*rel=\"?(?:\w+ )?next\b", part, re.I):
            following = absolute(base, match[1])
    if following is None and (number := headers.get("x-next-page", "").strip()).isdecimal():
        following = _replaced(base, _PAGE_PARAMETERS, number)
    totals = ("x-total-count", "x-wp-total", "x-total", "total-count")
    total = next((_count(headers.get(name)) for name in totals if name in headers), None)
    if total is None and (match := re.fullmatch(r"\s*\w+\s+[\d*]+(?:-\d+)?/(\d{1,11})\s*", headers.get("content-range", ""))):
        total = int(match[1])
    if total is None and (
        match := re.search(r'"total_?(?:count|items)"\s*:\s*"?(\d{1,11})\b', headers.get("x-pagination", ""), re.I)
    ):
        total = int(match[1])
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
                yield key, inner
                if name in ("links", "link") and isinstance(inner, list):
                    yield from (("next", link) for link in inner if isinstance(link, dict) and link.get("rel") == "next")
                if _NEXT_ADDRESS.fullmatch(name):
                    yield "nexturl", inner
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
    for name in (*_MORE, *sorted(_LAST)):
        value = said.get(name)
        if name in _LAST:
            value = value is False
        if value in (None, False, "", 0, "0") or isinstance(value, dict | list):
            continue
        if value is not True and re.search("next|cursor|token|continuation|scroll", name):
            address = _replaced(base, _OFFSETS if name == "nextoffset" else _CURSORS, value)
            if address:
                return address, ""
        elif shown and (address := _moved(said, base)):
            return address, ""
        return None, name
    return None


def _moved(said: Mapping[str, Any], base: str) -> str | None:
    """Return ``base`` moved on by the cursor that an answer gives, else by its page number."""
    cursor = said.get("endcursor") or said.get("cursor")
    return (_replaced(base, _CURSORS, cursor) if cursor else None) or _counted(base)


def _replaced(base: str, names: frozenset[str], value: Any) -> str | None:
    """Return ``base`` with ``value`` in the one query parameter it has of these ``names``; None when it has none."""
    parts = urlsplit(base)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    places = [at for at, (name, _) in enumerate(pairs) if _name(name) in names]
    if not isinstance(value, str | int):
        return None
    for at, (name, inner) in enumerate(pairs):
        if not places and name == "variables" and (changed := _variables(inner, names, value)):
            pairs[at] = (name, changed)
            return urlunsplit(parts._replace(query=urlencode(pairs)))
    if len(places) != 1:
        return None
    pairs[places[0]] = (pairs[places[0]][0], str(value))
    return urlunsplit(parts._replace(query=urlencode(pairs)))


def _variables(text: str, names: frozenset[str], value: str | int) -> str | None:
    """Return the variables of a GraphQL question with ``value`` in the one of these ``names``; None when it has none."""
    try:
        variables = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return None
    places = [key for key in variables if _name(key) in names] if isinstance(variables, dict) else []
    return msgspec.json.encode(variables | {places[0]: value}).decode() if len(places) == 1 else None


def _named_parameter(
    base: str, said: Mapping[str, Any], spelled: Mapping[str, str], count: int, total: int | None, pages: int | None
) -> str | None:
    """Return the next address where the answer names a parameter that its address lacks: ``next_cursor``, ``offset``, ``page``.

    A site that knows no such parameter shows the same items again, and the list is a gap.
    """
    if said.get("hasnextpage") is False or said.get("hasmore") is False:
        return None
    for name in ("nextcursor", "nexttoken", "nextpagetoken", "continuationtoken", "endcursor"):
        if isinstance(value := said.get(name), str) and value:
            key = "after" if name == "endcursor" else re.sub(r"^next[_-]?", "", spelled[name])
            return _added(base, key[:1].lower() + key[1:], value)
    start, size = _count(said.get("offset")), _count(said.get("limit"))
    if start is not None and count and (total is None or start + count < total):
        return _added(base, "offset", start + count) if size is None or size == count else None
    number = next((n for name in ("page", "currentpage", "pagenumber") if (n := _count(said.get(name))) is not None), None)
    return _added(base, "page", number + 1) if number is not None and number < (pages or 0) else None


def _added(base: str, key: str, value: str | int) -> str | None:
    """Return ``base`` with one more parameter, None when it has it already."""
    parts = urlsplit(base)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    if any(name == key for name, _ in pairs):
        return None
    return urlunsplit(parts._replace(query=urlencode([*pairs, (key, str(value))])))


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


def _page(base: str, said: Mapping[str, Any], total: int | None, pages: int | None) -> str | None:
    """Return the next page of an address that counts pages, while the number of pages or the total is not reached."""
    number = next((int(value) for name, value in _query(base) if name in _PAGE_PARAMETERS and value.isdecimal()), None)
    if number is None:
        return None
    size = _size(base) or next((n for name in sorted(_SIZES) if (n := _count(said.get(name)))), None)
    if number < (pages or 0) or (size and total is not None and number * size < total):
        return _counted(base)
    return None


def _after_full(said: Mapping[str, Any], base: str, count: int) -> tuple[str | None, str]:
    """Return what follows an answer as long as its address allows that says neither a total nor its end: (address, key)."""
    size = _size(base)
    if not count or size != count or any(name in said for name in (*_NEXT, *_MORE, *_LAST)):
        return None, ""
    address = _offset(base, count, 10**9) or _counted(base)
    return address, "" if address else f"as many items as its address allows, {count},"


def _size(base: str) -> int | None:
    """Return how many items an address asks for."""
    return next((int(value) for name, value in _query(base) if name in _SIZES and value.isdecimal() and len(value) < 7), None)


def _query(base: str) -> list[tuple[str, str]]:
    return [(_name(name), value) for name, value in parse_qsl(urlsplit(base).query, keep_blank_values=True)]
