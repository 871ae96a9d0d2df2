"""One page tells what a venue is; what cannot be read publicly is never asked."""

from datetime import date

import pytest

from crawlers.discovery.guided_fetch import FetchedPage, PageRequest
from crawlers.fetch import robots_rules
from crawlers.sources.source import TRIAL_REQUESTS
from desk.venues import probe as probing
from desk.venues.probe import address_of, probe, read
from index.terms.venue_pointers import venue_of
from tests.crawlers.run.conftest import OPTIONS
from tests.desk.venues.loopback_venues import DAY, Post, channel_page, loopback_web

TODAY = date(2026, 11, 29)
MESSAGE = (
    '<div class="tgme_widget_message" data-post="sample_crew/7"><div class="tgme_widget_message_text">'
    'Agents wanted, flight paid, write @sample_hr</div><a class="tgme_widget_message_date">'
    '<time datetime="2026-11-20T10:00:00+00:00"></time></a></div>'
)
TITLE = '<div class="tgme_page_title"><span>Sample</span></div>'
BOARD = "<ul>" + "".join(
    f'<li class="job"><h3><a href="/jobs/{n}">Cook number {n} for a hotel kitchen</a></h3></li>' for n in range(8)
)


def _read(written, body="", error="", content_type="text/html"):
    venue = venue_of(written)
    url = address_of(venue)
    page = FetchedPage(
        wanted=PageRequest(url=url), url=url, status=200, content_type=content_type, body=body.encode(), error=error
    )
    return read(venue, [page], TODAY)


@pytest.mark.parametrize(
    ("written", "body", "outcome", "words"),
    [
        ("@sample_crew", MESSAGE, "readable", "a public channel with a preview (1 posts"),
        ("@sample_crew", TITLE + '<div class="tgme_page_extra">3 412 subscribers</div>', "closed", "without a public preview"),
        ("@sample_crew", TITLE + '<div class="tgme_page_extra">@sample_crew</div>', "account", "a contact, not a source"),
        ("@sample_crew", "<p>If you have Telegram, you can contact</p>", "gone", "nobody has this name"),
        ("jobs.example.org", BOARD, "readable", "links to 8 adverts"),
        ("jobs.example.org", "<form><input type=password></form>", "closed", "asks for a log-in"),
        ("jobs.example.org", "<p>Hello</p>", "unclear", "a public page without a list of adverts"),
    ],
)
def test_what_a_venue_is_is_told_by_its_page(written, body, outcome, words):
    result = _read(written, f"<html><body>{body}</body></html>")
    assert (result.outcome, words in result.words, result.requests) == (outcome, True, 1), result.words


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        ("robots", "refused"), ("blocked (captcha)", "refused"), ("HTTP 403", "refused"), ("HTTP 404", "gone"),
        ("DNSLookupError: no", "unclear"), ("CannotResolveHostError: Name or service not known", "unclear"),
        ("TimeoutError: x", "unclear"),
    ],
)  # fmt: skip
def test_a_page_that_does_not_come_says_why(error, outcome):
    assert _read("jobs.example.org", error=error).outcome == outcome


def test_a_site_that_we_could_not_reach_is_not_said_to_refuse_us_or_to_be_gone():
    """Regression: our own failing name service made suggestions gone, or the site one that wants no robots."""
    robots = f"denied: {robots_rules.UNREACHABLE} (CannotResolveHostError: Name or service not known)"
    page = FetchedPage(
        wanted=PageRequest(url="https://jobs.example.org/"), url="https://jobs.example.org/", error="robots", robots=robots
    )
    result = read(venue_of("jobs.example.org"), [page], TODAY)
    assert (result.outcome, "Name or service not known" in result.words) == ("unclear", True)


def test_a_readable_channel_comes_with_its_posts_and_its_source_file():
    result = _read("@sample_crew", MESSAGE)
    assert [posting.native_id for posting in result.postings] == ["sample_crew/7"]
    assert "spider: channel" in result.yaml
    assert "enabled: false" in result.yaml


@pytest.mark.parametrize(
    "written", ["https://chat.whatsapp.com/AbC", "https://zalo.me/g/abc", "https://facebook.com/groups/work"]
)
def test_groups_and_social_networks_are_never_asked(written, monkeypatch):
    monkeypatch.setattr(probing, "look_at", lambda *_, **__: pytest.fail("it was asked"))
    result = probe(OPTIONS, venue_of(written), TODAY)
    assert (result.outcome, result.requests) == ("closed", 0)
    assert "cannot be read publicly" in result.words


VISITED = date(2026, 11, 29)


class _Pages:
    """A channel and a board."""

    def page(self, path, board=""):
        if board:
            links = "".join(f'<li><h3><a href="/jobs/{n}">Cook number {n} wanted today</a></h3></li>' for n in range(5))
            return f"<html><body><ul>{links}</ul></body></html>" if path == "/" else None
        return channel_page("sample_crew", [Post("Agents wanted, flight and room paid, write today", DAY)] * 3)


@pytest.fixture(scope="module")
def web():
    """Return servers with those pages."""
    with loopback_web(boards=1) as servers, pytest.MonkeyPatch.context() as patch:
        servers.network = _Pages()
        patch.setattr(probing, "PREVIEW", f"{servers.telegram}s/")
        yield servers


def test_a_channel_is_one_request_for_a_page(web):
    result = probe(OPTIONS, venue_of("@sample_crew"), VISITED)
    assert (result.outcome, result.requests, len(result.postings)) == ("readable", 1, 3)
    assert (web.requests["sample_crew"], web.requests.total()) == (1, 1)


def test_a_board_is_one_request_of_the_twelve_a_person_may_make(web):
    result = probe(OPTIONS, venue_of(f"{web.boards[0]}jobs/1"), VISITED)
    assert (result.outcome, result.words) == ("readable", "a public page with links to 5 adverts or topics")
    assert 1 == web.requests[web.boards[0]] < TRIAL_REQUESTS
