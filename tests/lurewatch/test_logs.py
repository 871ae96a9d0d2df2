"""With LUREWATCH_LOG_FORMAT=json what commands, tasks and desk log is one JSON object a line, and quotes no page."""

import json
import logging
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from structlog.contextvars import get_contextvars

from crawlers.evidence.partition import partitions, read_postings, read_report
from crawlers.sample_sites import seeds_for, serve
from lurewatch import tasks
from lurewatch.app import pipeline
from lurewatch.logs import LONGEST, _json_lines
from lurewatch.settings import SHIPPED_SEEDS
from tests.lurewatch.conftest import Seal


def logged(*words: str) -> tuple[int, str, list[dict[str, object]]]:
    """Run a command as an operator does, in JSON; return its exit code, its output and what it logged."""
    command = [str(Path(sys.executable).parent / "lurewatch"), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert all({"level", "logger", "message", "timestamp"} <= line.keys() for line in lines)
    return done.returncode, done.stdout, lines


@pytest.fixture
def as_json(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have commands log JSON."""
    monkeypatch.setenv("LUREWATCH_LOG_FORMAT", "json")
    return workplace


def test_a_run_is_told_with_source_and_run_id_and_without_its_texts(as_json: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUREWATCH_ALLOW_LOOPBACK", "true")
    with serve(SHIPPED_SEEDS / "sample", {}) as sites:
        seeds_for(sites, as_json / "samples", SHIPPED_SEEDS)
        (as_json / "seeds" / "sources" / "sample_feed.yml").write_bytes(
            (as_json / "samples" / "sources" / "sample_feed.yml").read_bytes()
        )
        code, output, lines = logged("run", "sample_feed")
    assert (code, output) == (0, "")
    (partition,) = partitions(str(as_json / "runs"))
    report = read_report(partition)
    ours = [line for line in lines if line["logger"] == "lurewatch.app.pipeline"]
    assert [str(line["message"]).split(":")[0] for line in ours] == [
        "the run ended ok", "the run is assessed", "the run is loaded",
    ]  # fmt: skip
    assert {(line["source"], line["run_id"]) for line in ours} == {("sample_feed", report.run_id)}
    assert (ours[0]["postings"], ours[2]["inserted"]) == (report.parsed, report.parsed)
    told = json.dumps(lines, ensure_ascii=False)
    assert [posting.id for posting in read_postings(partition) if (posting.title or posting.text[:40]) in told] == []


def test_a_command_that_fails_and_a_desk_that_cannot_listen_say_it_in_json(as_json: Path) -> None:
    code, output, lines = logged("run", "nobody")
    assert (code, output) == (1, "")
    assert [(line["level"], line["message"]) for line in lines] == [
        ("ERROR", "no source nobody; `lurewatch sources list` shows those there are")
    ]
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, output, lines = logged("serve", "--bind", f"127.0.0.1:{port}")
    assert (code, output) == (1, "")
    assert [line["logger"] for line in lines] == ["lurewatch.cli"]
    assert "Address already in use" in str(lines[0]["message"])


def test_an_error_is_named_with_its_places_and_not_with_its_words() -> None:
    try:
        raise ValueError("Typist wanted, passport kept")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "failed %s", ("y" * 9000,), sys.exc_info())
    line = json.loads(_json_lines().format(record))
    assert line["exc_info"].startswith("ValueError < ") and "test_logs.py" in line["exc_info"]
    assert "Typist" not in json.dumps(line)
    assert len(line["message"]) == LONGEST


def test_a_task_puts_source_and_run_into_airflows_log(sealed: Seal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Airflow merges structlog's context into every line of a task's log."""
    partition, seen = sealed("run-1", [("a", "Typist wanted")]), []
    monkeypatch.setattr(pipeline, "assess", lambda *_: seen.append(get_contextvars()) or "address")
    tasks.assess_partition(partition)
    assert seen == [{"source": "board", "run_id": "run-1"}]
    assert get_contextvars() == {}
