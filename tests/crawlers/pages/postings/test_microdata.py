"""Microdata: a JobPosting in its attributes is a posting; attributes of another syntax and other types are not."""

import pytest

from crawlers.pages.document import PageDocument
from crawlers.pages.postings import microdata

URL = "https://board.example.org/jobs/1"
JOB = (
    '<div itemscope itemtype="https://schema.org/JobPosting"><h1 itemprop="title">Đầu bếp</h1>'
    '<p itemprop="hiringOrganization" itemscope itemtype="Organization"><b itemprop="name">Reef</b></p>'
    '<div itemprop="description"><p>Cook</p><script>x</script><p>Pier</p></div></div>'
)


def test_a_job_is_a_posting() -> None:
    page = microdata.parse(PageDocument(JOB, URL))
    (posting,) = page.postings
    assert (page.family, page.title) == ("microdata", "Đầu bếp")
    assert (posting.url, posting.title, posting.company, posting.text) == (URL, "Đầu bếp", "Reef", "Cook\nPier")


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        (JOB, True),
        (JOB.replace("JobPosting", "NotAJobPosting"), False),
        (JOB.replace("JobPosting", "Recipe"), False),
        ('<div typeof="JobPosting"><b>Cook</b></div>', False),
        ('&lt;div itemscope itemtype="JobPosting"&gt;', False),
        ("", False),
    ],
)
def test_only_its_own_markup_speaks(text: str, speaks: bool) -> None:
    assert microdata.speaks(PageDocument(text, URL)) is speaks


@pytest.mark.parametrize("text", ["", JOB[:60], '<div itemscope itemtype="JobPosting">' * 50, "<table><tr><td>" * 50])
def test_a_page_without_words_has_no_posting(text: str) -> None:
    assert microdata.parse(PageDocument(text, URL)).postings == ()
