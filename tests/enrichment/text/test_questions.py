"""Questions that a text answers itself."""

import pytest

from enrichment.text.questions import answered_questions


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Pay? 2.000 USD a month. Where? In an office.", ["Pay?", " Where?"]),
        ("面试?不用。机票谁出?公司包。", ["面试?", "机票谁出?"]),
        ("ที่ไหน? กัมพูชา ใครจ่าย? บริษัท", ["ที่ไหน?", "ใครจ่าย?"]),
        ("كم الراتب؟ ألف دولار. أين؟ في المكتب.", ["كم الراتب؟", " أين؟"]),
    ],
)
def test_a_question_is_answered_by_what_follows(text: str, asked: list[str]) -> None:
    """In any script."""
    assert [text[start:end] for start, end in answered_questions(text)] == asked


@pytest.mark.parametrize(
    "text",
    [
        "How much is the pay? Where is it? Who pays the flight? I saw an advert.",
        "Looking for work? We hire cooks.",
        "Looking for work? Write us, "
        + "we tell you all about the place and the people and the pay, " * 3
        + "today. Where? Here.",
        "",
    ],
)
def test_open_questions_are_the_readers(text: str) -> None:
    """So is one question that opens an advert, and one with a long text behind it."""
    assert answered_questions(text) == []
