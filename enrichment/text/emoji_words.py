"""Signs that stand for words or letters in adverts: emoji, flags, leetspeak; the lists are those of ``emoji_words.yml``."""

import msgspec

from foundation.yaml_limits import read_table


class EmojiLists(msgspec.Struct, frozen=True):
    """What ``emoji_words.yml`` holds."""

    signs: dict[str, str]
    local_order: str
    local_words: dict[str, str]
    flags: dict[str, str]
    leet: dict[str, str]
    leet_cyrillic: dict[str, str]
    leet_consonants: dict[str, str]


LISTS = read_table(__file__, "emoji_words.yml", EmojiLists)
EMOJI_WORDS = {sign: word for word, signs in LISTS.signs.items() for sign in signs}
"""Emoji that stand for a word in job adverts, and the English word."""


def local_words(language: str) -> dict[str, str]:
    """Return what English words of the list are in a language, none where that is not listed."""
    words = LISTS.local_words.get(language)
    return dict(zip(LISTS.local_order.split("|"), words.split("|"), strict=True)) if words else {}
