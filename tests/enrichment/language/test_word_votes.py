"""Listed words and endings vote for the languages that have them."""

from itertools import combinations

import pytest

from enrichment.language.detect import language
from enrichment.language.word_votes import APART, is_syllable, listed_words, profile, third_voice, votes_of
from enrichment.text.views import Views


@pytest.mark.parametrize("script", ["Latn", "Deva", "Arab", "Cyrl"])
def test_no_two_languages_have_the_same_words(script: str) -> None:
    """Kin share many, never all; a list of a handful of words would decide on chance."""
    words = {name: frozenset(text.split()) for name, text in listed_words()[script].items()}
    assert all(len(each) >= 10 for each in words.values())
    for first, second in combinations(sorted(words), 2):
        shared = len(words[first] & words[second]) / min(len(words[first]), len(words[second]))
        assert shared < 0.9, (first, second, shared)


def test_vietnamese_stands_with_and_without_its_marks() -> None:
    """Messages drop them."""
    assert "và" in listed_words()["Latn"]["vi"].split()
    assert "va" in listed_words()["Latn"]["vi-bare"].split()


def test_chat_spelling_is_read_as_its_language() -> None:
    """Short and dialect spellings, which dictionaries do not hold."""
    cases = {"tr": "evden is ariyoruz, gunluk odeme, ozelden yaz", "ha": "muna neman ma'aikata, albashi mai kyau kullum"}
    assert {code: language(Views(f"\n{text}")).code for code, text in cases.items()} == {code: code for code in cases}


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


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        ("la casa de mi amigo está cerca de la playa", "es", "pt"),
        ("Министърът каза, че ще има нови правила за жилищата", "bg", "ru"),
        ("यो किताब राम्रो छ र सबैले पढ्नुपर्छ", "ne", "hi"),
        ("bugün hava çok güzel, dışarı çıkalım", "tr", "en"),
    ],
)
def test_it_chooses_the_right_one_whichever_is_named_first(text: str, right: str, wrong: str) -> None:
    assert {third_voice(text, right, wrong), third_voice(text, wrong, right)} == {right}


def test_the_same_text_gets_the_same_answer() -> None:
    assert len({third_voice("vale a pena", "es", "pt") for _ in range(20)}) == 1


@pytest.mark.parametrize("text", ["", "   ", "1234 56", "🔥🔥"])
def test_without_letters_the_first_answer_stays(text: str) -> None:
    assert third_voice(text, "es", "pt") == "es"


def test_it_decides_when_two_languages_it_knows_are_close() -> None:
    text = "Muitas pessoas usam celular para trabalhar"
    assert language(text, lambda _, first, __: first).code == "es"
    assert language(text).code == "pt"
    assert {"es", "pt"} <= APART


@pytest.mark.parametrize(
    "text",
    [
        "Busco personas para trabajar en el extranjero, la empresa paga el pasaje",
        "Jemaat kulit hitam yang telah beribadah di daerah sekitar telah mengambil alih bangunan tersebut",
        "Hiring encoders work from home, sahod weekly, pm lang sa gustong sumali",
    ],
)
def test_it_is_not_asked_about_plain_texts_or_languages_it_cannot_tell(text: str) -> None:
    def never(*_: str) -> str:
        raise AssertionError("asked")

    language(text, never)
