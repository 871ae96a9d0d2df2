"""Every way a run can be stuck ends it in time and aloud, and what was done is kept."""

import math
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from crawlers.evidence.partition import read_postings
from crawlers.fetch.handlers.chromium import browser_path
from crawlers.frontier.frontier_store import Frontier
from crawlers.process import descendants, lock_folder
from crawlers.sources.source import Source
from foundation.crawl_errors import RunBusy, RunStopped, StateError
from tests.services.processes import PATIENCE, runs, wait_for


@pytest.fixture
def enough(started, tmp_path):
    """Return a function that gives the seconds in which a crawl of ``source`` surely starts on this machine as it is now."""

    def seconds(source: Source) -> int:
        begun = time.monotonic()
        started(source, runs=tmp_path / "timed" / "runs", state=tmp_path / "timed" / "state").communicate()
        return 2 + math.ceil(3 * (time.monotonic() - begun))

    return seconds


def test_a_server_that_never_answers_ends_the_run_as_partial(site, source_of, crawled_alone, enough, pages):
    """The crawl stops by itself at the limit and seals what it has."""
    pages.board(site, 60)
    limit = enough(source_of())
    ended = threading.Event()
    site.pages["/job/40"] = lambda headers: ended.wait(PATIENCE) and "late"
    _, report = crawled_alone(source_of(), limit_seconds=limit)
    ended.set()
    assert (report.state, report.parsed >= 10) == ("partial", True)
    assert "time limit" in report.reason


def test_a_stopped_process_is_ended_by_the_wall_clock_with_all_below_it(site, source_of, started, enough, pages):
    """A child that cannot even receive SIGTERM is gone after the limit; its run is sealed as partial."""
    pages.board(site, 5)
    limit = enough(source_of())
    pages.board(site, 400)
    site.delay = 0.02
    before = site.fetched()
    process = started(source_of(), seconds=limit)
    assert site.wait_for(before + 20)
    crawler = descendants(process.pid)[0]
    os.kill(crawler, signal.SIGSTOP)
    out, err = process.communicate()
    assert '"state":"partial"' in out, err
    assert not Path(f"/proc/{crawler}").exists()


def test_a_budget_of_requests_is_kept_and_told(site, source_of, crawled_alone, pages):
    """access.requests_per_run counts over all processes of a run; what is left undone is named."""
    pages.board(site, 60)
    _, report = crawled_alone(source_of(requests=20))
    assert site.fetched() <= 20
    assert (report.state, "access.requests_per_run" in report.reason) == ("partial", True)
    assert report.reconciles


def test_two_crawls_of_one_source_at_a_time_are_refused(site, source_of, crawled_alone, tmp_path):
    """The second is told which process holds the source."""
    with lock_folder(tmp_path / "state" / "local"), pytest.raises(RunBusy, match=rf"process {os.getpid()} is crawling it now"):
        crawled_alone(source_of())


def test_a_state_folder_that_cannot_be_used_says_how_to_mend_it(source_of, crawled_alone, tmp_path):
    """A file where the folder should be, and a damaged store, are told by path."""
    (tmp_path / "state").write_text("not a folder")
    with pytest.raises(StateError, match="make the state folder writable"):
        crawled_alone(source_of())
    (tmp_path / "state").unlink()
    (tmp_path / "state" / "local").mkdir(parents=True)
    (tmp_path / "state" / "local" / "frontier.sqlite").write_bytes(b"SQLite format 3\0" + b"\xff" * 9000)
    with pytest.raises(StateError, match=r"frontier\.sqlite: .*move the folder away"):
        crawled_alone(source_of())


def test_an_sqlite_that_can_lose_commits_is_refused(monkeypatch, tmp_path):
    """Releases before 3.51.3 carry the WAL-reset race."""
    monkeypatch.setattr("crawlers.frontier.sqlite_state.sqlite.sqlite_version_info", (3, 51, 2))
    with pytest.raises(StateError, match=r"pysqlite3 >= 0\.6\.1"):
        Frontier.open_at(tmp_path)


