"""Words typed without their vowels are written out, where a text is written that way; others are left alone."""

from enrichment.text.views import View, Views
from enrichment.text.vowelless_words import expand_words, rejoin_words, vowelless_forms

TABLE = vowelless_forms(["paspor", "kerja", "gaji", "tinggi", "mudah", "visa"])


def view(text: str) -> View:
    """Return the folded view of a text."""
    return Views(text).folded_view


def test_a_run_of_consonants_shared_by_two_words_stands_for_none() -> None:
    """Rather than a guess between them."""
    table = vowelless_forms(["paspor", "pesapari", "kerja"])
    assert table["krj"] == "kerja"
    assert vowelless_forms(["tinggi", "tangga"]).get("tngg") is None


def test_short_foreign_and_marked_words_are_not_learned() -> None:
    """Words themselves map to nothing: they are known."""
    assert vowelless_forms(["ada", "việc", "工作", "", "kerja"]) == {"krj": "kerja", "kerja": ""}


def test_a_text_with_one_short_word_is_left_alone() -> None:
    """Acronyms stand in every text."""
    shown = view("kerja di kantor, pspr disimpan")
    assert expand_words(shown, TABLE) is shown


def test_words_spelled_syllable_by_syllable_are_joined_and_short_words_are_not() -> None:
    """In scripts whose letters join."""
    assert "অপারেটর" in rejoin_words(view("চ্যা ট  অ প া রে ট র")).text
    shown = view("নমস্কার আপনার কাজের জন্য যোগাযোগ করুন")
    assert rejoin_words(shown) is shown
    empty = view("")
    assert rejoin_words(empty) is empty
