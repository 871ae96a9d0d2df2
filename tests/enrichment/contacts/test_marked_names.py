"""Names behind an at sign, and which spans of a text are taken already."""

from enrichment.contacts.marked_names import SpanIndex, marked_names


def names_in(text: str, taken: list[tuple[int, int]] | None = None) -> list[str]:
    """Return the text of each name found."""
    return [text[start:end] for _, start, end, *_ in marked_names(text, SpanIndex(taken or []))]


def test_a_name_behind_an_at_sign_is_found_with_its_span() -> None:
    """With the sign or without, never less than the name."""
    (shown,) = names_in("write to @sample_hr now")
    assert shown.lstrip("@") == "sample_hr"


def test_what_is_part_of_an_address_already_is_no_name() -> None:
    """A mail address is one contact."""
    text = "mail jobs@firm.example.org"
    assert names_in(text, [(5, len(text))]) == []


def test_signs_without_a_name_are_none() -> None:
    """Whatever stands there."""
    for text in ("", "@", "@@@@", "@ @ @", "5 kg @ 3 $"):
        assert names_in(text) == []


def test_spans_meet_where_they_share_a_place_and_not_where_they_only_touch() -> None:
    """The end is the first place behind."""
    spans = SpanIndex([(10, 20), (30, 40)])
    assert spans.meets(19, 25)
    assert spans.meets(5, 50)
    assert not spans.meets(20, 30)
    assert not SpanIndex([]).meets(0, 100)
