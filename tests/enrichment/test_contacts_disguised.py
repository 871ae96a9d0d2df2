"""Contacts are read through a hundred disguises: invisible signs, look-alikes, other digits, spacing, letters for digits."""

from collections.abc import Callable

import pytest

from enrichment.assessment import Language
from enrichment.contacts.extract import contacts

VI = Language(code="vi", script="Latn", confidence=0.9)
LOOKALIKES = str.maketrans("aceopxy", "асеорху")
Disguise = Callable[[str], str]


def digits_from(zero: int) -> Disguise:
    return lambda text: "".join(chr(zero + int(char)) if char.isdigit() else char for char in text)


def between(sign: str) -> Disguise:
    return sign.join


ON_NUMBERS: dict[str, Disguise] = {
    "plain": lambda text: text, "full-width": digits_from(0xFF10), "Thai": digits_from(0xE50), "Khmer": digits_from(0x17E0),
    "Burmese": digits_from(0x1040), "Lao": digits_from(0xED0), "Devanagari": digits_from(0x966), "Bengali": digits_from(0x9E6),
    "Tamil": digits_from(0xBE6), "Arabic": digits_from(0x660), "Persian": digits_from(0x6F0), "bold": digits_from(0x1D7CE),
    "sans": digits_from(0x1D7E2),
    "emoji": lambda text: "".join(f"{char}\ufe0f\u20e3" if char.isdigit() else char for char in text), "spaced": between(" "),
    "dotted": between("."), "dashed": between("-"), "zero-width": between("\u200b"), "joiner": between("\u200d"),
    "word joiner": between("\u2060"), "soft hyphen": between("\u00ad"),
    "bidi": lambda text: f"\u202d{text[:4]}\u202c{text[4:]}\u200e",
    "no-break": lambda text: f"{text[:4]}\u00a0{text[4:7]}\u00a0{text[7:]}",
    "grouped": lambda text: f"({text[:4]}) {text[4:7]}-{text[7:]}", "lettered": lambda text: text.replace("0", "O", 3),
    "small o": lambda text: text.replace("0", "o", 2),
}  # fmt: skip
ON_NAMES: dict[str, Disguise] = {
    "plain": lambda text: text,
    "capitals": str.upper,
    "full-width": lambda text: "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text),
    "look-alikes": lambda text: text.translate(LOOKALIKES),
    "zero-width": between("\u200b"),
    "non-joiner": between("\u200c"),
    "word joiner": between("\u2060"),
    "soft hyphen": between("\u00ad"),
    "bidi": lambda text: f"\u202e\u202d{text}\u202c",
    "spaced": between(" "),
    "mathematical": lambda text: "".join(chr(0x1D5BA + ord(char) - 97) if "a" <= char <= "z" else char for char in text),
    "circled": lambda text: "".join(chr(0x24D0 + ord(char) - 97) if "a" <= char <= "z" else char for char in text),
}
LABELS = ("Telegram", "tele", "T3le", "тeлeгpaм", "ｔｅｌｅ", "t.e.l.e", "te\u200ble", "飞机", "เทเล")


def test_ninety_five_of_a_hundred_disguises_are_seen_through() -> None:
    cases: list[tuple[str, str, str]] = []
    for name, disguise in ON_NUMBERS.items():
        for label in ("Zalo", "zalo:", "ＺＡＬＯ"):
            cases.append((f"{name} {label}", f"Lương cao, {label} {disguise('0500000142')} gặp chị Hai", "zalo +84500000142"))
    for name, disguise in ON_NAMES.items():
        for label in LABELS:
            cases.append((f"{name} {label}", f"Nhắn {label} {disguise('sample_hr_77')}", "telegram sample_hr_77"))
    missed = [name for name, text, wanted in cases if wanted not in {f"{one.type} {one.value}" for one in contacts(text, VI)}]
    assert len(cases) >= 100
    assert len(missed) <= 0.05 * len(cases), missed


@pytest.mark.parametrize("name", ON_NAMES)
def test_a_disguised_name_keeps_its_span(name: str) -> None:
    written = ON_NAMES[name]("sample_hr_77")
    text = f"Nhắn Telegram {written} nhé"
    found = [one for one in contacts(text, VI) if one.value == "sample_hr_77"]
    if found:
        assert text[found[0].start : found[0].end].strip("\u202e\u202d\u202c\u200b\u200c\u2060\u00ad @") in written
