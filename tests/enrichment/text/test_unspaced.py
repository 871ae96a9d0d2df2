"""Where words end in writing without spaces, and that no letter is cut in two."""

import pytest

from enrichment.text.unspaced import inside_letter, joins_letters, word_across, writing


def test_a_word_of_such_writing_is_found_from_inside_and_not_at_its_ends() -> None:
    """A phrase that begins inside another word is no hit."""
    assert word_across("招聘顾客服务", 3) == (2, 4)
    assert word_across("招聘顾客服务", 2) is None
    assert word_across("招聘顾客服务", 0) is None


def test_words_parted_by_spaces_or_of_two_writings_meet_nowhere() -> None:
    """Their ends are seen without a dictionary."""
    for text, place in (("good work", 2), ("高薪work", 2), ("งานดี高薪", 5), ("", 0), ("高", 1)):
        assert not joins_letters(text, place)
        assert word_across(text, place) is None


def test_a_vowel_or_tone_belongs_to_its_letter() -> None:
    """Thai sign, Khmer letter below."""
    assert inside_letter("ที่", 1)
    assert inside_letter("ស្រី", 2)
    assert not inside_letter("高薪", 1)


@pytest.mark.parametrize("place", [-5, 0, 1, 3, 10_000, 19_999, 20_000, 10**9])
def test_a_run_of_any_length_and_any_place_are_read(place: int) -> None:
    """As many letters around a place as are needed, no more."""
    found = word_across("高薪" * 10_000, place)
    assert found is None or found[0] < place < found[1]


def test_only_letters_of_such_writing_have_a_number() -> None:
    """Digits and signs between phrases are none."""
    assert [writing(char) for char in "aя1๑。 "] == [None] * 6
    assert writing("高") == writing("カ") != writing("ก")
