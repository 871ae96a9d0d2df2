"""A probe by the crawler's own process is one page, and robots.txt."""

from datetime import date

import pytest

from crawlers.sources.source import TRIAL_REQUESTS
from index.terms.venues import venue_of
from lurewatch.app.venues import probe
from lurewatch.settings import Settings
from tests.lurewatch.app.venues.planted_network import DAY, Post, channel_page, loopback_web

TODAY = date(2026, 11, 29)


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
        patch.setattr(probe, "PREVIEW", f"{servers.telegram}s/")
        yield servers


@pytest.fixture(scope="module")
def settings():
    """Return settings that let loopback be reached."""
    return Settings(allow_loopback=True)


def test_a_channel_is_one_request_for_a_page(web, settings):
    result = probe.probe(settings, venue_of("@sample_crew"), TODAY)
    assert (result.outcome, result.requests, len(result.postings)) == ("readable", 1, 3)
    assert (web.requests["sample_crew"], web.requests.total()) == (1, 1)


def test_a_board_is_one_request_of_the_twelve_a_person_may_make(web, settings):
    result = probe.probe(settings, venue_of(f"{web.boards[0]}jobs/1"), TODAY)
    assert (result.outcome, result.words) == ("readable", "a public page with links to 5 adverts or topics")
    assert 1 == web.requests[web.boards[0]] < TRIAL_REQUESTS
