"""Stretches of one script, told apart without a model."""

import numpy as np
import pytest

from enrichment.text.scripts import han_script, runs, weights


def codes(text: str) -> np.ndarray:
    """Return the code points of a text."""
    return np.array([ord(char) for char in text], np.uint32)


def test_a_text_falls_into_stretches_of_one_script_each_with_its_span() -> None:
    """Short ones join their neighbour: a brand name makes no second language."""
    text = "Typists wanted in the office. รับสมัครพนักงานพิมพ์ดีด"
    assert [(one.script, text[one.start : one.end][:7]) for one in runs(codes(text))] == [("Latn", "Typists"), ("Thai", "รับสมัค")]
    assert [one.script for one in runs(codes("รับสมัครพนักงาน via Line รับสมัคร"))] == ["Thai"]


def test_kana_makes_the_han_beside_it_japanese_but_an_ornament_does_not() -> None:
    """Chinese adverts write の for looks."""
    assert [one.script for one in runs(codes("高収入のお仕事を紹介します"))] == ["Jpan"]
    assert [one.script for one in runs(codes("高薪招聘打字员包吃住工作轻松环境优美待遇从优欢迎咨询我们の公司"))] == ["Hani"]


def test_traditional_and_simplified_characters_are_told_apart() -> None:
    """By the characters that only one of them has."""
    assert (han_script(codes("電話聯絡")), han_script(codes("电话联络"))) == ("Hant", "Hans")


@pytest.mark.parametrize("text", ["", "12345 !?", "🎉🎉", "\u200b\u202e", "\n\t"])
def test_a_text_without_letters_has_no_script(text: str) -> None:
    """Rather than a guess."""
    assert runs(codes(text)) == []


def test_scripts_that_write_a_syllable_a_letter_weigh_more_than_latin() -> None:
    """So that half Chinese, half English is told as such."""
    assert weights({"Latn": 10, "Hani": 4, "Zyyy": 99}) == {"Latn": 10.0, "Hani": 10.0}
