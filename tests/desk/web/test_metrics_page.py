"""`/metrics` answers whoever holds the token, and is no page at all where none is set."""

from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from desk.web.app import create_app


def scrape(desk, **headers):
    """Return the answer to a scrape."""
    return TestClient(create_app(desk), base_url=desk.public_url).get("/metrics", headers=headers)


def test_the_bearer_of_the_token_reads_the_figures(desk):
    answer = scrape(desk, Authorization="Bearer sample-token")
    assert (answer.status_code, answer.text) == (200, "# EOF\n")
    assert answer.headers["content-type"] == "application/openmetrics-text"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer ", "Bearer sample-toke", "Basic sample-token", "Bearer \u00fc"])
def test_another_token_is_refused(desk, sent):
    answer = scrape(desk, Authorization=sent.encode("latin-1"))
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


def test_without_a_token_in_the_settings_there_is_no_such_page(desk):
    assert scrape(replace(desk, metrics_token=""), Authorization="Bearer ").status_code == 404
    assert scrape(replace(desk, metrics=None), Authorization="Bearer sample-token").status_code == 404


def test_no_session_opens_it(login):
    assert login("admin").get("/metrics").status_code == 401
