"""Receivers: those of platforms.yml, and sources that are their own."""

import pytest

from crawlers.errors import SourceError
from crawlers.sources.source import Takedown, load_sources
from desk.platforms import load_platforms, routes_of


@pytest.fixture
def source(seeds):
    """Return a function that makes a source with a takedown route."""
    whole = next(one for one in load_sources(seeds) if one.name == "sample_board")

    def make(**route):
        operator = whole.operator.model_copy(update={"takedown": Takedown(**route)})
        return whole.model_copy(update={"name": "own_board", "operator": operator})

    return make


def test_a_source_with_a_contact_is_its_own_receiver(seeds, source):
    found = load_platforms(seeds, [source(contact="abuse@own.example.org", format="xarf")])
    own = found.platforms["own_board"]
    assert (own.formats, own.contact) == (("json", "xarf"), "abuse@own.example.org")
    assert found.of("https://own.example.org/jobs/1", "own_board", {}) == "own_board"
    assert own.refusal("https://own.example.org/jobs/1") is None
    assert own.refusal("https://own.example.org/") is not None


def test_a_source_may_name_a_platform_and_a_wrong_name_is_refused(seeds, source):
    named = source(platform="sample_boards")
    assert routes_of([named]) == {"own_board": "sample_boards"}
    assert load_platforms(seeds, [named]).of("https://x.example.org/1", "own_board", routes_of([named])) == "sample_boards"
    with pytest.raises(SourceError, match=r"own_board\.yml: operator\.takedown\.platform: 'nowhere' is not in"):
        load_platforms(seeds, [source(platform="nowhere")])


@pytest.mark.parametrize("route", [{"contact": "nobody"}, {"contact": "a@b.example", "format": "fax"}])
def test_a_route_that_leads_nowhere_is_refused_by_file(seeds, source, route):
    with pytest.raises(SourceError, match=r"own_board\.yml"):
        load_platforms(seeds, [source(**route)])


def test_hosts_match_themselves_and_what_is_below_them_only(seeds):
    found = load_platforms(seeds)
    assert found.of("https://t.me/a/1", "x", {}) == "telegram"
    assert found.of("https://vn.jobstreet.com/job/1", "x", {}) == "jobstreet"
    assert found.of("https://evil-jobstreet.com/job/1", "x", {}) is None
    assert found.of("https://jobstreet.com.evil.example/job/1", "x", {}) is None
