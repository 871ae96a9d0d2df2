"""What refused us is kept as evidence and named with its address; it is never a posting, nor the evidence of one."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawlers.evidence.partition import CAPTURES, read_postings
from crawlers.fetch.handlers.chromium import browser_path

WALL = b"<html><title>Access denied</title><h1>Access denied</h1><p>Ray 1a2b3c</p></html>"


def records(address: str) -> list[dict[str, Any]]:
    """Return type, address, headers, HTTP status and body of every record of a run."""
    found = []
    with Path(address.removeprefix("file://"), CAPTURES).open("rb") as file:
        for one in ArchiveIterator(file):
            status = one.http_headers.get_statuscode() if one.http_headers else ""
            http = {name.lower(): value for name, value in one.http_headers.headers} if one.http_headers else {}
            head = one.rec_headers.get_header
            found.append(
                {
                    "type": one.rec_type,
                    "url": head("WARC-Target-URI"),
                    "id": head("WARC-Record-ID"),
                    "status": status,
                    "http": http,
                    "body": one.content_stream().read(),
                }
            )
    return found


def test_the_bytes_and_headers_of_a_wall_are_sealed_in_the_partition(site: Any, source_of: Any, crawled: Any, pages: Any) -> None:
    pages.board(site, 5)
    site.pages["/job/2"] = (403, {"Server": "wall/1", "X-Ray": "1a2b3c"}, WALL)
    address, report = crawled(source_of())
    (wall,) = [one for one in records(address) if one["type"] == "response" and one["status"] == "403"]
    assert (wall["url"], wall["body"], wall["http"]["x-ray"]) == (f"{site.url}/job/2", WALL, "1a2b3c")
    cause = report.causes[0]
    assert (report.state, cause.outcome, cause.detail) == ("blocked", "block/http_403", "HTTP 403")
    assert cause.url == f"{site.url}/job/2"
    assert cause.record_id == wall["id"]
    told = [one["body"] for one in records(address) if one["type"] == "metadata" and one["url"] == wall["url"]]
    assert any(b"block: http_403" in one for one in told)
    assert not [one for one in read_postings(address) if one.url.endswith("/job/2")]


def test_a_redirect_to_a_log_in_is_kept_as_it_was_sent(site: Any, source_of: Any, crawled: Any, pages: Any) -> None:
    pages.board(site, 1)
    site.pages["/job/0"] = (302, {"Location": "/login?next=/job/0"}, b"")
    address, report = crawled(source_of())
    assert report.causes[0].outcome == "block/login_wall"
    (wall,) = [one for one in records(address) if one["id"] == report.causes[0].record_id]
    assert (wall["status"], wall["http"]["location"]) == ("302", "/login?next=/job/0")


def test_the_wall_a_rendered_page_met_is_kept_with_a_picture_of_the_page(
    site: Any, source_of: Any, crawled: Any, missing_service: Callable[[str], None]
) -> None:
    """The answer to the page's own request for data, as the server sent it."""
    if browser_path() is None:
        missing_service("Chromium")
    site.pages["/list/1"] = "<p>Adverts</p><script>fetch('/api/adverts')</script>"
    site.pages["/api/adverts"] = (429, {"Retry-After": "3600", "Content-Type": "application/json"}, b'{"error": "slow down"}')
    address, report = crawled(source_of(render=True))
    cause = report.causes[0]
    assert (report.state, cause.outcome, cause.url) == ("blocked", "block/http_429", f"{site.url}/api/adverts")
    assert cause.detail == "HTTP 429, Retry-After: 3600"
    kept = records(address)
    (wall,) = [one for one in kept if one["id"] == cause.record_id]
    assert (wall["body"], wall["http"]["retry-after"]) == (b'{"error": "slow down"}', "3600")
    assert [one["body"][:4] for one in kept if one["url"] == f"urn:screenshot:{site.url}/list/1"] == [b"\x89PNG"]
    assert site.hits["/api/adverts"] == 1


def test_a_wall_is_no_evidence_of_what_a_feed_told(site: Any, source_of: Any, crawled: Any) -> None:
    """The item of a feed whose page refuses us stays as the feed told it, without a capture that shows a wall."""
    item = f"<item><title>Seller</title><link>{site.url}/job/1</link><description>A shop looks for a seller…</description></item>"
    feed = f"<rss version='2.0'><channel><title>Jobs</title>{item}</channel></rss>"
    site.pages["/feed"] = (200, {"Content-Type": "application/rss+xml"}, feed.encode())
    site.pages["/job/1"] = (403, {}, WALL)
    address, report = crawled(source_of("feed", "/feed"))
    (posting,) = read_postings(address)
    assert (report.state, posting.title, posting.capture) == ("blocked", "Seller", None)


