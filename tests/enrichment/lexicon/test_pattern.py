"""The pattern language: what it matches, what it refuses, and that it cannot run away."""

import re

import pytest

from enrichment.lexicon.pattern import PatternError, compile_pattern, spelt
from tests.growth import LIMIT, MORE, growth


def test_letters_in_brackets_are_one_of_several() -> None:
    """Written as choices."""
    assert spelt("organi[sz]e") == "organi(s|z)e"


@pytest.mark.parametrize("pattern", ["", "   ", "(a|b", "a|b)", "((", "*", "~", "()"])
def test_a_pattern_that_is_not_well_formed_is_refused_in_words(pattern: str) -> None:
    """Never compiled to something that matches everything."""
    with pytest.raises(PatternError, match=r"\w+"):
        compile_pattern(pattern)


def test_plain_words_are_kept_as_bytes_and_words() -> None:
    """Engines look for them without a pattern."""
    made = compile_pattern("passport kept")
    assert made.plain
    assert made.words == ("passport", "kept")
    assert compile_pattern("passport * kept").plain == b""


def test_what_has_a_meaning_to_regular_expressions_only_is_taken_as_written() -> None:
    """Nothing a rule says can back-track."""
    made = compile_pattern("pay $500 a.day + bonus ^x{1000}")
    assert re.search(made.expression, b"pay " * 50_000) is None
    small = b"pay " * 10_000
    assert growth(lambda text: re.search(made.expression, text), small, small * MORE) <= LIMIT
