"""Words that announce a contact, and the name behind one."""

from enrichment.contacts.handles import labels, named_after


def kinds(text: str) -> list[str | None]:
    """Return what each announcing word of a text announces."""
    return [label.type for label in labels(text).all]


def test_messengers_are_announced_in_any_writing() -> None:
    """By their names as people write them."""
    assert "telegram" in kinds("write on telegram: sample_hr")
    assert "zalo" in kinds("zalo 050 000 0123")
    assert "wechat" in kinds("加微信 sample_hr")


def test_a_word_that_only_begins_so_announces_nothing() -> None:
    """Online is no Line."""
    assert "line" not in kinds("work online from the airline deadline")
    assert kinds("") == []


def test_the_name_behind_a_label_is_found_with_its_span() -> None:
    """And never beyond it."""
    text = "telegram: samplehr99 now"
    (label,) = (one for one in labels(text).all if one.type == "telegram")
    found = named_after(text, label)
    assert found is not None
    value, start, end = found
    assert (value, text[start:end]) == ("samplehr99", "samplehr99")


def test_a_label_at_the_end_of_a_text_has_no_name() -> None:
    """Whatever signs follow it."""
    for text in ("telegram", "telegram:", "telegram ::: ---", "telegram @"):
        assert [named_after(text, label) for label in labels(text).all if label.type == "telegram"] == [None]
