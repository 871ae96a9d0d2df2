"""Undoes the disguises of words in adverts: look-alike letters, spaced letters, leetspeak, emoji, invisible signs."""

import re
import unicodedata
from collections.abc import Mapping
from itertools import chain, groupby

import numpy as np
import numpy.typing as npt

from crawlers.text.zawgyi import convert_text
from enrichment.text.characters import (
    BIDI,
    BLANK,
    DENSE,
    EMOJI,
    FORMAT,
    GAP,
    SCRIPT,
    SIGN,
    SIZE,
    SPLIT,
    WORD,
    WORD_BREAK,
    ZERO_WIDTH,
    Codes,
    Points,
    Tables,
)
from enrichment.text.emoji_words import LISTS as SIGNS

Edit = tuple[int, int, str]
Mask = npt.NDArray[np.bool_]
Traits = npt.NDArray[np.uint16]

_LATIN, _CYRILLIC = SCRIPT["Latn"], SCRIPT["Cyrl"]
_NATURAL_JOINERS = np.zeros(256, np.bool_)
_NATURAL_JOINERS[
    [number for name, number in SCRIPT.items() if name not in ("Zyyy", "Latn", "Cyrl", "Grek", "Hani", "Hira", "Kana", "Hang")]
] = True


def compositions(raw: str, marks: Mask) -> list[Edit]:
    """Return the edits that bring each letter and its following marks into NFC."""
    edits: list[Edit] = []
    places = np.flatnonzero(marks)
    end = 0
    for place in places.tolist():
        if place < end:
            continue
        start = max(place - 1, end)
        end = place + 1
        while end < len(marks) and marks[end]:
            end += 1
        piece = raw[start:end]
        new = unicodedata.normalize("NFC", piece)
        if new != piece:
            edits.append((start, end, new))
    edits += [
        (m.start(), m.end(), m.group(1) + m.group(2).replace("\u0e32", "\u0e33").replace("\u0eb2", "\u0eb3"))
        for m in _SPLIT_AM.finditer(raw)
    ]
    return sorted(edits)


_CLUSTER = re.compile(
    r"[\u1031\u103b\u107e-\u1084]*[\u1000-\u1030\u1032-\u103a\u103c-\u109f]"
    r"[\u102b-\u1030\u1032-\u103a\u103c-\u103e\u105a-\u107d\u1085-\u109f]*"
)
"""A Zawgyi syllable as typed: what stands before its consonant on screen, the consonant, its signs."""


def zawgyi_clusters(raw: str) -> list[Edit]:
    """Return the edits that bring each Zawgyi syllable into Unicode; together they are what converting the whole text gives."""
    edits = ((match.start(), match.end(), convert_text(match.group())) for match in _CLUSTER.finditer(raw))
    return [edit for edit in edits if edit[2] != raw[edit[0] : edit[1]]]


def has_split_am(raw: str) -> bool:
    """Tell whether Thai or Lao *am* is typed as two signs somewhere in ``raw``."""
    return ("\u0e4d" in raw or "\u0ecd" in raw) and _SPLIT_AM.search(raw) is not None


_SPLIT_AM = re.compile("[\u0e4d\u0ecd]([\u0e48-\u0e4b\u0ec8-\u0ecb]?)([\u0e32\u0eb2])")  # sara am typed as two signs


def reorder_signs(folded: Codes) -> Codes:
    """Return ``folded`` with runs of Burmese signs in one order (medials, vowels, dots), however they were typed."""
    rank = np.zeros(0x42, np.uint8)
    for place, sign in enumerate(
        (0x3B, 0x3C, 0x3D, 0x3E, 0x31, 0x2D, 0x2E, 0x32, 0x2F, 0x30, 0x2B, 0x2C, 0x36, 0x37, 0x3A, 0x38), 1
    ):
        rank[sign] = place
    burmese = (folded >= 0x102B) & (folded <= 0x103E)
    ranks = rank[np.where(burmese, folded - 0x1000, 0x41)]
    if not ((ranks[:-1] > ranks[1:]) & (ranks[1:] > 0)).any():
        return folded
    result = folded.copy()
    run = np.cumsum(np.concatenate(([0], (ranks[1:] > 0) != (ranks[:-1] > 0))))
    order = np.lexsort((ranks, run))  # stable inside a run; everything else keeps its place
    moved = ranks > 0
    result[moved] = folded[order][moved]
    return result


