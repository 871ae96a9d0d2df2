"""A text as one byte stream for the engines: words parted by single spaces, every byte traced back to the raw text."""

from enrichment.lexicon.stream import stream, stream_phrase
from enrichment.text.views import Views


def test_words_are_parted_by_one_space_whatever_stands_between_them() -> None:
    """Case and signs say nothing."""
    assert stream_phrase("Passport,  KEPT") == stream_phrase("passport kept") == "passport kept"


def test_scripts_without_spaces_and_marks_are_kept() -> None:
    """Letters are never dropped."""
    assert "薪" in stream_phrase("高薪 工作")
    assert stream_phrase("งาน")


def test_what_is_found_in_the_stream_is_traced_back_to_the_raw_text() -> None:
    """Evidence is shown on the text itself."""
    raw = "Your PASSPORT — kept by us"
    made = stream(Views(raw).folded_view, raw)
    at = made.data.index(b"kept")
    start, end = made.span(at, at + 4)
    assert raw[start:end] == "kept"


def test_a_text_without_letters_makes_a_stream_in_which_nothing_is_found() -> None:
    """Empty, signs and invisible characters."""
    for raw in ("", "\u200b\u202e", "\n\n", "   "):
        assert stream(Views(raw).folded_view, raw).data.strip(b" .") == b""
    assert stream_phrase("") == ""
