"""Zawgyi Burmese as Unicode: the font encoding that reuses Unicode's Burmese code points for other shapes, in visual order.

Written from the two layouts themselves: the Zawgyi-One character chart, and the storage order of Unicode Technical Note 11
(Hosken 2012).
A page never says which it uses, so it is told from what each order makes impossible in the other.
"""

import re
import unicodedata

_KINZI = "\ue000"
"""Stands for Zawgyi's kinzi, written after the consonant it belongs before, until the syllable is put in order."""
_SHAPES: dict[int, str] = {
    0x1033: "\u102f", 0x1034: "\u1030", 0x1039: "\u103a", 0x103A: "\u103b", 0x103B: "\u103c", 0x103C: "\u103d", 0x103D: "\u103e",
    0x104E: "\u104e\u1004\u103a\u1038",
    0x105A: "\u102b\u103a",
    0x1064: _KINZI, 0x106A: "\u1009", 0x106B: "\u100a",
    0x106E: "\u100d\u1039\u100d",
    0x106F: "\u100d\u1039\u100e", 0x107D: "\u103b", 0x1086: "\u103f",
    0x1087: "\u103e",
    0x1088: "\u103e\u102f", 0x1089: "\u103e\u1030",
    0x108A: "\u103d\u103e", 0x108B: f"{_KINZI}\u102d", 0x108C: f"{_KINZI}\u102e",
    0x108D: f"{_KINZI}\u1036", 0x108E: "\u102d\u1036", 0x108F: "\u1014",
    0x1090: "\u101b", 0x1091: "\u100f\u1039\u100d",
    0x1092: "\u100b\u1039\u100c",
    0x1094: "\u1037", 0x1095: "\u1037", 0x1096: "\u1039\u1010\u103d",
    0x1097: "\u100b\u1039\u100b",
    **dict.fromkeys(range(0x107E, 0x1085), "\u103c"),
    **{code: "\u1039" + consonant for code, consonant in (
        (0x1060, "က"), (0x1061, "ခ"), (0x1062, "ဂ"), (0x1063, "ဃ"), (0x1065, "စ"), (0x1066, "ဆ"), (0x1067, "ဆ"), (0x1068,
        "ဇ"), (0x1069, "ဈ"),
        (0x106C, "ဋ"), (0x106D, "ဌ"), (0x1070, "ဏ"), (0x1071, "တ"), (0x1072, "တ"), (0x1073, "ထ"), (0x1074, "ထ"), (0x1075,
        "ဒ"), (0x1076, "ဓ"),
        (0x1077, "န"), (0x1078, "ပ"), (0x1079, "ဖ"), (0x107A, "ဗ"), (0x107B, "ဘ"), (0x1093, "ဘ"), (0x107C, "မ"), (0x1085, "လ"))},
}  # fmt: skip
"""Zawgyi code point -> the same shape in Unicode, order aside."""
_BASE = "\u1000-\u102a\u103f\u1040-\u104e\u25cc"
_SYLLABLE = re.compile(
    rf"([\u1031\u103c]*)([{_BASE}])((?:\u1039[\u1000-\u1021]|[{_KINZI}\u102b-\u1030\u1032\u1036-\u1038\u103a\u103b\u103d\u103e])*)"
)
_ORDER = {
    mark: place
    for place, mark in enumerate(
        "\u103b\u103c\u103d\u103e\u1031\u102d\u102e\u1032\u102f\u1030\u102b\u102c\u103a\u1036\u1037\u1038"
    )
}
_ONLY_ZAWGYI = re.compile(
    r"(?<![\u1000-\u102a\u103b-\u103f\u105a-\u1097])\u1031[\u1000-\u102a\u103b\u107e-\u1084]"  # vowel e before its consonant
    r"|\u1031\u103b[\u1000-\u1021]"  # e and ra both before it
    r"|\u1039(?![\u1000-\u1022\u105a-\u1064])"  # asat that is followed by no consonant
    r"|(?<![\u1000-\u1021\u103a\u1039])\u103b[\u1000-\u1021]"  # ra before its consonant
    r"|\u103a[\u102c-\u1030\u1033\u1034\u1039\u103d\u1088]|[\u102c-\u1030\u1033\u1034]\u1039"
    r"|[\u1033\u1034\u105a\u1060-\u1097]"
)
_ONLY_UNICODE = re.compile(
    r"[\u1000-\u1021\u103b-\u103e]\u1031(?![\u1000-\u1021\u103b])"  # vowel e after its consonant
    r"|\u103a(?=[\u1000-\u1021\u1037\u1038\s\u104a\u104b]|$)(?<=[\u1000-\u1021]\u103a)(?!\u1039)"  # asat on a consonant
    r"|\u103e|\u103a\u1039|\u102b\u103a|\u1037\u103a|\u103f"
)
_NEIGHBOURS = re.compile(
    r"[\u1022\u1028\u1035\u1062\u1075-\u1081][\u102d-\u1030\u1035\u103a\u103d\u1062\u1080\u1082-\u108d]|[\u1087-\u108d](?:\s|$)|\u1082[\u103a\u1088]|[\u1065-\u106d]"
)
"""Letter pairs of Shan, Mon and Karen, which Unicode writes with code points that Zawgyi took for other shapes."""