def without_twins(folded: Codes, tables: Tables) -> tuple[Codes, int]:
    """Return ``folded`` with letters borrowed from a look-alike alphabet set right, and how many there were.

    Only words that mix alphabets are touched, or every borrowed letter when the text holds no letter that is surely foreign.
    """
    twin = tables.latin_twin[folded]
    borrowed = twin > 0
    script = tables.script[folded]
    latin = script == _LATIN
    phonetic = borrowed & latin  # small capitals and IPA letters: Latin already, never ordinary spelling
    foreign = borrowed & ~latin
    plain = latin & ~phonetic
    if not plain.any() and not phonetic.any():
        return folded, 0
    certain = (
        (script == _CYRILLIC) | (script == SCRIPT["Grek"]) | (script == SCRIPT["Armn"]) | (script == SCRIPT["Cher"])
    ) & ~borrowed
    other = foreign | certain
    if certain.any() and not phonetic.any() and not ((plain[1:] & other[:-1]) | (other[1:] & plain[:-1])).any():
        return folded, 0  # both alphabets, but no word that mixes them
    change = phonetic.copy()
    result = folded.copy()
    count = 0
    if foreign.any():
        if not certain.any():
            change |= foreign
        else:
            letter = latin | foreign | certain | (folded == SIZE)
            word = np.cumsum(np.concatenate(([0], (letter[1:] != letter[:-1]).astype(np.int64))))
            surely_latin = plain & ~np.isin(folded, _WITH_CYRILLIC_TWIN)
            has = [np.bincount(word, weights=mask)[word] > 0 for mask in (plain, foreign, certain, surely_latin)]
            mixed = has[0] & (has[1] | has[2]) & letter
            cyrillic_text = int((foreign | certain).sum()) > int(plain.sum())
            to_latin = mixed & ~has[2] & (has[3] if cyrillic_text else True)
            change |= to_latin & foreign
            back = mixed & plain & ~to_latin
            if back.any():
                for place in np.flatnonzero(back).tolist():
                    other = _CYRILLIC_TWIN.get(int(folded[place]))
                    if other:
                        result[place] = other
                        count += 1
    result[change] = twin[change]
    return result, count + int(change.sum())


_CYRILLIC_TWIN = {ord(a): ord(b) for a, b in zip("aecopxyktmhbij", "аесорхуктмнвіј", strict=True)}
_WITH_CYRILLIC_TWIN = np.array(list(_CYRILLIC_TWIN), np.uint32)


def dense_gaps(traits: Traits) -> Mask | None:
    """Return which characters part letters of unspaced scripts and are to go; ``None`` when none do."""
    gaps = ((traits & GAP) > 0).nonzero()[0]
    if not len(gaps):
        return None
    # For each run of gap characters: is the character on either side a letter of such a script?
    parted = gaps[1:] != gaps[:-1] + 1
    first = np.concatenate((gaps[:1], gaps[1:][parted]))
    last = np.concatenate((gaps[:-1][parted], gaps[-1:]))
    # The first and the last character of the text have nothing beyond them.
    before = (traits.take(first - 1, mode="wrap") & DENSE > 0) & (first > 0)
    inside = before & (traits.take(last + 1, mode="clip") & DENSE > 0) & (last + 1 < len(traits))
    if not np.count_nonzero(inside):
        return None
    mask = np.zeros(len(traits), np.bool_)
    mask[gaps] = np.repeat(inside, last - first + 1)
    return mask


