"""All samples of one LureWatch. A part that does not answer is a sample of its own, and the other parts are measured."""

import http.client
import logging
import math
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, nullcontext
from datetime import datetime
from importlib.metadata import version
from urllib.parse import urlsplit

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from desk.database import DatabaseError
from foundation.crawl_errors import CrawlError, SourceError
from index.base import Store, StoreError
from lurewatch.app.app_errors import PermanentError
from lurewatch.app.monitoring.catalogue import SeriesSample, sample
from lurewatch.app.monitoring.desk_metrics import desk_samples
from lurewatch.app.monitoring.run_reports import RUNS, RunFigures, RunReports
from lurewatch.app.monitoring.source_metrics import lexicon_problems, seed_samples, source_samples
from lurewatch.app.monitoring.storage_metrics import disk_samples, index_samples, lag_samples, places_of, usage_of
from lurewatch.app.notifications.incidents import read_ledger
from lurewatch.app.resources import desk_if_made, store_of
from lurewatch.app.schedule import last_heartbeat
from lurewatch.app.seeds.sources_in_force import SourcesInForce, sources_in_force
from lurewatch.settings import Settings

LOG = logging.getLogger("lurewatch.app.monitoring")
AWAY = (StoreError, DatabaseError, SQLAlchemyError, CrawlError, OSError, http.client.HTTPException)
"""Exceptions of a part that does not answer."""
DESK_SECONDS = 10
"""How long the desk is given to answer."""


class MetricsCollector:
    """Measures every part; a process keeps one collector, so that each report is read once.

    Index and database that the process has open are asked as they are; else each is opened for a collection, and none is made.
    """

    def __init__(self, settings: Settings, engine: Engine | None = None, store: Store | None = None) -> None:
        self.settings, self.usage = settings, usage_of
        self._engine, self._store = engine, store
        self._reports, self._alone = RunReports(settings.runs, settings.state), threading.Lock()

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
            return [*samples, *self._heartbeats(now), *disk_samples(places_of(self.settings), self.usage)]

    def _seeds(self, in_force: list[SourcesInForce]) -> Iterator[SeriesSample]:
        """Yield the samples of the files; put the sources into ``in_force``."""
        in_force.append(sources_in_force(self.settings))
        yield from seed_samples(in_force[0], lexicon_problems(self.settings))

    def _runs(self, in_force: Sequence[SourcesInForce], figures: list[RunFigures], now: datetime) -> Iterator[SeriesSample]:
        """Yield the samples of each switched-on source; put the figures of its runs into ``figures``."""
        if not in_force:
            raise SourceError("the source files cannot be read, so it is not known which sources run")
        self._reports.refresh()
        damaged = 0
        for source in in_force[0].sources:
            if source.enabled:
                runs, unreadable = self._reports.newest(source.name)
                damaged += unreadable
                figures += runs[:RUNS]
                yield from source_samples(source, runs, now)
        self._reports.keep()
        yield sample("lurewatch_reports_damaged", damaged)

    def _index(self, figures: Sequence[RunFigures], now: datetime) -> Iterator[SeriesSample]:
        file = self.settings.index_file
        unmade = file is not None and not file.exists()
        with nullcontext(self._store) if self._store is not None or unmade else closing(store_of(self.settings)) as store:
            if store is not None:
                yield from index_samples(store, now)
            yield from lag_samples(figures, store.load_times() if store is not None else {}, now)

    def _desk(self, now: datetime) -> Iterator[SeriesSample]:
        with nullcontext(self._engine) if self._engine is not None else desk_if_made(self.settings) as engine:
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
