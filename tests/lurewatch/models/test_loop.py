"""The loop with analysts, end to end: 300 decisions, a tenth of them wrong, become a challenger that only a person promotes."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from click.testing import CliRunner, Result

from desk import cases, passwords
from desk.accounts import add_user
from desk.database import open_database
from desk.openings import note_opening
from lurewatch import stages
from lurewatch.cli import cli
from lurewatch.evaluation.listings import Listing, listings
from lurewatch.settings import load_settings
from lurewatch.store import store_of
from tests.lurewatch.conftest import Seal
from tests.lurewatch.models.conftest import PASSWORD

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
DECISIONS, WRONG = 300, 10
"""Simulated decisions, and every how manieth is wrong."""


def lurewatch(*words: str, password: bool = False) -> Result:
    """Run a command; a password is given on standard input where one is asked for."""
    return CliRunner().invoke(cli, [*words, *(["--password-stdin"] if password else [])], input=PASSWORD if password else None)


@pytest.fixture
def english(seeds: Path) -> list[Listing]:
    """Return authored texts in the one language the lexicon of the workplace has."""
    files = [*sorted((seeds / "evaluation").glob("listings-*.jsonl")), seeds / "evaluation" / "terse.jsonl"]
    return [item for file in files for item in listings(file) if item.lang == "en"]


@pytest.fixture
def loop(workplace: Path, sealed: Seal, english: list[Listing], monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a working folder whose desk holds 300 decisions of three analysts on loaded texts, and return it."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    settings, chosen = load_settings(), english[:DECISIONS]
    partition = sealed("20260301T120000Z", [(item.id, item.raw.strip()) for item in chosen], at=START)
    store, engine = store_of(settings), open_database(settings.database)
    stages.put(partition, stages.assess(partition, settings), store)
    people = [
        add_user(engine, name=name, email=f"{name}@example.org", role=role, password=PASSWORD, now=START)
        for name, role in (("minh", "analyst"), ("lan", "analyst"), ("thu", "analyst"), ("lead", "lead"))
    ]
    records = store.get_many(item.id for item in chosen)
    for number, item in enumerate(chosen):
        record, by, at = records[item.id], people[number % 3], START + timedelta(minutes=number)
        note_opening(engine, record, by=by, now=at - timedelta(minutes=1))
        how = {"by": by, "now": at, "seen": {item.id: 0}}
        if bool(item.label) != (number % WRONG == 0):
            tag = item.kind if item.label else "scam_compound"
            cases.confirm(engine, [record], tag=tag, severity="high", clause="forced_labour", **how)
        else:
            cases.dismiss(engine, [record], reason="honest_employer", **how)
    store.close()
    engine.dispose()
    return workplace


def test_decisions_are_counted_by_rule_and_indicator(loop: Path) -> None:
    told = lurewatch("lures", "outcomes", "--json")
    assert told.exit_code == 0, told.output
    lines = [json.loads(line) for line in told.stdout.splitlines()]
    indicators = {line["name"]: line for line in lines if not line["phrase"]}
    held = indicators["documents_held"]
    assert held["confirmed"] + held["dismissed"] > 10
    assert held["analysts"] == 3
    assert held["low"] <= held["precision"] <= held["high"]
    assert any(line["phrase"] and line["proposal"] == "" for line in lines)
    shown = lurewatch("lures", "outcomes")
    assert "documents_held" in shown.stdout
