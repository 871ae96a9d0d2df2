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
    page = embedded.page(PageDocument(jobs, URL), "microdata", MICRODATA)
    assert [posting.url for posting in page.postings] == ["https://board.example.org/a", f"{URL}#job-2"]
    assert (page.links, [reject.reason for reject in page.rejected]) == (("https://board.example.org/a",), ["no_title"])
