"""A denying word reaches what stands beside it in its clause, on the side where its language puts it."""

import msgspec
import pytest

from enrichment.lexicon.denial import NEGATION, DenialWord, clause_before, clause_behind, denied_words

WORDS = [
    ("en", "We never keep it", "keep", True), ("en", "We keep it", "keep", False),
    ("en", "No experience, we keep it", "keep", False), ("en", "You pay no fee", "pay", True),
    ("en", "Not only keep but lock", "keep", False), ("es", "No guardamos nada", "guarda", True),
    ("fr", "On garde aucun papier", "garde", True), ("zh", "公司不保管护照", "保管", True), ("zh", "公司保管护照", "保管", False),
    ("ko", "회사에서 보관하지 않습니다", "보관", True), ("tr", "Pasaportu tutmaz", "tut", True),
    ("tr", "Pasaportu tutar", "tut", False), ("hi", "कंपनी पासपोर्ट नहीं रखती", "पासपोर्ट", True),
    ("vi", "công ty không giữ hộ chiếu", "giữ", True), ("am", "ልምድ አያስፈልግም። የፓስፖርት ፎቶ ላኩ", "የፓስፖርት", False),
]  # fmt: skip


@pytest.mark.parametrize(("code", "text", "word", "denied"), WORDS)
def test_a_word_is_denied_by_its_neighbours_and_by_its_own_ending(code: str, text: str, word: str, denied: bool) -> None:
    """Words of other clauses do not reach it."""
    start = text.index(word)
    assert denied_words(text, [DenialWord(start, start + len(word), False)], [code]) is denied


def test_a_denying_word_of_the_concept_itself_denies_nothing() -> None:
    """*Without interview* is what the concept says."""
    text = "without interview"
    words = [DenialWord(0, 7, True), DenialWord(8, 17, False)]
    assert not denied_words(text, words, ["en"])
    assert denied_words(text, words[1:], ["en"])


def test_a_clause_ends_at_its_marks() -> None:
    """What is behind a comma is another one."""
    assert clause_before("One, two three four", 9) == " two "
    assert clause_behind("one two, three", 3) == " two"


def test_the_marks_inside_a_figure_part_no_clauses() -> None:
    """A sum of thousands stands in the clause of the words around it, however it is written."""
    for figure in ("15,000", "15.000", "1.234.567"):
        assert clause_behind(f"pay {figure} USD now, later", 3) == f" {figure} usd now"
    assert clause_before("we pay 15, then", 11) == " "


def test_each_language_of_the_lexicon_has_words_that_deny(seeds):
    served = {folder.name for folder in (seeds / "lures").iterdir() if folder.is_dir()}
    assert served == NEGATION.keys()
    assert {code for code, words in NEGATION.items() if not (words.before or words.after)} == set()


@pytest.mark.parametrize("code", NEGATION)
def test_no_entry_is_empty_or_stands_twice_on_one_side(code):
    for listed in msgspec.structs.astuple(NEGATION[code]):
        assert "" not in [entry.strip(" ~") for entry in listed]
        assert len(listed) == len(set(listed)), code