_MARKS = "".join(chr(code) for code in (*range(0x300, 0x370), *range(0x900, 0xE00)) if unicodedata.category(chr(code))[0] == "M")
_UNIT_LETTER = rf"\S(?:[{_MARKS}]|(?<=[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca])\w)*"
"""A letter with its marks, and with the letters a virama ties to it."""
_SPACED = re.compile(rf"(?<!\S){_UNIT_LETTER}(?: {_UNIT_LETTER}){{2,}}[.,;:!?]*(?!\S)")
_PAIR = re.compile(rf"(?:(?<=  )|(?<=\n)|^){_UNIT_LETTER} {_UNIT_LETTER}[.,;:!?]?(?=  |\n|$)")
_GAPS = re.compile(r"  +")
_DOTTED = re.compile(r"[^\W\d_](?:[.*·_~|][^\W\d_])+(?![^\W_])")
_SPLIT = re.compile(r"[^\W\d_]+(?:[.*·][^\W\d_]+)+(?![\w@/])")
_DOMAIN_END = re.compile(
    r"\.(?:com|net|org|info|asia|vn|me|io|co|cn|th|id|my|ph|kh|la|mm|in|pk|bd|np|lk|fr|br|pt|ru|ke|tz|"
    r"et|kr|jp|hk|"
    r"tw|sg|us|uk|biz|xyz|top|site|online|shop|app|club|vip|cc|tv|gov|edu|jobs|dev|link|live|pro|store|work|icu|ly|life|news|today|world|win|bet|fun|space|website|click|cfd|sbs|tech|group|quest|tk|ml|ga|gq|cf|example|test|invalid|localhost)$"
)
_LONGEST_WORD = 24
"""A longer word with digits is a code, no leetspeak."""
_TOKEN_LIMIT = 80
"""Longer runs without a space are no disguised words."""


def split_words(text: str, traits: Traits, counts: dict[str, int]) -> list[Edit]:
    """Return the edits that join words written letter by letter; two spaces (or a line end) part words."""
    if len(traits) < 5:
        return []
    blank = (traits & BLANK) > 0
    edits: list[Edit] = []
    single = blank[:-2] & ~blank[1:-1] & blank[2:]
    if np.count_nonzero(single[:-2] & single[2:]) or _SPACED.match(text):
        edits = _join_spaced(text, counts)
    word = (traits & WORD) > 0
    parted = (((traits[1:-1] & SPLIT) > 0) & word[:-2] & word[2:]).nonzero()[0]
    if len(parted):
        edits = _merge_edits(edits, _join_dotted(text, (parted + 1).tolist(), counts))
    return edits


def _merge_edits(*lists: list[Edit]) -> list[Edit]:
    """Return the edits of lists that are each in order, in order and each once.

    No set is made of them: a set loses the order, and sorting a million edits without any takes most of a hostile text's time.
    """
    return [edit for edit, _ in groupby(sorted(chain(*lists)))]


def _join_spaced(text: str, counts: dict[str, int]) -> list[Edit]:
    edits: list[Edit] = []
    for match in _SPACED.finditer(text):
        for start, end in _plain_runs(match.group(), match.start()):
            piece = text[start:end]
            letters, digits = sum(char.isalpha() for char in piece), sum(char.isdigit() for char in piece)
            if letters < 3 and digits < (3 if letters or piece == match.group() else 2):
                continue
            places = [place for place, char in enumerate(piece, start) if char == " "]
            edits += [(place, place + 1, "") for place in places]
            counts["spaced"] = counts.get("spaced", 0) + len(places)
    if edits:
        pairs = [(gap, gap + 1, "") for m in _PAIR.finditer(text) for gap in (text.index(" ", m.start()),)]
        edits = _merge_edits(edits, pairs, [(m.start(), m.end() - 1, "") for m in _GAPS.finditer(text)])
    return edits


def _plain_runs(piece: str, at: int) -> list[tuple[int, int]]:
    """Return the stretches of a spaced piece that hold no letter of an unspaced script (those are joined by the dense view)."""
    if not any(char >= "\u0e00" and _is_unspaced(char) for char in piece):
        return [(at, at + len(piece))]
    runs: list[tuple[int, int]] = []
    start = None
    for place, char in enumerate(piece):
        plain = char == " " or char in "_@" or (char in ",.+-" and start is not None) or (char < "\u0e00" and char.isalnum())
        if plain and char != " " and start is None:
            start = place
        elif not plain and start is not None:
            runs.append((at + start, at + len(piece[:place].rstrip())))
            start = None
    if start is not None:
        runs.append((at + start, at + len(piece.rstrip())))
    return [
        (first, last) for first, last in runs if last - first >= 5 or piece[first - at : last - at].replace(" ", "").isdigit()
    ]


