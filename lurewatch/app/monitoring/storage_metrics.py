"""Samples of the search index and of the disk: what waits, how far the index is behind, how much room is left."""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import fsspec
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from crawlers.evidence.partition import is_local
from index.base import Query, Store
from lurewatch.app.monitoring.catalogue import SeriesSample, sample
from lurewatch.app.monitoring.run_reports import RunFigures
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
