"""Facts in attributes become nested facts, each of the thing it belongs to."""

from typing import Any

import pytest
from selectolax.lexbor import LexborNode

from crawlers.pages.document import PageDocument
from crawlers.pages.postings import embedded
from crawlers.pages.postings.embedded import Syntax

URL = "https://board.example.org/jobs/1"
MICRODATA = Syntax(scope="itemscope", kind="itemtype", name="itemprop")
JOB = '<div itemscope itemtype="https://schema.org/JobPosting"'


def read(inner: str, attributes: str = "") -> dict[str, Any]:
    document = PageDocument(f"{JOB} {attributes}>{inner}</div><p id='far' itemprop='skills'>Wok</p>", URL)
    scope: LexborNode | None = document.tree.css_first("[itemscope]")
    assert scope is not None
    facts = embedded.read(scope, MICRODATA, document)
    assert facts.pop("@type") == "https://schema.org/JobPosting"
    return facts


@pytest.mark.parametrize(
    ("inner", "facts"),
    [
        ("<h1 itemprop='title'>Đầu  bếp</h1>", {"title": "Đầu bếp"}),
        ("<time itemprop='datePosted' datetime='2025-03-01'>1/3</time>", {"datePosted": "2025-03-01"}),
        ("<meta itemprop='title' content='Cook'>", {"title": "Cook"}),
        ("<b itemprop='title name'>Cook</b>", {"title": "Cook", "name": "Cook"}),
        ("<b itemprop='industry'>Sea</b><b itemprop='industry'>Food</b>", {"industry": ["Sea", "Food"]}),
        ("<b itemprop='skills'>Wok</b>", {"skills": '<b itemprop="skills">Wok</b>'}),
        ("<a itemprop='url' href='/2'>x</a><a itemprop='image' href='javascript:x'>y</a>", {"url": "https://board.example.org/2"}),
        ("<div itemprop='employer' itemscope itemtype='Firm'><b itemprop='name'>Reef</b></div>",
         {"employer": {"@type": "Firm", "name": "Reef"}}),
        ("<div itemscope><b itemprop='title'>of another thing</b></div>", {}),
        ("", {}),
    ],
)  # fmt: skip
def test_a_property_has_its_value(inner: str, facts: dict[str, object]) -> None:
    assert read(inner) == facts


def test_a_property_elsewhere_is_fetched_by_reference_and_a_hostile_reference_is_none() -> None:
    assert read("", "itemref='far'") == {"skills": '<p id="far" itemprop="skills">Wok</p>'}
    assert read("", "itemref='nowhere \"]*{'") == {}


def test_things_inside_things_end_somewhere() -> None:
    facts: Any = read("<div itemprop='jobLocation' itemscope itemtype='Place'>" * 100 + "Huế" + "</div>" * 100)
    depth = 0
    while isinstance(facts, dict) and "jobLocation" in facts:
        facts, depth = facts["jobLocation"], depth + 1
    assert depth == 21 and facts == "Huế"


@pytest.mark.parametrize(
    ("kinds", "is_job"),
    [
        ("JobPosting", True), ("schema:JobPosting", True), ("https://schema.org/JobPosting/", True), ("Thing JobPosting", True),
        ("http://schema.org/#JobPosting", True), ("NotAJobPosting", False), ("", False), (None, False), ("招聘", False),
    ],
)  # fmt: skip
def test_a_type_names_a_job_posting(kinds: str | None, is_job: bool) -> None:
    assert embedded.is_job_posting(kinds) is is_job


def test_several_things_on_a_page_have_addresses_of_their_own() -> None:
    jobs = f"{JOB}><h2 itemprop='title'><a href='/a'>A</a></h2></div>{JOB}><b itemprop='title'>B</b></div>{JOB}></div>"
    page = embedded.page(PageDocument(jobs, URL), "microdata")
    assert [posting.url for posting in page.postings] == ["https://board.example.org/a", f"{URL}#job-2"]
    assert (page.links, [reject.reason for reject in page.rejected]) == (("https://board.example.org/a",), ["no_title"])


WRITTEN = {
    "microdata": '<div itemscope itemtype="https://schema.org/JobPosting"><h1 itemprop="title">Đầu bếp</h1>'
    '<p itemprop="hiringOrganization" itemscope itemtype="Organization"><b itemprop="name">Reef</b></p>'
    '<div itemprop="description"><p>Cook</p><script>x</script><p>Pier</p></div></div>',
    "rdfa": '<div vocab="https://schema.org/" typeof="https://schema.org/JobPosting"><h1 property="title">Đầu bếp</h1>'
    '<p property="hiringOrganization" typeof="Organization"><b property="name">Reef</b></p>'
    '<div property="description"><p>Cook</p><script>x</script><p>Pier</p></div></div>',
}
OTHER = {"microdata": '<div typeof="JobPosting"><b>Cook</b></div>', "rdfa": '<div itemtype="JobPosting"><b>Cook</b></div>'}


@pytest.mark.parametrize("family", WRITTEN)
def test_a_job_is_a_posting(family: str) -> None:
    page = embedded.page(PageDocument(WRITTEN[family], URL), family)
    (posting,) = page.postings
    assert (page.family, page.title) == (family, "Đầu bếp")
    assert (posting.url, posting.title, posting.company, posting.text) == (URL, "Đầu bếp", "Reef", "Cook\nPier")


@pytest.mark.parametrize("family", WRITTEN)
def test_only_its_own_markup_speaks(family: str) -> None:
    job = WRITTEN[family]
    assert embedded.speaks(PageDocument(job, URL), family)
    for text in (
        job.replace("JobPosting", "NotAJobPosting"),
        job.replace("JobPosting", "Recipe"),
        OTHER[family],
        '&lt;div itemscope itemtype="JobPosting"&gt;',
        '&lt;div vocab="https://schema.org/" typeof="JobPosting"&gt;',
        "",
    ):
        assert not embedded.speaks(PageDocument(text, URL), family)


@pytest.mark.parametrize("family", WRITTEN)
def test_a_page_without_words_has_no_posting(family: str) -> None:
    opening = WRITTEN[family].partition(">")[0] + ">"
    for text in ("", WRITTEN[family][:60], opening * 50, "<table><tr><td>" * 50):
        assert embedded.page(PageDocument(text, URL), family).postings == ()


def test_properties_for_social_networks_are_none_of_the_job() -> None:
    text = WRITTEN["rdfa"].replace("<h1", '<meta property="og:description" content="Win money"><h1')
    assert embedded.page(PageDocument(text, URL), "rdfa").postings[0].text == "Cook\nPier"
