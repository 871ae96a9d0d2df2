"""The loop with analysts, end to end: 300 decisions, a tenth of them wrong, become a challenger, and nothing judges with it."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from desk.cases import case_decisions
from desk.cases.leases import note_opening
from desk.database import open_database
from desk.people.accounts import add_user
from enrichment.model import load, model_digest
from evaluation.challenger_commands import challenger
from evaluation.influence import MOST
from evaluation.labelled_listings import Listing, listings
from evaluation.text_sets import carried_texts
from lurewatch.app import pipeline
from lurewatch.app.resources import store_of
from lurewatch.settings import load_settings
from tests.lurewatch.conftest import Seal, lay_out, sealing
from tests.workplace import work_in

PASSWORD = "gravel-lantern-otter-93"
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
DECISIONS, WRONG = 300, 10
"""Simulated decisions, and every how manieth is wrong."""


@pytest.fixture(scope="module")
def english() -> list[Listing]:
    """Return authored texts in the one language the lexicon of the workplace has."""
    files = [*sorted(carried_texts().training.glob("listings-*.jsonl")), carried_texts().training / "terse.jsonl"]
    return [item for file in files for item in listings(file) if item.lang == "en"]


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory, seeds: Path, english: list[Listing]) -> Path:
    """Return a working folder whose desk holds 300 decisions of three analysts on loaded texts."""
    folder = tmp_path_factory.mktemp("decided")
    lay_out(folder, seeds)
    with pytest.MonkeyPatch.context() as patch:
        work_in(folder, patch)
        decide(sealing(folder), english[:DECISIONS])
    return folder


@pytest.fixture
def loop(workplace: Path, decided: Path) -> Path:
    """Make a copy of it the working folder, and return it."""
    for path in decided.iterdir():
        if path.is_file():
            shutil.copy2(path, workplace)
        elif path.name != "seeds":
            shutil.copytree(path, workplace / path.name)
    return workplace


def decide(seal: Seal, chosen: list[Listing]) -> None:
    """Load texts and let three analysts decide about each."""
    settings = load_settings()
    partition = seal("20260301T120000Z", [(item.id, item.raw.strip()) for item in chosen], at=START)
    store, engine = store_of(settings), open_database(settings.database)
    pipeline.put(partition, pipeline.assess(partition, settings), store)
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
            ground = record.posting.text[:40]
            case_decisions.confirm(engine, [record], tag=tag, severity="high", clause="forced_labour", ground=ground, **how)
        else:
            case_decisions.dismiss(engine, [record], reason="honest_employer", **how)
    store.close()
    engine.dispose()


def test_decisions_are_counted_by_rule_and_indicator(loop: Path) -> None:
    told = CliRunner().invoke(challenger, ["outcomes", "--json"])
    assert told.exit_code == 0, told.output
    rules, known, _, _ = json.loads(told.stdout)
    indicators = {line["name"]: line for line in known}
    held = indicators["documents_held"]
    assert held["confirmed"] + held["dismissed"] > 10
    assert held["analysts"] == 3
    assert held["low"] <= held["precision"] <= held["high"]
    assert any(line["proposal"] == "" for line in rules)
    shown = CliRunner().invoke(challenger, ["outcomes"])
    assert "documents_held" in shown.stdout


@pytest.fixture
def material(loop: Path, english: list[Listing]) -> list[str]:
    """Return the options that keep training small: few carried texts, and those nobody decided about to judge with."""
    folder = loop / "texts"
    for name in ("training", "held_out"):
        (folder / name).mkdir(parents=True)
    (folder / "held_out" / "unseen.jsonl").write_bytes(
        b"".join(msgspec.json.encode(item) + b"\n" for item in english[DECISIONS:])
    )
    lines = (carried_texts().training / "listings-dev.jsonl").read_bytes().splitlines(keepends=True)
    (loop / "carried.jsonl").write_bytes(b"".join(lines[::4]))
    return ["--texts", str(folder), "--carried", str(loop / "carried.jsonl")]


def trained(into: Path, *words: str) -> dict[str, Any]:
    """Train a challenger and return the report."""
    told = CliRunner().invoke(challenger, ["train", str(into), *words, "--json"])
    assert told.exit_code == 0, told.output
    return dict(json.loads(told.stdout))


def test_a_challenger_lies_beside_and_nothing_judges_with_it(loop: Path, material: list[str]) -> None:
    before = model_digest()
    made = trained(loop / "made", *material)
    shares = {one["analyst"]: one["share"] for one in made["comparison"]["influences"]}
    assert set(shares) == {"minh", "lan", "thu"}
    assert max(shares.values()) <= MOST
    assert load(loop / "made").version == made["comparison"]["challenger"]
    assert made["comparison"]["shipped"] == load().version != made["comparison"]["challenger"]
    assert model_digest() == before != model_digest(loop / "made")


def test_a_worse_challenger_is_called_worse(loop: Path, material: list[str], english: list[Listing]) -> None:
    wrong = [
        replace(item, label=1 - item.label, kind="benign_job" if item.label else "money_scam", weight=50.0)
        for item in english[::6]
    ]
    (loop / "wrong.jsonl").write_bytes(b"".join(msgspec.json.encode(item) + b"\n" for item in wrong))
    made = CliRunner().invoke(challenger, ["train", str(loop / "made"), *material[:2], "--carried", str(loop / "wrong.jsonl")])
    assert "WORSE" in made.stdout, made.output
    assert "  - authored: " in made.stdout


def test_one_account_that_confirms_everything_is_bounded_and_named(loop: Path, material: list[str], sealed: Seal) -> None:
    settings = load_settings()
    store, engine = store_of(settings), open_database(settings.database)
    items = [item for item in listings(carried_texts().training / "listings-messages.jsonl") if item.lang != "en"][:150]
    partition = sealed("20260302T120000Z", [(item.id, item.raw.strip()) for item in items], at=START + timedelta(days=1))
    pipeline.put(partition, pipeline.assess(partition, settings), store)
    mallory = add_user(engine, name="mallory", email="mallory@example.org", role="analyst", password=PASSWORD, now=START)
    records = list(store.get_many(item.id for item in items).values())
    for record in records:
        note_opening(engine, record, by=mallory, now=START)
        how = {"tag": "money_scam", "severity": "high", "clause": "fraud", "ground": record.posting.text[:40]}
        case_decisions.confirm(engine, [record], by=mallory, now=START, seen={record.id: 0}, **how)
    store.close()
    engine.dispose()
    made = trained(loop / "made", *material)
    (one,) = [one for one in made["comparison"]["influences"] if one["analyst"] == "mallory"]
    assert (one["leaning"], one["share"] <= MOST < one["uncapped"]) == ("confirms", True)
    assert any("--without mallory" in finding for finding in made["findings"])
    without = trained(loop / "other", *material, "--without", "mallory")
    assert not any("mallory" in finding for finding in without["findings"])
    assert without["comparison"]["challenger"] != made["comparison"]["challenger"]
