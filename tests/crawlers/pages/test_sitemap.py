"""Sitemaps of every form become links; what is no http address is left out."""

import pytest

from crawlers.pages import sitemap
from crawlers.pages.document import PageDocument

URL = "https://board.example.org/sitemap.xml"


def read(text: str) -> tuple[tuple[str, ...], dict[str, str]]:
    page = sitemap.parse(PageDocument(text, URL))
    return page.links, page.facts


@pytest.mark.parametrize(
    ("text", "is_sitemap"),
    [
        ("<urlset>", True), ("<s:sitemapindex xmlns:s='x'>", True),
        ("https://board.example.org/1\nhttps://board.example.org/2", True), ("https://board.example.org/1\nCook wanted", False),
        ("http is a protocol", False), ("<rss>", False), ("", False),
    ],
)  # fmt: skip
def test_a_sitemap_is_told_by_its_root_or_its_lines(text: str, is_sitemap: bool) -> None:
    assert sitemap.speaks(PageDocument(text, URL)) is is_sitemap


def test_addresses_and_their_days_are_read_whatever_the_namespace() -> None:
    links, facts = read(
        "<urlset xmlns='http://www.google.com/schemas/sitemap/0.84'><url><loc>\n https://board.example.org/\n  việc\n</loc>"
        "<lastmod>2025-03-01</lastmod></url><url><loc>/2</loc></url><url><lastmod>2025</lastmod></url></urlset>"
    )
    assert links == ("https://board.example.org/việc", "https://board.example.org/2")
    assert facts == {"sitemap": "urlset", "lastmod https://board.example.org/việc": "2025-03-01"}


def test_an_index_says_that_it_is_one() -> None:
    links, facts = read("<sitemapindex><sitemap><loc>https://board.example.org/a.xml</loc></sitemap></sitemapindex>")
    assert (links, facts) == (("https://board.example.org/a.xml",), {"sitemap": "sitemapindex", "index": "true"})


def test_hostile_addresses_are_left_out() -> None:
    """An entity is never expanded: it is a path of this host at most."""
    bomb = '<!DOCTYPE urlset [<!ENTITY a "https://evil.example.org/"><!ENTITY b "&a;&a;">]>'
    bad = "".join(f"<url><loc>{loc}</loc></url>" for loc in ("&b;", "javascript:alert(1)", "http://[x", "ftp://x/", ""))
    assert read(f"{bomb}<urlset>{bad}</urlset>")[0] == ("https://board.example.org/&b",)


def test_more_addresses_than_a_sitemap_may_hold_are_counted_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "_MOST", 5)
    links, facts = read("\n".join(f"https://board.example.org/{number}" for number in range(8)))
    assert (len(links), facts) == (5, {"sitemap": "text", "items_left_out": "3"})
