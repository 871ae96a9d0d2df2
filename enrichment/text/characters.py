"""Tables of Unicode code points: the kind of each and its folded form.

One table look-up per character replaces a chain of ``normalize``, ``casefold`` and ``translate`` calls. The tables are
built once per process on first use.
"""

import unicodedata
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from crawlers.text.chinese import simplified_pairs
from enrichment.text.emoji_words import EMOJI_WORDS

Codes = npt.NDArray[np.uint32]
Points = npt.NDArray[np.intp]
"""Code points as they index tables: look-ups by any narrower type take twice as long."""
SIZE = 0x110000
DROP = np.uint32(SIZE)
"""Folds to nothing."""
EXPAND = np.uint32(SIZE + 1)
"""Folds to several characters; look them up in ``Tables.expansions``."""
SENTENCE_ENDS = "!?！？。｡؟۔।॥။។៕።፧"
"""Signs that end a sentence wherever they stand; a full stop does before a space, and a line ends one too."""

SCRIPTS: tuple[tuple[str, tuple[tuple[int, int], ...]], ...] = (
    ("Zyyy", ()),
    ("Latn", ((0x41, 0x5A), (0x61, 0x7A), (0xC0, 0x24F), (0x250, 0x2AF), (0x1D00, 0x1D7F), (0x1E00, 0x1EFF), (0x2C60, 0x2C7F),
              (0xA720, 0xA7FF), (0xAB30, 0xAB64), (0xFB00, 0xFB06), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A))),
    ("Cyrl", ((0x400, 0x52F), (0x1C80, 0x1C8F), (0x2DE0, 0x2DFF), (0xA640, 0xA69F))),
    ("Grek", ((0x370, 0x3E1), (0x3F0, 0x3FF), (0x1F00, 0x1FFF))),
    ("Hani", ((0x2E80, 0x2FD5), (0x3005, 0x3007), (0x3021, 0x3029), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAD9),
              (0x20000, 0x323AF))),
    ("Hira", ((0x3041, 0x309F),)),
    ("Kana", ((0x30A1, 0x30FA), (0x30FC, 0x30FF), (0x31F0, 0x31FF), (0xFF66, 0xFF9D))),
    ("Hang", ((0x1100, 0x11FF), (0x3131, 0x318E), (0xA960, 0xA97C), (0xAC00, 0xD7A3), (0xD7B0, 0xD7FB), (0xFFA0, 0xFFDC))),
    ("Thai", ((0xE01, 0xE3A), (0xE40, 0xE5B))),
    ("Laoo", ((0xE81, 0xEDF),)),
    ("Khmr", ((0x1780, 0x17FF), (0x19E0, 0x19FF))),
    ("Mymr", ((0x1000, 0x109F), (0xA9E0, 0xA9FE), (0xAA60, 0xAA7F))),
    ("Arab", ((0x600, 0x6FF), (0x750, 0x77F), (0x870, 0x8FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC))),
    ("Hebr", ((0x591, 0x5F4), (0xFB1D, 0xFB4F))),
    ("Deva", ((0x900, 0x97F), (0xA8E0, 0xA8FF))),
    ("Beng", ((0x980, 0x9FE),)),
    ("Guru", ((0xA01, 0xA76),)),
    ("Gujr", ((0xA81, 0xAFF),)),
    ("Orya", ((0xB01, 0xB77),)),
    ("Taml", ((0xB82, 0xBFA),)),
    ("Telu", ((0xC00, 0xC7F),)),
    ("Knda", ((0xC80, 0xCF3),)),
    ("Mlym", ((0xD00, 0xD7F),)),
    ("Sinh", ((0xD81, 0xDF4),)),
    ("Tibt", ((0xF00, 0xFDA),)),
    ("Geor", ((0x10A0, 0x10FF), (0x1C90, 0x1CBF))),
    ("Armn", ((0x531, 0x58F), (0xFB13, 0xFB17))),
    ("Ethi", ((0x1200, 0x139F), (0x2D80, 0x2DDE), (0xAB01, 0xAB2E))),
    ("Cher", ((0x13A0, 0x13FD), (0xAB70, 0xABBF))),
    ("Mong", ((0x1800, 0x18AA),)),
)  # fmt: skip
"""ISO 15924 codes with their main blocks (Unicode 15 Blocks.txt and Scripts.txt); the position is the script's number."""
SCRIPT = {name: number for number, (name, _) in enumerate(SCRIPTS)}
UNSPACED = tuple(SCRIPT[name] for name in ("Hani", "Hira", "Kana", "Thai", "Laoo", "Khmr", "Mymr"))
"""Scripts whose words are not separated by spaces."""

