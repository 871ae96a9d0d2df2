"""A page lists adverts or describes one: labels make an advert, links make a list."""

import pytest

from crawlers.pages.document import PageDocument
from crawlers.pages.kinds import is_list
from tests.growth import LIMIT, MORE, growth

URL = "https://board.example.org/jobs"
LINKS = "".join(
    f"<li><h3><a href='/job/{n}'>Cook number {n} at the pier</a></h3><p>Kampot, by the month</p></li>" for n in range(6)
)
ADVERT = "<h1>Cook</h1><p>Company: Reef</p><p>Location: Hue</p><p>Salary: 300 USD</p>"


@pytest.mark.parametrize(
    ("markup", "lists"),
    [
        (f"<ul>{LINKS}</ul>", True),
        ("<p>No jobs found</p>", True),
        ("<p>ไม่พบ</p>", True),
        (ADVERT, False),
        (f"{ADVERT}<ul>{LINKS}</ul>", False),
        ("<p>公司：海鲜</p><p>地点：西港</p><p>工资：9000元</p>" + f"<ul>{LINKS}</ul>", False),
        ("", False),
        ("<table><tr><td>" * 50, False),
        ("<a href='javascript:a()'>Cook wanted at the pier</a>" * 9, False),
    ],
)
def test_a_page_is_a_list_or_not(markup: str, lists: bool) -> None:
    assert is_list(PageDocument(markup, URL)) is lists


def test_labels_repeated_in_every_row_are_a_list() -> None:
    rows = "".join(
        f"<div><h3><a href='/job/{n}'>Cook number {n} at the pier</a></h3><p>Company: R</p><p>City: H</p><p>Pay: 3</p></div>"
        for n in range(6)
    )
    assert is_list(PageDocument(rows, URL))


def test_telling_the_two_apart_is_linear_work() -> None:
    def ask(text: str) -> None:
        is_list(PageDocument(text, URL))

    assert growth(ask, "<p>Company: x</p>" * 300, "<p>Company: x</p>" * 300 * MORE) <= LIMIT
