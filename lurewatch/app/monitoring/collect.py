"""All samples of one LureWatch, and their text: OpenMetrics 1.0 for a scrape, 0.0.4 for node_exporter's textfile collector.

A part that does not answer is a sample of its own, and the other parts are measured.
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, wait
from contextlib import closing, nullcontext, suppress
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version

from prometheus_client import CollectorRegistry, exposition
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.openmetrics import exposition as openmetrics
from prometheus_client.registry import Collector
from sqlalchemy import Engine

from crawlers.sources.source import Source
from foundation.crawl_errors import SourceError
from index.base import Store
from lurewatch.app.app_errors import PermanentError
from lurewatch.app.in_force import read_in_force
from lurewatch.app.monitoring.catalogue import SERIES, SeriesSample, sample
from lurewatch.app.monitoring.part_samples import (
    desk_samples,
    disk_samples,
    index_samples,
    lag_samples,
    places_of,
    seed_samples,
    source_samples,
    usage_of,
)
from lurewatch.app.monitoring.run_reports import RUNS, RunFigures, RunReports
from lurewatch.app.monitoring.services import services_of
from lurewatch.app.resources import desk_if_made, store_of
from lurewatch.settings import Settings

LOG = logging.getLogger("lurewatch.app.monitoring")
PATIENCE = 15.0
"""Seconds that the parts of one step are given."""
RARELY = {"mail": 300.0}
"""Seconds between two questions to a part that counts log-ins; each other part is asked every time."""


class MetricsCollector:
    """Measures every part by itself; a process keeps one collector, so that each report is read once.

    What a part said last stays while it is away, so that nothing it measures seems to end. Index and database that the process
    has open are asked as they are; else each is opened for a collection, and none is made.
    """

    def __init__(self, settings: Settings, engine: Engine | None = None, store: Store | None = None) -> None:
        self.settings, self._in_force, self.usage = settings, settings, usage_of
        self._engine, self._store = engine, store
        self._reports, self._alone = RunReports(settings.runs, settings.state), threading.Lock()
        self._sources: tuple[Source, ...] | None = None
        self._figures: list[RunFigures] = []
        self._said: dict[str, list[SeriesSample]] = {}
        self._asked: dict[str, Future[tuple[list[SeriesSample], float]]] = {}
        self._due: dict[str, float] = {}

    def samples(self, now: datetime) -> list[SeriesSample]:
        """Return every sample at ``now`` (UTC). A part that does not answer within ``PATIENCE`` holds nothing else up."""
        with self._alone:
            samples = [sample("lurewatch_info", 1, version("lurewatch"))]
            for parts in self._parts(now):  # those of one step are asked at once; the next needs what they said
                for part, ask in parts.items():
                    before, due = self._asked.get(part), self._due.get(part, 0)
                    if before is None or (before.done() and time.monotonic() >= due):
                        self._asked[part], self._due[part] = _ask_in_thread(ask), time.monotonic() + RARELY.get(part, 0)
                wait([self._asked[part] for part in parts], timeout=PATIENCE)
                for part in parts:
                    samples += self._outcome(part)
            return [*samples, *disk_samples(places_of(self.settings), self.usage)]

    def _parts(self, now: datetime) -> Iterator[dict[str, Callable[[], Iterable[SeriesSample]]]]:
        yield {"seeds": self._seeds}
        yield {"runs": lambda: self._runs(now)}
        yield {"database": lambda: self._desk(now), "index": lambda: self._index(now), **services_of(self.settings)}

    def _outcome(self, part: str) -> list[SeriesSample]:
        """Return what a part says, or said last, and whether it answered."""
        asked, answered = self._asked[part], False
        seconds = PATIENCE
        try:
            said, seconds = asked.result(timeout=0)
            self._said[part], answered = said, True
        except TimeoutError:
            LOG.warning("%s has not answered for %.0f s", part, PATIENCE)
        except Exception as exc:  # noqa: BLE001 - whatever it is, what watches must not be what falls
            LOG.warning("%s does not answer: %s", part, exc)
        said = self._said.get(part, [])
        return [*said, sample("lurewatch_up", answered, part), sample("lurewatch_collect_seconds", seconds, part)]

    def _seeds(self) -> Iterator[SeriesSample]:
        self._in_force = read_in_force(self.settings)  # asks the database, so it is a question like the others
        self._sources = self._in_force.files.sources
        yield from seed_samples(self._in_force)

    def _runs(self, now: datetime) -> Iterator[SeriesSample]:
        """Yield the samples of each switched-on source; keep the figures of its runs for the index."""
        if self._sources is None:
            raise SourceError("the source files cannot be read, so it is not known which sources run")
        self._reports.refresh()
        damaged, figures = 0, list[RunFigures]()
        for source in self._sources:
            if source.enabled:
                runs, unreadable = self._reports.newest(source.name)
                damaged += unreadable
                figures += runs[:RUNS]
                yield from source_samples(source, runs, now, self._reports.first_seen(source.name, now))
        self._reports.keep()
        self._figures = figures
        yield sample("lurewatch_reports_damaged", damaged)
        newest = max((run.finished_at for run in figures), default=now)
        yield sample("lurewatch_clock_offset_seconds", max(0.0, (newest - now).total_seconds()), "runs")

    def _index(self, now: datetime) -> Iterator[SeriesSample]:
        file = self.settings.index_file
        unmade = file is not None and not file.exists()
        with nullcontext(self._store) if self._store is not None or unmade else closing(store_of(self.settings)) as store:
            if store is not None:
                yield from index_samples(store, now)
            yield from lag_samples(self._figures, store.load_times() if store is not None else {}, now)

    def _desk(self, now: datetime) -> Iterator[SeriesSample]:
        with nullcontext(self._engine) if self._engine is not None else desk_if_made(self.settings) as engine:
            if engine is not None:
                with engine.connect() as connection:
                    yield from desk_samples(connection, now, digest_wanted=bool(self.settings.digest_recipients))


def _ask_in_thread(ask: Callable[[], Iterable[SeriesSample]]) -> Future[tuple[list[SeriesSample], float]]:
    """Return what a part will say and the seconds it took; nobody waits for a thread that hangs, not even the process's end."""
    answer: Future[tuple[list[SeriesSample], float]] = Future()

    def work() -> None:
        began = time.monotonic()
        try:
            answer.set_result((list(ask()), time.monotonic() - began))
        except BaseException as exc:  # noqa: BLE001 - who asked is told
            answer.set_exception(exc)

    threading.Thread(target=work, daemon=True).start()
    return answer


