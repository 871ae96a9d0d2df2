"""Two workers with state folders of their own and one PostgreSQL: whichever dies, the other carries the run on."""

import json
import os
import secrets
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from crawlers.evidence.partition import partitions, read_postings
from crawlers.frontier.frontier_store import Frontier
from crawlers.frontier.postgres_connection import connect, hold_lease
from crawlers.frontier.scheduler import HAND
from crawlers.frontier.state_database import SharedState
from crawlers.process import descendants
from crawlers.sources.source import Source
from foundation.crawl_errors import LeaseLost, RunBusy, RunStopped
from tests.services.processes import PATIENCE

JOBS = 40
LEASE_SECONDS = 10.0
"""Of these tests; a lease of a real run is one minute long (`crawlers.frontier.postgres_connection.SECONDS`)."""
BEFORE = f"import crawlers.frontier.postgres_connection; crawlers.frontier.postgres_connection.SECONDS = {LEASE_SECONDS}\n"
NOTED = 0.1
"""Seconds by which a busy server may note one of two requests late."""

Worker = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def worker(started: Callable[..., subprocess.Popen[str]], postgres_url: str, tmp_path: Path) -> Worker:
    """Return a function that starts a crawl of a worker with a name: a folder of its own, the database of all."""

    def start(name: str, source: Source) -> subprocess.Popen[str]:
        return started(source, state=tmp_path / name, before=BEFORE, crawl_state=postgres_url)

    return start


def named(source: Source, delay: float = 0.0, name: str = "") -> Source:
    """Return the source under a name no other test's state has, with a delay."""
    access = source.access.model_copy(update={"delay_seconds": delay})
    return source.model_copy(update={"name": name or f"local_{secrets.token_hex(4)}", "access": access})


def carried_on(worker: Worker, source: Source) -> dict[str, Any]:
    """Start worker B until it is let in; return its report and partition. It is let in soon after the other's lease ended."""
    began = time.monotonic()
    while True:
        process = worker("b", source)
        out, err = process.communicate()
        if process.returncode == 0:
            result: dict[str, Any] = json.loads(out)
            return result
        assert "RunBusy" in err, err
        assert time.monotonic() - began < PATIENCE, "the lease of a worker that renews nothing ends"
        time.sleep(LEASE_SECONDS / 5)  # a worker's start costs seconds of a processor


def whole(site: Any, runs: Path, source: Source, result: dict[str, Any], kills: int = 1) -> None:
    """Assert that nothing was lost, doubled or sealed twice, and at most HAND pages fetched again for each kill."""
    postings = list(read_postings(result["address"]))
    again = sum(count - 1 for path, count in site.hits.items() if path != "/robots.txt")
    assert [path for path in site.pages if not site.hits[path]] == []
    assert len(postings) == JOBS == result["report"]["parsed"] == result["report"]["fetched"]
    assert max(Counter(posting.id for posting in postings).values()) == 1
    assert (result["report"]["duplicate"], result["report"]["state"]) == (0, "ok")
    assert again <= HAND * kills
    assert partitions(str(runs), source.name) == [result["address"]]


def test_a_worker_killed_at_half_is_taken_over_by_another(site, source_of, worker, pages, tmp_path) -> None:
    """While A lives B is refused; the host's delay holds over both."""
    pages.board(site, JOBS)
    half, refused = pages.job(JOBS // 2), threading.Event()
    site.pages[f"/job/{JOBS // 2}"] = lambda _: refused.wait() and half
    source = named(source_of(), delay=0.2)
    first = worker("a", source)
    assert site.wait_for(JOBS // 2), first.communicate()
    second = worker("b", source)
    _, err = second.communicate()
    assert second.returncode
    assert "RunBusy" in err
    assert f"process {first.pid} on" in err
    os.killpg(first.pid, signal.SIGKILL)
    for pid in descendants(first.pid):
        os.kill(pid, signal.SIGKILL)
    first.wait()
    refused.set()
    result = carried_on(worker, source)
    whole(site, tmp_path / "runs", source, result)
    assert result["report"]["resumed"] == 1
    assert min(later - earlier for earlier, later in pairwise(site.times)) >= 0.2 - NOTED
    assert not (tmp_path / "b" / source.name / "frontier.sqlite").exists()


def test_a_worker_stopped_past_its_lease_writes_nothing_when_it_goes_on(site, source_of, worker, pages, tmp_path) -> None:
    pages.board(site, JOBS)
    half, stopped = pages.job(JOBS // 2), threading.Event()
    site.pages[f"/job/{JOBS // 2}"] = lambda _: stopped.wait() and half
    source = named(source_of(), delay=0.1)
    first = worker("a", source)
    assert site.wait_for(JOBS // 2), first.communicate()
    family = [first.pid, *descendants(first.pid)]
    for pid in family:
        os.kill(pid, signal.SIGSTOP)
    stopped.set()
    result = carried_on(worker, source)
    before = {path: path.read_bytes() for path in (tmp_path / "runs").rglob("*.*")}
    for pid in family:
        os.kill(pid, signal.SIGCONT)
    _, err = first.communicate()
    assert first.returncode
    assert "LeaseLost" in err.splitlines()[-1]
    assert "another worker has taken the run over; nothing of this one is written" in err.splitlines()[-1]
    whole(site, tmp_path / "runs", source, result)
    assert {path: path.read_bytes() for path in (tmp_path / "runs").rglob("*.*")} == before


def test_a_second_run_of_another_worker_knows_what_the_first_read(site, source_of, worker, pages) -> None:
    pages.board(site, 5)
    source = named(source_of())
    out, err = worker("a", source).communicate()
    assert json.loads(out)["report"]["parsed"] == 5, err
    out, err = worker("b", source).communicate()
    assert json.loads(out)["report"]["counters"]["known/unchanged"] == 5, err


@pytest.mark.parametrize("first", [ConnectionError("the connection is lost"), RunStopped("the crawl failed"), KeyError("a")])
def test_whatever_failed_first_a_worker_says_that_its_lease_was_lost(postgres_url: str, first: Exception) -> None:
    source = f"local_{secrets.token_hex(4)}"
    with pytest.raises(type(first)), hold_lease(postgres_url, source):
        raise first
    with pytest.raises(LeaseLost, match="another worker has taken the run over") as lost, hold_lease(postgres_url, source):
        with connect(postgres_url) as db:
            db.execute("UPDATE lease SET token = token + 1 WHERE source = %s", (source,))
        raise first
    assert lost.value.__cause__ is first


def test_writes_under_an_older_token_are_refused(postgres_url: str, tmp_path: Path) -> None:
    source = f"local_{secrets.token_hex(4)}"
    with hold_lease(postgres_url, source) as shared:
        frontier = Frontier.open_at(tmp_path, shared=shared)
        with pytest.raises(RunBusy, match="is crawling it now"), hold_lease(postgres_url, source):
            pass
        older = SharedState(address=postgres_url, source=source, token=shared.token - 1)
        stale = Frontier.open_at(tmp_path, shared=older)
        with pytest.raises(LeaseLost):
            stale.begin("run", datetime.now(UTC), ())
        assert frontier.run() is None
        stale.close()
        frontier.close()
    with hold_lease(postgres_url, source) as shared:
        assert shared.token == older.token + 2, "given back at the end of the block"
