"""The small language lure patterns are written in, and its translation to a byte pattern any engine can run in linear time.

============  =============================================================================================
``a b``       the words as written, in any case, with or without diacritics and whatever stands between words
``*``         a short gap inside the sentence (about six words; in unspaced scripts about twelve characters)
``(a|b)``     one of several; ``(a|b)?`` the same or nothing
``word~``     the word with any ending (``~word``: with any beginning)
``s?``        the letter may be missing
============  =============================================================================================

Nothing else is special, so a pattern can neither back-track nor run away: gaps are bounded and never cross a sentence end.
"""

import re
from dataclasses import dataclass

from enrichment.stream import streamed

_SPECIAL = re.compile(r"(\*|~|\(|\)\??|\||\w\?)")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\uac00-\ud7a3\U0001F1E6-\U0001FAFF\u2600-\u27bf]")
_THREE_BYTES = re.compile(r"[\u0900-\u0dff\u1200-\u139f]")
_TWO_BYTES = re.compile(r"[\u0370-\u06ff]")


class PatternError(ValueError):
    """A pattern is not well formed; the message says what to write instead."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A pattern as bytes for the engines, and the words it is made of."""

    expression: bytes
    literals: tuple[bytes, ...]
    """Fixed pieces of which at least one occurs in every match (for engines that look for fixed text first)."""
    words: tuple[str, ...]
    """The words as written, with their diacritics."""


def compiled(pattern: str) -> Compiled:
    """Translate ``pattern``; raise PatternError."""
    if not pattern.strip() or pattern.strip() in ("*", "~"):
        raise PatternError("empty pattern; write the words to look for")
    gap, ending = _sizes(pattern)
    tokens = [token for token in _SPECIAL.split(pattern.strip()) if token]
    if tokens[0] == "*" or tokens[-1] == "*":
        raise PatternError("a gap (*) at the start or end looks for nothing; remove it")
    parser = _Parser(tokens, gap, ending)
    body = parser.sequence()
    if parser.at != len(tokens):
        raise PatternError("')' without '('; remove it or open the group")
    first, last = pattern.strip().lstrip("("), pattern.strip().rstrip(")?")
    left = b"" if pattern.startswith("~") or _UNSPACED.match(first) else b" "
    right = b"" if pattern.endswith("~") or _UNSPACED.search(last[-1:]) else b" "
    if pattern.startswith("(") or pattern.rstrip("?").endswith(")"):
        left, right = parser.edges(pattern, left, right)
    expression = left + body + right
    if len(re.compile(expression).groupindex) or re.compile(expression).match(b""):
        raise PatternError("the pattern matches the empty text; make one part obligatory")
    literals = parser.required()
    words = tuple(word for token in tokens if not _SPECIAL.fullmatch(token) for word in token.split())
    return Compiled(expression, literals, words)


def _sizes(pattern: str) -> tuple[bytes, bytes]:
    if _UNSPACED.search(pattern):
        return b"[^.]{0,42}", b"[^ .]{0,12}"
    if _THREE_BYTES.search(pattern):
        return b"[^.]{0,80}", b"[^ .]{0,24}"
    if _TWO_BYTES.search(pattern):
        return b"[^.]{0,60}", b"[^ .]{0,14}"
    return b"[^.]{0,36}", b"[^ .]{0,8}"


class _Parser:
    def __init__(self, tokens: list[str], gap: bytes, ending: bytes) -> None:
        self.tokens, self.gap, self.ending = tokens, gap, ending
        self.at = 0
        self.pieces: list[tuple[bytes, ...]] = []
        self.depth = 0

    def sequence(self) -> bytes:
        out = b""
        while self.at < len(self.tokens) and self.tokens[self.at] not in ("|", ")", ")?"):
            token = self.tokens[self.at]
            before = self.tokens[self.at - 1] if self.at else ""
            self.at += 1
            if token == "*":
                out = self._gap(out)
            elif token == "~":
                out += b"" if self.at == len(self.tokens) and not self.depth else self.ending
            elif token == "(":
                out += self._group(out)
            elif len(token) == 2 and token[1] == "?":
                out += b"(?:" + re.escape(streamed(token[0]).encode()) + b")?"
            else:
                out += self._literal(token, after_gap=before == "*")
        return out

    def _gap(self, out: bytes) -> bytes:
        """A gap between words (`` * ``) begins and ends at a word boundary; one without spaces anywhere."""
        following = self.tokens[self.at] if self.at < len(self.tokens) else ""
        if out.endswith(b" ") and following.startswith(" "):
            self.tokens[self.at] = following.lstrip(" ")
            if not self.tokens[self.at]:
                del self.tokens[self.at]
            return out + b"(?:" + self.gap + b" )?"
        return out + self.gap

    def _literal(self, token: str, *, after_gap: bool) -> bytes:
        text = streamed(token)
        if token.strip() and not text:
            raise PatternError(f"{token.strip()!r} holds nothing that can be matched")
        if text and not self.depth:
            self.pieces.append((text.encode(),))
        left = b" " if token.startswith(" ") and not after_gap else b""
        right = b" " if token.endswith(" ") and (text or not left) else b""
        return left + re.escape(text.encode()) + right

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
            fixed = tuple(piece for option in options if (piece := _fixed(option)))
            if not self.depth and len(fixed) == len(options):
                self.pieces.append(fixed)
            return group
        if out.endswith(b" ") and self.at < len(self.tokens) and self.tokens[self.at].startswith(" "):
            self.tokens[self.at] = self.tokens[self.at][1:]
            if not self.tokens[self.at]:
                del self.tokens[self.at]
            return b"(?:" + b"|".join(options) + b" )?" if len(options) == 1 else b"(?:" + group + b" )?"
        return group + b"?"

    def edges(self, pattern: str, left: bytes, right: bytes) -> tuple[bytes, bytes]:
        """Word boundaries for a pattern that begins or ends with a choice: none when any choice is in an unspaced script."""
        if pattern.startswith("("):
            first = pattern[1 : pattern.index(")")]
            left = b"" if any(_UNSPACED.match(choice.strip()) or choice.startswith("~") for choice in first.split("|")) else b" "
        tail = pattern.rstrip("?")
        if tail.endswith(")"):
            last = tail[tail.rindex("(") + 1 : -1]
            right = b"" if any(_UNSPACED.search(choice.strip()[-1:]) or choice.endswith("~") for choice in last.split("|")) else b" "
        return left, right

    def required(self) -> tuple[bytes, ...]:
        """Return the choice of pieces whose shortest member is longest: the rarest thing to look for first."""
        pieces = [tuple(piece.strip() for piece in choice) for choice in self.pieces]
        pieces = [choice for choice in pieces if all(choice)]
        if not pieces:
            raise PatternError("nothing obligatory with fixed letters; write at least one word outside (…)?")
        return max(pieces, key=lambda choice: min(len(piece) for piece in choice))


def _fixed(option: bytes) -> bytes:
    """Return the longest plain run inside a translated choice."""
    plain = re.sub(rb"\(\?:.*\)\??|\[\^ ?\.\]\{0,\d+\}", b"\x00", option).replace(b"\\", b"")
    return max(plain.split(b"\x00"), key=len).strip()
