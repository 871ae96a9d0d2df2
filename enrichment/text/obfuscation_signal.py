"""Letters a text hides its words behind: look-alikes of other scripts, zero-width characters, letters spaced or dotted apart.

Emoji and joiners are left out, for honest adverts use them; a digit for a letter or two is ordinary chat.
"""

from typing import NamedTuple
from unicodedata import category

from enrichment.text.views import Views

KINDS = {
    "confusables": "look-alike letters of another script",
    "zero_width": "zero-width characters",
    "bidi": "direction marks",
    "spaced": "spaced letters",
    "dotted": "dotted letters",
    "leet": "digits for letters",
}
"""The kinds of ``Views.removed`` that hide words, as people name them."""
CHAT = 2
"""So many digits for letters, and dots in words, are ordinary chat."""
LEAST = 3
"""Fewer than this may be a slip."""


class Obfuscation(NamedTuple):
    """How many characters had to be undone, by kind, and the word of the raw text where it begins."""

    counts: dict[str, int]
    start: int
    end: int


def obfuscation(seen: Views) -> Obfuscation | None:
    """Return what hides words in a text, or ``None`` when hardly anything does."""
    counts = {}
    for kind in KINDS:
        number = seen.removed.get(kind, 0)
        if number and kind in ("leet", "dotted"):
            number -= CHAT
        if number > 0:
            counts[kind] = number
    if sum(counts.values()) < LEAST:
        return None
    start, end = _first(seen)
    return Obfuscation(counts, start, end)


def _first(seen: Views) -> tuple[int, int]:
    """Return the span of the first word that is not written as it reads."""
    raw, start = seen.raw, _undone(seen)
    end = start + 1
    while start > 0 and not raw[start - 1].isspace():
        start -= 1
    while end < len(raw) and not raw[end].isspace():
        end += 1
    return start, end


def _undone(seen: Views) -> int:
    raw, plain, undone = seen.raw, seen.folded, seen.unleet
    if undone is not plain:
        return plain.offset(next(at for at, pair in enumerate(zip(plain.text, undone.text, strict=False)) if pair[0] != pair[1]))
    invisible = next((at for at, char in enumerate(raw) if category(char) == "Cf"), len(raw) - 1)
    places = (plain.offset(at) for at, char in enumerate(plain.text) if char.isascii() != raw[plain.offset(at)].isascii())
    return min(invisible, next(places, invisible))
