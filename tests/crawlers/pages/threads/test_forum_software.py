"""The table of forum software holds selectors that work and marks that tell one software from another."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawlers.pages.threads.forum_software import POST_ID, QUOTES, SOFTWARE, Software

PAGE = LexborHTMLParser("<div class='quote'>x</div>")


@pytest.mark.parametrize("software", SOFTWARE, ids=lambda software: software.name)
def test_every_selector_is_understood(software: Software) -> None:
    """Lexbor raises for a selector it cannot read."""
    selectors = [*software.post, software.content, software.author, software.date, software.title, software.topics]
    assert all(selectors[:-1])  # only an index may have no selector of its own
    for selector in filter(None, selectors):
        PAGE.css(selector)


def test_names_and_marks_are_not_shared() -> None:
    names = [software.name for software in SOFTWARE]
    marks = [mark for software in SOFTWARE for mark in software.marks]
    assert (len(set(names)), len(set(marks))) == (len(names), len(marks))
    assert all(len(mark) >= 4 for mark in marks)


def test_a_quote_is_found_by_its_class() -> None:
    assert [node.text() for node in PAGE.css(QUOTES)] == ["x"]


@pytest.mark.parametrize(
    ("identity", "number"),
    [
        ("p12", "12"), ("post_message_12", "12"), ("post-7", "7"), ("msg99", "99"), ("12", "12"), ("postmessage_5", "5"),
        ("12x", None), ("top", None), ("", None), ("p1'><script>", None), ("bài-", None),
    ],
)  # fmt: skip
def test_a_post_number_ends_its_id(identity: str, number: str | None) -> None:
    match = POST_ID.search(identity)
    assert (match and match[1]) == number
