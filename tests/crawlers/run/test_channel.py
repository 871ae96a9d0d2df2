"""Channel previews: back in time, edits and deletions noticed, and an end to every walk."""

from collections.abc import Mapping

import pytest

from crawlers.evidence.partition import read_postings


def preview(posts: Mapping[int, str], *, before: int | None, name: str = "sample_jobs") -> str:
    """Return a preview page of ``posts`` with a link to what is older than ``before``."""
    more = f'<a href="/s/{name}?before={before}" class="tme_messages_more" data-before="{before}"></a>' if before else ""
    blocks = "".join(
        f'<div class="tgme_widget_message_wrap"><div class="tgme_widget_message" data-post="{name}/{number}">'
        f'<div class="tgme_widget_message_text">{text}</div><a class="tgme_widget_message_date" href="https://t.me/{name}/{number}">'
        f'<time datetime="2026-11-{min(number % 30, 24) + 1:02}T08:00:00+00:00"></time></a></div></div>'
        for number, text in posts.items()
    )
    return f'<html><body class="tgme_webpreview"><section class="tgme_channel_history">{more}{blocks}</section></body></html>'


@pytest.fixture
def channel(site):
    """Fill the site with a channel of 30 posts, ten a page; return the posts by number, to be changed and shown again."""
    posts = {number: f"Post {number}: a shop looks for two people at the counter." for number in range(1, 31)}

    def show() -> None:
        for low in (21, 11, 1):
            page = preview({n: posts[n] for n in range(low, low + 10) if n in posts}, before=low if low > 1 else None)
            site.pages["/s/sample_jobs" if low == 21 else f"/s/sample_jobs?before={low + 10}"] = page

    show()
    return posts, show


def test_a_channel_is_read_back_to_its_first_post(channel, source_of, crawled):
    """Three pages, thirty posts, each with the address people know it by."""
    address, report = crawled(source_of("channel", "/s/sample_jobs"))
    assert (report.state, report.parsed, report.pages) == ("ok", 30, 3)
    assert "https://t.me/sample_jobs/7" in {posting.url for posting in read_postings(address)}


def test_a_server_that_repeats_itself_is_left_after_one_repetition(site, source_of, crawled):
    """A static copy answers every ?before= with the same page: no progress, no further request."""
    page = preview({n: f"Post {n}: waiters for a hotel." for n in range(1, 11)}, before=1)
    site.pages |= {f"/s/sample_jobs{query}": page for query in ("", "?before=1")}
    _, report = crawled(source_of("channel", "/s/sample_jobs"))
    assert (report.state, report.parsed, report.duplicate, report.pages) == ("ok", 10, 10, 2)


def test_edited_and_deleted_posts_are_noticed(channel, source_of, crawled):
    """A text that changed is marked edited; a post missing between its neighbours is told as deleted, with its last text."""
    posts, show = channel
    source = source_of("channel", "/s/sample_jobs")
    crawled(source)
    posts[25] = "Post 25: a shop abroad, flight paid, passport kept safe by the office."
    del posts[23], posts[12]
    show()
    address, report = crawled(source)
    told = {posting.native_id: posting for posting in read_postings(address)}
    assert (told["sample_jobs/25"].edited, told["sample_jobs/24"].edited) == (True, False)
    assert {native for native, posting in told.items() if posting.deleted} == {"sample_jobs/23", "sample_jobs/12"}
    assert told["sample_jobs/23"].text.startswith("Post 23")
    assert report.reconciles
    address, _ = crawled(source)
    assert [posting for posting in read_postings(address) if posting.deleted] == []


def test_the_end_of_a_page_is_not_taken_for_a_deletion(channel, source_of, crawled):
    """Posts older than the oldest shown are only out of sight."""
    posts, show = channel
    source = source_of("channel", "/s/sample_jobs", max_pages=1)
    crawled(source)
    posts |= {31: "Post 31: new.", 32: "Post 32: new."}
    del posts[21], posts[22]
    show()
    address, _ = crawled(source)
    assert [posting for posting in read_postings(address) if posting.deleted] == []


def test_a_known_and_old_page_ends_the_walk(site, source_of, crawled):
    """What is older than a week and as it was is not walked again."""
    old = {n: f"Post {n}: cooks for a canteen." for n in range(1, 11)}
    site.validators = False
    for query, low in (("", 6), ("?before=6", 1)):
        page = preview({n: old[n] for n in range(low, low + 5)}, before=low if low > 1 else None)
        site.pages[f"/s/sample_jobs{query}"] = page.replace("2026-11", "2025-01")
    source = source_of("channel", "/s/sample_jobs")
    assert crawled(source)[1].parsed == 10
    site.hits.clear()
    _, report = crawled(source)
    assert site.hits["/s/sample_jobs?before=6"] == 0
    assert report.state == "ok"


def test_a_second_run_that_meets_what_it_knows_is_as_good_as_the_first(site, source_of, crawled):
    """The walk stops at posts that are known and old; these count for the minimum, since nobody took them down."""
    old = {n: f"Post {n}: cooks for a canteen." for n in range(1, 31)}
    site.validators = False
    for query, low in (("", 21), ("?before=21", 11), ("?before=11", 1)):
        page = preview({n: old[n] for n in range(low, low + 10)}, before=low if low > 1 else None)
        site.pages[f"/s/sample_jobs{query}"] = page.replace("2026-11", "2025-01")
    source = source_of("channel", "/s/sample_jobs", expect={"min": {"postings": 25}})
    assert crawled(source)[1].state == "ok"
    _, report = crawled(source)
    assert (report.state, report.parsed, report.counters["known/older"]) == ("ok", 10, 20)


def test_a_channel_longer_than_the_source_allows_is_told_until_it_is_known(channel, source_of, crawled):
    """The first run leaves older posts unread and says so; the second meets what the first read."""
    source = source_of("channel", "/s/sample_jobs", max_pages=2)
    _, report = crawled(source)
    assert (report.state, report.parsed) == ("partial", 20)
    assert "crawl.max_pages" in report.reason
    assert crawled(source)[1].state == "ok"