def _is_unspaced(char: str) -> bool:
    code = ord(char)
    return 0xE00 <= code <= 0xEFF or 0x1000 <= code <= 0x11FF or 0x1780 <= code <= 0x17FF or 0x2E80 <= code <= 0xD7FF


_UNBROKEN = re.compile(r"[^ \n]*")
"""Folded text has no other white space."""


def _tokens(text: str, places: list[int]) -> list[tuple[int, str]]:
    """Return the runs without white space around ``places``, each once, with their starts."""
    results: list[tuple[int, str]] = []
    end = -1
    for place in places:
        if place < end:
            continue
        low = max(end, place - _TOKEN_LIMIT, 0)
        start = text.rfind(" ", low, place) + 1 or low
        start = text.rfind("\n", start, place) + 1 or start
        end = _UNBROKEN.match(text, place + 1, place + _TOKEN_LIMIT).end()  # type: ignore[union-attr]  # matches nothing, too
        results.append((start, text[start:end]))
    return results


def _join_dotted(text: str, places: list[int], counts: dict[str, int]) -> list[Edit]:
    edits: list[Edit] = []
    for at, token in _tokens(text, places):
        if "@" in token or "/" in token or token.startswith("www."):
            continue
        for pattern in (_DOTTED, _SPLIT):
            for match in pattern.finditer(token):
                piece = match.group()
                if match.start() and token[match.start() - 1].isalnum():
                    continue
                if pattern is _SPLIT and (_DOMAIN_END.search(piece) or not _split_word(piece)):
                    continue
                new = [(at + place, at + place + 1, "") for place, char in enumerate(piece, match.start()) if char in ".*·_~|"]
                edits += new
                counts["dotted"] = counts.get("dotted", 0) + len(new)
            if edits and edits[-1][0] >= at:
                break
    return edits


def _split_word(piece: str) -> bool:
    """Tell a word with a dot in it (``th.ận``) from two sentences with no space between (``công ty.Yêu cầu``)."""
    return min(map(len, re.split(r"[.*·]", piece))) <= 2


_LEET_WORD = re.compile(r"[\w@$!|€£+]+")
_LEET_RUN = re.compile(r"[0134578@$!|€£96+]+")
_VOWELS = frozenset("aeiouyăâêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ034@")
_UNIT = re.compile(r"(?:[a-z][1-9]+|\d+[a-z]{1,2}|\d+[a-z]\d+)[!+$|€£]*$")


_NOTHING = np.zeros(1, np.uint16)


def leet(text: str, traits: Traits, counts: dict[str, int]) -> list[Edit]:
    """Return the edits that read signs inside words as the letters they stand for."""
    signs = ((traits & SIGN) > 0).nonzero()[0]
    if not len(signs):
        return []
    padded = np.concatenate((traits, _NOTHING))
    near = (padded[signs - 1] | padded[signs + 1]) & WORD
    edits: list[Edit] = []
    for at, token in _tokens(text, signs[near > 0].tolist()):
        if ("@" in token and ("." in token or token.startswith("@"))) or ("/" in token and "." in token):
            continue
        for match in _LEET_WORD.finditer(token):
            word = match.group()
            if len(word) <= _LONGEST_WORD and not _UNIT.match(word):
                edits += _read(word, at + match.start(), counts)
    return edits


def _read(word: str, at: int, counts: dict[str, int]) -> list[Edit]:
    edits: list[Edit] = []
    russian = any("\u0430" <= char <= "\u0457" for char in word)
    for run in _LEET_RUN.finditer(word):
        start, end = run.span()
        if not _stands_for_letters(word, start, end):
            continue
        for place in range(start, end):
            new = _cyrillic(word, place) if russian else SIGNS.leet.get(word[place]) or ("l" if _is_l(word, place) else "i")
            if new == word[place]:
                continue
            edits.append((at + place, at + place + 1, new))
            counts["leet"] = counts.get("leet", 0) + 1
    return edits


