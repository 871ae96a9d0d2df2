"""Whether an address continues the list of another: the same address with one number changed or added, or a mark to go on from.

``/jobs`` and ``/jobs?page=2``, ``/cta/index100.html`` and ``/cta/index200.html``, ``/list`` and ``/list?after=x`` are one list
each, whatever language its links speak.
"""

import re
from typing import Literal, NamedTuple
from urllib.parse import SplitResult, parse_qsl, urlsplit

from crawlers.pages.listings.json_facts import CURSOR, OFFSET, PAGE, parameter_name

_PAGE = re.compile(rf"{PAGE}|pn|startpage|pageidall|trang|halaman|hal|laman|muka|pagina|seite|strana|stranka|strona|sayfa|sivu")
_PATH = re.compile(rf"{_PAGE.pattern}|list|index")
_OFFSET, _CURSOR = re.compile(rf"{OFFSET}|begin|st|first|o"), re.compile(CURSOR)
_NOT_A_CURSOR = frozenset({"since", "csrftoken", "token", "accesstoken"})
_INDEX = re.compile(r"(?:/index)?(?:\.[a-z]{2,5})?/?$|/$", re.I)
"""What the address of a first page ends with and that of a later one need not."""
_LATER = re.compile(r"[/_.,-]?(?:([a-z]{1,12})[-_/,.=]?)?(\d{1,6})(?:\.[a-z]{2,5})?/?", re.I)
"""What the address of a later page adds: ``/2``, ``/page/2/``, ``-2.html``, ``/index100.html``, ``/iPage,2``."""


class SeriesStep(NamedTuple):
    """How an address lies in the series of another."""

    ahead: int
    """Pages or items further on; 0 where a number added to an address may be that of its own page (``?page=1``)."""
    counts: Literal["pages", "items", "anything"] = "anything"
    """What the name of what counts says: ``pages`` also for a mark to go on from."""


def series_step(here: str, address: str) -> SeriesStep | None:
    """Return how ``address`` lies in the series of ``here``; None where it is no address of that list."""
    try:
        mine, other = urlsplit(here), urlsplit(address)
    except ValueError:
        return None
    if mine.netloc.removeprefix("www.") != other.netloc.removeprefix("www."):
        return None
    if mine.path.rstrip("/") == other.path.rstrip("/"):
        return _query_step(mine, other)
    return _path_step(mine.path, other.path) if mine.query == other.query else None


def _query_step(mine: SplitResult, other: SplitResult) -> SeriesStep | None:
    before, after = dict(parse_qsl(mine.query, keep_blank_values=True)), dict(parse_qsl(other.query, keep_blank_values=True))
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if len(changed) != 1:
        return None
    name = parameter_name(changed[0])
    old, new = before.get(changed[0], ""), after.get(changed[0], "")
    if _is_number(new or "0") and _is_number(old or "0") and (new or old):
        first = 0 if _OFFSET.fullmatch(name) else 1
        ahead = (int(new) if new else first) - (int(old) if old else first)
        return SeriesStep(ahead, "pages" if _PAGE.fullmatch(name) else "anything" if first else "items")
    is_cursor = bool(new) and name not in _NOT_A_CURSOR and _CURSOR.fullmatch(name) is not None
    return SeriesStep(1, "pages") if is_cursor else None


def _path_step(mine: str, other: str) -> SeriesStep | None:
    before, after = re.split(r"(\d+)", mine), re.split(r"(\d+)", other)
    if len(before) == len(after):
        places = [at for at, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
        if len(places) == 1 and places[0] % 2 and len(before[places[0]] + after[places[0]]) < 16:
            word = re.search(r"([a-z]+)[-_/,.=]?$", before[places[0] - 1], re.I)
            return SeriesStep(int(after[places[0]]) - int(before[places[0]]), _counts(word[1] if word else ""))
    if (added := _added_part(mine, other)) is not None:
        return SeriesStep(int(added[2]) - 1, _counts(added[1], added[0]))
    if (added := _added_part(other, mine)) is not None:
        return SeriesStep(1 - int(added[2]), _counts(added[1], added[0]))
    return None


def _counts(word: str | None, added: str = "") -> Literal["pages", "items", "anything"]:
    """Return what a number in a path counts, from the word before it; ``list.html`` and ``list_2.html`` are parts of one."""
    if word and _PATH.fullmatch(word.lower()):
        return "pages"
    return "items" if not word and re.fullmatch(r"[_-]\d+\.[a-z]{2,5}", added, re.I) else "anything"


def _added_part(first: str, later: str) -> re.Match[str] | None:
    """Return what the path of a later page adds to that of the first."""
    stem = _INDEX.sub("", first)
    return _LATER.fullmatch(later[len(stem) :]) if later.startswith(stem) else None


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) <= 7
