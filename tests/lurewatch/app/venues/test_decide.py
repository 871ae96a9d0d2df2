"""The desk's page finds, refuses, blocks and takes back what the command does, on a desk and an index of their own."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.database import open_database
from desk.people.accounts import User, add_user
from desk.refusals import DeskRefusal
from index.base import StoreUnavailable
from index.sqlite.sqlite_store import SqliteStore
from lurewatch.app.venues.decide import SuggestionList
from lurewatch.settings import Settings

NAME = "telegram:sample_crew"


@pytest.fixture
def settings(tmp_path, record) -> Settings:
    """Return the settings of a desk whose index holds three lures that name one channel."""
    (tmp_path / "seeds" / "sources").mkdir(parents=True)
    store = SqliteStore(tmp_path / "index.sqlite")
    store.put([record(name, contacts=(NAME,), title=f"<b>{name}</b>") for name in ("a", "b", "c")])
    store.close()
    return Settings(
        seeds=tmp_path / "seeds", store=str(tmp_path / "index.sqlite"), database=f"sqlite:///{tmp_path / 'desk.sqlite'}"
    )


@pytest.fixture
def lan(settings) -> User:
    """Return an operator."""
    now = datetime(2026, 11, 29, tzinfo=UTC)
    engine = open_database(settings.database)
    return add_user(engine, name="lan", email="lan@example.org", role="operator", password="gravel-lantern-otter-93", now=now)


def test_a_venue_is_listed_with_its_reasons_and_leaves_the_list_when_refused(settings, lan):
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
