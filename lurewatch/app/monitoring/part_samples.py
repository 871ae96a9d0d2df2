"""Samples of each part: search index and disk, the desk's database, what followed sent notices, and each source by its runs."""

import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from pathlib import Path

import fsspec
from sqlalchemy import Column, Connection, Table, and_, func, or_, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from crawlers.evidence.partition import is_local
from crawlers.sources.health import missed_due_time
from crawlers.sources.silence import judge_silence
from crawlers.sources.source import Source, refusal
from desk.rechecks.notice_outcomes import count_outcomes
from desk.tables import UNDELIVERED, audit, decisions, deliveries, digests, lists
from enrichment.errors import SeedsError
from enrichment.facts.places import Gazetteer
from enrichment.lexicon.lexicon import lexicon
from index.base import Query, Store
from lurewatch.app.in_force import InForce
from lurewatch.app.monitoring.catalogue import SeriesSample, sample
from lurewatch.app.monitoring.run_reports import RUNS, RunFigures
from lurewatch.settings import Settings

OLDEST_DAYS = 512
"""Ages of the queue are looked for below this."""
QUEUE = Query(raised=True, undecided=True, size=1, count_facets=False)
FLAGGED = Query(filters={"flagged": ("true",)}, size=1, count_facets=False)


def index_samples(store: Store, now: datetime) -> Iterator[SeriesSample]:
    """Yield the samples of a store; raise StoreError when it does not answer."""
    yield sample("lurewatch_index_writable", store.is_writable())
    yield sample("lurewatch_index_records", store.count())
    yield sample("lurewatch_index_flagged", store.search(FLAGGED).total)
    waiting = store.search(QUEUE).total
    yield sample("lurewatch_queue_items", waiting)
    yield sample("lurewatch_queue_oldest_days", _oldest_days(store, now) if waiting else 0)


def lag_samples(runs: Sequence[RunFigures], loaded: Mapping[str, datetime], now: datetime) -> Iterator[SeriesSample]:
    """Yield how far the index is behind the newest runs, and how long the newest it has of each source took to get there.

    ``loaded``: address of a partition in the index -> when it was loaded last. When it was assessed is kept nowhere.
    """
    waiting = [run.finished_at for run in runs if run.indexed and run.address not in loaded]
    yield sample("lurewatch_index_waiting_partitions", len(waiting))
    yield sample("lurewatch_index_lag_seconds", (now - min(waiting)).total_seconds() if waiting else 0)
    newest: dict[str, RunFigures] = {}
    for run in sorted((run for run in runs if run.address in loaded), key=lambda run: run.started_at):
        newest[run.source] = run
    for source, run in newest.items():
        yield sample("lurewatch_run_seconds", max(0.0, (loaded[run.address] - run.finished_at).total_seconds()), source, "load")


def _oldest_days(store: Store, now: datetime) -> int:
    """Return the whole days the oldest waiting record has been known, by halving: no store sorts the oldest first."""
    low, high = 0, OLDEST_DAYS
    while high - low > 1:
        middle = (low + high) // 2
        before = Query(raised=True, undecided=True, size=1, count_facets=False, until=now - timedelta(days=middle))
        if store.search(before).total:
            low = middle
        else:
            high = middle
    return low


Usage = Callable[[Path], tuple[int, int]]
"""Folder -> bytes it has in all, bytes free; raises OSError."""


def usage_of(folder: Path) -> tuple[int, int]:
    """Return the size and the free bytes of the file system that holds a folder; raise OSError when there is none."""
    usage = shutil.disk_usage(folder)
    return usage.total, usage.free


def places_of(settings: Settings) -> dict[str, Path]:
    """Return the local places the settings name: runs, state, index, database. What is elsewhere is left out."""
    places = {"state": settings.state}
    fs, path = fsspec.url_to_fs(settings.runs)
    if is_local(fs):
        places["runs"] = Path(path)
    if settings.index_file:
        places["index"] = settings.index_file
    try:
        url = make_url(settings.database)
    except ArgumentError:
        return places
    if url.get_backend_name() == "sqlite" and url.database:
        places["database"] = Path(url.database)
    return places


