"""Digits written as words or letters inside a number become digits; prose stays prose."""

from enrichment.text.spelled_digits import lettered_digits, spelled_digits, starts


def applied(text: str) -> str:
    """Return the text with its edits made."""
    for start, end, digits in reversed(spelled_digits(text)):
        text = text[:start] + digits + text[end:]
    return text


def test_a_number_told_in_words_becomes_digits() -> None:
    """Enough digit words in a row are to be dialled."""
    told = "call zero nine one two three four five six"
    assert applied(told) == "call 09123456"
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
