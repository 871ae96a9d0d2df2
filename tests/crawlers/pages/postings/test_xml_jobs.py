"""Job feeds of a board's own making: the element that repeats with a title is the advert."""

from datetime import UTC, datetime

import pytest

from crawlers.pages.document import PageDocument
from crawlers.pages.postings import xml_jobs

URL = "https://board.example.org/jobs.xml"
FEED = """<?xml version="1.0"?><source><publisher>Board</publisher>
<job><title><![CDATA[Đầu bếp]]></title><url>/1</url><company>Reef</company><city>Huế</city><salary>300 USD</salary>
<date>2025-03-01</date><referencenumber>5</referencenumber><id>77</id><remote>no</remote>
<description><![CDATA[<p>Cook at the pier.</p>
<a href="https://t.me/sample_ops">write</a><a href="javascript:x()">x</a>]]></description></job>
<job><title></title><url>/2</url></job>
<job><title>Waiter</title><url>javascript:alert(1)</url><cities><a>Hue</a><a>Da Nang</a></cities></job></source>"""


def test_each_repeated_element_is_a_posting() -> None:
    page = xml_jobs.parse(PageDocument(FEED, URL))
    cook, waiter = page.postings
    assert (cook.url, cook.title, cook.company, cook.location) == ("https://board.example.org/1", "Đầu bếp", "Reef", "Huế")
    assert (cook.pay_raw, cook.posted_at, cook.native_id, cook.remote) == (
        "300 USD", datetime(2025, 3, 1, tzinfo=UTC), "77", None,
    )  # fmt: skip
    assert (cook.text, cook.contacts, cook.links) == ("Cook at the pier.\nwritex", ("https://t.me/sample_ops",), ())
    assert (waiter.url, waiter.location) == (f"{URL}#3", "Hue, Da Nang")
    assert page.links == ("https://board.example.org/1",)


def test_an_advert_without_a_title_is_rejected_by_name() -> None:
    page = xml_jobs.parse(PageDocument(FEED, URL))
    assert [(reject.url, reject.reason) for reject in page.rejected] == [("https://board.example.org/2", "no_title")]


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        (FEED, True),
        ("<jobs><job><title>x</title><url>/1</url></job>", True),
        ("<jobs><job><title>x</title><colour>red</colour></job></jobs>", False),
        ("<html><job><title>x</title><url>/1</url></job></html>", False),
        ("<div><title>x</title><url>/1</url></div>", False),
        ("{}", False),
        ("", False),
    ],
)
def test_a_job_feed_repeats_a_title_with_more(text: str, speaks: bool) -> None:
    assert xml_jobs.speaks(PageDocument(text, URL)) is speaks


def test_an_entity_bomb_stays_unexpanded() -> None:
    bomb = '<!DOCTYPE j [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    page = xml_jobs.parse(PageDocument(f"{bomb}<jobs><job><title>&b;</title><url>/1</url></job></jobs>", URL))
    assert [(posting.title, posting.text) for posting in page.postings] == [("&b;", "&b;")]
