"""Samples of source files and sources: which are faulty, how the newest runs ended, and whether each schedule is kept."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import takewhile
from pathlib import Path

from crawlers.sources.health import missed_due_time
from crawlers.sources.silence import judge_silence
from crawlers.sources.source import Source, refusal
from enrichment.errors import SeedsError
from enrichment.facts.places import Gazetteer
from enrichment.lexicon.lexicon import lexicon
from lurewatch.app.in_force import InForce
from lurewatch.app.monitoring.catalogue import SeriesSample, sample
from lurewatch.app.monitoring.run_reports import RUNS, RunFigures


def source_samples(source: Source, runs: Sequence[RunFigures], now: datetime, since: datetime) -> Iterator[SeriesSample]:
    """Yield the samples of one source from its newest runs, newest first.

    ``since``: when it was first seen switched on; what was due before that is not missed by a source that never ran.
    """
    name = source.name
    yield sample("lurewatch_source_passport_days", _passport_days(source, now), name)
    missed = missed_due_time(source, runs[0].started_at if runs else since, now)
    yield sample("lurewatch_source_overdue_seconds", (now - missed).total_seconds() if missed else 0, name)
    if not runs:
        return
    last = runs[0]
    yield sample("lurewatch_source_state", 1, name, last.state)
    if last.cause:
        yield sample("lurewatch_source_cause", 1, name, last.cause)
    for state, count in Counter(run.state for run in runs[:RUNS]).items():
        yield sample("lurewatch_source_runs", count, name, state)
    streak = sum(1 for _ in takewhile(lambda run: run.state == last.state, runs))
    yield sample("lurewatch_source_streak_runs", streak, name)
    yield sample("lurewatch_source_last_run_timestamp_seconds", last.started_at.timestamp(), name)
    silence = judge_silence(runs, channel=source.crawl.spider == "channel")
    yield sample("lurewatch_source_silence_state", 1, name, silence.state)
    yield sample("lurewatch_source_quiet_days", silence.quiet_days, name)
    yield sample("lurewatch_source_quiet_chance", silence.chance, name)
    yield from _coverage(name, last)
    yield from _newest(name, last)


def _passport_days(source: Source, now: datetime) -> int:
    until = source.access.review_by
    return -1 if until is None or refusal(source, now.date()) else (until - now.date()).days


def _coverage(name: str, run: RunFigures) -> Iterator[SeriesSample]:
    yield sample("lurewatch_source_coverage_gaps", run.gaps, name)
    yield sample("lurewatch_source_coverage_missing", run.missing, name)
    if run.announced:
        yield sample("lurewatch_source_coverage_ratio", min(1.0, run.seen / run.announced), name)


def _newest(name: str, run: RunFigures) -> Iterator[SeriesSample]:
    yield sample("lurewatch_run_postings", run.postings, name)
    yield sample("lurewatch_run_rejected", run.rejected, name)
    yield sample("lurewatch_run_pages", run.pages, name)
    yield sample("lurewatch_run_requests", run.requests, name)
    yield sample("lurewatch_run_robots_denied", run.robots_denied, name)
    yield sample("lurewatch_run_resumed", run.resumed, name)
    yield sample("lurewatch_run_warnings", run.warnings, name)
    yield sample("lurewatch_run_seconds", (run.finished_at - run.started_at).total_seconds(), name, "crawl")


_PLACE = re.compile(r"(?:.*/)?((?:lures/.*?|places)\.yml):(\d+):")


def seed_samples(in_force: InForce) -> Iterator[SeriesSample]:
    """Yield the samples of source files and lexicon."""
    for on in (True, False):
        yield sample("lurewatch_sources", sum(source.enabled is on for source in in_force.files.sources), "on" if on else "off")
    for fault in in_force.files.faults:
        yield sample("lurewatch_seed_fault_line", fault.line, f"sources/{fault.file}")
    first: dict[str, int] = {}
    for problem in _lexicon_problems(in_force.seeds):
        place = _PLACE.match(problem)
        first.setdefault(place[1] if place else "lures", int(place[2]) if place else 1)
    for file, line in first.items():
        yield sample("lurewatch_seed_fault_line", line, file)


def _lexicon_problems(seeds: Path) -> Iterator[str]:
    """Yield every fault of lexicon and places, ``file:line: what is wrong; fix``."""
    for read, where in ((lexicon, seeds / "lures"), (Gazetteer, seeds / "places.yml")):
        try:
            read(where)
        except (SeedsError, OSError) as exc:
            yield from str(exc).splitlines()