def disk_samples(places: Mapping[str, Path], usage: Usage = usage_of) -> Iterator[SeriesSample]:
    """Yield the room of each place, asked at its nearest folder that is there; a place that cannot be asked has no sample."""
    for place, path in sorted(places.items()):
        here = path.absolute()
        folder = next(folder for folder in (here, *here.parents) if folder.is_dir())
        try:
            size, free = usage(folder)
        except OSError:
            continue
        yield sample("lurewatch_disk_free_bytes", free, place)
        yield sample("lurewatch_disk_size_bytes", size, place)
        yield sample("lurewatch_disk_free_ratio", free / size if size else 0, place)


REFUSED_FOR = timedelta(days=7)
"""For so long a refused message counts as failing."""
LATE = timedelta(hours=1)
"""A message that waits longer counts as failing, even where no try of it is noted."""
WAITING = deliveries.c.state.in_(UNDELIVERED)


def desk_samples(connection: Connection, now: datetime, *, digest_wanted: bool = False) -> Iterator[SeriesSample]:
    """Yield the samples of the desk; raise SQLAlchemy's errors when the database does not answer.

    ``digest_wanted``: somebody is to receive the weekly digest, so that one never built is late, too.
    """
    yield from _by(connection, "lurewatch_deliveries", deliveries, deliveries.c.state)
    refused = and_(deliveries.c.state == "failed", deliveries.c.queued_at > now - REFUSED_FOR)
    late = and_(WAITING, or_(deliveries.c.attempts > 0, deliveries.c.queued_at < now - LATE))
    failing = connection.execute(select(func.count()).select_from(deliveries).where(or_(refused, late))).scalar_one()
    yield sample("lurewatch_deliveries_failing", failing)
    oldest = connection.execute(select(func.min(deliveries.c.queued_at)).where(WAITING)).scalar_one()
    yield sample("lurewatch_delivery_oldest_waiting_seconds", _age(oldest, now))
    yield from _by(connection, "lurewatch_takedown_lists", lists, lists.c.state)
    unapproved = connection.execute(select(func.min(lists.c.built_at)).where(lists.c.state == "built")).scalar_one()
    yield sample("lurewatch_takedown_oldest_unapproved_seconds", _age(unapproved, now))
    yield from _by(connection, "lurewatch_decisions", decisions, decisions.c.kind)
    yield sample("lurewatch_audit_head_number", connection.execute(select(func.max(audit.c.seq))).scalar_one() or 0)
    built = connection.execute(select(func.max(digests.c.built_at))).scalar_one()
    if built is None and digest_wanted and (began := connection.execute(select(func.min(audit.c.at))).scalar_one()):
        built = datetime.fromisoformat(began)
    if built is not None:
        yield sample("lurewatch_digest_age_seconds", _age(built, now))
    yield from notice_samples(connection, now)


def _age(moment: datetime | None, now: datetime) -> float:
    return max(0.0, (now - moment).total_seconds()) if moment else 0.0


def _by(connection: Connection, name: str, table: Table, column: Column[str]) -> Iterator[SeriesSample]:
    """Yield the rows of a table, counted by one column."""
    for value, count in connection.execute(select(column, func.count()).select_from(table).group_by(column).order_by(column)):
        yield sample(name, count, value)


COUNTED_FOR = timedelta(days=30)
"""So long after it was sent a notice is counted: by then a platform has acted or will not."""


def notice_samples(connection: Connection, now: datetime) -> Iterator[SeriesSample]:
    """Yield the notices of the last thirty days by platform and by what became of them, as the recheck clock saw it."""
    counted: Counter[tuple[str, str]] = Counter()
    for each in count_outcomes(connection, now, since=now - COUNTED_FOR):
        counted[each.platform, "withdrawn" if each.withdrawn else each.known] += each.count
    for (platform, known), count in sorted(counted.items()):
        yield sample("lurewatch_takedown_notices", count, platform, known)


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
