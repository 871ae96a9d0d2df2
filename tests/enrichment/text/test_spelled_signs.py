"""Addresses and names whose signs are spelled out, bracketed or parted are read as if they were written plainly."""

import pytest

from enrichment.assessment import Language
from enrichment.contacts.extract import contacts
from enrichment.text.spelled_signs import SPELLED, lettered_digits, readable, spelled_digits, starts
from enrichment.text.views import View

MAILS = [
    "email sample.hr @ gmail com", "sample.hr at yahoo dot com", "sample.hr(at)gmail(dot)com", "sample.hr (a) gmail.com",
    "mail : sample.hr@gmail,com", "sample.hr[аt]mail[.]ru", "sample.hr собака mail точка ru", "sample.hr arroba gmail punto com",
    "sample.hr arroba gmail ponto com", "sample.hr#gmail.com", "邮箱 sample.hr 艾特 qq 点 com", "sample.hr 골뱅이 naver 점 com",
    "Write to us (sample.hr@gmail.com) today", "Emailsample.hr@gmail.com now", "sendcv:sample.hr@gmail.com,thanks",
    "邮箱sample.hr@gmail.com发送简历",
]  # fmt: skip


@pytest.mark.parametrize("text", MAILS)
def test_mail_addresses_are_read_however_their_signs_are_written(text: str) -> None:
    found = contacts(text, Language(code="en", script="Latn", confidence=0.9))
    hosts = ("gmail.com", "yahoo.com", "mail.ru", "qq.com", "naver.com")
    assert [(one.type, one.value) for one in found if one.value in {f"sample.hr@{host}" for host in hosts}], found
    assert len(found) == 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("tele: example(underscore)name", "example_name"), ("Telegram @example(underscore)name", "example_name"),
        ("tg @sample [underscore] hr7", "sample_hr7"), ("telegram sample underscore hr", "sample_hr"),
        ("tele sample gạch dưới hr", "sample_hr"), ("телеграм sample нижнее подчеркивание hr", "sample_hr"),
        ("电报 sample下划线hr", "sample_hr"), ("艾特sample_hr", "sample_hr"), ("t点me/sample_hr", "sample_hr"),
        ("t.me\\sample_hr", "sample_hr"), ("t . me / + AbCdEf12345", "+AbCdEf12345"), ("t(dot)me/sample_hr", "sample_hr"),
    ],
)  # fmt: skip
def test_telegram_names_are_read_however_their_signs_are_written(text: str, value: str) -> None:
    found = contacts(text, Language(code="en", script="Latn", confidence=0.9))
    assert [(one.type, one.value) for one in found] == [("telegram", value)]


@pytest.mark.parametrize(
    "text",
    [
        "We meet at mail room com", "He works at live music in Lagos", "reports underscore the need", "Ask @sample at dawn",
        "Good night. Com trua 30k", "Phòng gym. net cười", "1. vip seats", "dot your i",
    ],
)  # fmt: skip
def test_the_same_words_in_sentences_are_no_signs(text: str) -> None:
    found = contacts(text, Language(code="vi", script="Latn", confidence=0.9))
    assert [one for one in found if one.type in ("email", "url")] == []


def test_a_text_without_such_signs_stays_the_same_object() -> None:
    view = View("folded", "nothing to see here, sample_hr")
    assert readable(view, spelled=False) is view
    assert all(word == word.casefold() for word in SPELLED)


def apply_edits(text: str) -> str:
    """Return the text with its edits made."""
    for start, end, digits in reversed(spelled_digits(text)):
        text = text[:start] + digits + text[end:]
    return text


def test_a_number_told_in_words_becomes_digits() -> None:
    """Enough digit words in a row are to be dialled."""
    told = "call zero nine one two three four five six"
    assert apply_edits(told) == "call 09123456"
    assert starts(spelled_digits(told)) == [told.index("zero")]


def test_a_few_digit_words_are_prose() -> None:
    """Nobody dials three digits."""
    for text in ("", "one or two of you", "three rooms, four beds", "someone zeroed nineteen"):
        assert spelled_digits(text) == []


def test_letters_inside_a_number_are_read_as_digits_of_the_same_length() -> None:
    """So that spans stay where they were."""
    assert lettered_digits("o9o1 234 567") == "0901 234 567"
    for text in ("solo oil 5 kg", "room 12 so", "oooo llll", "", "l1"):
        assert lettered_digits(text) == text