@pytest.fixture
def small_disk(tmp_path):
    """Mount a 1 MiB tmpfs and yield it with a function that makes it larger; skip where one may not mount."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("needs root to mount a small tmpfs")
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    mounted = subprocess.run(command, check=False, capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"cannot mount a tmpfs: {mounted.stderr.strip()}")
    yield folder, lambda: subprocess.run(["mount", "-o", "remount,size=64m", str(folder)], check=True)
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_state_disk_stops_the_run_aloud_and_it_carries_on_when_there_is_room(
    site, source_of, crawled_alone, small_disk, pages
):
    """No hang, no half run sealed, no page lost: the same run ends complete once there is space."""
    disk, grow = small_disk
    pages.board(site, 300)
    noise = os.urandom(6000).hex()
    for number in range(300):
        site.pages[f"/job/{number}"] += f"<!-- {noise[number:]} -->"
    with pytest.raises(RunStopped, match=r"full|No space left"):
        crawled_alone(source_of(), state=disk / "state")
    grow()
    address, report = crawled_alone(source_of(), state=disk / "state")
    assert (report.state, report.parsed, report.resumed) == ("ok", 300, 1)
    assert len({posting.id for posting in read_postings(address)}) == 300
    assert sum(n - 1 for path, n in site.hits.items() if path != "/robots.txt") <= 9, "the head of the list again"


def test_a_full_disk_under_the_partitions_leaves_no_report_and_loses_nothing(site, source_of, crawled_alone, small_disk, pages):
    """Sealing fails by name; the next call seals without fetching anything again."""
    disk, grow = small_disk
    pages.board(site, 100)
    noise = os.urandom(12000).hex()
    for number in range(100):
        site.pages[f"/job/{number}"] += f"<!-- {noise[number:]} -->"
    with pytest.raises(RunStopped, match=r"No space left on device \(\S*/runs/"):
        crawled_alone(source_of(), runs=str(disk / "runs"))
    assert list(disk.rglob("report.json")) == []
    asked = site.fetched()
    grow()
    address, report = crawled_alone(source_of(), runs=str(disk / "runs"))
    assert (report.state, len(list(read_postings(address)))) == ("ok", 100)
    assert site.fetched() == asked


@pytest.fixture
def browsing(site, source_of, started, missing_service):
    """Start a crawl whose page keeps a browser busy; return its process and the ids of all processes below it."""
    if browser_path() is None:
        missing_service("chromium")

    def start(limit: Callable[[Source], int]) -> tuple[subprocess.Popen[str], list[int]]:
        site.pages["/list/1"] = "<html><body><p>an ordinary page</p></body></html>"
        seconds = limit(source_of(render=True, wait_for="p"))
        site.pages["/list/1"] = "<html><body><p>Loading for ever</p><script>setInterval(() => 0, 5)</script></body></html>"
        before = site.fetched()
        process = started(source_of(render=True, wait_for="#never"), seconds=seconds)
        assert site.wait_for(before + 1), "the browser never asked for the page"
        below = descendants(process.pid)
        assert len(below) > 3, "child, driver, browser and its helpers"
        return process, below

    return start


def test_a_browser_in_a_session_of_its_own_is_ended_with_the_run(browsing, enough):
    """Even stopped processes below the child are gone after the limit."""
    process, below = browsing(enough)
    for pid in below:
        os.kill(pid, signal.SIGSTOP)
    process.communicate()
    wait_for(lambda: not any(map(runs, below)), "the end of all processes of the run")


def test_no_browser_outlives_a_killed_run(browsing):
    """kill -9 of the parent ends child, driver and browser within seconds."""
    process, below = browsing(lambda source: 1800)
    process.kill()
    process.wait()
    wait_for(lambda: not any(map(runs, below)), "the end of all processes of the run")


def test_a_file_where_the_folder_of_runs_should_be_is_named(site, source_of, crawled_alone, pages, tmp_path):
    """LUREWATCH_RUNS named one, and the crawl ended in a traceback."""
    pages.board(site, 1)
    (tmp_path / "file").touch()
    with pytest.raises(RunStopped, match=r"Not a directory \(\S*/file/"):
        crawled_alone(source_of(), runs=str(tmp_path / "file"))
