"""Climbing yields an element and those around it, up to a number or a tag."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from crawlers.pages.node_path import TEXT_BODY, climb

PAGE = LexborHTMLParser("<body><main><section><p><b>Cook</b></p></section></main></body>")


@pytest.mark.parametrize(
    ("most", "until", "tags"),
    [
        (9, None, ["b", "p", "section", "main"]), (2, None, ["b", "p"]), (9, TEXT_BODY, ["b", "p", "section"]),
        (9, ("p",), ["b"]), (9, (), ["b", "p", "section", "main", "body", "html", "-document"]), (0, None, []),
    ],
)  # fmt: skip
def test_the_way_out_ends_where_it_is_told(most: int, until: tuple[str, ...] | None, tags: list[str]) -> None:
    way = climb(PAGE.css_first("b"), most) if until is None else climb(PAGE.css_first("b"), most, until=until)
    assert [node.tag for node in way] == tags


def test_from_nowhere_there_is_no_way() -> None:
    assert list(climb(None)) == []
