"""What a crawl is given besides its source."""

import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.cases import case_decisions
from desk.database import open_database
from desk.people.accounts import add_user
from lurewatch.app import pipeline
from lurewatch.app.crawl_inputs import watched_items
from lurewatch.app.resources import store_of
from lurewatch.settings import load_settings
from tests.lurewatch.conftest import Seal

NOW = datetime(2026, 11, 28, tzinfo=UTC)


def test_without_a_desk_nothing_is_watched_and_no_database_is_made(workplace: Path) -> None:
    settings = load_settings()
    assert watched_items(settings) == ()
    assert not list(workplace.rglob("*.sqlite"))


def test_a_desk_that_cannot_be_reached_does_not_stop_a_crawl(
    workplace: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("LUREWATCH_DATABASE", "postgresql+psycopg://nobody@127.0.0.1:9/desk")
    with caplog.at_level(logging.WARNING):
        assert watched_items(load_settings()) == ()
    assert "the desk's database cannot be read" in caplog.text


def test_confirmed_items_are_watched_until_the_decision_is_taken_back(sealed: Seal) -> None:
    settings = load_settings()
    store = store_of(settings)
    partition = sealed("run-1", [("a", "Chat support abroad, flight paid, passport kept."), ("b", "Cook in Hue.")])
    pipeline.put(partition, pipeline.assess(partition, settings), store)
    engine = open_database(settings.database)
    analyst = add_user(engine, name="minh", email="minh@example.org", role="analyst", password="gravel-lantern-otter-93", now=NOW)
    records = store.get_many(["a", "b"])
    case_decisions.confirm(
        engine, [records["a"]], tag="scam_compound", severity="high", clause="forced_labour", by=analyst, now=NOW, seen={"a": 0}
    )
    case_decisions.dismiss(engine, [records["b"]], reason="honest_employer", by=analyst, now=NOW, seen={"b": 0})
    assert watched_items(settings) == ("a",)
    case_decisions.undo(engine, ["a"], by=analyst, now=NOW, seen={"a": 1})
    assert watched_items(settings) == ()
