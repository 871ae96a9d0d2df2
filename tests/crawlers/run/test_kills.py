"""A run that is killed at any moment loses no page, repeats no page that was done, and writes no posting twice."""

import json
import os
import random
import signal
from collections import Counter
from contextlib import suppress

import pytest

from crawlers.evidence.partition import partitions, read_postings
from crawlers.frontier.frontier_store import Frontier
from crawlers.frontier.scheduler import HAND
from crawlers.process import descendants
from crawlers.sources.causes import fix
from tests.services.processes import runs, wait_for

JOBS, KILLS = 1000, 20


@pytest.mark.slow
def test_twenty_kills_over_a_thousand_pages_lose_and_repeat_nothing(site, source_of, started, tmp_path, pages):
    """Parent, child or both are killed after a random number of requests; the last run seals one complete partition."""
    pages.board(site, JOBS)
    draw = random.Random(20261125)
    source = source_of()
    process = started(source)
    for _ in range(KILLS):
        assert site.wait_for(site.fetched() + draw.randint(8, 40)), process.communicate()[1]
        crawler = next((pid for pid in descendants(process.pid)), None)
        target = draw.choice(("parent", "child", "both")) if crawler else "parent"
        if target != "parent":
            with suppress(ProcessLookupError):  # it may be the one killed before, ended since
                os.kill(crawler, signal.SIGKILL)
        if target != "child":
            process.kill()
            process.wait()
            process = started(source)
    out, err = process.communicate()
    assert process.returncode == 0, err
    report = json.loads(out)["report"]
    lost = [path for path in site.pages if not site.hits[path]]
    refetched = sum(n - 1 for path, n in site.hits.items() if path != "/robots.txt")
    postings = list(read_postings(json.loads(out)["address"]))
    assert lost == []
    assert refetched <= HAND * KILLS
    assert len(postings) == JOBS == report["parsed"] == report["fetched"]
    assert max(Counter(posting.id for posting in postings).values()) == 1
    assert report["duplicate"] == 0
    assert report["state"] == "ok"
    assert report["resumed"] >= KILLS - 5, "kills that came before the run began are not resumptions"
    assert len(partitions(str(tmp_path / "runs"))) == 1


DEADLY = """
import ctypes, re
from crawlers.spiders import base_spider, board
read, base_spider.READ_SECONDS = board.BoardSpider.read, 1.0

def read_deadly(self, response, step):
    if response.url.endswith("/3"):
        re.match("(a+)+$", "a" * 60 + "b")  # one call that no signal of Python interrupts
    if response.url.endswith("/4"):
        ctypes.string_at(0)
    return read(self, response, step)

board.BoardSpider.read = read_deadly
"""


def test_a_page_that_its_reader_dies_of_is_set_aside_after_one_death(
    site, source_of, crawled_alone, tmp_path, pages, monkeypatch
):
    """One page takes for ever, one crashes the process, one is dear to read: the other nine are read in the same run."""
    pages.board(site, 12)
    site.pages["/job/5"] = "<div>" * 400_000
    (tmp_path / "sitecustomize.py").write_text(DEADLY)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    address, report = crawled_alone(source_of())
    assert len(list(read_postings(address))) == 9
    assert (report.state, report.resumed, report.counters["page/error/PageTooCostly"]) == ("partial", 2, 3)
    assert site.hits["/job/3"] == 1
    assert max(site.hits.values()) <= 1 + report.resumed, "what was in hand is asked for again"
    (cause,) = report.causes
    assert (cause.outcome, cause.count) == ("error/PageTooCostly", 3)
    assert "crawl.exclude" in fix(report)


def test_a_run_sealed_but_not_cleared_is_returned_and_never_rewritten(site, source_of, crawled, tmp_path, pages):
    """A kill between the report and the clearing of the frontier costs nothing: the sealed partition stands."""
    pages.board(site, 5)
    address, report = crawled(source_of())
    frontier = Frontier.open_at(tmp_path / "state" / "local")
    frontier.begin(report.run_id, report.started_at, ())
    frontier.close()
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "runs").rglob("*.*")}
    again, same = crawled(source_of())
    assert (again, same) == (address, report)
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "runs").rglob("*.*")} == before
    assert crawled(source_of())[0] != address


def test_the_crawling_process_dies_with_its_parent(site, source_of, started, pages):
    """Nothing goes on fetching after its parent was killed, so the next crawl finds the lock free."""
    pages.board(site, 400)
    site.delay = 0.05
    process = started(source_of())
    assert site.wait_for(5)
    crawler = descendants(process.pid)[0]
    process.kill()
    process.wait()
    wait_for(lambda: not runs(crawler), "the end of the crawling process")
