"""The words of adverts and messages: beside the everyday words, not instead of them."""

from enrichment.language.advert_words import ADVERTS
from enrichment.language.detect import language
from enrichment.text.views import Views


def test_each_list_holds_enough_different_words() -> None:
    """A list of a handful of words would decide on chance."""
    for script, lists in ADVERTS.items():
        for name, words in lists.items():
            assert len({*words.split()}) >= 5, (script, name)


def test_chat_spelling_is_read_as_its_language() -> None:
    """Short and dialect spellings, which dictionaries do not hold."""
    cases = {"tr": "evden is ariyoruz, gunluk odeme, ozelden yaz", "ha": "muna neman ma'aikata, albashi mai kyau kullum"}
    assert {code: language(Views(f"\n{text}")).code for code, text in cases.items()} == {code: code for code in cases}
