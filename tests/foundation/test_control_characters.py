"""Which characters a written value may not hold."""

import unicodedata

import pytest

from foundation.control_characters import IN_FILE, IN_LINE, IN_PROSE, control_fault

ALL = [chr(code) for code in range(0x110000) if not 0xD800 <= code <= 0xDFFF]


def test_every_control_character_and_mark_of_direction_is_found_and_nothing_else():
    """By Unicode's own categories: Cc, Zl, Zp, and the format characters that are marks, embeddings, overrides and isolates."""
    turning = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    hostile = {
        char
        for char in ALL
        if unicodedata.category(char) in ("Cc", "Zl", "Zp")
        or unicodedata.bidirectional(char) in turning
        or unicodedata.name(char, "").endswith(("-TO-RIGHT MARK", "-TO-LEFT MARK", "ARABIC LETTER MARK"))
    }
    assert {char for char in ALL if IN_LINE.search(char)} == hostile
    assert hostile - {char for char in ALL if IN_PROSE.search(char)} == {"\t", "\n"}
    assert hostile - {char for char in ALL if IN_FILE.search(char)} == {"\t", "\n", "\r"}


@pytest.mark.parametrize(
    ("char", "says"), [("\n", "a line break"), ("\t", "a tab"), ("\u202e", "U+202E (RIGHT-TO-LEFT OVERRIDE)")]
)
def test_a_fault_says_which_character_and_what_to_do(char, says):
    assert says in control_fault(char)
    assert control_fault(char).endswith("remove it")
