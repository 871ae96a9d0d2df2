"""Sources of one host crawled at the same time share its rate: counted where the requests arrive."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest

from crawlers.crawl_run import LONG_WAITS
from crawlers.fetch.handlers.chromium import browser_path
from crawlers.fetch.handlers.host_turns import host_of
from crawlers.fetch.scrapy_settings import TIMER_SLACK
from crawlers.sources.source import Source
from tests.services.processes import PATIENCE

DELAY = 0.5
NOTED = 0.3
"""Seconds by which a busy server may note one of two requests late. Without a shared rate some of the gaps come near zero."""


@pytest.fixture
def named(source_of: Callable[..., Source]) -> Callable[..., Source]:
    """Return a function that makes a source of the site with a name and DELAY."""

    def make(name: str, **crawl_fields: Any) -> Source:
        source = source_of(**crawl_fields)
        access = source.access.model_copy(update={"delay_seconds": DELAY})
        return source.model_copy(update={"name": name, "access": access})

    return make


def reports(processes: list[subprocess.Popen[str]]) -> list[dict[str, Any]]:
    """Return the reports of crawls, once all have ended."""
    results = []
    for process in processes:
        out, err = process.communicate()
        assert process.returncode == 0, err
        results.append(json.loads(out)["report"])
    return results


def test_three_sources_of_one_host_in_three_processes_keep_its_delay(site, named, started, pages, missing_service) -> None:
    """Two plain ones and a rendered one whose list a script asks for; robots.txt counts like any other address."""
    if browser_path() is None:
        missing_service("Chromium")
    for name in ("a", "b", "c"):
        for number in range(3):
            site.pages[f"/{name}/{number}"] = pages.job(number, title=f"Cashier {name} {number}")
    links = {name: "".join(f'<a class="job" href="/{name}/{n}">Job {n}</a>' for n in range(3)) for name in "abc"}
    site.pages |= {"/a": f"<html><body>{links['a']}</body></html>", "/b": f"<html><body>{links['b']}</body></html>"}
    site.pages["/c/data"] = (200, {"Content-Type": "text/plain"}, links["c"].encode())
    script = "fetch('/c/data').then((answer) => answer.text()).then((text) => { document.body.innerHTML = text; })"
    site.pages["/c"] = f"<html><link rel=icon href=data:,><body><script>{script}</script></body></html>"
    sources = [named("source_a", start="/a"), named("source_b", start="/b"), named("source_c", start="/c", render=True)]
    ended = reports([started(source) for source in sources])
    gaps = [later - earlier for earlier, later in pairwise(site.times)]
    sys.stdout.write(f"{len(site.times)} requests of three sources, least gap {min(gaps):.3f} s of {DELAY} s\n")
    assert [report["state"] for report in ended] == ["ok"] * 3, ended
    assert [report["parsed"] for report in ended] == [3] * 3
    assert site.hits["/c/data"] == 1
    assert min(gaps) >= DELAY - NOTED
    assert sum(gaps) >= len(gaps) * DELAY
    waited = sum(report["counters"].get("host/waited_seconds", 0) for report in ended)
    assert 1 <= waited <= sum(gaps) * 3
    for report in ended:
        whole = datetime.fromisoformat(report["finished_at"]) - datetime.fromisoformat(report["started_at"])
        long = report["counters"].get("host/waited_seconds", 0) > LONG_WAITS * whole.total_seconds()
        assert any("waiting for other sources of the same host" in said for said in report["warnings"]) == long
    assert "host/waited_seconds" not in reports([started(named("source_a", start="/a"))])[0]["counters"]


def test_a_429_to_one_source_stops_the_other_until_retry_after(site, named, started, pages) -> None:
    for name in ("a", "b"):
        for number in range(8):
            site.pages[f"/{name}/{number}"] = pages.job(number, title=f"Cashier {name} {number}")
        links = "".join(f'<a class="job" href="/{name}/{n}">Job {n}</a>' for n in range(8))
        site.pages[f"/{name}"] = f"<html><body>{links}</body></html>"
    turned: list[float] = []

    def slow_down(_: dict[str, str]) -> Any:
        if turned:
            return pages.job(3, title="Cashier a 3")
        turned.append(site.times[-1])
        return 429, {"Retry-After": "3"}, b"slow down"

    site.pages["/a/3"] = slow_down
    ended = reports([started(named(f"source_{name}", start=f"/{name}")) for name in ("a", "b")])
    assert [report["state"] for report in ended] == ["ok", "ok"], ended
    after = min(moment for moment in site.times if moment > turned[0])
    assert after - turned[0] >= 3 - NOTED
    assert {path for path, _ in site.asked[: site.times.index(turned[0])]} & {"/b", "/b/0"}, "both were at work"


def test_a_hold_longer_than_a_run_waits_blocks_the_other_sources_without_a_request(site, named, crawled, pages) -> None:
    pages.board(site, 2)
    site.pages["/other"] = (429, {"Retry-After": "3600"}, b"slow down")
    assert "http_429" in crawled(named("refused", start="/other"))[1].reason
    before = len(site.times)
    report = crawled(named("other"))[1]
    (cause,) = report.causes
    assert (report.state, cause.outcome) == ("blocked", "block/host_hold")
    left = re.fullmatch(r"left alone for another (\d+) s", cause.detail)
    assert left and 3600 - PATIENCE < int(left[1]) <= 3600
    assert len(site.times) == before, "robots.txt is not asked for either"


def test_a_host_has_one_rate_on_all_its_ports_and_loopback_one_for_each() -> None:
    assert host_of("https://Jobs.example:8443/a?b") == host_of("http://jobs.example/") == "jobs.example"
    assert host_of("http://127.0.0.1:8101/") != host_of("http://127.0.0.1:8102/")
    assert TIMER_SLACK < NOTED
