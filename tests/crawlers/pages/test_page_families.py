"""One door to the families: each page has one, all are tried in the order of their sureness, and gaps are filled from HTML."""

import pytest

from crawlers.pages import page_families
from crawlers.pages.document import PageDocument
from crawlers.pages.page_families import is_list
from tests.growth import LIMIT, MORE, growth

URL = "https://board.example.org/jobs/1"
LD = '<script type="application/ld+json">{}</script>'
SHOWN = (
    "<h1>Cook</h1><p>Company: Reef</p><p>Location: Huế</p>"
    + "<p>Cook at the pier every day of the week, with lodging and food for all.</p>"
)


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("<rss>", "feed"), ("<urlset>", "sitemap"), ("<svg><text>x</text></svg>", "poster"),
        (LD.format('{"@type":"JobPosting"'), "job_posting_ld"),
        ('<div itemscope itemtype="https://schema.org/JobPosting">', "microdata"),
        ('<div vocab="https://schema.org/" typeof="JobPosting">', "rdfa"),
        ("<jobs><job><title>x</title><url>/1</url></job></jobs>", "xml_jobs"), ("<div class='tgme_widget_message'>", "channel"),
        ("<p>No jobs found</p>", "listing"), (SHOWN, "plain"), ("", "plain"), ("<" * 1_000, "plain"),
    ],
)  # fmt: skip
def test_every_page_has_a_family(text: str, family: str) -> None:
    assert page_families.family(text, URL) == family


def test_what_is_said_to_machines_comes_before_layout() -> None:
    assert page_families.family(LD.format('{"@type":"JobPosting","title":"x"}') + "<p>No jobs found</p>", URL) == "job_posting_ld"


def test_gaps_of_machine_readable_facts_are_filled_from_what_the_page_shows() -> None:
    (posting,) = page_families.parse(LD.format('{"@type":"JobPosting","title":"Đầu bếp"}') + SHOWN, URL).postings
    assert (posting.title, posting.company, posting.location) == ("Đầu bếp", "Reef", "Huế")
    assert "every day of the week" in posting.text


def test_a_family_named_by_the_source_is_asked_and_an_unknown_one_is_an_error() -> None:
    assert page_families.parse("<rss>", URL, page="plain").family == "plain"
    with pytest.raises(KeyError, match="no page family 'banana'; there are: cards, channel"):
        page_families.parse("", URL, page="banana")


def test_a_page_in_the_wrong_charset_is_read_again() -> None:
    misread = "LÆ°Æ¡ng 22 triá»‡u, bao Äƒn á»Ÿ"
    page = page_families.parse(f"<h1>{misread}</h1><p>{misread} {misread} {misread}</p>", URL)
    assert (page.facts.get("mojibake_mended"), page.postings[0].title) == ("true", "Lương 22 triệu, bao ăn ở")


@pytest.mark.parametrize("family", page_families.FAMILIES)
@pytest.mark.parametrize("text", ["", "<", "\x00", "<table>" * 300, "Việc làm"])
def test_every_family_answers_to_any_page(family: str, text: str) -> None:
    """Machine-readable families fall back on what the page shows to people."""
    shown = "plain" if family in ("job_posting_ld", "microdata", "rdfa") else family
    assert page_families.parse(text, URL, page=family).family == shown


URL_KINDS = "https://board.example.org/jobs"
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
        (f"<h1>Kukleny</h1><ul>{LINKS}</ul><dialog><p>{'We keep your data. ' * 60}</p></dialog>", True),
        (f"<h1>Kukleny</h1><ul>{LINKS}</ul><div hidden><div><p>{'We keep your data. ' * 60}</p></div></div>", True),
        (f"<h1>Cook</h1><dialog open><p>{'Cook for fifty guests. ' * 60}</p></dialog><ul>{LINKS}</ul>", False),
        ("<p>公司：海鲜</p><p>地点：西港</p><p>工资：9000元</p>" + f"<ul>{LINKS}</ul>", False),
        ("", False),
        ("<table><tr><td>" * 50, False),
        ("<a href='javascript:a()'>Cook wanted at the pier</a>" * 9, False),
    ],
)
def test_a_page_is_a_list_or_not(markup: str, lists: bool) -> None:
    assert is_list(PageDocument(markup, URL_KINDS)) is lists


def test_labels_repeated_in_every_row_are_a_list() -> None:
    rows = "".join(
        f"<div><h3><a href='/job/{n}'>Cook number {n} at the pier</a></h3><p>Company: R</p><p>City: H</p><p>Pay: 3</p></div>"
        for n in range(6)
    )
    assert is_list(PageDocument(rows, URL_KINDS))


def test_telling_the_two_apart_is_linear_work() -> None:
    def ask(text: str) -> None:
        is_list(PageDocument(text, URL_KINDS))

    assert growth(ask, "<p>Company: x</p>" * 300, "<p>Company: x</p>" * 300 * MORE) <= LIMIT
