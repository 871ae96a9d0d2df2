"""Adverts drawn as pictures or in big type: lines from top to bottom, a name only where a line looks like one."""

import pytest

from crawlers.pages import page_families
from crawlers.pages.document import PageDocument
from crawlers.pages.postings import poster


def test_a_poster_is_read_from_top_to_bottom() -> None:
    """Whatever the order its lines were drawn in."""
    svg = (
        '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" xml:lang="vi"><text x="1" y="90">Lương 22 triệu</text>'
        '<text x="1" y="20">TUYỂN GẤP</text><script>alert(1)</script></svg>'
    )
    page = page_families.parse(svg, "https://board.example.org/p.svg")
    (posting,) = page.postings
    assert (page.family, posting.title, posting.text) == ("poster", "TUYỂN GẤP", "TUYỂN GẤP\nLương 22 triệu")
    assert posting.language_hint == "vi"


def test_a_picture_without_words_is_rejected_by_name() -> None:
    """Seen, counted, not kept."""
    page = page_families.parse('<svg xmlns="http://www.w3.org/2000/svg"><rect/></svg>', "https://board.example.org/p.svg")
    assert [one.reason for one in page.rejected] == ["no_text"]


def test_a_poster_names_who_second_and_where_last_unless_those_lines_say_something_else() -> None:
    """Figures, contacts and lists are never taken for a name."""
    page = (
        '<html lang="en"><body><div><h1>HIRING</h1><div>North Ops</div><div>65K a month</div><div>Free ticket</div>'
        "<div>Telegram sample_ops</div><div>{last}</div></div></body></html>"
    )
    (posting,) = page_families.parse(page.format(last="Bangkok"), "https://board.example.org/p.html").postings
    assert (posting.title, posting.company, posting.location) == ("HIRING", "North Ops", "Bangkok")
    (posting,) = page_families.parse(page.format(last="Call 0500 000 300"), "https://board.example.org/p.html").postings
    assert posting.location is None


@pytest.mark.parametrize(
    ("text", "is_poster"),
    [
        ("<svg><text>Cook</text></svg>", True),
        ('<!-- drawn --><svg xmlns="http://www.w3.org/2000/svg">', True),
        ("", False),
        ("<p><svg></svg></p>", False),
        ("<h1>HIRING</h1><div>One</div><div>Two</div><div>Three</div>", True),
        ("<h1>HIRING</h1><div>One</div><div>Two</div><a href='/'>Three</a>", False),
        ("<h1>HIRING</h1><div>Company: Reef</div><div>Two</div><div>Three</div>", False),
        ("<h1>HIRING</h1><h1>AGAIN</h1><div>Two</div><div>Three</div>", False),
    ],
)
def test_a_poster_is_a_picture_or_a_few_lines_of_big_type(text: str, is_poster: bool) -> None:
    assert poster.speaks(PageDocument(text, "https://board.example.org/p")) is is_poster


def test_heights_that_are_no_numbers_do_not_stop_the_reading() -> None:
    """An entity bomb, too, stays unexpanded."""
    svg = (
        '<!DOCTYPE svg><svg><text y="30px">三</text><text y="1e1">二</text><text y="javascript:alert(1)">一</text>'
        "<text y='40'>&e11;</text></svg>"
    )
    (posting,) = poster.parse(PageDocument(svg, "https://board.example.org/p.svg")).postings
    assert posting.text == "一\n二\n三\n&e11;"
