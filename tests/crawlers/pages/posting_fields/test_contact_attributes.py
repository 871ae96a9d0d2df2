"""What one element publishes: the contact it leads to, the words it shows to screen readers, numbers and mails of a text."""

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawlers.pages.posting_fields import contact_attributes

BASE = "https://board.example.org/jobs/1"


def element(markup: str) -> LexborNode:
    body = LexborHTMLParser(f"<body>{markup}").body
    assert body is not None and body.first_child is not None
    return body.first_child


@pytest.mark.parametrize(
    ("markup", "links"),
    [
        ("<a href='/out?to=https%3A%2F%2Ft.me%2Fsample_ops'>x</a>", ["https://t.me/sample_ops"]),
        ("<a href='https://wa.me/?text=share+this'>Share</a>", []),
        ("<button onclick=\"go('tel:0500000272', 'x')\">x</button>", ["tel:0500000272"]),
        ("<button onclick='javascript:alert(1)'>x</button>", []),
        ("<i data-whatsapp='+84500000272'></i>", ["whatsapp://send?phone=+84500000272"]),
        ("<i data-seller-phone-number='0500000272'></i>", ["tel:0500000272"]),
        ("<i data-telegram='@sample_ops'></i>", ["https://t.me/sample_ops"]),
        ("<i data-email='desk@company.example'></i>", ["mailto:desk@company.example"]),
        ("<i data-phone='0500 000 ***' data-hotel='0500000272' data-microphone='0500000272'></i>", []),
        ("<i data-cfemail='zz'></i>", []),
        ("<i data-phone></i>", []),
    ],
)
def test_links_are_the_contacts_an_element_leads_to(markup: str, links: list[str]) -> None:
    assert list(contact_attributes.links(element(markup), BASE)) == links


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<img alt='Zalo: 0500 000 272'>", "Zalo: 0500 000 272"),
        ("<img alt='IMG_20260112_0500000272.jpg'>", None),
        ("<img alt='A cook in a kitchen'>", None),
        ("<input type=text value='0500 000 272'>", None),
        ("<input type=button value='0500 000 272'>", "0500 000 272"),
        ("<meta itemprop=telephone content='+84500000272'>", "+84500000272"),
        ("<meta name=description content='Call 0500 000 272'>", None),
        ("<button>0500 000 272</button>", "0500 000 272"),
    ],
)
def test_words_are_taken_where_they_reach_somebody(markup: str, words: str | None) -> None:
    assert contact_attributes.shown_text(element(markup)) == words


def test_numbers_and_mails_of_a_text_are_addresses() -> None:
    assert contact_attributes.find_written("Call 0500 000 272 or desk@company.example") == (
        "mailto:desk@company.example",
        "tel:0500 000 272",
    )
    assert contact_attributes.find_written("Ref. 2026/1200-12, 0500 000 ***") == ()
