"""Account names that show by themselves: ``@name`` and ``name_with_underscores``; and spans looked up by place."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator


class SpanIndex:
    """Spans that do not overlap, looked up by place."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._spans = sorted(spans)

    def meets(self, start: int, end: int) -> bool:
        """Tell whether ``[start, end)`` shares a character with one of the spans."""
        place = bisect_left(self._spans, (end, -1)) - 1
        return place >= 0 and self._spans[place][1] > start

    def last_end(self, start: int) -> int:
        """Return where the last span before ``start`` ends (0 when none does)."""
        place = bisect_left(self._spans, (start, -1)) - 1
        return min(self._spans[place][1], start) if place >= 0 else 0


_NAME_CHARS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_.")
_NAME = re.compile(r"[a-z0-9_.]*")
_MAIL_HOST = re.compile(r"(?:g?mail|yahoo|hotmail|outlook|icloud)\.[a-z]{2,3}")
_STRONG = re.compile(r"[a-z0-9][a-z0-9.]*(?:_[a-z0-9.]+)+_?$|[a-z][a-z0-9_.]{3,31}$")


def marked_names(text: str, taken: SpanIndex) -> Iterator[tuple[str, int, int, bool]]:
    """Yield the names that show by themselves: ``@name`` and ``name_with_underscore``, outside the spans ``taken``; last is
    ``@``."""
    for sign in "@_":
        place = text.find(sign)
        end = -1
        while place >= 0:
            if place >= end:
                start, end, at = _name_bounds(text, place)
                value = text[start:end]
                fits = len(value) >= 4 and (at > 0) == (sign == "@") and _STRONG.match(value) and value.strip("0123456789_.")
                if fits and not _MAIL_HOST.fullmatch(value) and not taken.meets(start, start + 1):
                    yield value, start - at, end, bool(at)
            place = text.find(sign, max(place + 1, end))


def _name_bounds(text: str, place: int) -> tuple[int, int, int]:
    """Return start and end of the name at the ``@`` or ``_`` at ``place``, and how far its ``@`` stands before it (0: none)."""
    start = _start_behind_at(text, place) if text[place] == "@" else _start_of_word(text, place)
    if start is None:
        return place + 1, place + 1, 0
    end = _NAME.match(text, max(place, start), start + 64).end()  # type: ignore[union-attr]  # matches nothing, too
    while end > start and text[end - 1] == ".":
        end -= 1
    while start < end and text[start] in "._":
        start += 1
    at = 1 if start and text[start - 1] == "@" else 0
    if text[place] == "@" and start == place + 2 and "_" in text[start:end]:  # "@ sample_hr"
        at = 2
    if end - start > 40 or _goes_on(text, end) or (not at and start and _is_glued(text[start - 1])):
        return start, start, 0  # a piece of a longer word or a hashtag
    return start, end, at


def _start_behind_at(text: str, place: int) -> int | None:
    """Return where the name behind the ``@`` at ``place`` starts; None inside an e-mail address."""
    first = place
    while first and text[first - 1] in "_." and place - first < 9:  # a full stop, a line drawn, or part of an address
        first -= 1
    before = text[first - 1 : first]
    if before and before in _NAME_CHARS and not _behind_name(text, place):
        return None
    start = place + 1
    while start < len(text) and text[start] == " " and start < place + 2:
        start += 1
    return start


def _start_of_word(text: str, place: int) -> int:
    """Return where the name with an underscore at ``place`` starts."""
    start = place
    while start and text[start - 1] in _NAME_CHARS and place - start < 40:
        start -= 1
    return start


def _goes_on(text: str, end: int) -> bool:
    """Tell whether a letter that no name holds stands right behind a name."""
    return text[end : end + 1].isalpha() and text[end] < "\u2000"


_AT_NAME = re.compile(r"(?<![a-z0-9._])@[a-z][a-z0-9_]{3,31}$")


def _behind_name(text: str, place: int) -> bool:
    """Tell whether an ``@name`` ends at ``place``: ``@first@second`` are two."""
    return _AT_NAME.search(text, max(0, place - 34), place) is not None


def _is_glued(before: str) -> bool:
    return before in "#/=&%" or (before.isalpha() and before < "\u0e00")


_BECKONS = re.compile(
    r"(?:(?:联系|联络|加|找|私信|私|咨询|滴|戳|号是|号叫|\bid|liên hệ|nhắn|inbox|contact|пиши|пишите|hubungi|msg|pm|dm|แอด)"
    r"[^\W\da-z]{0,4}[\s:+]{0,3}(?:我\s?)?|[\u2190-\u21ff\u2794-\u27bf\U0001f446-\U0001f449\U0001f4e7-\U0001f4f2][\ufe0f\U0001f3fb-\U0001f3ff]{0,2}\s{0,2})$"
)
"""Asks to write to what follows, or points to it."""


def stands_alone_name(value: str, written: str, before: str) -> bool:
    """Tell whether a name with underscores that no app is named for is an account: ``user_id`` and ``Sales_Staff`` are not,
    unless what stands ``before`` asks to write there."""
    if value.startswith(("http", "url_", "email_", "pin_", "kode_", "code_")) or len(value) > 32:
        return False
    if len(value) > 5 and _BECKONS.search(before):
        return True
    return written == value and (value.count("_") >= 2 or any(char.isdigit() for char in value))
