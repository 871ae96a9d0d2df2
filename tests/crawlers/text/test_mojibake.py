"""UTF-8 read as windows-1252 is turned back; letters lost for good are reported; sound text is left alone."""

import pytest

from crawlers.text.mojibake import is_broken, mended
from tests.growth import LIMIT, MORE, growth


@pytest.mark.parametrize("words", ["Lương 22 triệu, bao ăn ở", "Требуется оператор чата", "招聘客服人员，包吃包住"])
def test_utf8_read_as_windows_1252_is_turned_back(words: str) -> None:
    misread = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in words.encode())
    assert misread != words and mended(misread) == words


@pytest.mark.parametrize("words", ["", "Cook", "Crème brûlée à côté", "Ångström £5", "ทำงานที่ภูเก็ต", "ØL & smørrebrød"])
def test_sound_text_is_left_alone(words: str) -> None:
    assert (mended(words), is_broken(words)) == (words, False)


def test_question_marks_inside_words_are_lost_letters() -> None:
    assert is_broken("H?edáme ?lov?ka na pr?ci v p?ístavu, ubytov?ní zdarma")


@pytest.mark.parametrize(
    "words",
    [
        "Why us? When? Where?Call now",
        "https://board.example.org/jobs?page=2&sort=a?b sample@example.org?subject=x /list?a=1 /list?b=2",
        "No questions asked???",
        "New here?Call us. Tired?Rest here. Ready?Come and see. Why?Because",
    ],
)
def test_questions_and_addresses_are_no_lost_letters(words: str) -> None:
    assert not is_broken(words)


def test_a_replacement_character_in_a_short_text_is_a_lost_letter() -> None:
    assert is_broken("L\ufffdng 22 tri\ufffdu") and not is_broken("word " * 200 + "\ufffd")


def test_a_long_run_of_question_marks_is_linear_work() -> None:
    assert growth(is_broken, "p?átel " * 5_000, "p?átel " * 5_000 * MORE) <= LIMIT
