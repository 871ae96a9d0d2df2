"""Revisions as what they changed."""

from datetime import UTC, datetime

from desk.web import view
from desk.web.view import changes_of
from index.base import Revision

AT = datetime(2026, 11, 1, tzinfo=UTC)


def revision(number, text, title="Job", change="edited"):
    return Revision(revision=number, change=change, at=AT, run_id="r", text_sha256="0" * 64, title=title, text=text)


def words(change):
    """Return (kind, words) of each stretch of a change."""
    return [(each.kind, "".join(piece.text for piece in each.pieces)) for each in change.stretches]


def test_one_revision_has_no_change():
    assert changes_of([revision(1, "passport kept")]) == ()


def test_words_taken_out_and_put_in_stand_in_their_place():
    newest, first = changes_of([revision(1, "Pay 900 USD, passport kept", change="first_seen"), revision(2, "Pay 1500 USD")])
    assert words(newest) == [
        ("same", "Job\nPay "), ("out", "900"), ("new", "1500"), ("same", " USD"), ("out", ", passport kept"),
    ]  # fmt: skip
    assert words(first) == [("same", "Job\nPay 900 USD, passport kept")]


def test_a_script_without_spaces_is_compared_by_characters():
    newest = changes_of([revision(1, "รับสมัครงานด่วน"), revision(2, "รับสมัครงาน")])[0]
    assert ("out", "ด่วน") in words(newest)


def test_a_long_text_is_compared_by_lines_and_one_without_lines_as_a_whole(monkeypatch):
    monkeypatch.setattr(view, "TOKENS", 6)
    text = "a b c d\n" * 3
    assert words(changes_of([revision(1, text), revision(2, text + "e f")])[0]) == [("same", f"Job\n{text}"), ("new", "e f")]
    monkeypatch.setattr(view, "LINES", 2)
    assert [kind for kind, _ in words(changes_of([revision(1, text), revision(2, text + "e f")])[0])] == ["out", "new"]


def test_a_hidden_character_that_came_in_is_named():
    stretches = changes_of([revision(1, "good"), revision(2, "good \u202e")])[0].stretches
    (stretch,) = [each for each in stretches if each.kind == "new"]
    assert [piece.text for piece in stretch.pieces if piece.hidden] == ["RLO"]


def test_only_the_newest_revisions_are_compared():
    changes = changes_of([revision(number, f"text {number}") for number in range(10)])
    assert [len(each.stretches) > 1 for each in changes] == [True] * 6 + [False] * 4
