"""The small language lure patterns are written in, and its translation to a byte pattern any engine can run in linear time.

============  =============================================================================================
``a b``       the words as written, in any case, with or without diacritics and whatever stands between words
``*``         a short gap inside the sentence (about six words; fourteen letters of Chinese, Japanese, Korean)
``(a|b)``     one of several; ``(a|b)?`` the same or nothing
``word~``     the word with any ending (``~word``: with any beginning)
``s?``        the letter may be missing
``[cs]``      one of these letters
============  =============================================================================================

Nothing else is special, so a pattern can neither back-track nor run away: gaps are bounded and never cross a sentence end.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from itertools import pairwise

import msgspec

from enrichment.lexicon.required_literals import RequiredLiterals, required_literals
from enrichment.lexicon.stream import STOPS, stream_phrase
from enrichment.text.views import bare

_EDGE = "\x01"
"""Stands for a word boundary while a pattern is translated."""
_LONG = re.compile(r"\w{5,}")
"""Words whose marks only tell spellings and forms apart."""
MARKED = 4096
"""Patterns kept compiled with their marks; the least used give way."""
_AT_EDGE = (b" ", b" )?")
"""How what is translated so far ends at a word boundary: with a space, or with something optional that ends in one."""
_SPECIAL = re.compile(r"(\*|~|\(|\)\??|\||\w\?|\x01)")
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\uac00-\ud7a3\U0001F1E6-\U0001FAFF\u2600-\u27bf]"
)
_SPACED = re.compile(r"[A-Za-z\u00c0-\u0dff\u1200-\u139f\u1e00-\u1fff]")
_GAP = re.compile(r"\s*\*\s*")
_LONG_WORDS = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
"""Unspaced scripts whose words take as many letters as elsewhere: Thai, Lao, Burmese, Khmer."""
_THREE_BYTES = re.compile(r"[\u0900-\u0dff\u1200-\u139f]")
_TWO_BYTES = re.compile(r"[\u0370-\u06ff]")


class PatternError(ValueError):
    """A pattern is not well formed; the message says what to write instead."""


class CompiledPattern(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A pattern as bytes for the engines, and the words it is made of."""

    expression: bytes
    wordings: tuple[RequiredLiterals, ...]
    """What it may say, each with pieces of every match, which engines look for first."""
    words: tuple[str, ...]
    """The words as written, with their diacritics."""
    plain: bytes
    """The bytes themselves when the pattern is plain words; empty otherwise."""


_LETTERS = re.compile(r"\[([^\[\]\s]+)\]")


def spelt(pattern: str) -> str:
    """Return ``pattern`` with ``[cs]`` written as ``(c|s)``."""
    return _LETTERS.sub(lambda match: "(" + "|".join(match[1]) + ")", pattern)


_STOPS = frozenset(STOPS + ".")
_FOLDED: dict[bool, dict[str, str]] = {False: {}, True: {}}


def fold_stream(text: str, *, marks: bool = False) -> str:
    """Return ``text`` as it looks in a stream without sentence ends around it, with its ``marks`` as ``marked_text``."""
    known = _FOLDED[marks]
    result = known.get(text)
    if result is None:
        result = known[text] = stream_phrase(text, marks=marks).strip(" .")
    return result


def prepare(patterns: Iterable[str], *, marks: bool = False) -> None:
    """Fold the words of many patterns at once: thirty times faster than one by one.

    Each goes in as one sentence, so that as many sentences come out; words that might be none or several are left to ``folded``.
    """
    split = (token for pattern in patterns for token in _SPECIAL.split(spelt(pattern)))
    known = _FOLDED[marks]
    words = [word for word in {*split} - known.keys() if any(map(str.isalnum, word)) and not _STOPS.intersection(word)]
    parts = stream_phrase("\n".join(words), marks=marks).split(" . ") if words else []
    if len(parts) == len(words):
        known.update(zip(words, (part.strip(" .") for part in parts), strict=True))


def compile_pattern(pattern: str) -> CompiledPattern:
    """Translate ``pattern``; raise PatternError."""
    expression = _translate(pattern)
    if len(re.compile(expression).groupindex) or re.compile(expression).match(b""):
        raise PatternError("the pattern matches the empty text; make one part obligatory")
    fixed = required_literals(expression)
    if fixed is None:
        raise PatternError("nothing obligatory with fixed letters; write at least one word outside (…)?")
    plain = b"" if _SPECIAL.search(spelt(pattern)) else re.sub(rb"\\(.)", rb"\1", expression)
    return CompiledPattern(expression, fixed, words_of(pattern), plain)