# What a character is; one number per code point.
OTHER, LETTER, MARK, DIGIT, SPACE, SYMBOL, VARIATION, ZERO_WIDTH, BIDI, FORMAT, WORD_BREAK = range(11)

# What a folded character may take part in; a set of bits per code point, so that one look-up tells which disguises are possible.
WORD, DENSE, SIGN, SPLIT, GAP, EMOJI, TWIN = (1 << bit for bit in range(7))
SPECIAL, BURMESE, COMPOSES, HIDDEN, STYLED, BLANK, ACCENT = (1 << bit for bit in range(7, 14))

_ZERO_WIDTH = {0xAD, 0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x200C, 0x200D, 0x2060, 0x2061, 0x2062, 0x2063, 0x2064,
               0x3164, 0xFEFF, 0xFFA0}  # fmt: skip
_BIDI = {0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
_ARABIC = {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ی", "ي": "ی", "ئ": "ی", "ة": "ه", "ۀ": "ه", "ۂ": "ه", "ہ": "ه",
    "ھ": "ه",
           "ە": "ه", "ك": "ک", "ؤ": "و", "ـ": "", "ٔ": "", "ء": ""}  # fmt: skip
_ETHIOPIC = {
    old + order: new + order
    for old, new in ((0x1210, 0x1200), (0x1280, 0x1200), (0x1220, 0x1230), (0x12D0, 0x12A0), (0x1340, 0x1338))
    for order in range(7)
} | {0x1203: 0x1200, 0x1213: 0x1200, 0x1283: 0x1200, 0x12A3: 0x12A0, 0x12D3: 0x12A0}  # fmt: skip
"""Letters that Amharic pronounces alike and writers interchange: ሐ ኀ as ሀ, ሠ as ሰ, ዐ as አ, ፀ as ጸ; ሃ as ሀ, ኣ as አ."""
_PLAIN = {"’": "'", "‘": "'", "ʼ": "'", "ʻ": "'", "ʹ": "'", "′": "'", "`": "'", "´": "'", "‛": "'", "“": '"', "”": '"', "„": '"',
    "«": '"',
          "»": '"', "‟": '"', "…": ".", "‥": ".", "。": ".", "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-",
          "−": "-",
          "﹣": "-", "ー": "ー", "〜": "~", "～": "~", "∶": ":", "⁄": "/", "∕": "/", "․": ".", "·": "·", "・": "·",
          "•": "·", "∙": "·",
          "⋅": "·", "丨": "|", "ё": "е", "Ё": "е", "⃣": "", "\t": " ", "\r": " ", "\v": " ", "\f": " ", "\x85": " ",
          "ﾞ": "゛", "ﾟ": "゜", "ำ": "ำ", "ຳ": "ຳ", "İ": "i", "◌": ""}  # fmt: skip


class Tables(NamedTuple):
    """Arrays over all code points, and the few folds that are longer than one character."""

    script: npt.NDArray[np.uint8]
    kind: npt.NDArray[np.uint8]
    folded: Codes
    bare: Codes
    """From a folded character to the one without its marks."""
    traits: npt.NDArray[np.uint16]
    latin_twin: Codes
    """Latin letter that looks the same (folded to folded), or 0."""
    expansions: dict[int, str]


@cache
def tables() -> Tables:
    """Return the tables (about 0.1 s and 18 MB, once)."""
    script = np.zeros(SIZE + 2, np.uint8)
    for number, (_, ranges) in enumerate(SCRIPTS):
        for first, last in ranges:
            script[first : last + 1] = number
    kind = np.zeros(SIZE + 2, np.uint8)
    kind[script > 0] = LETTER
    folded = np.arange(SIZE + 2, dtype=np.uint32)
    bare = np.arange(SIZE + 2, dtype=np.uint32)
    traits = np.zeros(SIZE + 2, np.uint16)
    expansions: dict[int, str] = {}
    simplified = simplified_pairs()
    explicit = {ord(a): b for a, b in {**_PLAIN, **_ARABIC}.items()} | {old: chr(new) for old, new in _ETHIOPIC.items()}
    for code in _interesting():
        char = chr(code)
        category = unicodedata.category(char)
        kind[code] = _kind(code, category)
        target = explicit.get(code)
        if target is None:
            target = _fold(char, category)
            if len(target) == 1:
                target = explicit.get(ord(target), target)
        if len(target) == 1:
            folded[code] = ord(target)
        elif target:
            folded[code] = EXPAND
            expansions[code] = target
        else:
            folded[code] = DROP
        if unicodedata.is_normalized("NFC", "a" + char) is False or _joins(code):
            traits[code] |= COMPOSES
        bare[code] = _without_marks(char, category, int(script[code]))
    for old, new in simplified.items():
        folded[old] = new
    kind[0x20000:0x323B0] = LETTER
    folded[0xD800:0xE000] = 0xFFFD  # a lone surrogate is no character; matchers that read UTF-8 refuse it
    twins = _latin_twins(folded)
    _mark_traits(traits, script, kind, twins)
    traits[bare != np.arange(SIZE + 2)] |= ACCENT
    return Tables(script, kind, folded, bare, traits, twins, expansions)


def _mark_traits(
    traits: npt.NDArray[np.uint16], script: npt.NDArray[np.uint8], kind: npt.NDArray[np.uint8], twins: Codes
) -> None:
    dense = np.isin(script, (*UNSPACED, SCRIPT["Hang"]))
    traits[dense] |= DENSE
    traits[((kind == LETTER) | (kind == MARK)) & ~dense] |= WORD
    traits[kind >= ZERO_WIDTH] |= HIDDEN
    traits[twins > 0] |= TWIN
    for signs, trait in (("0134578@$!|96+€£", SIGN), (".*·_~|", SPLIT), (" .*-_~|/+·", GAP), (" \n", BLANK)):
        for sign in signs:
            traits[ord(sign)] |= trait
    traits[0x102B:0x103F] |= BURMESE
    for char in EMOJI_WORDS:
        traits[ord(char)] |= EMOJI
    traits[0x1F1E6:0x1F200] |= EMOJI
    for first, last in ((0xFF10, 0xFF19), (0xFF21, 0xFF5A), (0x1D400, 0x1D7FF), (0x24B6, 0x24E9), (0x1F130, 0x1F189)):
        traits[first : last + 1] |= STYLED
    traits[SIZE:] = SPECIAL


def _interesting() -> list[int]:
    """Return the code points whose fold can differ from themselves: all but the big ideograph and syllable blocks."""
    blocks = (
        (0, 0x3400),
        (0xA000, 0xAC00),
        (0xD7B0, 0xD800),
        (0xF900, 0x11000),
        (0x16F00, 0x16FE8),
        (0x1BCA0, 0x1BCB0),
        (0x1CC00, 0x1CD00),
        (0x1D100, 0x1D200),
        (0x1D400, 0x1D800),
        (0x1EE00, 0x1EF00),
        (0x1F000, 0x1FC00),
        (0x2F800, 0x2FA20),
        (0xE0000, 0xE0200),
    )
    return [code for first, last in blocks for code in range(first, last)]


def _kind(code: int, category: str) -> int:
    if code == 0x200B:
        return WORD_BREAK
    if code in _ZERO_WIDTH:
        return ZERO_WIDTH
    if code in _BIDI:
        return BIDI
    if 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF:
        return VARIATION
    first = category[0]
    if category in ("Cf", "Cc") and code not in (9, 10, 11, 12, 13, 0x85):
        return FORMAT
    if first == "Z" or code in (9, 10, 11, 12, 13, 0x85):
        return SPACE
    return {"L": LETTER, "M": MARK, "N": DIGIT}.get(first, SYMBOL if category in ("So", "Sk") else OTHER)


_SILENT = ((0xFE00, 0xFE0F), (0xE0100, 0xE01EF), (0x610, 0x61A), (0x64B, 0x65F))
"""Variation selectors and Arabic vowel signs."""


def _fold(char: str, category: str) -> str:
    code = ord(char)
    if category == "Cf" or (category == "Cc" and char != "\n"):
        return ""
    if code in _ZERO_WIDTH or any(first <= code <= last for first, last in _SILENT):
        return ""
    if category == "Nd":
        return str(unicodedata.digit(char))
    if 0x1F130 <= code <= 0x1F149 or 0x1F150 <= code <= 0x1F169 or 0x1F170 <= code <= 0x1F189:  # squared and circled capitals
        return chr(ord("a") + (code - 0x1F130) % 0x20 if code < 0x1F150 else ord("a") + (code - 0x1F150) % 0x20)
    if char in "①②③④⑤⑥⑦⑧⑨⓪❶❷❸❹❺❻❼❽❾➀➁➂➃➄➅➆➇➈➊➋➌➍➎➏➐➑➒⓿":
        return str(unicodedata.digit(char, 0))
    if 0x24B6 <= code <= 0x24E9:
        return unicodedata.normalize("NFKC", char).casefold()
    if char.isspace() and char != "\n":
        return " "
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", char).casefold())


def _joins(code: int) -> bool:
    return (
        0x1161 <= code <= 0x1175
        or 0x11A8 <= code <= 0x11C2
        or code
        in (
            0x93C,
            0x9BC,
            0x9BE,
            0x9D7,
            0xA3C,
            0xB3C,
            0xB3E,
            0xB56,
            0xB57,
            0xBBE,
            0xBD7,
            0xC56,
            0xCC2,
            0xCD5,
            0xCD6,
            0xD3E,
            0xD57,
            0xDCA,
            0xDCF,
            0xDDF,
            0xE4D,
            0xECD,
            0x102E,
            0x3099,
            0x309A,
            0xFF9E,
            0xFF9F,
        )
    )


_STROKED = {"đ": "d", "ð": "d", "ł": "l", "ø": "o", "ı": "i", "ħ": "h", "ŧ": "t", "ɖ": "d", "ƀ": "b",
            "ɗ": "d", "ɓ": "b", "ƙ": "k", "ƴ": "y"}  # fmt: skip


def _without_marks(char: str, category: str, script: int) -> int:
    if 0x300 <= ord(char) <= 0x36F:
        return int(DROP)
    if category[0] != "L" or script not in (SCRIPT["Latn"], SCRIPT["Grek"]):
        return ord(char)
    base = unicodedata.normalize("NFD", char)[0]
    return ord(_STROKED.get(base, base))


_TWINS = {
    "а": "a", "в": "b", "е": "e", "к": "k", "м": "m", "н": "h", "о": "o", "р": "p", "с": "c", "т": "t", "у": "y", "х": "x",
    "ѕ": "s",
    "і": "i", "ј": "j", "ԁ": "d", "ԛ": "q", "ԝ": "w", "һ": "h", "ӏ": "l", "ѵ": "v", "ү": "y", "ї": "i",
    "α": "a", "β": "b", "γ": "y", "ε": "e", "η": "n", "ι": "i", "κ": "k", "ν": "v", "ο": "o", "ρ": "p", "σ": "o", "τ": "t",
    "υ": "u",
    "χ": "x", "ω": "w", "ϲ": "c", "ϳ": "j", "ᴀ": "a", "ʙ": "b", "ᴄ": "c", "ᴅ": "d", "ᴇ": "e", "ɢ": "g", "ʜ": "h", "ɪ": "i",
    "ᴊ": "j",
    "ᴋ": "k", "ʟ": "l", "ᴍ": "m", "ɴ": "n", "ᴏ": "o", "ᴘ": "p", "ʀ": "r", "ᴛ": "t", "ᴜ": "u", "ᴠ": "v", "ᴡ": "w", "ʏ": "y",
    "ᴢ": "z",
    "ɑ": "a", "ɡ": "g", "ɩ": "i", "ո": "n", "ս": "u", "օ": "o", "հ": "h", "ց": "g", "զ": "q",
}  # fmt: skip
"""Letters of other alphabets that pass for Latin ones in small type (from Unicode's confusables.txt, letters only, own
choice)."""


_CHEROKEE = (
    0x13AA,
    0x13F4,
    0x13DF,
    0x13A0,
    0x13AC,
    0x13C0,
    0x13BB,
    0x13E5,
    0x13AB,
    0x13E6,
    0x13DE,
    0x13B7,
    0x13E2,
    0x13A1,
    0x13DA,
    0x13A2,
    0x13D9,
    0x13B3,
    0x13C3,
)  # copies of Latin capitals; they fold to small letters, so both stand in the table


def _latin_twins(folded: Codes) -> Codes:
    twins = np.zeros(SIZE + 2, np.uint32)
    for char, latin in _TWINS.items():
        twins[ord(char)] = ord(latin)
    for code, latin in zip(_CHEROKEE, "abcdeghijklmprstvwz", strict=True):
        twins[code] = twins[folded[code]] = ord(latin)
    return twins
