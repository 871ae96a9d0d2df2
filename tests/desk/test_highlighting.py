"""Hostile text is cut and named so that it can be looked at safely, and nothing of it is lost."""

from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.highlighting import Mark, defang, excerpt, hides, pieces, plain_line


def mark(start, end, kind="for"):
    return Mark(start=start, end=end, kind=kind, key="s0", label="x")


def visible(found):
    return "".join(piece.text for piece in found if not piece.hidden)


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(-3, 63), st.integers(-3, 63)), max_size=5))
def test_pieces_hold_every_visible_character_in_order_and_no_hidden_one(raw, spans):
    shown = [char for at, char in enumerate(raw) if not hides(char, raw[at - 1 : at], raw[at + 1 : at + 2])]
    found = pieces(raw, [mark(start, end) for start, end in spans])
    assert visible(found) == "".join(shown)
    assert len(shown) + sum(1 for piece in found if piece.hidden) == len(raw)


def test_overlapping_marks_are_cut_where_they_meet():
    found = pieces("abcdef", [mark(0, 4), mark(2, 6, "against")])
    assert [(piece.text, [one.kind for one in piece.marks]) for piece in found] == [
        ("ab", ["for"]), ("cd", ["for", "against"]), ("ef", ["against"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("a\u202eb", "U+202E RIGHT-TO-LEFT OVERRIDE"), ("a\u200bb", "U+200B ZERO WIDTH SPACE"),
        ("a\u2066b", "U+2066 LEFT-TO-RIGHT ISOLATE"), ("a\x1b[31m", "U+001B CONTROL"), ("a\u00adb", "U+00AD SOFT HYPHEN"),
        ("a\U000e0041b", "U+E0041 TAG LATIN CAPITAL LETTER A"), ("a\ufeffb", "U+FEFF ZERO WIDTH NO-BREAK SPACE"),
        ("a\u3164b", "U+3164 HANGUL FILLER"), ("a\u200db", "U+200D ZERO WIDTH JOINER"),
    ],
)  # fmt: skip
def test_hidden_characters_are_shown_by_name(raw, name):
    assert name in [piece.hidden for piece in pieces(raw)]


@pytest.mark.parametrize("ordinary", ["ខ្មែរ", "ක්‍රියා", "می‌خواهم", "👨‍👩‍👧", "नौकरी", "ສະບາຍດີ", "a\nb\tc"])
def test_writing_that_needs_joiners_stays_as_it_is(ordinary):
    assert visible(pieces(ordinary)) == ordinary


def test_a_break_between_khmer_words_is_a_place_to_break_a_line_not_a_sign():
    assert [piece.hidden for piece in pieces("ខ្មែរ\u200bខ្មែរ")] == ["", "break", ""]


def test_a_mark_never_tears_a_letter_from_its_vowel_signs():
    raw = "छोड़ा तो ខ្ញុំ ก็"
    for end in range(1, len(raw)):
        assert [piece.text for piece in pieces(raw, [mark(0, end)]) if category(piece.text[0]).startswith("M")] == []


@pytest.mark.parametrize("raw", ["x\r\nBcc: y", "a\u2028b", "a\x00b", "\x1b[2J", "a\u202eb", "\ud800"])
def test_plain_is_one_printable_line(raw):
    assert plain_line(raw).isprintable()


def test_an_excerpt_shows_the_densest_evidence_and_moves_its_marks():
    raw = "x " * 300 + "passport kept, no leave " + "y " * 300
    at = raw.index("passport")
    shown = excerpt(raw, [mark(at, at + 13), mark(at + 15, at + 23), mark(2, 3, "contact")])
    assert "passport kept, no leave" in shown.text
    assert [shown.text[one.start : one.end] for one in shown.marks if one.kind == "for"] == ["passport kept", "no leave"]
    assert (shown.before, shown.after) == (True, True)
    assert visible(shown.pieces).startswith("…")


def test_an_excerpt_begins_and_ends_with_whole_words():
    raw = "थाइल्यान्डको " + "कम्पनीमा काम " * 60
    shown = excerpt(raw, [mark(50, 60)])
    assert shown.text == shown.text.lstrip()
    assert not shown.before or raw[raw.index(shown.text) - 1] == " "
    assert shown.text.split()[-1] in ("कम्पनीमा", "काम")


def test_a_short_text_is_its_own_excerpt():
    shown = excerpt("short text", [])
    assert (shown.text, shown.before, shown.after) == ("short text", False, False)


@given(st.text(max_size=400), st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), max_size=6))
def test_an_excerpt_is_part_of_its_text_and_its_marks_keep_their_words(raw, spans):
    given_marks = [mark(start, end) for start, end in spans if start < end <= len(raw)]
    shown = excerpt(raw, given_marks)
    assert shown.text in raw
    assert bool(shown.text) == bool(raw)
    assert all(0 <= one.start < one.end <= len(shown.text) for one in shown.marks)


@pytest.mark.parametrize(
    ("live", "dead"),
    [
        ("https://t.me/x", "hxxps://t[.]me/x"), ("t.me/joinchat", "t[.]me/joinchat"),
        ("HTTP://Evil.Example.COM", "hxxP://Evil[.]Example[.]COM"), ("a@b.example.org", "a[@]b[.]example[.]org"),
        ("javascript:alert(1)", "javascript_:alert(1)"), ("192.0.2.7:80", "192[.]0[.]2[.]7:80"),
        ("xn--e1afmkfd.xn--p1ai", "xn--e1afmkfd[.]xn--p1ai"), ("例子.中国", "例子[.]中国"), ("пример.рф/x", "пример[.]рф/x"),
        ("tg://join?x", "tg_://join?x"), ("wa.me/84901", "wa[.]me/84901"), ("mailto:x@y.example", "mailto_:x[@]y[.]example"),
    ],
)  # fmt: skip
def test_addresses_are_broken(live, dead):
    assert defang(live) == dead


@pytest.mark.parametrize(
    "text", ["1.500.000 đ", "Lương 1.500 USD", "v.v.", "end. Start", "10:30", "Tuyển gấp.\nLương", "@handle"]
)
def test_ordinary_text_is_left_alone(text):
    assert defang(text) == text