@lru_cache(maxsize=MARKED)
def marked_pattern(pattern: str, *, short: bool = False) -> re.Pattern[str]:
    """Return a valid ``pattern`` as it is looked for in ``Stream.marked_text``, where the marks of letters count, or those of
    ``short`` words alone."""
    prepare([pattern], marks=True)
    return re.compile(_translate(pattern, _fold_short if short else partial(fold_stream, marks=True)).decode())


def bare_long(text: str) -> str:
    """Return a text with the marks of its short words alone: they part words (con, còn); those of longer ones, spellings and
    forms of one word (econômica, económica)."""
    return text if text.isascii() else _LONG.sub(lambda match: bare(match[0]), text)


def _fold_short(text: str) -> str:
    return bare_long(fold_stream(text, marks=True))


def words_of(pattern: str) -> tuple[str, ...]:
    """Return the words of a pattern as written."""
    return tuple(word for token in _SPECIAL.split(spelt(pattern)) if not _SPECIAL.fullmatch(token) for word in token.split())


def _translate(pattern: str, folded: Callable[[str], str] = fold_stream) -> bytes:
    pattern = spelt(pattern)
    _check_words(pattern)
    if _UNSPACED.search(pattern) and not _SPACED.search(pattern):  # nothing in it has a word boundary
        pattern = _GAP.sub("*", pattern)
    gap, ending = _sizes(pattern)
    tokens = [token for token in _SPECIAL.split(_bound_words(pattern.strip())) if token]
    if "*" in (pattern.strip()[0], pattern.strip()[-1]):
        raise PatternError("a gap (*) at the start or end looks for nothing; remove it")
    parser = _Parser(tokens, gap, ending, folded)
    expression = parser.sequence()
    if parser.at != len(tokens):
        raise PatternError("')' without '('; remove it or open the group")
    return expression


def _check_words(pattern: str) -> None:
    """Raise PatternError for a pattern without words, or with a bracket that stands alone."""
    if "[" in pattern or "]" in pattern:
        raise PatternError("'[' and ']' stand around letters of which one is there, as in licen[cs]e; close or remove them")
    if pattern.strip() in ("", "*", "~"):
        raise PatternError("empty pattern; write the words to look for")


def _sizes(pattern: str) -> tuple[bytes, bytes]:
    if _LONG_WORDS.search(pattern):
        return b"[^.]{0,72}", b"[^ .]{0,12}"
    if _UNSPACED.search(pattern):
        return b"[^.]{0,42}", b"[^ .]{0,12}"
    if _THREE_BYTES.search(pattern):
        return b"[^.]{0,80}", b"[^ .]{0,24}"
    if _TWO_BYTES.search(pattern):
        return b"[^.]{0,60}", b"[^ .]{0,14}"
    return b"[^.]{0,36}", b"[^ .]{0,8}"


def _bound_words(pattern: str) -> str:
    """Mark the word boundaries at both ends, for each choice of a group that stands there by itself."""
    start, end = _groups(pattern)
    if end is not None:
        head, options, tail = end
        pattern = f"{head}({'|'.join(option + _EDGE * _needs(option, last=True) for option in options)}{tail}"
    elif _needs(pattern, last=True):
        pattern += _EDGE
    if start is not None:
        _, options, tail = _groups(pattern)[0] or start
        return f"({'|'.join(_EDGE * _needs(option, last=False) + option for option in options)}{tail}"
    return _EDGE + pattern if _needs(pattern, last=False) else pattern


def _needs(text: str, *, last: bool) -> bool:
    """Tell whether a word boundary belongs at the end (or start) of ``text``: not beside ``~`` or an unspaced script."""
    plain = text.rstrip("?)" + _EDGE) if last else text.lstrip("(")
    edge = plain[-1:] if last else plain[:1]
    return edge != "~" and has_edge(edge)


def has_edge(char: str) -> bool:
    """Tell whether words of the writing ``char`` belongs to are parted by spaces in a stream."""
    return not _UNSPACED.match(char)


