"""What must stand in every match of a pattern: engines look for it first, so it must never be missing from one."""

import itertools

import pytest

from enrichment.lexicon.pattern import compile_pattern
from enrichment.lexicon.required_literals import ENOUGH, MOST

PATTERNS = ["passport kept", "(passport|identity card) * (kept|held)", "free (air)? ticket", "colou?r~ job", "高薪 * 柬埔寨"]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_each_stretch_stands_for_few_pieces_and_the_rarest_is_one_of_them(pattern: str) -> None:
    """More would cost more than they save."""
    (found,) = compile_pattern(pattern).wordings
    assert 0 <= found.rarest < len(found.choices)
    assert all(0 < len(choice) <= MOST and all(choice) for choice in found.choices)


def test_plain_words_are_all_that_can_match() -> None:
    """Nothing is left to verify."""
    (found,) = compile_pattern("passport kept").wordings
    assert found.whole
    assert [b"passport" in piece and b"kept" in piece for piece in itertools.chain(*found.choices)] == [True]


def test_a_gap_parts_a_pattern_into_stretches_and_the_longest_pieces_are_the_rarest() -> None:
    """Of equal rarity from so many bytes on, fewer pieces are better."""
    (found,) = compile_pattern("a * identification").wordings
    assert len(found.choices) == 2
    assert b"identification" in found.choices[found.rarest][0]
    assert len(found.choices[found.rarest][0]) >= ENOUGH
    assert not found.whole


def test_the_wordings_of_a_pattern_are_told_apart_and_fixed_ones_are_one() -> None:
    """A text that holds the pieces of no single wording holds none of them: most are then never searched for."""
    *searched, fixed = compile_pattern("(passport * kept|visa * free|no fee|free meal)").wordings
    assert [[choice[0].strip() for choice in wording.choices] for wording in searched] == [
        [b"passport", b"kept"],
        [b"visa", b"free"],
    ]
    assert [piece.strip() for piece in fixed.choices[0]] == [b"no fee", b"free meal"]
    assert fixed.whole
