"""A page is searched for contacts unless all signs of one stand in its posting's own words."""

import json
from dataclasses import dataclass

import pytest

from crawlers.pages.document import PageDocument
from crawlers.pages.posting_fields.contact_signs import stand_elsewhere
from tests.crawlers.pages.test_published_contacts import FORMS
from tests.growth import LIMIT, MORE, growth

TEXT = "We look for a cook. Write to cook@example.org or call 0500 000 001 in the mornings."


@dataclass(frozen=True)
class Page:
    """A page whose JSON-LD says what its description says, with ``more`` below."""

    more: str = ""

    def __str__(self) -> str:
        fact = json.dumps({"@type": "JobPosting", "title": "Cook", "description": TEXT})
        script = f'<script type="application/ld+json">{fact}</script>'
        return f"<html><head>{script}</head><body><h1>Cook</h1><p>{TEXT}</p>{self.more}</body></html>"


def searched(page: str, text: str = TEXT) -> bool:
    posting = PageDocument(page, "https://board.example.org/jobs/1").posting(
        "https://board.example.org/jobs/1", text=text, title="Cook"
    )
    return stand_elsewhere(page, posting)


def test_signs_in_the_description_alone_need_no_search() -> None:
    assert not searched(str(Page()))
    assert not searched(str(Page("<p>The kitchen opens at six.</p>")))


@pytest.mark.parametrize(
    "more",
    [
        "<p>Zalo: 0500 000 002</p>",
        "<p>Tel. 05 00 00 00 02</p>",
        "<p>၀၉ ၅၀၀ ၀၀၀ ၀၀၂</p>",
        "<p>٠٥٠٠٠٠٠٠٠٢</p>",
        "<p>d&#101;sk&#64;company.example</p>",
        "<p>MAIL: sample [AT] example.org</p>",
        "<p>微信 sample_ops</p>",
        "<a href='https://T.ME/sample_ops'>here</a>",
        "<i data-usertel='0500000002'></i>",
        "<img alt='0500 000 002'>",
        "<b title='cook@example.org'>ask us</b>",
        "<p>cook@example.org &lt;0500 000 002&gt;</p>",
        "<p>0500 000 002",
        "<b>@</b><b>sample_ops</b>",
        "<p>cook@example.org</p>" * 30,
    ],
)
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
