"""What a run amounts to: one state, the reason in words, warnings beside it."""

import pytest

from crawlers.items import Posting
from crawlers.sources.expectations import fill_rates, run_verdict
from crawlers.sources.source import Expect
from crawlers.text.stated_pay import Pay

EXPECT = Expect.model_validate({"min": {"postings": 10, "fill_rate": {"title": 0.9}}, "max": {"postings": 100}})
WELL = {"standing": 50, "fill_rate": {"title": 1.0}, "outcomes": {"ok": 60}, "rejected": {}}


@pytest.mark.parametrize(
    ("changed", "state", "words"),
    [
        ({}, "ok", ""),
        ({"outcomes": {"ok": 50, "http/404": 3, "error/AddressRefused": 1, "unchanged": 4}}, "ok", ""),
        ({"outcomes": {"ok": 50, "robots": 2}}, "partial", "robots.txt forbids 2 of the pages"),
        ({"outcomes": {"ok": 50, "robots": 2}, "unseen": "2 are missing"}, "partial", "2 are missing; robots.txt forbids 2"),
        ({"outcomes": {"ok": 50, "error/TooLarge": 1}}, "partial", "1 × error/TooLarge"),
        ({"reconciles": False}, "failed", "do not equal"),
        ({"blocked": "captcha"}, "blocked", "captcha"),
        ({"outcomes": {"robots": 1}, "standing": 0}, "blocked", "robots.txt"),
        ({"outcomes": {"error/TimeoutError": 1}, "standing": 0}, "failed", "1 × error/TimeoutError"),
        ({"outcomes": {"error/AddressRefused": 1}, "standing": 0}, "failed", "1 × error/AddressRefused"),
        ({"outcomes": {"http/404": 1}, "standing": 0}, "failed", "1 × http/404"),
        ({"ended": "the time limit", "waiting": 7}, "partial", "stopped by the time limit with 7 addresses not visited"),
        ({"outcomes": {"ok": 59, "http/500": 1}}, "partial", "1 × http/500"),
        ({"rejected": {"page_changed": 20}, "outcomes": {"ok": 40, "changed": 20}}, "changed", "20 of 60 pages"),
        ({"rejected": {"page_changed": 2}, "outcomes": {"ok": 58, "changed": 2}}, "ok", ""),
        ({"listed_gone": 15, "outcomes": {"ok": 50, "http/404": 15}}, "changed", "15 adverts that the site leads to answer 404"),
        ({"listed_gone": 2, "outcomes": {"ok": 4, "http/404": 2}}, "ok", ""),
        ({"standing": 9}, "changed", "9 postings, at least 10 expected"),
        ({"standing": 0}, "changed", "0 postings, at least 10 expected"),
        ({"fill_rate": {"title": 0.5}}, "changed", "title 50% (at least 90%)"),
        ({"fill_rate": {}}, "changed", "title 0% (at least 90%)"),
        ({"blocked": "http_429", "ended": "blocked", "standing": 0}, "blocked", "http_429"),
    ],
)
def test_the_first_state_that_applies_stands(changed, state, words):
    """Each way a run may end has its state and names its cause."""
    found = run_verdict(EXPECT, **(WELL | changed))
    assert (found.state, words in found.reason) == (state, True), found.reason


def test_nothing_found_where_nothing_was_promised_is_empty():
    """A source that expects no minimum may be empty without being changed."""
    assert run_verdict(Expect(), **(WELL | {"standing": 0, "fill_rate": {}})).state == "empty"


def test_too_many_postings_warn_and_change_nothing():
    """Above expect.max the state stays and the operator is told."""
    found = run_verdict(EXPECT, **(WELL | {"standing": 101}))
    assert (found.state, found.warnings) == ("ok", ("101 postings, more than the 100 expected",))


def test_fill_rates_count_standing_postings_only():
    """Notices of deletion say nothing about what a site fills in."""
    pay = Pay(low=1, high=1, raw="1")
    postings = [
        Posting(id="1", source="s", url="u", text="a", title="t", pay=pay),
        Posting(id="2", source="s", url="u", text="a", contacts=("tel:1",)),
        Posting(id="3", source="s", url="u", text="a", deleted=True),
    ]
    rates = fill_rates(postings, ("title", "pay", "contacts", "company"))
    assert rates == {"title": 0.5, "pay": 0.5, "contacts": 0.5, "company": 0.0}
    assert fill_rates([], ("title",)) == {}
