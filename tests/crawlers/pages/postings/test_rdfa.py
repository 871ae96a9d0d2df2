"""RDFa: a JobPosting in its attributes is a posting; attributes of another syntax and other types are not."""

import pytest

from crawlers.pages.document import PageDocument
from crawlers.pages.postings import rdfa

URL = "https://board.example.org/jobs/1"
JOB = (
    '<div vocab="https://schema.org/" typeof="https://schema.org/JobPosting"><h1 property="title">Đầu bếp</h1>'
    '<p property="hiringOrganization" typeof="Organization"><b property="name">Reef</b></p>'
    '<div property="description"><p>Cook</p><script>x</script><p>Pier</p></div></div>'
)


def test_a_job_is_a_posting() -> None:
    page = rdfa.parse(PageDocument(JOB, URL))
    (posting,) = page.postings
    assert (page.family, page.title) == ("rdfa", "Đầu bếp")
    assert (posting.url, posting.title, posting.company, posting.text) == (URL, "Đầu bếp", "Reef", "Cook\nPier")


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        (JOB, True),
        (JOB.replace("JobPosting", "NotAJobPosting"), False),
        (JOB.replace("JobPosting", "Recipe"), False),
        ('<div itemtype="JobPosting"><b>Cook</b></div>', False),
        ('&lt;div vocab="https://schema.org/" typeof="JobPosting"&gt;', False),
        ("", False),
    ],
)
def test_only_its_own_markup_speaks(text: str, speaks: bool) -> None:
    assert rdfa.speaks(PageDocument(text, URL)) is speaks


@pytest.mark.parametrize(
    "text", ["", JOB[:60], '<div vocab="https://schema.org/" typeof="JobPosting">' * 50, "<table><tr><td>" * 50]
)
def test_a_page_without_words_has_no_posting(text: str) -> None:
    assert rdfa.parse(PageDocument(text, URL)).postings == ()


def test_properties_for_social_networks_are_none_of_the_job() -> None:
    text = JOB.replace("<h1", '<meta property="og:description" content="Win money"><h1')
    assert rdfa.parse(PageDocument(text, URL)).postings[0].text == "Cook\nPier"
