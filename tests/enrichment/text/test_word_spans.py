"""Spans cut no word, number or handle in two."""

import pytest

from enrichment.assess import Assessor, PostingText
from enrichment.text.word_spans import whole_words
from evaluation.labelled_listings import Listing


@pytest.mark.parametrize(
    ("raw", "part", "whole"),
    [
        ("all passports kept", "passport", "passports"), ("write to @sample_hr_09 now", "sample_hr_0", "sample_hr_09"),
        ("墊300退345元", "墊300退3", "墊300退345"), ("работать удалённо", "работ", "работать"),
        ("日領8000元", "日領8", "日領8000"), ("包吃住宿舍", "包吃住", "包吃住"), ("นายหน้าพาไป", "นายหน้า", "นายหน้า"),
        ("नौकरी चाहिए", "नौकर", "नौकरी"), ("テレグラムで連絡", "テレグラ", "テレグラム"), ("มีสคริปต์ให้อ่าน", "สคริป", "สคริปต์"),
        ("ຖືກຍຶດໂທລະສັບ", "ໂທ", "ໂທລະສັບ"), ("ប្រាក់ខែ១២០០ដុល្លារ", "១២", "១២០០"), ("ရန်ကုန်မှာ သတိပေးချက်", "သတိပေး", "သတိပေးချက်"),
        ("งานตอบแชทลูกค้า", "ตอบแชท", "ตอบแชท"),
    ],
)  # fmt: skip
def test_a_span_is_widened_to_the_word_it_stands_in(raw: str, part: str, whole: str) -> None:
    """Letters, digits, underscores and marks; in writing without spaces what ICU's dictionaries hold."""
    start = raw.index(part)
    first, last = whole_words(raw, start, start + len(part))
    assert raw[first:last] == whole


def test_no_signal_of_a_carried_text_cuts_a_word_in_two(assessor: Assessor, labelled: list[Listing]) -> None:
    """Some texts of each language."""
    signals = 0
    for made, item in zip(
        assessor.assess_all(PostingText(one.id, one.title, one.text) for one in labelled[::2]), labelled[::2], strict=True
    ):
        for signal in made.signals:
            signals += 1
            assert item.raw[signal.start : signal.end] == signal.text
            assert " " in signal.gloss, "a reason is more than a word"
            assert whole_words(item.raw, signal.start, signal.end) == (signal.start, signal.end), signal
    assert signals > 1000
