"""Links lead to people or to pages; what leads to neither is left out, however it is written."""

import pytest

from crawlers.pages import page_urls
from crawlers.pages.document import PageDocument
from tests.growth import LIMIT, MORE, growth

URL = "https://board.example.org/jobs/1"


@pytest.mark.parametrize(
    ("href", "wanted"),
    [
        ("../x", "https://board.example.org/x"), ("//cdn.example.org/x", "https://cdn.example.org/x"),
        (" /việc-làm ", "https://board.example.org/việc-làm"), ("?page=2", "https://board.example.org/jobs/1?page=2"),
        ("javascript:alert(1)", None), ("JavaScript:alert(1)", None), ("java\nscript:alert(1)", None), ("data:text/html,x", None),
        ("#top", None), ("http://[x", None), ("https://a b/", None), ("https://<b>/", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_an_address_is_absolute_or_none(href: str | None, wanted: str | None) -> None:
    assert page_urls.absolute(URL, href) == wanted


@pytest.mark.parametrize(
    ("href", "reaches"),
    [
        ("mailto:a@example.org", True), ("TEL:+15550100", True), ("https://t.me/sample_ops", True),
        ("https://www.line.me/ti/p/sample", True), ("tel:", False), ("https://t.me/share/url?url=x", False),
        ("https://wa.me/?text=x", False), ("https://t.me.evil.example.org/x", False), ("https://example.org/t.me/x", False),
        ("javascript:tel:1", False),
    ],
)  # fmt: skip
def test_a_contact_is_who_a_link_reaches(href: str, reaches: bool) -> None:
    assert page_urls.is_contact(href) is reaches


def test_links_of_a_part_are_sorted_out_each_once_in_order() -> None:
    markup = (
        "<a href='/2'>b</a><a href='mailto:a%40example.org'>m</a><a href='/1'>a</a><a href='/2'>b</a>"
        "<a href='https://t.me/sample_ops'>t</a><a href='javascript:x'>z</a><a>nothing</a>"
    )
    assert page_urls.of(PageDocument(markup, URL).body, URL) == (
        ("mailto:a@example.org", "https://t.me/sample_ops"),
        ("https://board.example.org/2", "https://board.example.org/1"),
    )


def test_links_inside_a_skipped_part_are_left_out() -> None:
    body = PageDocument("<div><a href='/1'>a</a></div><p><b><a href='/2'>b</a></b></p>", URL).body
    skipped = body.css_first("p")
    assert skipped is not None
    assert page_urls.of(body, URL, skip=frozenset({skipped.mem_id})) == ((), ("https://board.example.org/1",))


@pytest.mark.parametrize(
    ("url", "host"),
    [("https://EXAMPLE.org:80/", "example.org"), ("http://[x", ""), ("", ""), ("người", ""), ("mailto:a@b.c", "")],
)
def test_a_host_is_lower_case_or_nothing(url: str, host: str) -> None:
    assert (page_urls.host_of(url), page_urls.is_web(url)) == (host, bool(host))


def test_a_long_address_is_linear_work() -> None:
    assert growth(page_urls.is_contact, "https://wa.me/?" + "a" * 200_000, "https://wa.me/?" + "a" * 200_000 * MORE) <= LIMIT