def _groups(pattern: str) -> tuple[tuple[str, list[str], str] | None, tuple[str, list[str], str] | None]:
    """Return the group a pattern starts with and the one it ends with, each as what is before, its choices, and what is after."""
    closes: dict[int, int] = {}
    bars: dict[int, list[int]] = {}
    stack: list[int] = []
    for place, char in enumerate(pattern):
        if char == "(":
            stack.append(place)
            bars[place] = []
        elif char == "|" and stack:
            bars[stack[-1]].append(place)
        elif char == ")" and stack:
            closes[stack.pop()] = place
    results: list[tuple[str, list[str], str] | None] = []
    for opened in (0, next((o for o, c in closes.items() if c == len(pattern.rstrip("?")) - 1), None)):
        closed = closes.get(opened) if opened is not None else None
        if opened is None or closed is None or pattern[opened] != "(":
            results.append(None)
            continue
        cuts = [opened, *bars[opened], closed]
        choices = [pattern[a + 1 : b] for a, b in pairwise(cuts)]
        results.append((pattern[:opened], choices, pattern[closed:]))
    return results[0], results[1]


class _Parser:
    def __init__(self, tokens: list[str], gap: bytes, ending: bytes, fold: Callable[[str], str]) -> None:
        self.tokens, self.gap, self.ending, self.fold = tokens, gap, ending, fold
        self.at = 0
        self.depth = 0

    def sequence(self) -> bytes:
        out = b""
        while self.at < len(self.tokens) and self.tokens[self.at] not in ("|", ")", ")?"):
            piece = self.tokens[self.at]
            before = self.tokens[self.at - 1] if self.at else ""
            self.at += 1
            if piece == _EDGE:
                out += b"" if out.endswith(b" ") else b" "
            elif piece == "*":
                out = self._gap(out)
            elif piece == "~":
                out += b"" if self.at == len(self.tokens) and not self.depth else self.ending
            elif piece == "(":
                out += self._group(out)
            elif len(piece) == 2 and piece[1] == "?":
                out += b"(?:" + re.escape(self.fold(piece[0]).encode()) + b")?"
            else:
                out += self._literal(piece, after_gap=before == "*")
        return out

    def _gap(self, out: bytes) -> bytes:
        """A gap between words (`` * ``) begins and ends at a word boundary; one without spaces anywhere."""
        following = self.tokens[self.at] if self.at < len(self.tokens) else ""
        if out.endswith(_AT_EDGE) and following.startswith(" "):
            self.tokens[self.at] = following.lstrip(" ")
            if not self.tokens[self.at]:
                del self.tokens[self.at]
            return out + b"(?:" + self.gap + b" )?"
        first = following.lstrip(" ")[:1]
        if following.startswith(" ") and first and not _UNSPACED.match(first):
            self.tokens[self.at] = following.lstrip(" ")
            return out + self.gap + b" "
        return out + self.gap

    def _literal(self, piece: str, *, after_gap: bool) -> bytes:
        text = self.fold(piece)
        if piece.strip() and not text:
            raise PatternError(f"{piece.strip()!r} holds nothing that can be matched")
        left = self._space(text[:1]) if piece.startswith(" ") and not after_gap else b""
        right = self._space(text[-1:]) if piece.endswith(" ") and (text or not left) else b""
        return left + re.escape(text.encode()) + right

    @staticmethod
    def _space(beside: str) -> bytes:
        """A space as written; beside a letter of an unspaced script it stands only where another script begins."""
        return b" ?" if beside and _UNSPACED.match(beside) else b" "

    def _group(self, out: bytes) -> bytes:
        self.depth += 1
        options = [self.sequence()]
        while self.at < len(self.tokens) and self.tokens[self.at] == "|":
            self.at += 1
            options.append(self.sequence())
        self.depth -= 1
        if self.at == len(self.tokens):
            raise PatternError("'(' without ')'; close the group")
        optional = self.tokens[self.at] == ")?"
        self.at += 1
        if any(not option.strip() for option in options):
            raise PatternError("an empty choice in (…|…); write (a|b)? for 'or nothing'")
        group = b"(?:" + b"|".join(options) + b")"
        if not optional:
            return group
        if out.endswith(_AT_EDGE) and self.at < len(self.tokens) and self.tokens[self.at].startswith(" "):
            self.tokens[self.at] = self.tokens[self.at][1:]
            if not self.tokens[self.at]:
                del self.tokens[self.at]
            return b"(?:" + b"|".join(options) + b" )?" if len(options) == 1 else b"(?:" + group + b" )?"
        return group + b"?"
