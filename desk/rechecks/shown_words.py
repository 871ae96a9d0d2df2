"""How far a page shows the words of an advert: unchanged, edited, or not; and words by which it says that the advert
ended.

Compared are letters and digits alone, for boards dress an advert anew: capitals, dashes, lists, separators within a number, a
button in the middle. Pay, telephone numbers and handles are compared exactly, for an edit of one digit matters.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from itertools import groupby
from typing import Literal

import msgspec

from crawlers.evidence.kept_pages import page_words, squeeze
from foundation.yaml_limits import read_table

NEAR, PART = 0.98, 0.3
"""Shares of the reported words on a page from which on it shows the advert unchanged, and edited. Below the first a parser's
joints are not to blame; below the second, sentences of the trade that any advert has."""
_PIECE, _STRIDE, _PIECES = 12, 6, 400
"""Letters of a compared piece, letters from one to the next, and the most pieces of a text."""
_JOINT = 2
"""So many pieces in a row miss where a page puts something between two words; a changed word takes more."""
_CUT = "\ue000"
"""Stands for an ellipsis among letters."""
_MASK = r"[*•●✱xX…]{2,}"
_SIGNS_UNTIL = 0x20000
_LEAST_CONTACT = 7
"""Digits of a telephone number, at least."""


class ShownWords:
    """What a page shows of the words of one advert."""

    def __init__(self, words: str, markup: str) -> None:
        self._telling = _telling_words(words)
        self._said = _unmask(page_words(markup), self._telling)
        self._page = _letters(self._said)
        self._own = _letters(squeeze(words))
        starts = range(0, len(self._own) - _PIECE + 1, max(_STRIDE, len(self._own) // _PIECES))
        self._found = [self._own[at : at + _PIECE] in self._page for at in starts]
        self._starts = starts

    @property
    def share(self) -> float:
        """Which share of the advert stands on the page; 0 for one too short to tell."""
        return sum(self._found) / len(self._found) if self._found else 0.0

    @property
    def state(self) -> Literal["up", "edited"] | None:
        """How the page shows the advert; None when it does not."""
        if self.share < PART:
            return None
        until = self._cut_at()
        found = _forgive_joints(self._found[:until])
        shown = self._own[: self._starts[until - 1] + _PIECE] if until < len(self._found) else self._own
        telling = [word for word in self._telling if _letters(word) in shown]
        return "up" if sum(found) >= NEAR * len(found) and all(map(self._stands, telling)) else "edited"

    @property
    def has_contact(self) -> bool:
        """Tell whether a handle or telephone number of the advert stands on the page."""
        contacts = [word for word in self._telling if "@" in word or sum(map(str.isdigit, word)) >= _LEAST_CONTACT]
        return any(map(self._stands, contacts))

    def _stands(self, word: str) -> bool:
        plain = _letters(word)
        return any(
            re.search(rf"(?<!\d){re.escape(own)}(?!\d)", said) for own, said in ((word, self._said), (plain, self._page)) if own
        )

    def _cut_at(self) -> int:
        """Return how many pieces a page shows that breaks the advert off with an ellipsis; all of them where it does not."""
        last = max((at for at, found in enumerate(self._found) if found), default=-1) + 1
        if last < len(self._found) and sum(_forgive_joints(self._found[:last])) >= NEAR * last:
            begin = self._starts[last - 1]
            behind = self._page.find(self._own[begin : begin + _PIECE]) + _PIECE
            if _CUT in self._page[behind : behind + _PIECE]:
                return last
        return len(self._found)


def _forgive_joints(found: list[bool]) -> list[bool]:
    """Count pieces as found that miss only because something stands between two words."""
    results, at = list(found), 0
    for holds, run in groupby(found):
        size = len(list(run))
        if not holds and size <= _JOINT and at and at + size < len(found):
            results[at : at + size] = [True] * size
        at += size
    return results


def _telling_words(text: str) -> set[str]:
    """Return pay, telephone numbers and handles as a page's words have them."""
    found = set()
    for line in text.splitlines():
        for is_telling, run in groupby(line.split(), lambda word: any(sign.isdigit() or sign == "@" for sign in word)):
            found.add(squeeze("".join(run)).strip(".,;:!?()") if is_telling else "")
    return found - {""}


def _unmask(said: str, telling: set[str]) -> str:
    """Write out the numbers whose end a page hides from guests; one of another beginning stays hidden."""
    for word in telling:
        if len(word) >= _LEAST_CONTACT and word.lstrip("+").isdigit():
            for match in re.finditer(rf"(?<!\d){re.escape(word[:3])}\d*{_MASK}\d*", said):
                shown = re.split(_MASK, match[0])[0]
                if word.startswith(shown):
                    said = said.replace(match[0], word)
                    break
    return said


def _letters(text: str) -> str:
    """Return letters, marks and digits alone, without case."""
    plain = unicodedata.normalize("NFKC", text.replace("…", _CUT).replace("...", _CUT))
    return plain.casefold().translate(_signs())


@cache
def _signs() -> dict[int, None]:
    return {code: None for code in range(_SIGNS_UNTIL) if unicodedata.category(chr(code))[0] in "PSZ"}


class EndedWords(msgspec.Struct, frozen=True):
    """What ``ended_words.yml`` holds; each list is of parts of one regular expression."""

    ended: dict[str, dict[Literal["thing", "end"], list[str]]]
    elsewhere_or_later: list[str]
    our_session: list[str]


_WORDS = read_table(__file__, "ended_words.yml", EndedWords)
_BETWEEN = r"[^.!?。！？\n|·]{0,60}?"
"""What may stand between the two: no end of a sentence."""


def _any_of(parts: Iterable[str]) -> re.Pattern[str]:
    return re.compile(unicodedata.normalize("NFC", "|".join(parts)), re.IGNORECASE)


_SAYS_ENDED = [
    _any_of((f"(?:{thing}){_BETWEEN}(?:{end})", f"(?:{end}){_BETWEEN}(?:{thing})"))
    for thing, end in (("|".join(words["thing"]), "|".join(words["end"])) for words in _WORDS.ended.values())
]
_KEPT_FROM_US, _OURS = _any_of(_WORDS.elsewhere_or_later), _any_of(_WORDS.our_session)
"""Words beside an end, and in or before it, that say why a page is not shown: where we are, only today, our session is over."""
_BEFORE, _BEHIND = re.compile(r"[^.!?。！？\n|·]{0,30}$"), re.compile(r"(?:(?! - )[^.!?。！？\n|·,;:，；：–—]){0,40}")
"""Behind a comma or a dash a page that is over leads to other adverts, often those near us."""


def read_end(said: str) -> Literal["ended", "kept", ""]:
    """Tell whether a page that does not show an advert says that it is over, or only that it is kept from us: from where we are,
    today, or as our session is over. ``said`` is what a reader sees of it."""
    plain = unicodedata.normalize("NFC", said)
    found = [match for pattern in _SAYS_ENDED for match in pattern.finditer(plain)]
    if not all(_keeps_it_from_us(plain, match) for match in found):
        return "ended"
    return "kept" if found else ""


def _keeps_it_from_us(said: str, end: re.Match[str]) -> bool:
    before, behind = _BEFORE.search(said[max(0, end.start() - 30) : end.start()]), _BEHIND.match(said, end.end())
    so_far = f"{before[0] if before else ''}{end[0]}"
    return bool(_OURS.search(so_far) or _KEPT_FROM_US.search(f"{so_far}{behind[0] if behind else ''}"))