def _stands_for_letters(word: str, start: int, end: int) -> bool:
    """Tell whether the signs at ``[start, end)`` of a word are read as letters: one, or two that are alike or between letters."""
    length = end - start
    letters = sum(char.isalpha() for char in word)
    if length > 2 or letters < length or start >= len(word.rstrip("!+|$@")) or word[end : end + 1].isdigit():
        return False
    if start == 0:
        return length == 1 and letters >= 2
    between_letters = end < len(word) and word[end].isalpha()
    return length == 1 or between_letters or word[start] == word[start + 1]


def _cyrillic(word: str, place: int) -> str:
    """Return the Cyrillic letter a sign stands for; 3 and 4 are consonants before a vowel (``4ат``), else vowels (``р4б``)."""
    sign = word[place]
    if sign in SIGNS.leet_consonants and (word[place + 1 : place + 2] in _RUSSIAN_VOWELS or place == 0):
        return SIGNS.leet_consonants[sign]
    return SIGNS.leet_cyrillic.get(sign, sign)


_RUSSIAN_VOWELS = frozenset("аеиоуыэюяё0@")


def _is_l(word: str, place: int) -> bool:
    """Tell whether a ``1`` reads as l: before a vowel at the start of a word, between two vowels, and before an i."""
    before, after = word[place - 1 : place] if place else "", word[place + 1 : place + 2]
    if after in ("i", "í", "ì", "1", "!"):
        return True
    return after != "" and after in _VOWELS and (before == "" or before in _VOWELS)


def emoji_words(text: str, traits: Traits, counts: dict[str, int], words: Mapping[str, str]) -> list[Edit]:
    """Return the edits that put the word of ``words`` for each emoji that stands for one, and a country for each flag."""
    edits: list[Edit] = []
    skip = -1
    for place in np.flatnonzero(traits & EMOJI).tolist():
        if place == skip:
            continue
        char = text[place]
        if "\U0001f1e6" <= char <= "\U0001f1ff":
            pair = "".join(
                chr(ord(letter) - 0x1F1E6 + 97) for letter in text[place : place + 2] if "\U0001f1e6" <= letter <= "\U0001f1ff"
            )
            if pair in SIGNS.flags:
                edits.append((place, place + 2, f" {SIGNS.flags[pair]} "))
            skip = place + 1
        else:
            edits.append((place, place + 1, f" {words[char]} "))
    if edits:
        counts["emoji"] = len(edits)
    return edits


def invisible(codes: Points, tables: Tables) -> dict[str, int]:
    """Return how many characters were removed or restyled, by kind; joiners where a script needs them are counted apart."""
    kind = tables.kind[codes]
    counts = {
        "bidi": int((kind == BIDI).sum()),
        "format": int((kind == FORMAT).sum()),
        "full_width": int((((codes >= 0xFF10) & (codes <= 0xFF19)) | ((codes >= 0xFF21) & (codes <= 0xFF5A))).sum()),
        "styled": int(
            (
                ((codes >= 0x1D400) & (codes <= 0x1D7FF))
                | ((codes >= 0x24B6) & (codes <= 0x24E9))
                | ((codes >= 0x1F130) & (codes <= 0x1F189))
            ).sum()
        ),
    }
    hidden = np.flatnonzero((kind == ZERO_WIDTH) | (kind == WORD_BREAK))
    if len(hidden):
        padded = np.concatenate(([0], tables.script[codes], [0]))
        left, right = padded[hidden], padded[hidden + 2]
        natural = _NATURAL_JOINERS[left] | _NATURAL_JOINERS[right] | ((left == 0) & (right == 0))
        counts["joiner"] = int(natural.sum())
        counts["zero_width"] = int((~natural).sum())
    return {name: count for name, count in counts.items() if count}
