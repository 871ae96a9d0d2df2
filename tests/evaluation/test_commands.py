"""`python -m evaluation`: true figures, clear errors."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner

from enrichment.model import SHIPPED
from enrichment.ngram_model import encode_model
from evaluation import campaign_quality, contact_quality, detection, learning, measures, pay_quality
from evaluation.commands import command
from evaluation.labelled_listings import Listing, listings
from evaluation.text_sets import carried_texts


@pytest.fixture
def run(seeds: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """Return a runner in the project's folder."""
    monkeypatch.chdir(seeds.parent)
    return CliRunner()


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a third of the carried listings: what is asked here are the reports, not how good the figures are."""
    folder = tmp_path_factory.mktemp("few")
    for name in ("listings-dev.jsonl", "listings-own.jsonl"):
        (folder / name).write_bytes(b"".join((carried_texts().training / name).read_bytes().splitlines(keepends=True)[::3]))
    return folder


def listing(number: int, label: int, kind: str, evasion: str = "none", lang: str = "en") -> Listing:
    """Return a labelled text."""
    return Listing(id=str(number), lang=lang, label=label, kind=kind, text="x", evasion=evasion)


def test_average_precision_is_that_of_the_ranking() -> None:
    """Worked by hand: lures at ranks 1 and 3; ties count as one step."""
    assert measures.average_precision([1, 0, 1], [9, 8, 7]) == pytest.approx((1 + 2 / 3) / 2)
    assert measures.average_precision([1, 0], [5, 5]) == pytest.approx(0.5)
    assert measures.average_precision([0, 0], [1, 2]) == 0.0


def test_counts_are_right() -> None:
    """Two lures, one missed; one warning flagged."""
    items = [
        listing(1, 1, "scam_compound"), listing(2, 1, "organ_trade", "leet", "vi"), listing(3, 0, "warning"),
        listing(4, 0, "other"),
    ]  # fmt: skip
    found = detection.scores(items, [(90.0, "scam_compound"), (20.0, "none"), (60.0, "scam_compound"), (1.0, "none")])
    assert found["all"] == {"right": 1, "flagged": 2, "lures": 2, "texts": 4}
    assert found["languages"]["vi"] == {"right": 0, "flagged": 0, "lures": 1, "texts": 1}
    assert found["evaded"] == [0, 1]
    assert found["open"] == [1, 1]
    assert found["reports"] == [1, 1]
    assert [one["id"] for one in found["mistakes"]] == ["3", "2"]
    assert found["tags"] == {"organ_trade": {"not flagged": 1}, "scam_compound": {"scam_compound": 1}}


def test_detection_says_which_split_and_holds_on_unseen_texts(run: CliRunner) -> None:
    """The carried texts that are held out."""
    told = run.invoke(command, ["detection", "--data", "benchmarks/texts/held_out/unseen.jsonl", "--json"])
    assert told.exit_code == 0, told.output
    found = json.loads(told.stdout)
    assert "not trained on" in found["split"]
    assert found["texts"] == 288
    assert found["average_precision"] > 0.97
    assert found["all"]["right"] >= 0.90 * found["all"]["flagged"]
    assert found["all"]["right"] >= 0.88 * found["all"]["lures"]


def test_cross_validation_keeps_campaigns_whole_and_says_so(run: CliRunner, few: Path) -> None:
    """Tables for people."""
    told = run.invoke(command, ["detection", "--cross-validate", "--data", str(few)])
    assert told.exit_code == 0, told.output
    assert "campaigns kept whole" in told.stdout
    assert float(told.stdout.split("average precision ")[1].split()[0]) > 0.9


@pytest.mark.parametrize(("name", "part"), [("contacts", contact_quality), ("pay", pay_quality), ("campaigns", campaign_quality)])
def test_every_part_reports_on_the_carried_listings(
    run: CliRunner, few: Path, monkeypatch: pytest.MonkeyPatch, name: str, part: ModuleType
) -> None:
    """As a table and as JSON, of one measurement."""
    monkeypatch.setattr(part, "report", cache(part.report))
    given = [name, "--data", str(few)] if name == "campaigns" else [name]
    told = run.invoke(command, given)
    assert told.exit_code == 0, told.output
    assert "listings" in told.stdout
    assert json.loads(run.invoke(command, [*given, "--json"]).stdout)


def test_missing_or_broken_data_is_one_clear_error(run: CliRunner, tmp_path: Path) -> None:
    """It names the file and what to give instead."""
    told = run.invoke(command, ["language", "--data", str(tmp_path)])
    assert told.exit_code == 1
    assert "langid-dev.tsv" in told.stderr
    for name in ("detection", "contacts", "pay", "campaigns"):
        told = run.invoke(command, [name, "--data", str(tmp_path)])
        assert told.exit_code == 1, name
        assert "listings-dev.jsonl" in told.stderr
    (tmp_path / "listings-dev.jsonl").write_text('{"id": "1"}\n', encoding="utf-8")
    told = run.invoke(command, ["detection", "--data", str(tmp_path)])
    assert told.exit_code == 1
    assert "listings-dev.jsonl:1: " in told.stderr


def test_training_is_deterministic_and_writes_only_when_asked(
    run: CliRunner, seeds: Path, few: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command learns the same points that were learned before it; the shipped model is left alone."""
    file, train, made = few / "listings-own.jsonl", learning.trained, []

    def keep(items: Sequence[Listing], *, seeds: Path) -> learning.LearnedScore:
        made.append(train(items, seeds=seeds))
        return made[-1]

    monkeypatch.setattr(learning, "trained", keep)
    before = {path.name: path.read_bytes() for path in SHIPPED.iterdir()}
    told = run.invoke(command, ["train", str(file)])
    assert told.exit_code == 0, told.output
    assert "nothing written" in told.stderr
    assert {path.name: path.read_bytes() for path in SHIPPED.iterdir()} == before
    first, second = train(listings(file), seeds=seeds), made[0]
    assert first.weights == second.weights
    assert encode_model(first.ngrams) == encode_model(second.ngrams)
