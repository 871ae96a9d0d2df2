"""The whole way of a suggestion, on a desk and an index: listed, refused, back with new evidence, blocked, probed, accepted."""
# ruff: noqa: F811 - fixtures

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from crawlers.discovery.guided_fetch import FetchedPage, PageRequest
from desk.database import open_database
from desk.people.accounts import User, add_user
from desk.refusals import DeskRefusal
from desk.venues import probe
from index.base import StoreUnavailable
from index.sqlite.sqlite_store import SqliteStore
from lurewatch.app import suggested_venues
from lurewatch.app.app_errors import PermanentError
from lurewatch.app.suggested_venues import SuggestionList, suggestions
from lurewatch.settings import Settings
from tests.desk.venues.conftest import record  # noqa: F401 - a fixture

NAME = "telegram:sample_crew"
PREVIEW = (Path(__file__).parents[2] / "desk" / "venues" / "preview.html").read_text(encoding="utf-8")


@pytest.fixture
def settings(tmp_path):
    """Return the settings of an empty desk with a seeds folder of its own."""
    (tmp_path / "seeds" / "sources").mkdir(parents=True)
    return Settings(
        seeds=tmp_path / "seeds", store=str(tmp_path / "index.sqlite"), database=f"sqlite:///{tmp_path / 'desk.sqlite'}"
    )


@pytest.fixture
def put(settings):
    """Return a function that puts records into the index."""

    def write(*records):
        store = SqliteStore(Path(settings.store))
        store.put(records)
        store.close()

    return write


@pytest.fixture
def lan(settings) -> User:
    """Return an operator."""
    engine = open_database(settings.database)
    now = datetime(2026, 11, 29, tzinfo=UTC)
    return add_user(engine, name="lan", email="lan@example.org", role="operator", password="gravel-lantern-otter-93", now=now)


@pytest.fixture
def asked(monkeypatch):
    """Let every look get the saved preview; return the addresses that were asked for."""
    addresses = []

    def look_at(_settings, url, **_):
        addresses.append(url)
        return [FetchedPage(wanted=PageRequest(url=url), url=url, status=200, content_type="text/html", body=PREVIEW.encode())]

    monkeypatch.setattr(probe, "look_at", look_at)
    return addresses


def _lures(record, *names, day=0, **more):
    return [record(name, contacts=("telegram:sample_crew", "telegram:sample_hr_anna"), day=day, **more) for name in names]


def _listed(settings, **more):
    return [suggestion.venue for suggestion in suggestions(settings, **more)]


def _why(settings):
    return {suggestion.venue: suggestion.hidden for suggestion in suggestions(settings, every=True)}


def test_an_empty_index_suggests_nothing(settings):
    assert suggestions(settings, every=True) == []


def test_the_list_says_what_leads_there_and_asks_nobody(settings, put, record, asked):
    put(*_lures(record, "a", "b"))
    (crew,) = [suggestion for suggestion in suggestions(settings) if suggestion.venue == NAME]
    assert (crew.counts.flagged, [mention.item for mention in crew.reasons]) == (2, ["a", "b"])
    assert "probe it" in crew.what
    assert asked == []


def test_a_refused_venue_stays_away_until_new_lures_lead_there(settings, put, record, lan):
    put(*_lures(record, "a", "b"))
    suggested_venues.turn_down(settings, "refused", "@sample_crew", by=lan, reason="too few")
    assert NAME not in _listed(settings)
    assert "refused by lan" in _why(settings)[NAME]
    put(*_lures(record, "c"))
    (back,) = [suggestion for suggestion in suggestions(settings) if suggestion.venue == NAME]
    assert back.ruling.reason == "too few"


def test_a_blocked_venue_never_comes_back_but_by_an_undo(settings, put, record, lan):
    put(*_lures(record, "a", "b"))
    suggested_venues.turn_down(settings, "blocked", NAME, by=lan, reason="a private person")
    put(*_lures(record, "c", "d", "e"))
    assert NAME not in _listed(settings)
    with pytest.raises(PermanentError, match="blocked it"):
        suggested_venues.turn_down(settings, "refused", NAME, by=lan, reason="now it is")
    suggested_venues.undo(settings, NAME, by=lan, reason="a slip")
    assert NAME in _listed(settings)
    assert suggested_venues.standing_rulings(settings) == []


def test_mostly_ordinary_adverts_or_a_single_lure_suggest_nothing(settings, put, record):
    put(*_lures(record, "a"))
    assert _why(settings)[NAME] == "too little leads there"
    ordinary = [record(name, contacts=(NAME,), flagged=False) for name in "bcd"]
    put(*_lures(record, "e"), *ordinary)
    assert _why(settings)[NAME] == "mostly ordinary adverts lead there"


def test_a_probe_is_one_look_that_the_list_remembers(settings, put, record, asked, monkeypatch):
    monkeypatch.setattr(suggested_venues, "judge_in_force", lambda _: _Judge(record))
    put(*_lures(record, "a", "b"))
    report = suggested_venues.inspect(settings, NAME)
    assert (report.outcome, report.posts, report.flagged, len(asked)) == ("readable", 6, 0, 1)
    assert yaml.safe_load(report.yaml)["enabled"] is False
    assert "0 of 6 posts on its page are flagged" in _why(settings)[NAME]
    assert NAME not in _listed(settings)


class _Judge:
    """Finds nothing wrong."""

    def __init__(self, record):
        self._record = record

    def assess_all(self, texts):
        return (self._record(text.id, flagged=False).assessment for text in texts)


def test_the_page_shows_reasons_and_loses_what_is_refused(settings, put, record, lan):
    put(*[record(name, contacts=(NAME,), title=f"<b>{name}</b>") for name in "abc"])
    pages = SuggestionList(settings)
    (line,) = pages.list_venues(every=False)
    assert (line.venue, line.hidden, line.ruling) == (NAME, "", "")
    assert line.facts[0].startswith("3 different lures (0 confirmed) in 1 source lead there")
    assert sorted(item for item, _ in line.lures) == ["a", "b", "c"]
    assert line.lures[0][1].startswith("flagged, names it, board: ")
    pages.rule("refuse", NAME, by=lan, reason="an honest board")
    assert pages.list_venues(every=False) == []
    (hidden,) = pages.list_venues(every=True)
    assert hidden.ruling.startswith("refused by lan") and hidden.hidden.startswith("refused by lan")
    pages.rule("undo", NAME, by=lan, reason="a mistake")
    assert [line.venue for line in pages.list_venues(every=False)] == [NAME]


def test_what_cannot_be_ruled_says_why(settings, lan):
    pages = SuggestionList(settings)
    with pytest.raises(DeskRefusal, match="say why"):
        pages.rule("block", NAME, by=lan, reason=" ")
    with pytest.raises(DeskRefusal, match="names no venue"):
        pages.rule("block", "no venue at all", by=lan, reason="x")
    with pytest.raises(DeskRefusal, match="no ruling is in force"):
        pages.rule("undo", NAME, by=lan, reason="x")


def test_an_index_that_is_away_is_named(settings):
    Path(settings.store).write_bytes(b"no database" * 100)
    with pytest.raises((StoreUnavailable, DeskRefusal), match="index"):
        SuggestionList(settings).list_venues(every=False)
