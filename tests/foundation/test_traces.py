"""Passages of a text are found wherever a copy of it lies, however it is written there, and short texts tell nobody apart."""

import json
from html import escape

import pytest

from foundation.traces import LEAST, MOST, PASSAGES, Traces, passages

TEXTS = {
    "one long line": "Typists wanted for Poipet free flight and dormitory phones are kept by the manager " * 9,
    "quotes and lines": 'They said: "keep the passport in the office"\nand \\ then <b>nothing</b> & no more about it at all',
    "Thai": "รับสมัครแอดมินตอบแชท ทำงานที่ปอยเปต มีที่พักฟรี รายได้ดี ไม่ต้องมีประสบการณ์ ติดต่อไลน์",
    "Chinese": "高薪招聘打字员，包吃包住，提供机票，护照由公司统一保管，有意者请联系我们的客服人员了解详情",
    "line separators": "first half of the advert here\u2028second half of the advert here\x85third half of the advert",
}
WRITTEN = {
    "as it is": str,
    "JSON": lambda text: json.dumps(text, ensure_ascii=False),
    "JSON in JSON": lambda text: json.dumps(json.dumps(text, ensure_ascii=False), ensure_ascii=False),
    "HTML": escape,
    "an SQL literal": lambda text: text.replace("'", "''"),
    "in the middle of others": lambda text: f"{'x' * 9999}{text}{'y' * 9999}",
}


@pytest.mark.parametrize("write", WRITTEN.values(), ids=WRITTEN)
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_copy_has_all_passages_however_it_is_written(text, write):
    made = list(passages(text))
    assert 1 <= len(made) <= PASSAGES
    assert all(LEAST <= len(one) <= MOST for one in made)
    assert Traces(made).found_in([write(text).encode()]) == set(made)
    assert Traces(made).found_in([write(text.upper() + text[::-1]).encode()]) < set(made) or text.upper() == text


@pytest.mark.parametrize("size", [1, 7, 64])
def test_what_lies_over_the_seam_of_two_chunks_is_found(size):
    content = "before ปอยเปต มีที่พักฟรี after".encode()
    chunks = [content[start : start + size] for start in range(0, len(content), size)]
    assert Traces(["ปอยเปต มีที่พักฟรี", "absent from it"]).found_in(chunks) == {"ปอยเปต มีที่พักฟรี"}


def test_a_text_too_short_to_be_told_from_others_has_no_passage():
    assert [list(passages(text)) for text in ("", "Cook", "Cook\nWaiter\nDriver", '"' * 99)] == [[], [], [], []]


def test_a_passage_inside_another_is_found_too_and_a_lone_surrogate_does_no_harm():
    both = Traces(["phones are kept by the manager", "kept by the", "\ud800 half a letter"])
    assert both.found_in([b"all phones are kept by the manager"]) == {"phones are kept by the manager", "kept by the"}


def test_nothing_is_found_without_needles_or_in_a_file_that_is_gone(tmp_path):
    assert Traces([]).found_in([b"anything"]) == frozenset()
    assert Traces(["x"]).found_in_file(tmp_path / "gone") == frozenset()
