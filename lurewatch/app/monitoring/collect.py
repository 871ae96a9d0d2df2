"""All samples of one LureWatch. A part that does not answer is a sample of its own, and the other parts are measured."""

import http.client
import logging
import math
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from crawlers.crawl_errors import CrawlError, SourceError
from desk.database import DatabaseError
from index.base import Store, StoreError
from lurewatch.app.app_errors import PermanentError
from lurewatch.app.monitoring.catalogue import SeriesSample, sample
from lurewatch.app.monitoring.desk_metrics import desk_samples
from lurewatch.app.monitoring.run_reports import RUNS, RunFigures, RunReports
from lurewatch.app.monitoring.source_metrics import SeedFiles, seed_samples, source_samples
from lurewatch.app.monitoring.storage_metrics import Usage, disk_samples, index_samples, lag_samples, places_of, usage_of
from lurewatch.app.notifications.incidents import read_ledger
from lurewatch.app.resources import desk_if_made, store_of
from lurewatch.app.schedule import last_heartbeat
from lurewatch.app.seeds.sources_in_force import SourcesInForce
from lurewatch.settings import Settings

LOG = logging.getLogger("lurewatch.app.monitoring")
AWAY = (StoreError, DatabaseError, SQLAlchemyError, CrawlError, OSError, http.client.HTTPException)
"""Exceptions of a part that does not answer."""
DESK_SECONDS = 10
"""How long the desk is given to answer."""


@dataclass
class MetricsCollector:
    """Measures every part; a process keeps one collector, so that each report is read once."""

    settings: Settings
    seeds: SeedFiles
    reports: RunReports
    places: dict[str, Path]
    index: Callable[[], AbstractContextManager[Store | None]]
    """Opens the index; gives None where none was made yet."""
    database: Callable[[], AbstractContextManager[Engine | None]]
    """Opens the desk's database; gives None where none was made yet."""
    usage: Usage = usage_of
    _alone: threading.Lock = field(default_factory=threading.Lock)

    def samples(self, now: datetime) -> list[SeriesSample]:
        """Return every sample at ``now`` (UTC)."""
        with self._alone:
            figures: list[RunFigures] = []
            in_force: list[SourcesInForce] = []
            samples = [sample("lurewatch_info", 1, version("lurewatch"))]
            samples += _part_samples("seeds", lambda: self._seeds(in_force))
            samples += _part_samples("runs", lambda: self._runs(in_force, figures, now))
            samples += _part_samples("database", lambda: self._desk(now))
            samples += _part_samples("index", lambda: self._index(figures, now))
            if self.settings.desk_health_url:
                samples += _part_samples("desk", self._ask_desk)
            return [*samples, *self._heartbeats(now), *disk_samples(self.places, self.usage)]

    def _seeds(self, in_force: list[SourcesInForce]) -> Iterator[SeriesSample]:
        """Yield the samples of the files; put the sources into ``in_force``."""
        in_force.append(self.seeds.sources())
        yield from seed_samples(in_force[0], self.seeds.lexicon_problems())

    def _runs(self, in_force: Sequence[SourcesInForce], figures: list[RunFigures], now: datetime) -> Iterator[SeriesSample]:
        """Yield the samples of each switched-on source; put the figures of its runs into ``figures``."""
        if not in_force:
            raise SourceError("the source files cannot be read, so it is not known which sources run")
        self.reports.refresh()
        damaged = 0
        for source in in_force[0].sources:
            if source.enabled:
                runs, unreadable = self.reports.newest(source.name)
                damaged += unreadable
                figures += runs[:RUNS]
                yield from source_samples(source, runs, now)
        self.reports.keep()
        yield sample("lurewatch_reports_damaged", damaged)

    def _index(self, figures: Sequence[RunFigures], now: datetime) -> Iterator[SeriesSample]:
        with self.index() as store:
            if store is not None:
                yield from index_samples(store, now)
            yield from lag_samples(figures, store.load_times() if store is not None else {}, now)

    def _desk(self, now: datetime) -> Iterator[SeriesSample]:
        with self.database() as engine:
            if engine is not None:
                with engine.connect() as connection:
                    yield from desk_samples(connection, now, digest_wanted=bool(self.settings.digest_recipients))

    def _ask_desk(self) -> list[SeriesSample]:
        """Ask the desk whether it serves; raise OSError unless it says so. It answers to its public name alone."""
        address = urlsplit(self.settings.desk_health_url)
        kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
        headers = {"Host": urlsplit(self.settings.public_url).netloc, "User-Agent": self.settings.user_agent}
        with closing(kind(address.hostname or "", address.port, timeout=DESK_SECONDS)) as connection:
            connection.request("GET", address.path or "/", headers=headers)
            if (status := connection.getresponse().status) != http.client.OK:
                raise ConnectionError(f"{self.settings.desk_health_url} answered {status}")
        return []

    def _heartbeats(self, now: datetime) -> Iterator[SeriesSample]:
        """Yield how long ago the schedule last carried out a task, and the notifier last looked."""
        if (beat := last_heartbeat(self.settings.state)) is not None:
            yield sample("lurewatch_schedule_age_seconds", max(0.0, (now - beat).total_seconds()))
        try:
            looked = read_ledger(self.settings.state).at
        except (PermanentError, OSError) as exc:
            LOG.warning("the notifier cannot work: %s", exc)
            yield sample("lurewatch_notifier_age_seconds", math.inf)
        else:
            if looked is not None:
                yield sample("lurewatch_notifier_age_seconds", max(0.0, (now - looked).total_seconds()))


def _part_samples(part: str, ask: Callable[[], Iterable[SeriesSample]]) -> list[SeriesSample]:
    """Return a part's samples and whether it answered completely."""
    began, samples, answered = time.monotonic(), list[SeriesSample](), True
    try:
        samples = list(ask())
    except AWAY as exc:
        LOG.warning("%s does not answer: %s", part, exc)
        answered = False
    seconds = time.monotonic() - began
    return [*samples, sample("lurewatch_up", answered, part), sample("lurewatch_collect_seconds", seconds, part)]


def collector_of(settings: Settings) -> MetricsCollector:
    """Return a collector that reads the seeds and opens index and database for each collection; none is made by asking for it."""

    @contextmanager
    def index() -> Iterator[Store | None]:
        if settings.index_file and not settings.index_file.exists():
            yield None
            return
        with closing(store_of(settings)) as store:
            yield store

    return _collector(settings, index, partial(desk_if_made, settings))


def desk_collector(settings: Settings, engine: Engine, store: Store) -> MetricsCollector:
    """Return a collector for a process that has index and database open."""
    return _collector(settings, lambda: nullcontext(store), lambda: nullcontext(engine))


def _collector(
    settings: Settings, index: Callable[[], AbstractContextManager[Store | None]],
    database: Callable[[], AbstractContextManager[Engine | None]],
) -> MetricsCollector:  # fmt: skip
    reports = RunReports(settings.runs, settings.state)
    return MetricsCollector(settings, SeedFiles.of(settings), reports, places_of(settings), index, database)
