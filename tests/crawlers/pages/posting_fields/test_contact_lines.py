"""Contact lines beside the description are taken; those above the headline and of the board are not."""

import json
from dataclasses import dataclass

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawlers.pages.document import PageDocument
from crawlers.pages.posting_fields import contact_lines
from crawlers.pages.posting_fields.contact_lines import PageContacts, find_published, stand_elsewhere
from tests.crawlers.pages.test_published_contacts import FORMS
from tests.growth import LIMIT, MORE, growth

TEXT = "Long text of the advert"


def contacts_beside(markup: str) -> PageContacts:
    return find_published(PageDocument(markup, "https://board.example.org/jobs/1"), "Cook", TEXT)


@pytest.mark.parametrize(
    ("line", "taken"),
    [
        ("<p>Liên hệ: 0500 000 001</p>", ["Liên hệ: 0500 000 001"]),
        ("<p>微信 sample_ops：1</p>", ["微信 sample_ops：1"]),
        ("<div class='apply-button'>@sample_ops</div>", ["@sample_ops"]),
        ("<table><tr><th>Phone<td><table><tr><td>+1 555 0100</table></table>", ["Phone", "+1 555 0100"]),
        ("<p>Contact lenses are sold here</p>", []), ("<a href='javascript:tel:1'>Call</a>", []),
        ("<p>Phone: " + "1 " * 300 + "</p>", []), ("<!-- Phone: 0500 000 001 -->", []), ("", []),
    ],
)  # fmt: skip
def test_a_line_that_reaches_somebody_is_taken(line: str, taken: list[str]) -> None:
    assert list(contacts_beside(f"<div><h1>Cook</h1><div id=d>{TEXT}</div>{line}</div>").lines) == taken


def test_contacts_elsewhere_on_the_page_are_not_the_advertisers() -> None:
    elsewhere = (
        "<p>Phone: 0500 000 000</p><div><p>Phone: 0500 000 001</p><h1>Cook</h1>"
        f"<div id=d>{TEXT}</div><p>Phone: 0500 000 002</p></div><p>Phone: 0500 000 003</p>"
    )
    assert contacts_beside(elsewhere).lines == ("Phone: 0500 000 002",)


def test_a_page_without_headline_and_description_is_searched_whole() -> None:
    assert contacts_beside("<p>Zalo: 0500 000 001</p>").lines == ("Zalo: 0500 000 001",)
    assert contacts_beside("") == ((), ())


def test_a_link_or_a_button_is_an_address_and_its_words_are_no_line() -> None:
    link = "<p><a href='https://t.me/sample_ops'>Telegram</a></p><button data-phone='0500000001'>Call</button>"
    assert contacts_beside(f"<h1>Cook</h1><p>{TEXT}</p>{link}") == (("https://t.me/sample_ops", "tel:0500000001"), ())


def test_many_contact_links_are_linear_work() -> None:
    link = "<a href='tel:+15550100'></a><p>Phone: 0500 000 001</p>"
    assert growth(contacts_beside, f"<h1>Cook</h1>{link * 150}", f"<h1>Cook</h1>{link * 150 * MORE}") <= LIMIT


TEXT_CONTACT_SIGNS = "We look for a cook. Write to cook@example.org or call 0500 000 001 in the mornings."


@dataclass(frozen=True)
class Page:
    """A page whose JSON-LD says what its description says, with ``more`` below."""

    more: str = ""

    def __str__(self) -> str:
        fact = json.dumps({"@type": "JobPosting", "title": "Cook", "description": TEXT_CONTACT_SIGNS})
        script = f'<script type="application/ld+json">{fact}</script>'
        return f"<html><head>{script}</head><body><h1>Cook</h1><p>{TEXT_CONTACT_SIGNS}</p>{self.more}</body></html>"


def searched(page: str, text: str = TEXT_CONTACT_SIGNS) -> bool:
    posting = PageDocument(page, "https://board.example.org/jobs/1").posting(
        "https://board.example.org/jobs/1", text=text, title="Cook"
    )
    return stand_elsewhere(page, posting)


def test_signs_in_the_description_alone_need_no_search() -> None:
    assert not searched(str(Page()))
    assert not searched(str(Page("<p>The kitchen opens at six.</p>")))


@pytest.mark.parametrize("more", [
    "<p>Zalo: 0500 000 002</p>", "<p>Tel. 05 00 00 00 02</p>", "<p>၀၉ ၅၀၀ ၀၀၀ ၀၀၂</p>", "<p>٠٥٠٠٠٠٠٠٠٢</p>",
    "<p>d&#101;sk&#64;company.example</p>", "<p>MAIL: sample [AT] example.org</p>", "<p>微信 sample_ops</p>",
    "<a href='https://T.ME/sample_ops'>here</a>", "<i data-usertel='0500000002'></i>", "<img alt='0500 000 002'>",
    "<b title='cook@example.org'>ask us</b>", "<p>cook@example.org &lt;0500 000 002&gt;</p>", "<p>0500 000 002",
    "<b>@</b><b>sample_ops</b>", "<p>cook@example.org</p>" * 30,
])  # fmt: skip
def test_a_sign_elsewhere_needs_a_search(more: str) -> None:
    assert searched(str(Page(more)))


def test_what_pretends_to_be_json_hides_nothing() -> None:
    """An attribute with the opening tag of a script, then a contact, then the end of another script."""
    trap = "<b title='<script type=\"application/ld+json\">'></b><p>0500 000 002</p><script></script>"
    assert searched(f"<html><body>{trap}</body></html>", text="A cook is wanted.")


@pytest.mark.parametrize("form", sorted(FORMS))
def test_every_form_of_a_contact_needs_a_search(form: str) -> None:
    assert searched(str(Page(FORMS[form][0])))


def test_many_signs_are_linear_work() -> None:
    page = "<p>cook@example.org</p>"
    assert growth(searched, page * 500, page * 500 * MORE) <= LIMIT


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
    assert list(contact_lines.links(element(markup), BASE)) == links


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
    assert contact_lines.shown_text(element(markup)) == words


def test_numbers_and_mails_of_a_text_are_addresses() -> None:
    assert contact_lines.find_written("Call 0500 000 272 or desk@company.example") == (
        "mailto:desk@company.example",
        "tel:0500 000 272",
    )
    assert contact_lines.find_written("Ref. 2026/1200-12, 0500 000 ***") == ()
