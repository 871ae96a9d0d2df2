"""Rewrites an advertiser could make to silence a lure: what he may add, and how he may disfigure it.

The words of the additions are carried by language in ``additions.yml``, those to tune on beside the training texts,
others beside the held-out texts. A rewrite returns the posts it makes: one, or two where the lure is parted.
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from evaluation.measures import DataError

MARKS = {"ru": "«»", "fr": "«»", "es": "«»", "ja": "「」"}
"""Quotation marks by language; others use “”."""
_LATIN, _CYRILLIC = "aceiopsxyABCEHIKMOPTX", "асеіорѕхуАВСЕНІКМОРТХ"
ALIKE = str.maketrans(_LATIN + _CYRILLIC, _CYRILLIC + _LATIN)
"""Letters that look alike (Unicode confusables, UTS #39)."""
EMOJI = "🔥💰✨✅🌟"
STEP = 8
"""Characters between two emoji in scripts that write no spaces between words."""
_PIECES = re.compile(r"\S+")
_DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_ENDS = re.compile(r"(?<=[.!?。！？।။።។؟\n])\s*|(?<=[,，、，、၊፣]) *")


class Lure(NamedTuple):
    """A text to rewrite."""

    text: str
    handles: Sequence[tuple[int, int]]
    """Where its contacts stand."""
    added: Mapping[str, str]
    """What may be added in its language, by name."""
    foreign: str
    """An honest advert in another language."""
    marks: str


Rewrite = Callable[[Lure], Sequence[str]]


def _below(name: str) -> Rewrite:
    return lambda lure: [f"{lure.text}\n{lure.added[name]}"]


def _above(name: str) -> Rewrite:
    return lambda lure: [f"{lure.added[name]}\n{lure.text}"]


def _quoted(lure: Lure) -> list[str]:
    return [f"{lure.marks[0]}{lure.text}{lure.marks[1]}"]


def _forwarded(lure: Lure) -> list[str]:
    return [f"{lure.added['forwarded']}\n{_quoted(lure)[0]}"]


def _warned_of(lure: Lure) -> list[str]:
    """Quote it under a warning, its contacts taken out and one left behind the marks."""
    text = lure.text
    for start, end in sorted(lure.handles, reverse=True):
        text = text[:start] + text[end:]
    return [f"{lure.added['warning']} HR Linda 2026: {lure.marks[0]}{text}{lure.marks[1]} Telegram @example_hr88"]


def _padded(lure: Lure) -> list[str]:
    return [f"{lure.text}\n\n{lure.foreign}"]


def _with_emoji(lure: Lure) -> list[str]:
    """Put one behind each third word, or each eighth ideograph."""
    count = 0

    def noisy(match: re.Match[str]) -> str:
        nonlocal count
        count += 1
        word = match[0]
        if len(word) > STEP and _DENSE.search(word) and "@" not in word:
            return EMOJI[count % len(EMOJI)].join(word[place : place + STEP] for place in range(0, len(word), STEP))
        return f"{word} {EMOJI[count % len(EMOJI)]}" if count % 3 == 0 else word

    return [_PIECES.sub(noisy, lure.text)]


def _punctuated(lure: Lure) -> list[str]:
    """Part each second pair of words by stars and strokes."""
    words = lure.text.split(" ")
    return ["".join(word + (" *|* " if number % 2 else " ") for number, word in enumerate(words)).rstrip(" *|")]


def _alike(lure: Lure) -> list[str]:
    """Disfigure each second word; handles stay as they must be typed."""
    count = 0

    def disfigured(match: re.Match[str]) -> str:
        nonlocal count
        count += 1
        spared = any(start < match.end() and match.start() < end for start, end in lure.handles)
        return match[0] if spared or count % 2 else match[0].translate(ALIKE)

    return [_PIECES.sub(disfigured, lure.text)]


def _split(lure: Lure) -> list[str]:
    """Write each handle in two parts."""
    text = lure.text
    for start, end in sorted(lure.handles, reverse=True):
        middle = (start + end + 1) // 2
        text = f"{text[:middle]} {text[middle:]}"
    return [text]


def _parted(lure: Lure) -> list[str]:
    """Part the text at the end of the sentence or clause nearest to its middle, else in the middle."""
    ends = [match.end() for match in _ENDS.finditer(lure.text)]
    inner = [end for end in ends if 0 < end < len(lure.text)] or [len(lure.text) // 2]
    middle = min(inner, key=lambda end: abs(end - len(lure.text) / 2))
    return [lure.text[:middle].strip(), lure.text[middle:].strip()]


ADDITIONS = ("warning", "impostors", "fake_recruiters", "disclaimer", "questions", "honest_terms", "honest_advert")
COMBINED: Mapping[str, Rewrite] = {
    "homoglyphs": _alike,
    "split handles": _split,
    **{name.replace("_", " "): _below(name) for name in ADDITIONS[:-1]},
    "honest advert first": _above("honest_advert"),
    "foreign padding": _padded,
    "forwarded and quoted": _forwarded,
    "emoji": _with_emoji,
}
"""Rewrites of which any two are combined, in this order."""
REWRITES: Mapping[str, Rewrite] = {
    **COMBINED,
    **{f"{name.replace('_', ' ')} first": _above(name) for name in ADDITIONS[:-1]},
    "quoted": _quoted,
    "quoted under a warning, contact outside": _warned_of,
    "punctuation": _punctuated,
    "two posts": _parted,
}
"""All rewrites; a lure in two posts is found when either post is flagged."""


class Attacks:
    """The library of one file of wordings."""

    def __init__(self, path: Path) -> None:
        """Read the additions; raise DataError where the file cannot be read, naming the fault."""
        try:
            self._words = msgspec.yaml.decode(path.read_bytes(), type=dict[str, dict[str, tuple[str, ...]]])
        except (OSError, msgspec.DecodeError) as exc:
            raise DataError(f"{path}: {exc}; each language has additions, and each addition a list of wordings") from exc

    @property
    def languages(self) -> list[str]:
        """Languages whose additions are carried."""
        return sorted(self._words)

    def language(self, code: str) -> str | None:
        """Return the language whose additions suit a text in ``code`` (``zh-Hant``, ``en/tl``); None where there are none."""
        base = re.split("[-/]", code)[0]
        return base if base in self._words else None

    def lure(self, id: str, text: str, language: str, handles: Sequence[tuple[int, int]]) -> Lure:
        """Return a text with what may be added to it: the same for the same id."""
        number = int.from_bytes(hashlib.sha256(id.encode()).digest()[:4], "big")
        added = {name: entries[number % len(entries)] for name, entries in self._words[language].items()}
        others = [code for code in self.languages if code != language]
        foreign = self._words[others[number % len(others)]]["honest_advert"]
        return Lure(text, handles, added, foreign[number % len(foreign)], MARKS.get(language, "“”"))


def combined(lure: Lure, first: str, second: str) -> list[str]:
    """Return the posts of two rewrites, ``second`` upon ``first``; they stand in the order of ``COMBINED``."""
    text = COMBINED[first](lure)[0]
    moved = 0 if len(text) == len(lure.text) else text.find(lure.text)
    handles = [(start + moved, end + moved) for start, end in lure.handles] if moved >= 0 else ()
    return list(COMBINED[second](lure._replace(text=text, handles=handles)))
