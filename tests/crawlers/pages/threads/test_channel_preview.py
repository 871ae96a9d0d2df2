"""A channel's preview gives each message's own words; quotes, services and failures are kept apart."""

from datetime import UTC, datetime

import pytest

from crawlers.pages.document import PageDocument
from crawlers.pages.threads import channel_preview as channel
from tests.growth import LIMIT, MORE, growth

URL = "https://t.me/s/sample_jobs"
HEAD = (
    "<div class='tgme_channel_info_header_username'>@sample_jobs</div><div class='tgme_channel_info_counter'>"
    "<span class='counter_value'>1.2K</span><span class='counter_type'>subscribers</span></div>"
    "<a class='tme_messages_more' data-before='5' href='/s/sample_jobs?before=5'></a>"
)


def message(native: str, inner: str, classes: str = "") -> str:
    return f"<div class='tgme_widget_message {classes}' data-post='{native}'>{inner}</div>"


def words(text: str) -> str:
    return f"<div class='tgme_widget_message_text'>{text}</div>"


def test_a_message_is_its_own_words_and_contacts() -> None:
    reply = f"<div class='tgme_widget_message_reply'>{words('quoted @sample_other')}</div>"
    stamp = "<a class='tgme_widget_message_date'><time datetime='2025-03-01T10:00:00+07:00'></time></a>"
    own = words("Tuyển gấp @sample_ops<br><a href='javascript:x()'>x</a> https://job.example.org/1.")
    page = channel.parse(PageDocument(HEAD + message("sample_jobs/7", reply + own + stamp), URL))
    (posting,) = page.postings
    assert posting.text == "Tuyển gấp @sample_ops\nx https://job.example.org/1."
    assert (posting.contacts, posting.links) == (("https://t.me/sample_ops",), ("https://job.example.org/1",))
    assert (posting.url, posting.author, posting.posted_at) == (
        "https://t.me/sample_jobs/7", "sample_jobs", datetime(2025, 3, 1, 3, tzinfo=UTC),
    )  # fmt: skip
    assert page.facts == {"channel": "sample_jobs", "subscribers": "1.2K"}
    assert (page.previous_page, page.next_page) == ("https://t.me/s/sample_jobs?before=5", None)


def test_what_is_no_post_is_counted_or_rejected_by_name() -> None:
    page = channel.parse(
        PageDocument(
            message("a/1", words("pinned a message"), "service_message")
            + message("../evil", words("x"))
            + message("a/2", "")
            + message("a/3", "<div class='tgme_widget_message_error'>Post not found</div>"),
            URL,
        )
    )
    assert page.postings == () and page.facts["service_messages"] == "1"
    assert [(reject.reason, reject.detail) for reject in page.rejected] == [
        ("no_post_id", "../evil"), ("no_text", "text"), ("post_not_shown", "Post not found"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("href", "origin"),
    [("https://t.me/sample_far/9", "sample_far"), ("https://t.me/c/1/2", "Kênh việc"), ("javascript:x", "x"), ("", "Kênh việc")],
)
def test_a_forward_names_where_it_came_from(href: str, origin: str) -> None:
    """The handle where there is a public address, else the name shown."""
    forwarded = f"<a class='tgme_widget_message_forwarded_from_name' href='{href}'>Kênh việc</a>"
    (posting,) = channel.parse(PageDocument(message("a/1", forwarded + words("x")), URL)).postings
    assert posting.forwarded_from == origin


def test_pictures_without_words_are_kept_and_script_addresses_are_none() -> None:
    photo = "<a class='tgme_widget_message_photo_wrap' style=\"background-image:url('{}')\"></a>"
    text = message("a/1", photo.format("https://cdn.example.org/1.jpg") + photo.format("javascript:x"))
    (posting,) = channel.parse(PageDocument(text, URL)).postings
    assert (posting.text, posting.form, [media.url for media in posting.media]) == (
        "", "photo", ["https://cdn.example.org/1.jpg"],
    )  # fmt: skip


@pytest.mark.parametrize(("text", "speaks"), [(message("a/1", ""), True), ("tgme_", False), ("", False), ("<p>t.me</p>", False)])
def test_the_widget_markup_gives_a_preview_away(text: str, speaks: bool) -> None:
    assert channel.speaks(PageDocument(text, URL)) is speaks


def test_many_messages_are_linear_work() -> None:
    def read(text: str) -> None:
        channel.parse(PageDocument(text, URL))

    flood = message("a/1", words("@sample_ops " * 20))
    assert growth(read, flood * 60, flood * 60 * MORE) <= LIMIT
