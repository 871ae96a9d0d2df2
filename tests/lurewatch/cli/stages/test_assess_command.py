"""`lurewatch assess`: the line contract, bad lines, hostile text at a terminal."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lurewatch.cli.stages.assess_command import command

LURE = "Typists wanted for Poipet. Free flight and dormitory, phones are kept by the manager, pay 1500 USD. Telegram @sample_hr_9"


@pytest.fixture
def run(seeds: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """Return a runner with the shipped seeds."""
    monkeypatch.setenv("LUREWATCH_SEEDS", str(seeds))
    return CliRunner()


def lines(result: Result) -> list[dict]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_each_text_becomes_one_line_in_order_with_the_contract_s_fields(run: CliRunner, tmp_path: Path) -> None:
    """Offsets count code points of title + newline + text; ids come back as they were."""
    file = tmp_path / "in.jsonl"
    rows = [
        {"id": "b", "title": "Việc 😀", "text": LURE, "url": "https://example.org/1", "source": "board", "more": [1]},
        {"id": "a", "title": None, "text": "Nothing here"},
        {"id": 7, "text": LURE},
    ]
    file.write_text("\ufeff" + "\n".join(json.dumps(row) for row in rows) + "\n\n", encoding="utf-8")
    result = run.invoke(command, [str(file), "--json"])
    assert result.exit_code == 0, result.output
    out = lines(result)
    assert [line["id"] for line in out] == ["b", "a", 7]
    for row, line in zip(rows, out, strict=True):
        raw = f"{row.get('title') or ''}\n{row['text']}"
        assert {"code", "script", "confidence"} <= line["language"].keys()
        assert {"voice", "score", "flagged", "tag", "campaign_key", "pay", "places", "lexicon_version"} <= line.keys()
        for signal in line["signals"]:
            assert {"indicator", "family", "start", "end", "text", "weight", "gloss"} <= signal.keys()
            assert raw[signal["start"] : signal["end"]] == signal["text"]
        for contact in line["contacts"]:
            assert {"type", "value", "start", "end"} <= contact.keys()
    assert out[0]["flagged"]
    assert out[0]["tag"] == "scam_compound"
    assert ("telegram", "sample_hr_9") in {(one["type"], one["value"]) for one in out[0]["contacts"]}
    assert not out[1]["flagged"]


def test_standard_input_is_read_without_a_file(run: CliRunner) -> None:
    """No argument is the same as a dash."""
    line = json.dumps({"id": "1", "text": LURE})
    for arguments in (["--json"], ["-", "--json"]):
        result = run.invoke(command, arguments, input=line)
        assert result.exit_code == 0
        assert [one["id"] for one in lines(result)] == ["1"]


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (b"{broken", "not JSON"), (b'{"id": "1"}', "text"), (b'{"id": "1", "text": 5}', "text"), (b'["1"]', "array"),
        (b'{"id": "1", "text": "\xff"}', "not JSON"), (b"[" * 100_000, "not JSON"), (b'{"id": null, "text": "x"}', "id"),
    ],
)  # fmt: skip
def test_a_bad_line_is_named_and_the_rest_goes_on(run: CliRunner, tmp_path: Path, bad: bytes, why: str) -> None:
    """File, line and fix on standard error; nothing of it in the output."""
    file = tmp_path / "in.jsonl"
    good = json.dumps({"id": "good", "text": LURE}).encode()
    file.write_bytes(good + b"\n" + bad + b"\n" + good + b"\n")
    result = run.invoke(command, [str(file), "--json"])
    assert result.exit_code == 1
    assert [line["id"] for line in lines(result)] == ["good", "good"]
    first, last = result.stderr.splitlines()
    assert first.startswith(f"{file}:2: ")
    assert why in first
    assert '{"id": "…"' in first
    assert last.startswith("1 of 3 lines")


def test_broken_surrogates_are_judged_and_given_back(run: CliRunner) -> None:
    """JSON can say what UTF-8 cannot; the answer escapes it again."""
    result = run.invoke(command, ["--json"], input='{"id": "1", "text": "Typists \\ud800 wanted, free flight"}')
    assert result.exit_code == 0, result.output
    (line,) = lines(result)
    raw = "\nTypists \ud800 wanted, free flight"
    assert all(raw[one["start"] : one["end"]] == one["text"] for one in line["signals"])


def test_people_see_score_reasons_and_no_control_characters(run: CliRunner) -> None:
    """Text cannot steer the terminal: an escape and an override are shown by name."""
    text = json.dumps({"id": "x\x1b[2J", "title": "Jobs \x1b[31m", "text": LURE + " \u202e gnp"})
    result = run.invoke(command, [], input=text)
    assert result.exit_code == 0, result.output
    assert "flagged scam_compound" in result.stdout
    assert "[ESC]" in result.stdout
    assert "[RLO]" in result.stdout
    assert "\x1b" not in result.stdout
    assert "\u202e" not in result.stdout
    assert "telegram sample_hr_9" in result.stdout
