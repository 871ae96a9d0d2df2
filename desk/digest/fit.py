"""Fits a digest into a mail that no program clips: Gmail cuts a message at 102 KB.

The size is measured as sent, in base64. The gravest items get room first; the rest is counted in the mail and listed at the
desk.
"""

import math
from collections.abc import Callable

from msgspec.structs import replace

from desk.digest import render
from desk.digest.edition import DigestItem, Edition

LARGEST_MESSAGE = 100_000
"""Bytes of the whole message as it crosses the wire."""
LARGEST_OPENING = 10_000
"""Bytes of either part, encoded, within which period, numbers and coverage stand."""
_HEADERS = 1_200
"""Bytes kept free for headers with the longest addresses, and for the ends of lines."""
_ALL = 1_000
_LISTS = ("retracted", "confirmed", "movements", "unreviewed", "searches")
_ORDER = (
    ("retracted", 20), ("critical", _ALL), ("confirmed", 10), ("movements", 4), ("unreviewed", 4), ("critical excerpts", _ALL),
    ("retracted", _ALL), ("confirmed", _ALL), ("movements", _ALL), ("unreviewed", _ALL), ("searches", _ALL), ("excerpts", _ALL),
)  # fmt: skip
"""The order in which items get room, and how many of each kind. Confirmed items come without excerpt and note first."""

_Measure = Callable[[Edition], int]


def fit_edition(edition: Edition, *, desk_url: str, organisation: str) -> Edition:
    """Return the edition with as many items as a mail has room for; the rest is added to the counts."""

    def size(draft: Edition) -> int:
        bodies = render.text(draft, desk_url, organisation), render.html(draft, desk_url, organisation)
        return sum(_encoded_size(body) for body in bodies) + _HEADERS

    edition = _opening_fitted(edition, desk_url, organisation)
    return edition if size(edition) <= LARGEST_MESSAGE else _fill_edition(edition, size)


def _fill_edition(edition: Edition, size: _Measure) -> Edition:
    """Return the edition filled in the order of ``_ORDER`` until there is no room; each list keeps its own order."""
    bare = replace(edition.cut(dict.fromkeys(_LISTS, 0)), brief=True)
    room = LARGEST_MESSAGE - size(bare)
    base, listed, full = size(bare), dict.fromkeys(_LISTS, 0), 0
    criticals = sum(item.severity == "critical" for item in edition.confirmed)

    def cost(name: str, item: object) -> int:
        return size(replace(bare, **{name: (item,)})) - base

    for step, count in _ORDER:
        if step.endswith("excerpts"):
            most = min(listed["confirmed"], criticals if step.startswith("critical") else _ALL)
            while full < most:
                item = edition.confirmed[full]
                price = cost("confirmed", item) - cost("confirmed", _brief(item))
                if price > room:
                    break
                room, full = room - price, full + 1
            continue
        name = "confirmed" if step == "critical" else step
        most = min(len(getattr(edition, name)), criticals if step == "critical" else count)
        while listed[name] < most:
            item = getattr(edition, name)[listed[name]]
            price = cost(name, _brief(item) if name == "confirmed" else item)
            if price > room:
                break
            room, listed[name] = room - price, listed[name] + 1
    result = edition.cut(listed)
    confirmed = tuple(item if place < full else _brief(item) for place, item in enumerate(result.confirmed))
    return replace(result, confirmed=confirmed, brief=confirmed != result.confirmed)


def _brief(item: DigestItem) -> DigestItem:
    return replace(item, excerpt=(), note="")


def _encoded_size(body: str) -> int:
    """Return the bytes of a text as a MIME part sends it: base64 in lines of 76 characters."""
    length = 4 * math.ceil(len(body.encode("utf-8", "surrogatepass")) / 3)
    return length + 2 * math.ceil(length / 76)


def _opening_fitted(edition: Edition, desk_url: str, organisation: str) -> Edition:
    """Return the edition naming as many uncovered sources as leave room: period, numbers and coverage stand in the opening."""
    opening = replace(edition, **dict.fromkeys(_LISTS, ()), **{f"more_{name}": 0 for name in _LISTS})
    opening = replace(opening, listed_uncovered=min(edition.listed_uncovered, len(edition.incomplete_sources)))
    while opening.listed_uncovered and any(
        _encoded_size(body) + _HEADERS > LARGEST_OPENING
        for body in (render.text(opening, desk_url, organisation), render.html(opening, desk_url, organisation))
    ):
        opening = replace(opening, listed_uncovered=opening.listed_uncovered - 1)
    return replace(edition, listed_uncovered=opening.listed_uncovered)