CONTENT_TYPE = openmetrics.CONTENT_TYPE_LATEST


class _Samples(Collector):
    """Gives ``prometheus_client`` samples that were measured already."""

    def __init__(self, samples: Iterable[SeriesSample]) -> None:
        self._samples = list(samples)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield each series that has samples, in the order of the catalogue."""
        by_name: dict[str, list[SeriesSample]] = {}
        for entry in self._samples:
            by_name.setdefault(entry.name, []).append(entry)
        for name, series in SERIES.items():
            if name in by_name:
                family = GaugeMetricFamily(name, series.help, labels=series.labels)
                for entry in by_name[name]:
                    family.add_metric(entry.labels, entry.value)
                yield family


def openmetrics_text(samples: Iterable[SeriesSample]) -> bytes:
    """Return the samples as OpenMetrics text."""
    text: bytes = openmetrics.generate_latest(_registry(samples))  # type: ignore[no-untyped-call]
    return text


def textfile(samples: Iterable[SeriesSample]) -> bytes:
    """Return the samples in the format that node_exporter reads from a file."""
    return exposition.generate_latest(_registry(samples))


def _registry(samples: Iterable[SeriesSample]) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(_Samples(samples))
    return registry


def serve_samples(measure: Callable[[], Iterable[SeriesSample]], address: str) -> None:
    """Answer each request at host:port with what is measured then, until SIGTERM or Ctrl-C ends the process.

    Raises PermanentError when nobody can listen there.
    """
    host, _, port = address.rpartition(":")

    class _Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = openmetrics_text(measure()) if self.path == "/metrics" else b"ok\n"
            self.send_response(200)
            self.send_header("Content-Type", CONTENT_TYPE if self.path == "/metrics" else "text/plain")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: a scrape a minute is no news."""

    try:
        server = ThreadingHTTPServer((host, int(port)), _Answer)
    except (OSError, ValueError, OverflowError) as exc:
        raise PermanentError(f"{address}: {exc}; give --serve a free address of this machine, such as 127.0.0.1:9464") from exc
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))  # threads that still ask a part can abort an interpreter that ends
    with server, suppress(KeyboardInterrupt):
        server.serve_forever()