@pytest.mark.parametrize(
    ("robots", "outcome", "reason"),
    [
        (b"User-agent: *\nDisallow: /list", "robots", "forbids every start"),
        ((503, {}, b"busy"), "robots/unreachable", "could not be had"),
    ],
)
def test_robots_refused_and_robots_unreachable_are_two_causes(
    site: Any, source_of: Any, crawled: Any, pages: Any, robots: Any, outcome: str, reason: str
) -> None:
    pages.board(site, 2)
    site.pages["/robots.txt"] = robots
    _, report = crawled(source_of())
    (cause,) = report.causes
    assert (report.state, cause.outcome, cause.url) == ("blocked", outcome, f"{site.url}/list/1")
    assert reason in report.reason
    assert cause.detail == ("Disallow: /list" if outcome == "robots" else "robots.txt unreachable (503)")


def test_a_missing_or_closed_channel_is_no_empty_one(site: Any, source_of: Any, crawled: Any) -> None:
    """Telegram leads from the preview that is not there to a page with a button."""
    site.pages["/s/sample_gone"] = (302, {"Location": "/sample_gone"}, b"")
    button = '<div class="tgme_page"><div class="tgme_page_title">sample_gone</div><a class="tgme_action_button_new">View</a>'
    site.pages["/sample_gone"] = f"<title>Telegram: View @sample_gone</title>{button}"
    _, report = crawled(source_of("channel", "/s/sample_gone"))
    assert (report.state, report.causes[0].outcome) == ("changed", "changed/no_preview")
    assert "shows no public preview" in report.reason
    site.pages["/s/sample_new"] = '<div class="tgme_channel_info"></div><section class="tgme_channel_history"></section>'
    _, report = crawled(source_of("channel", "/s/sample_new"))
    assert (report.state, report.causes) == ("empty", ())


def test_the_report_names_what_failed_where_and_how_often(site: Any, source_of: Any, crawled: Any, pages: Any) -> None:
    pages.board(site, 4)
    for number in (1, 3):
        site.pages[f"/job/{number}"] = (404, {}, b"gone")
    site.pages["/job/2"] = (418, {}, b"x" * 2000)
    address, report = crawled(source_of())
    assert [(one.outcome, one.count) for one in report.causes] == [("http/404", 2), ("http/418", 1)]
    gone, refused = (one.url.removeprefix(site.url) for one in report.causes)
    assert (gone in {"/job/1", "/job/3"}, refused) == (True, "/job/2")  # several are on their way at once: either comes first
    assert json.loads(Path(address.removeprefix("file://"), "report.json").read_text())["causes"][0]["count"] == 2


def wall(number: int) -> str:
    """Return the page of a wall that nobody has described: a number, a time and our address differ from one to the next."""
    return (
        f"<html><head><title>One thing first</title></head><body><h1>One thing first</h1><p>This place is looked after. "
        f"A small puzzle is solved by your reader before the door opens, which takes some seconds and happens once a day.</p>"
        f"<p>Number {number:016x} at 2026-12-02T11:04:{number:02}Z from 203.0.113.{number}</p></body></html>"
    )


def advert(number: int, text: str = "") -> str:
    """Return a page in plain HTML with one advert."""
    words = (
        text or f"Cook wanted for the evening shift at quay {number}. Call Ms Sample on +44 7700 90{number:04}, two free meals."
    )
    return f"<html><head><title>Cook {number}</title></head><body><h1>Cook wanted</h1><div>{words}</div></body></html>"


def test_one_page_at_many_addresses_is_no_advert(site: Any, source_of: Any, crawled: Any, pages: Any) -> None:
    """Regression: a wall that answers 200 became an advert at each address, and the run ended ok."""
    pages.board(site, 6)
    site.pages |= {f"/job/{number}": wall(number) for number in range(5)} | {"/job/5": advert(5)}
    address, report = crawled(source_of())
    assert [one.title for one in read_postings(address)] == ["Cook wanted"]
    assert (report.state, report.rejected, report.reconciles) == ("blocked", {"same_page": 5}, True)
    assert (report.causes[0].outcome, report.causes[0].count) == ("block/same_page", 5)
    site.pages |= {f"/job/{number}": advert(number) for number in range(5)}  # the wall is gone: nothing of it is remembered
    address, report = crawled(source_of())
    assert (report.state, len(list(read_postings(address))), report.counters.get("known/edited", 0)) == ("ok", 6, 0)


def test_an_advert_put_up_again_word_for_word_stays(site: Any, source_of: Any, crawled: Any, pages: Any) -> None:
    pages.board(site, 8)
    site.pages |= {f"/job/{number}": advert(number) for number in range(6)}
    site.pages |= {f"/job/{number}": advert(6, "Easy work abroad, ask @sample_hr, all paid.") for number in (6, 7)}
    address, report = crawled(source_of())
    assert (report.state, len(list(read_postings(address)))) == ("ok", 8)
