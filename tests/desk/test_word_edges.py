"""Cuts fall between words and handles."""

import pytest

from desk.highlighting import Mark, excerpt
from desk.word_edges import edge_before, shorten


@pytest.mark.parametrize(
    ("raw", "cut", "kept"),
    [
        ("write to @sample_hr_09 now", "write to @sample", "write to "), ("联系sample_hr_09咨询", "联系sample", "联系"),
        ("ติดต่อ@sample_hr_09ได้เลย", "ติดต่อ@sample", "ติดต่อ"), ("ครอบครัวอบอุ่น", "ครอบครั", ""),
        ("三階建てのアパートです", "三階建てのアパ", "三階建ての"), ("ຖືກຍຶດໂທລະສັບ", "ຖືກຍຶດໂທລະ", "ຖືກຍຶດ"),
    ],
)  # fmt: skip
def test_a_cut_falls_before_the_word_or_handle_it_would_part(raw: str, cut: str, kept: str) -> None:
    """In writing with and without spaces, and where both meet."""
    assert raw[: edge_before(raw, len(cut), 40)] == kept


@pytest.mark.parametrize("filler", ["招聘客服人员要求会打字", "ทำงานที่ปอยเปต", "ជ្រើសរើសបុគ្គលិកឆ្លើយសារ", "jobs abroad "])
def test_no_excerpt_and_no_short_form_cuts_a_handle(filler: str) -> None:
    """Wherever the handle stands."""
    handle = "sample_recruiter_0123456789"
    for before in range(1, 40):
        raw = f"{filler * before}@{handle} {filler * 40}"
        shown = excerpt(raw, [Mark(start=0, end=3, kind="for", key="", label="")]).text
        for text in (shown, shorten(raw, 120)):
            assert handle in text or "sample" not in text
