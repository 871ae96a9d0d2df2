"""Contact lines beside the description are taken; those above the headline and of the board are not."""

import pytest

from crawlers.pages.document import PageDocument
from crawlers.pages.posting_fields.contact_lines import PageContacts, find_published
from tests.growth import LIMIT, MORE, growth

TEXT = "Long text of the advert"


def beside(markup: str) -> PageContacts:
    return find_published(PageDocument(markup, "https://board.example.org/jobs/1"), "Cook", TEXT)


@pytest.mark.parametrize(
    ("line", "taken"),
    [
        ("<p>Liên hệ: 0500 000 001</p>", ["Liên hệ: 0500 000 001"]),
        ("<p>微信 sample_ops：1</p>", ["微信 sample_ops：1"]),
        ("<div class='apply-button'>@sample_ops</div>", ["@sample_ops"]),
        ("<table><tr><th>Phone<td><table><tr><td>+1 555 0100</table></table>", ["Phone", "+1 555 0100"]),
        ("<p>Contact lenses are sold here</p>", []),
        ("<a href='javascript:tel:1'>Call</a>", []),
        ("<p>Phone: " + "1 " * 300 + "</p>", []),
        ("<!-- Phone: 0500 000 001 -->", []),
        ("", []),
    ],
)
def test_a_line_that_reaches_somebody_is_taken(line: str, taken: list[str]) -> None:
    assert list(beside(f"<div><h1>Cook</h1><div id=d>{TEXT}</div>{line}</div>").lines) == taken


def test_contacts_elsewhere_on_the_page_are_not_the_advertisers() -> None:
    elsewhere = (
        "<p>Phone: 0500 000 000</p><div><p>Phone: 0500 000 001</p><h1>Cook</h1>"
        f"<div id=d>{TEXT}</div><p>Phone: 0500 000 002</p></div><p>Phone: 0500 000 003</p>"
    )
    assert beside(elsewhere).lines == ("Phone: 0500 000 002",)


def test_a_page_without_headline_and_description_is_searched_whole() -> None:
    assert beside("<p>Zalo: 0500 000 001</p>").lines == ("Zalo: 0500 000 001",)
    assert beside("") == ((), ())


def test_a_link_or_a_button_is_an_address_and_its_words_are_no_line() -> None:
    link = "<p><a href='https://t.me/sample_ops'>Telegram</a></p><button data-phone='0500000001'>Call</button>"
    assert beside(f"<h1>Cook</h1><p>{TEXT}</p>{link}") == (("https://t.me/sample_ops", "tel:0500000001"), ())


def test_many_contact_links_are_linear_work() -> None:
    link = "<a href='tel:+15550100'></a><p>Phone: 0500 000 001</p>"
    assert growth(beside, f"<h1>Cook</h1>{link * 150}", f"<h1>Cook</h1>{link * 150 * MORE}") <= LIMIT
