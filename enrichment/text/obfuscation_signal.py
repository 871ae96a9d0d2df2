"""Letters a text hides its words behind: look-alikes of other scripts, zero-width characters, letters spaced or dotted apart.

Emoji and joiners are left out, for honest adverts use them; a digit for a letter or two is ordinary chat.
"""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple
from unicodedata import category

from enrichment.text.views import Views
from foundation.messages import _

KINDS = {
    "confusables": _("look-alike letters of another script"),
    "zero_width": _("zero-width characters"),
    "bidi": _("direction marks"),
    "spaced": _("spaced letters"),
    "dotted": _("dotted letters"),
    "leet": _("digits for letters"),
}
"""The kinds of ``Views.disguise_counts`` that hide words, as people name them."""
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
        number = seen.disguise_counts.get(kind, 0)
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
    raw = seen.raw
    start = min(_undone(seen), default=0)
    end = start + 1
    while start > 0 and not raw[start - 1].isspace():
        start -= 1
    while end < len(raw) and not raw[end].isspace():
        end += 1
    return start, end


def _undone(seen: Views) -> Iterator[int]:
    """Yield where each kind of disguise begins in the raw text. None is sure to leave a trace: undoing may restore a letter."""
    raw, plain = seen.raw, seen.folded_view
    split = (at for at, (old, new) in enumerate(zip(plain.text, seen.unleet.text, strict=False)) if old != new)
    hidden = (at for at, char in enumerate(raw) if category(char) == "Cf")
    twins = (at for at, char in enumerate(plain.text) if char.isascii() != raw[plain.offset(at)].isascii())
    yield from map(plain.offset, islice(split, 1))
    yield from islice(hidden, 1)
    yield from map(plain.offset, islice(twins, 1))
