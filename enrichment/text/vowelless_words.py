"""Undoing words typed without their vowels (``pspr`` for paspor, ``mrnong`` for marunong), as people type in id, ms, tl and sw,
and words spelled syllable by syllable in scripts whose letters join.

A token that is no known word is read as the one known word with the same consonants; the words known are those of the lexicon.
"""

import re
from collections.abc import Iterable, Mapping

from enrichment.text.views import View

LANGUAGES = frozenset({"id", "ms", "tl", "sw"})
FEWEST = 3
"""With fewer shortened words than this a text is not written that way, and is left alone."""
_TOKEN = re.compile(r"[a-z]{3,12}")
_BONES = re.compile(r"\b[b-df-hj-np-tv-xz]{3,}\b")
"""Words without any vowel: a text written short has some."""
_VOWELS = str.maketrans("", "", "aeiou")


def vowelless_forms(words: Iterable[str]) -> dict[str, str]:
    """Return the word for each run of consonants; runs shared by several words stand for none. Words themselves map to ``""``."""
    table: dict[str, str | None] = {}
    spelled = {word for word in words if len(word) > 3 and word.isascii() and word.isalpha()}
    for word in spelled:
        bones = word.translate(_VOWELS)
        if len(bones) >= 3 and len(bones) < len(word):
            table[bones] = None if bones in table else word
    results = {bones: word for bones, word in table.items() if word and bones not in spelled}
    results.update(dict.fromkeys(spelled, ""))
    return results


def expand_words(view: View, table: Mapping[str, str]) -> View:
    """Return the view with shortened words written out, or the view itself when too few are."""
    if len(_BONES.findall(view.text)) < FEWEST - 1:
        return view
    edits = []
    for match in _TOKEN.finditer(view.text):
        token = match.group()
        if token in table and not table[token]:
            continue
        word = table.get(token.translate(_VOWELS))
        if word and len(word) > len(token) and word[0] == token[0]:
            edits.append((match.start(), match.end(), word))
    return view.apply_edits("shortened", edits) if len(edits) >= FEWEST else view


JOINING = frozenset({"Arab", "Deva", "Beng", "Guru", "Gujr", "Orya", "Taml", "Telu", "Knda", "Mlym", "Sinh", "Mymr", "Ethi"})
"""Scripts that are spelled syllable by syllable."""
_SIGN = r"[\u0900-\u0dff\u1000-\u109f\u1200-\u139f\u0600-\u06ff]{1,4}"
_SYLLABLES = re.compile(rf"(?<!\S){_SIGN}(?: {_SIGN}){{3,}}(?!\S)")
_LONGEST = 2.6
"""Mean length of the pieces above which a run is ordinary short words."""


def rejoin_words(view: View) -> View:
    """Return the view with words spelled syllable by syllable joined (``চ্যা ট  অ প া রে ট র``); two spaces part words."""
    edits = []
    for match in _SYLLABLES.finditer(view.text):
        pieces = match.group().split(" ")
        if sum(map(len, pieces)) / len(pieces) <= _LONGEST:
            places = [place for place, char in enumerate(match.group(), match.start()) if char == " "]
            edits += [(place, place + 1, "") for place in places]
    return view.apply_edits("rejoined", edits) if edits else view
