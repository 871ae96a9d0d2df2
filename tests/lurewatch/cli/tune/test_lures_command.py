"""`lurewatch lures`: check, try and replay on lexicons of their own."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
import zstandard
from click.testing import CliRunner

from crawlers.evidence.partition import POSTINGS, REPORT, Report
from crawlers.items import Posting
from enrichment.text_lines import TextLine
from lurewatch.app.lures import replay
from lurewatch.cli.contents import cli

LURE = "Typists wanted for Poipet. Free flight and dormitory, phones are kept by the manager, pay 1500 USD. Telegram @sample_hr_9"
PHRASE = "tandem lighthouse keeper"


@pytest.fixture
def small(seeds: Path, tmp_path: Path) -> Path:
    """Return seeds with one language, quick to read."""
    folder = tmp_path / "seeds"
    (folder / "lures").mkdir(parents=True)
    shutil.copy(seeds / "places.yml", folder)
    shutil.copy(seeds / "lures" / "indicators.yml", folder / "lures")
    shutil.copytree(seeds / "lures" / "en", folder / "lures" / "en")
    return folder


@pytest.fixture
def run(small: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """Return a runner that uses the small seeds."""
    monkeypatch.setenv("LUREWATCH_SEEDS", str(small))
    monkeypatch.setenv("LUREWATCH_DATABASE", f"sqlite:///{small.parent / 'desk.sqlite'}")
    return CliRunner()


def add(folder: Path, family: str, indicator: str, rule: str) -> None:
    """Append a rule to a file of the English rules."""
    with (folder / "lures" / "en" / f"{family}.yml").open("a", encoding="utf-8") as file:
        file.write(
            f"  - {{id: en-{indicator.replace('_', '-')}-0001, indicator: {indicator}, {rule}, gloss: x, "
            "strength: strong, basis: own, added: 2026-11-28}\n"
        )


def test_check_counts_what_holds(run: CliRunner) -> None:
    """For people a table, for machines one line."""
    told = run.invoke(cli, ["lures", "check", "--json"])
    assert told.exit_code == 0, told.output
    line = json.loads(told.stdout)
    assert line["faults"] == []
    assert line["languages"]["en"]["entries"] == line["entries"] > 100
    shown = run.invoke(cli, ["lures", "check"])
    assert shown.exit_code == 0
    assert line["version"] in shown.stdout


def test_check_names_file_line_and_fix(run: CliRunner, small: Path) -> None:
    """A broken file and a broken promise both end with exit code 1."""
    add(small, "logistics", "free_travel", f'status: active, pattern: "{PHRASE} * boat", catches: ["no such thing"]')
    told = run.invoke(cli, ["lures", "check"])
    assert told.exit_code == 1
    assert "en/logistics.yml:" in told.stderr
    assert "correct the wording" in told.stderr
    add(small, "job", "nonsense", 'status: active, phrase: "x"')
    told = run.invoke(cli, ["lures", "check", "--json"])
    assert told.exit_code == 1
    assert "unknown indicator" in json.loads(told.stdout)["faults"][0]


def test_try_shows_spans_points_and_the_line_of_each_entry(run: CliRunner, small: Path, tmp_path: Path) -> None:
    """The text itself, a file, standard input and JSON Lines."""
    told = run.invoke(cli, ["lures", "try", LURE, "--json"])
    assert told.exit_code == 0, told.output
    line = json.loads(told.stdout)
    raw = "\n" + LURE
    assert line["assessment"]["flagged"]
    assert line["entries"]
    for entry in line["entries"]:
        assert raw[entry["start"] : entry["end"]] == entry["text"]
        file, number = entry["place"].rsplit(":", 1)
        assert entry["id"] in Path(file).read_text(encoding="utf-8").splitlines()[int(number) - 1]
    (tmp_path / "post.txt").write_text(LURE, encoding="utf-8")
    (tmp_path / "posts.jsonl").write_text(json.dumps({"id": "1", "text": LURE}), encoding="utf-8")
    for arguments in (["try", str(tmp_path / "post.txt")], ["try", str(tmp_path / "posts.jsonl")], ["try", "-"]):
        shown = run.invoke(cli, ["lures", *arguments], input=LURE)
        assert shown.exit_code == 0, shown.output
        assert "flagged scam_compound" in shown.stdout
    assert "No rule" in run.invoke(cli, ["lures", "try", "qwrtz"]).stdout


def test_replay_shows_what_a_change_would_flag_and_spare(run: CliRunner, small: Path, tmp_path: Path) -> None:
    """Scores before and after, and the entry that made the difference; nothing is changed."""
    draft = tmp_path / "draft"
    shutil.copytree(small, draft)
    travel = draft / "lures" / "en" / "logistics.yml"
    kept = [rule for rule in travel.read_text(encoding="utf-8").split("\n\n") if "indicator: free_travel" not in rule]
    travel.write_text("\n\n".join(["rules:", *kept[1:]]) + "\n", encoding="utf-8")
    for family, indicator in (("related", "organ"), ("related", "organ_papers"), ("control", "secrecy")):
        add(draft, family, indicator, f'status: active, phrase: "{PHRASE} {indicator.replace("_", " ")}"')
    texts = tmp_path / "texts.jsonl"
    rows = [
        {"id": "new", "text": f"We are hiring, write now: {PHRASE} organ, {PHRASE} organ papers, {PHRASE} secrecy"},
        {"id": "old", "text": "Typists for Poipet, free flight, dormitory"},
        {"id": "same", "text": "Nothing of the kind"},
    ]
    texts.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    told = run.invoke(cli, ["lures", "replay", str(texts), "--seeds", str(draft), "--moved", "--json"])
    assert told.exit_code == 0, told.output
    *changes, counts = [json.loads(line) for line in told.stdout.splitlines()]
    by_id = {change["id"]: change for change in changes}
    assert set(by_id) == {"new", "old"}
    assert by_id["new"]["turned"] == "flagged"
    assert by_id["new"]["before"] < 50 <= by_id["new"]["after"]
    assert {entry["phrase"] for entry in by_id["new"]["entries"]} >= {f"{PHRASE} organ"}
    assert all(entry["in"] == "new" for entry in by_id["new"]["entries"])
    assert any(entry["in"] == "old" and entry["indicator"] == "free_travel" for entry in by_id["old"]["entries"])
    assert counts["texts"] == 3
    assert counts["flagged"] == 1
    shown = run.invoke(cli, ["lures", "replay", str(texts), "--seeds", str(draft)])
    assert "1 newly flagged" in shown.stdout
    assert run.invoke(cli, ["lures", "replay", "--seeds", str(draft), "--runs", str(tmp_path / "none")]).exit_code == 0


def test_stored_postings_are_replayed_once_as_seen_last_where_their_source_is_read(
    run: CliRunner, seeds: Path, small: Path, tmp_path: Path
) -> None:
    """A posting in two sealed runs is judged once, in its newest form; a run that is not sealed is left alone."""
    for day, text in ((1, "first"), (2, "second"), (3, "never sealed")):
        folder = tmp_path / "runs" / "board" / f"run-{day}"
        folder.mkdir(parents=True)
        posting = Posting(id="1", url="https://example.org/1", source="board", title=None, text=text)
        (folder / POSTINGS).write_bytes(zstandard.compress(msgspec.json.encode(posting) + b"\n"))
        if day < 3:
            at = datetime(2026, 3, day, tzinfo=UTC)
            report = Report(source="board", run_id=folder.name, state="ok", started_at=at, finished_at=at, fetched=1, parsed=1)
            (folder / REPORT).write_bytes(msgspec.json.encode(report))
    found = list(replay.postings(str(tmp_path / "runs"), {"board": ("AU",)}.__getitem__))
    assert found == [TextLine(id="1", text="second", url="https://example.org/1", source="board", countries=("AU",))]
    words = ["replay", "--seeds", str(small), "--runs", str(tmp_path / "runs")]
    assert "1 texts" in run.invoke(cli, ["lures", *words]).stdout  # its seed file is gone: no countries, as in a run
    (small / "sources").mkdir()
    board = (seeds / "sources" / "sample_board.yml").read_text(encoding="utf-8")
    (small / "sources" / "board.yml").write_text(board.replace("countries: [", "countries: [Nowhere, "), encoding="utf-8")
    told = run.invoke(cli, ["lures", *words])
    assert (told.exit_code, "board.yml" in told.output) == (1, True), told.output


def test_replay_tells_what_each_new_rule_would_bring(run: CliRunner, small: Path, tmp_path: Path) -> None:
    """For machines in the last line, for people below the counts; standard input is read once."""
    draft = tmp_path / "draft"
    shutil.copytree(small, draft)
    add(draft, "control", "documents_held", f'status: active, phrase: "{PHRASE}"')
    row = json.dumps({"id": "1", "text": f"Wanted: {PHRASE} for a boat"})
    words = ["replay", "-", "--seeds", str(draft)]
    told = run.invoke(cli, ["lures", *words, "--json"], input=row)
    assert told.exit_code == 0, told.output
    line = json.loads(told.stdout.splitlines()[-1])
    (rule,) = line["rules"]
    assert (rule["phrase"], rule["hits"], rule["per_week"]) == (PHRASE, 1, None)
    assert line["queue"]["minutes_per_week"] is None
    shown = run.invoke(cli, ["lures", *words], input=row)
    assert shown.exit_code == 0, shown.output
    assert "fires on 1 texts" in shown.stdout
    assert "minutes a decision (assumed" in shown.stdout


def test_matrix_shows_what_is_proven_of_each_concept(run: CliRunner, small: Path, seeds: Path) -> None:
    """By language, or the sentences of one; without concepts it says so."""
    nothing = run.invoke(cli, ["lures", "check", "--matrix"])
    assert nothing.exit_code == 1
    assert "languages with words.yml: none" in nothing.output
    shutil.copy(seeds / "lures" / "concepts.yml", small / "lures")
    table = run.invoke(cli, ["lures", "check", "--matrix"])
    assert table.exit_code == 0, table.output
    assert "papers-with-employer" in table.output
    assert "concepts proven" in table.output
    assert "passport" in run.invoke(cli, ["lures", "check", "--language", "en"]).output
    assert "languages with words.yml: en" in run.invoke(cli, ["lures", "check", "--language", "xx"]).output
