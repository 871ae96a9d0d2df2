"""Finds where a telephone number in running text begins and ends."""

import re
from collections.abc import Sequence

from enrichment.contacts.countries import looks_at_home

_WHOLE = 8
"""Digits and separators from which on a number may be whole."""
_ODD = re.compile(r"(?<!\d)(?:\d{2,4}(?:[乀丨]\d{2,4}){1,4}|\+?\d{2,4}(?:([_*~|\n])\d{2,4})(?:\1\d{2,6}){1,4})(?![\d_*~|])")
_ODD_SEEN = "乀丨_*~|"
_ODD_NEAR = re.compile(r"[乀丨_*~|](?<=\d.)(?=\d)")
_PARTED_LINES = re.compile(r"\n(?<=\d\n)\d")
_ODD_SIGNS = re.compile(r"[乀丨_*~|\n]")


def plain_signs(text: str) -> str:
    """Return ``text`` with hyphens between digits that odd signs or line ends part (``0500_000_142``); its length stays.

    Only what starts as numbers do, with 0 or a plus sign, is taken for one parted by signs that part other things too.
    """

    def plain_sign(match: re.Match[str]) -> str:
        piece = match.group()
        return _ODD_SIGNS.sub("-", piece) if match.group(1) is None or piece[0] in "0+" else piece

    seen = (any(map(text.__contains__, _ODD_SEEN)) and _ODD_NEAR.search(text)) or _PARTED_LINES.search(text)
    return _ODD.sub(plain_sign, text) if seen else text


_LAST_GROUP = re.compile(r"[ .,\-()·]+\d{1,4}$")
_LATIN_TAIL = re.compile(r"[^\W\d_\u0e00-\uffff]+$")


_FIRST_GROUP = re.compile(r"\d+(?=[ .()\-·]* )[ .()\-·]+")


def behind_figure(text: str, start: int, end: int) -> int:
    """Return where the digits begin that follow the end of a figure (``40,000. 0500 000 142``): ``start`` where none does."""
    if start > 1 and text[start - 1] in ".," and text[start - 2].isdigit():
        first = _FIRST_GROUP.match(text, start, end)
        return first.end() if first else start
    return start


def without_unit(text: str, start: int, end: int) -> int:
    """Return ``end`` without a last group that a unit is written against (``0857 2708 8813 24jam``)."""
    if not text[end : end + 1].isalpha() or text[end] >= "\u0500":
        return end
    last = _LAST_GROUP.search(text, max(start, end - 8), end)
    return last.start() if last and last.start() - start >= _WHOLE else end


def stands_alone(text: str, start: int, end: int, countries: Sequence[str]) -> bool:
    """Tell whether the number is whole: no part of a word, a code, a figure or an address."""
    first, last = _widen_by_underscores(text, start, end)
    ruled = last - end > 1 or start - first > 1  # "____0500000142__", bold or underlined
    before = text[first - 1] if first else " "
    after = text[last] if last < len(text) else " "
    if not ruled and (first < start or last > end):
        return False
    if before == "#" and text[start] in "0+":  # "#0912345678", no hashtag
        before = " "
    if before.isdigit() or before in "@#$&=%" or _is_dial_code(text, first, before, after):
        return False
    if before.isalpha() and before < "\u0e00" and not _letter_ok(text, start, text[start:end], countries):
        return False
    if before in ".,/:" and start > 1 and text[start - 2].isdigit():
        return before == "/" and text[start : start + 1] in "0+"
    return _ends(text, start, end, after, countries)


def _widen_by_underscores(text: str, start: int, end: int) -> tuple[int, int]:
    """Return ``[start, end)`` with the underscores around it."""
    while text[start - 1 : start] == "_" and start:
        start -= 1
    while text[end : end + 1] == "_":
        end += 1
    return start, end


def _is_dial_code(text: str, first: int, before: str, after: str) -> bool:
    """Tell whether a number is part of a code to dial: ``*123*0912345678#``."""
    return before == "*" and (after == "#" or text[max(0, first - 2) : first - 1].isdigit())


def _ends(text: str, start: int, end: int, after: str, countries: Sequence[str]) -> bool:
    """Tell whether the number ends before ``after``."""
    if after.isalpha() and after < "\u0500" and text[end + 1 : end + 2].isdigit():
        return False  # a code
    if after in "@%" or (after.isalpha() and after < "\u0500" and text[end : end + 2] not in ("h ", "x ")):
        return after.isalpha() and (not text[end : end + 3].isalpha() or _mobile_at_home(text[start:end], countries))
    return True


_LABELS = "zalo zl tel telp wa whatsapp sdt sđt đt dt lh hp v vx wx line viber call sms tg to no hub ph"
_GLUED_LABELS = frozenset(_LABELS.split())


def _letter_ok(text: str, start: int, piece: str, countries: Sequence[str]) -> bool:
    """Allow a label written against the number (``zalo0912…``, ``v13…``), and any word where the number is plainly one."""
    word = _LATIN_TAIL.search(text, max(0, start - 12), start)
    return word is not None and (word.group() in _GLUED_LABELS or (len(word.group()) > 1 and _mobile_at_home(piece, countries)))


def _mobile_at_home(piece: str, countries: Sequence[str]) -> bool:
    """Tell whether ``piece`` is written with its trunk 0 as the likeliest country writes mobile numbers."""
    return piece[0] == "0" and any(looks_at_home(piece, country) for country in countries[:1])
