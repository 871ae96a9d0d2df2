"""Denying words are named for the languages of the lexicon, each of them a word that can be looked for."""

import pytest

from enrichment.lexicon.negation_words import NEGATION, NegationWords


def entries(words: NegationWords) -> list[str]:
    """Return all entries of a language."""
    return [entry for part in words if part for entry in part.split("|")]


def test_each_language_of_the_lexicon_has_words_that_deny(seeds):
    served = {folder.name for folder in (seeds / "lures").iterdir() if folder.is_dir()}
    assert served == NEGATION.keys()
    assert {code for code, words in NEGATION.items() if not (words.before or words.after)} == set()


@pytest.mark.parametrize("code", NEGATION)
def test_no_entry_is_empty_or_stands_twice_on_one_side(code):
    words = NEGATION[code]
    assert "" not in [entry.strip(" ~") for entry in entries(words)]
    for part in words:
        sides = part.split("|")
        assert len(sides) == len(set(sides)), code
