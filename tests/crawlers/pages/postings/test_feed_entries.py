"""Feeds give one posting an item; what is no http address never becomes a posting's address or a link."""

from datetime import UTC, datetime

import pytest

from crawlers.pages.document import PageDocument
from crawlers.pages.postings import feed_entries as feed

URL = "https://board.example.org/feed"
ITEM = (
    "<item><title>Đầu bếp</title><link>/1</link><pubDate>Sat, 01 Mar 2025 10:00:00 +0700</pubDate>"
    "<description>&lt;p&gt;Cook &lt;a href='https://t.me/sample_ops'&gt;t&lt;/a&gt;&lt;script&gt;x&lt;/script&gt;</description></item>"
)


def rss(items: str) -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Jobs</title><link>/</link>{items}</channel></rss>'


def test_an_item_is_a_posting() -> None:
    page = feed.parse(PageDocument(rss(ITEM), URL))
    (posting,) = page.postings
    assert (posting.url, posting.title, posting.text) == ("https://board.example.org/1", "Đầu bếp", "Cook t")
    assert (posting.posted_at, posting.contacts) == (datetime(2025, 3, 1, 3, tzinfo=UTC), ("https://t.me/sample_ops",))
    assert (page.links, page.facts) == (
        ("https://board.example.org/1",),
        {"home": "https://board.example.org/", "version": "rss20"},
    )


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"])
def test_a_link_that_is_no_web_address_is_left_out(link: str) -> None:
    """The posting stays, addressed within the feed."""
    page = feed.parse(PageDocument(rss(f"<item><title>Cook</title><link>{link}</link></item>"), URL))
    assert ([posting.url for posting in page.postings], page.links) == ([f"{URL}#Cook"], ())


def test_an_entity_bomb_is_not_expanded_and_an_empty_item_is_none() -> None:
    bomb = '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    page = feed.parse(PageDocument(bomb + rss("<item><title>x &b; y</title></item><item></item>"), URL))
    (posting,) = page.postings
    assert posting.title is not None and "ha" not in posting.title


def test_a_cut_feed_is_read_and_reported() -> None:
    page = feed.parse(PageDocument(rss(ITEM)[: -len("</channel></rss>")], URL))
    assert (len(page.postings), page.facts["ill_formed"]) == (1, "SAXParseException")


def test_the_publisher_of_a_feed_is_no_employer() -> None:
    items = "".join(f"<item><title>Cook {n}</title><link>/{n}</link><author>Board</author></item>" for n in range(3))
    other = "<item><title>Cook</title><link>/9</link><author>Reef</author></item>"
    companies = [posting.company for posting in feed.parse(PageDocument(rss(items + other), URL)).postings]
    assert companies == [None, None, None, "Reef"]


@pytest.mark.parametrize(
    ("text", "speaks"), [("<rss>", True), ("<feed xmlns='x'>", True), ("<r:RDF>", True), ("<html><rss>", False), ("", False)]
)
def test_a_feed_is_told_by_its_root(text: str, speaks: bool) -> None:
    assert feed.speaks(PageDocument(text, URL)) is speaks


@pytest.mark.parametrize(
    ("title", "link", "asked"),
    [
        ("Re: Typists for Poipet", "/t/9", "Typists for Poipet"),
        ("Jobs abroad • Re: Typists for Poipet", "/t/9", "Typists for Poipet"),
        ("回复：招打字员", "/t/9", "招打字员"),
        ("Typists for Poipet", "/typists/#comment-12", "Typists for Poipet"),
        ("Typists for Poipet", "/t/typists/71/4", "Typists for Poipet"),
    ],
)
def test_a_comment_stands_under_a_title_that_is_not_its_own(title: str, link: str, asked: str) -> None:
    items = f"<item><title>{title}</title><link>{link}</link><description>bump</description></item>"
    (posting,) = feed.parse(PageDocument(rss(items), URL)).postings
    assert (posting.title, posting.thread_title, posting.text, posting.form) == (None, asked, "bump", "reply")


def test_the_first_post_of_a_topic_keeps_its_title() -> None:
    items = "<item><title>Retail clerk: Hanoi</title><link>/t/retail/71/1</link><description>Cook</description></item>"
    (posting,) = feed.parse(PageDocument(rss(items), URL)).postings
    assert (posting.title, posting.form) == ("Retail clerk: Hanoi", None)
