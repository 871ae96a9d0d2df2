"""The words that announce a contact: each list is usable as it stands, and no word announces what it must not."""

from enrichment.contacts.label_words import LABELS, WORDS, french_pairs
from enrichment.text.views import fold


def test_each_app_and_the_telephone_have_words_in_latin_letters_and_in_others() -> None:
    """A list without either would leave readers of half of the languages out."""
    for app, words in LABELS.items():
        assert any(word.isascii() for word in words), app
        assert any(not word.isascii() for word in words), app


def test_words_fold_to_something() -> None:
    """A word that folds to nothing would be found everywhere."""
    assert [word for words in LABELS.values() for word in words if not fold(word).strip()] == []


def test_digit_words_are_digits() -> None:
    """Keyed by what they stand for; French numerals from 10 to 99 are two digits each."""
    assert set("0123456789") <= set(WORDS.digits)
    assert len(french_pairs()) == 90
    assert french_pairs()["99"] == "quatre-vingt-dix-neuf"
    assert french_pairs()["71"] == "soixante-et-onze"


def test_fragments_and_marked_words_are_no_empty_lists() -> None:
    """They keep parts of words from being read as names."""
    assert WORDS.fragments
    assert WORDS.marked_only