def is_zawgyi(text: str) -> float:
    """Return how sure it is that the Burmese in ``text`` is Zawgyi: 0 (Unicode, or no Burmese) to 1."""
    if not any("\u1000" <= char <= "\u109f" for char in text):
        return 0.0
    zawgyi = len(_ONLY_ZAWGYI.findall(text))
    unicode = len(_ONLY_UNICODE.findall(text)) + 3 * len(_NEIGHBOURS.findall(text)) * (
        len(re.findall("[\u1075-\u1081]", text)) > 2 and "\u103e" not in text
    )
    return zawgyi / (zawgyi + unicode) if zawgyi else 0.0


def to_unicode(text: str) -> str:
    """Return ``text`` with its Zawgyi Burmese in Unicode; text that is Unicode already comes back unchanged."""
    return convert_text(text) if is_zawgyi(text) > 0.5 else text


def convert_text(text: str) -> str:
    """Return Zawgyi ``text`` in Unicode, without asking whether it is Zawgyi; other scripts are untouched."""
    shaped = text.translate(_SHAPES)
    # zero and seven stand in for the letters they look like when a vowel or asat hangs on them
    shaped = re.sub("\u1040(?=[\u102b-\u1030\u1032\u1036-\u1038\u103a-\u103e])|(?<=[\u1031])\u1040", "\u101d", shaped)
    shaped = re.sub("\u1047(?=[\u102b-\u1030\u1032\u1036-\u1038\u103a-\u103e])|(?<=[\u1031])\u1047", "\u101b", shaped)
    ordered = _SYLLABLE.sub(_order_signs, shaped).replace(_KINZI, "\u1004\u103a\u1039")
    ordered = (
        ordered.replace("\u1025\u103a", "\u1009\u103a")
        .replace("\u1025\u102e", "\u1026")
        .replace("\u101e\u103c\u1031\u102c\u103a", "\u102a")
    )
    return unicodedata.normalize("NFC", ordered)


def _order_signs(match: re.Match[str]) -> str:
    before, base, after = match[1], match[2], match[3]
    kinzi = "\u1004\u103a\u1039" if _KINZI in after else ""
    stacked = "".join(re.findall("\u1039[\u1000-\u1021]", after))
    marks = re.sub(f"\u1039[\u1000-\u1021]|{_KINZI}", "", after) + before
    return kinzi + base + stacked + "".join(sorted(dict.fromkeys(marks), key=lambda mark: _ORDER.get(mark, 99)))
