"""Emoji stand for plain words, and none for a country or a judgement."""

import unicodedata

from enrichment.text.emoji_words import EMOJI_WORDS


def test_each_sign_is_one_character_without_letters() -> None:
    """A letter would change words."""
    for sign in EMOJI_WORDS:
        assert len(sign.rstrip("\ufe0f")) <= 2, sign
        assert not any(unicodedata.category(char).startswith("L") for char in sign), sign


def test_each_word_is_what_the_lexicon_is_written_in() -> None:
    """Lower-case words with single spaces."""
    for word in EMOJI_WORDS.values():
        assert word == " ".join(word.lower().split())
        assert word
