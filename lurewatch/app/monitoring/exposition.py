"""Samples as text: OpenMetrics 1.0 for a scrape, Prometheus' text format 0.0.4 for node_exporter's textfile collector."""

import os
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CollectorRegistry, exposition
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.openmetrics import exposition as openmetrics
from prometheus_client.registry import Collector

from lurewatch.app.app_errors import PermanentError
from lurewatch.app.monitoring.catalogue import SERIES, SeriesSample

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
