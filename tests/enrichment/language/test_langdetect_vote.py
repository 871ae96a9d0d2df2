"""langdetect chooses between close languages it can tell apart, always the same way, and is not asked about others."""

import pytest

from enrichment.language.detect import language
from enrichment.language.langdetect_vote import APART, third_voice


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
