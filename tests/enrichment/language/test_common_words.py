"""The everyday words by which languages of one script are told apart."""

import pytest

from enrichment.language.common_words import ARABIC, CYRILLIC, DEVANAGARI, LATIN


@pytest.mark.parametrize("lists", [LATIN, DEVANAGARI, ARABIC, CYRILLIC])
def test_no_two_languages_have_the_same_words(lists: dict[str, str]) -> None:
    """Kin share many, never all."""
    words = {name: frozenset(text.split()) for name, text in lists.items()}
    assert all(len(each) >= 10 for each in words.values())
    names = sorted(words)
    for place, first in enumerate(names):
        for second in names[place + 1 :]:
            shared = len(words[first] & words[second]) / min(len(words[first]), len(words[second]))
            assert shared < 0.9, (first, second, shared)


def test_vietnamese_stands_with_and_without_its_marks() -> None:
    """Messages drop them."""
    assert "và" in LATIN["vi"].split()
    assert "va" in LATIN["vi-bare"].split()
