"""Listed words and endings vote for the languages that have them."""

import pytest

from enrichment.language.word_votes import is_syllable, profile, votes_of


def best(text: str, script: str = "Latn") -> str:
    """Return the language with most votes."""
    votes = votes_of(text.split(), script)
    return max(votes, key=lambda code: votes[code])


def test_everyday_words_decide() -> None:
    """Without a model."""
    assert best("the work is in the office and we pay you every month") == "en"
    assert best("le travail est dans notre bureau avec vous") == "fr"
    assert best("mahitaji ya kazi kwa watu wote na wanaotaka") == "sw"


@pytest.mark.parametrize("script", ["Latn", "Deva", "Arab", "Cyrl"])
def test_no_word_of_a_list_weighs_more_than_one_or_nothing(script: str) -> None:
    """A word that many languages share says less of each."""
    weights = [weight for votes in profile(script).values() for _, weight in votes]
    assert min(weights) > 0
    assert max(weights) <= 1.0


def test_unknown_words_and_none_say_nothing() -> None:
    """Whatever a page holds."""
    assert votes_of([], "Latn") == {}
    assert votes_of(["zzxqj", "\u200b", "1234", "高薪"], "Cyrl") == {}


def test_a_syllable_has_one_run_of_vowels_and_a_bounded_length() -> None:
    """Vietnamese without marks is written in them."""
    assert all(map(is_syllable, ("nghi", "luong", "cao", "viec")))
    assert not any(map(is_syllable, ("", "bcd", "operator", "a" * 1000)))
