"""Contact lines beside the description are taken; those above the headline, inside the description or of the board are not."""

import pytest
from bs4 import BeautifulSoup, Tag

from crawlers.pages import contact_lines
from tests.growth import LIMIT, MORE, growth


def beside(markup: str) -> list[str]:
    page = BeautifulSoup(markup, "lxml")
    headline, description = page.find("h1"), page.find(id="d")
    found = contact_lines.beside(
        page.body or page,
        headline if isinstance(headline, Tag) else None,
        description if isinstance(description, Tag) else None,
    )
    return [block.get_text(" ", strip=True) for block in found]


@pytest.mark.parametrize(
    ("line", "taken"),
    [
        ("<p>Liên hệ: 0500 000 001</p>", ["Liên hệ: 0500 000 001"]),
        ("<p>微信 sample_ops：1</p>", ["微信 sample_ops：1"]),
        ("<p><a href='https://t.me/sample_ops'>Telegram</a></p>", ["Telegram"]),
        ("<div class='apply-button'>@sample_ops</div>", ["@sample_ops"]),
        ("<table><tr><th>Phone<td><table><tr><td>+1 555 0100</table></table>", ["Phone +1 555 0100"]),
        ("<p>Contact lenses are sold here</p>", []),
        ("<a href='javascript:tel:1'>Call</a>", []),
        ("<p>Phone: " + "1 " * 300 + "</p>", []),
        ("<!-- Phone: 0500 000 001 -->", []),
        ("", []),
    ],
)
def test_a_line_that_reaches_somebody_is_taken(line: str, taken: list[str]) -> None:
    assert beside(f"<div><h1>Cook</h1><div id=d>Long text of the advert</div>{line}</div>") == taken


def test_contacts_elsewhere_on_the_page_are_not_the_advertisers() -> None:
    elsewhere = (
        "<p>Phone: 0500 000 000</p><div><p>Phone: 0500 000 001</p><h1>Cook</h1>"
        "<div id=d>Text <p>Phone: 0500 000 002</p></div></div><p>Phone: 0500 000 003</p>"
    )
    assert beside(elsewhere) == []


def test_a_page_without_headline_and_description_is_searched_whole() -> None:
    assert beside("<p>Zalo: 0500 000 001</p>") == ["Zalo: 0500 000 001"]
    assert beside("") == []


def test_many_contact_links_are_linear_work() -> None:
    link = "<a href='tel:+15550100'></a><p>Phone: 0500 000 001</p>"
    assert growth(beside, f"<h1>Cook</h1>{link * 150}", f"<h1>Cook</h1>{link * 150 * MORE}") <= LIMIT
