"""What a person may get wrong, in a seeds folder or on the command line, is one clear line and never a traceback."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lurewatch.cli.contents import COMMANDS, FOLDED, MOVED, cli, main
from tests.lurewatch.conftest import Seal

Told = Callable[..., tuple[int, str]]
PLACE = "places:\n  - {name: Bavet, country: KH, kind: town, spellings: [Bavet]}\n"


@pytest.fixture
def told(workplace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Told:
    """Return a function that runs a command as the shell does, with the exit code and what stands on standard error."""

    def run(*words: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["lurewatch", *words])
        with pytest.raises(SystemExit) as end:
            main()
        return int(end.value.code or 0), capsys.readouterr().err

    return run


def given(*words: str, text: str = "") -> Result:
    """Run a command with something on standard input."""
    return CliRunner().invoke(cli, list(words), input=text)


@pytest.fixture
def advert(workplace: Path) -> str:
    """Return a file with one text."""
    (workplace / "one.jsonl").write_text('{"id": "1", "text": "Typist wanted"}\n', encoding="utf-8")
    return "one.jsonl"


@pytest.mark.parametrize("faulty", ["lures", "places.yml"])
def test_a_faulty_seeds_folder_is_one_line_of_every_command(
    told: Told, sealed: Seal, workplace: Path, advert: str, faulty: str
) -> None:
    """Each that assesses or reads places names the file."""
    partition = sealed("run-1", [("a", "Typist wanted")])
    if faulty == "places.yml":
        (workplace / "seeds" / faulty).unlink()
        (workplace / "seeds" / faulty).write_text(PLACE, encoding="utf-8")
    else:
        (workplace / "seeds" / faulty / "indicators.yml").unlink()
    commands = [("assess", advert), ("link", advert), ("load", partition), ("run",), ("lures", "try", "Typist wanted")]
    commands += [("lures", "replay", "--seeds", "seeds", advert)]
    commands += [("search", "place:bavet")] if faulty == "places.yml" else []
    named = "places.yml:2: Expected `object`" if faulty == "places.yml" else "indicators.yml: "
    for command in commands:
        code, words = told(*command)
        assert code == 1
        assert named in words.replace("\n", " "), command


def test_link_reads_what_assess_reads(workplace: Path) -> None:
    """From standard input when no file is named, with a byte order mark, numbers as ids, and letters that are no Unicode."""
    lines = [{"id": 1, "text": "Ring the foreman"}, {"id": "b", "title": None, "text": "odd \ud800 letter"}]
    text = "\ufeff" + "\n".join(json.dumps(line) for line in lines)
    for command in ("link", "assess"):
        result = given(command, "--json", text=text)
        assert result.exit_code == 0, result.output
        assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == [1, "b"]


@pytest.mark.parametrize("command", ["link", "assess"])
def test_no_text_at_all_is_no_success(workplace: Path, command: str) -> None:
    """An empty pipe is a mistake somewhere before."""
    result = given(command, text="\n")
    assert (result.exit_code, "no texts given; a line is one object" in result.stderr) == (1, True)


@pytest.mark.parametrize("command", ["link", "assess"])
def test_a_line_that_is_no_text_is_named_and_the_rest_goes_on(workplace: Path, command: str) -> None:
    """With its number; the exit code is 1."""
    result = given(command, "--json", text='{"id": "a", "text": "x"}\n{"id": "b"}\n{"id": "c", "text": "y"}')
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["a", "c"]
    assert (result.exit_code, "standard input:2:" in result.stderr) == (1, True)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("run", "--jobs", "-5"), "--jobs"),
        (("explain", "\udcff"), "is no id"),
        (("search", "--contact", "tel:" * 2000), "8,000 characters; at most 4,096 are taken"),
        (("extract", "page.html", "--url", "http://[::1"), "is no address"),
    ],
)
def test_what_no_command_can_read_is_refused(told: Told, workplace: Path, words: tuple[str, ...], says: str) -> None:
    """With exit code 2, as any wrong use."""
    (workplace / "page.html").write_text("<html><title>x</title></html>")
    code, error = told(*words)
    assert (code, says in error) == (2, True), error


def test_a_settings_file_that_is_not_utf_8_is_named(told: Told, workplace: Path) -> None:
    """As a Windows editor writes it."""
    (workplace / "lurewatch.toml").write_bytes('organisation = "Bộ phận"\n'.encode("utf-16"))
    assert told("search", "x") == (2, "lurewatch: lurewatch.toml: not UTF-8 at byte 0; save it as UTF-8\n")


def test_explain_shows_a_stored_text_as_assess_shows_a_given_one(sealed: Seal, workplace: Path) -> None:
    """The same verdict, marked text and reasons; hidden letters stand as their names."""
    text = "Work abroad: passport kept by the boss, \u202efree flight and room, no experience needed"
    assert given("load", sealed("run-1", [("a", text)])).exit_code == 0
    shown = {
        "explain": CliRunner().invoke(cli, ["explain", "a"], env={"COLUMNS": "200"}).stdout,
        "assess": CliRunner().invoke(cli, ["assess"], env={"COLUMNS": "200"}, input=json.dumps({"id": "a", "text": text})).stdout,
    }
    told = ("score", "Work abroad", "points", "+", "-")
    lines = [line for line in shown["assess"].splitlines() if line.lstrip().startswith(told)]
    assert len(lines) > 3 and "[RLO]" in shown["assess"]
    assert [line for line in lines if line not in shown["explain"].splitlines()] == []


def test_a_person_can_learn_the_commands_and_old_names_say_the_new_one() -> None:
    """22 at most; each old name is answered in one line, and what it names is there."""
    assert len(COMMANDS) <= 22
    for old, new in MOVED.items():
        result = given(old)
        assert (result.exit_code, f"`lurewatch {old}` is `{new}` now" in result.stderr) == (2, True)
        program, *words = new.split()
        if program == "lurewatch":
            shown = given(*[word for word in words if not word.startswith("--")], "--help").stdout
            assert shown.startswith("Usage: ") and all(word in shown for word in words)


@pytest.mark.parametrize("old", FOLDED)
def test_a_command_that_became_an_option_still_works_by_its_old_name(old: str) -> None:
    """It is the command that has the option."""
    command, *options = FOLDED[old].partition(" --")[::2]
    shown = given(*old.split(), *["x"] * old.endswith("probe"), "--help").stdout
    assert shown.startswith(f"Usage: cli {command} ") and all(option in shown for option in options)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("serch",), "no command 'serch'; did you mean `lurewatch search`?"),
        (("takdown", "show"), "did you mean `lurewatch takedown`?"),
        (("zzz",), "no command 'zzz'"),
        (("sources", "lst"), "No such command 'lst'"),
    ],
)
def test_a_misspelt_command_names_the_one_that_was_meant(told: Told, words: tuple[str, ...], said: str) -> None:
    """Groups below the first are click's, which does the same."""
    code, error = told(*words)
    assert (code, said in error) == (2, True), error


def test_loading_what_is_no_run_says_so(told: Told, workplace: Path) -> None:
    """A file, what is not there, a folder that was never sealed, what may not be read."""
    (workplace / "empty").mkdir()
    for address, said in (
        ("/etc/passwd", "/etc/passwd: a file, and a run is a folder"),
        ("nowhere", "nowhere: there is no such run"),
        ("empty", "no report.json, so the run never finished"),
    ):
        code, error = told("load", address)
        assert (code, said in error, "Errno" in error) == (1, True, False), error


def test_python_runs_the_package() -> None:
    done = subprocess.run([sys.executable, "-m", "lurewatch", "--version"], capture_output=True, text=True, check=True)
    assert "version" in done.stdout
