"""Samples of the disk: free space where LureWatch keeps its files on this machine."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import fsspec
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from crawlers.evidence.partition import is_local
from lurewatch.app.monitoring.catalogue import SeriesSample, sample
from lurewatch.settings import Settings

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
    if not settings.store.startswith(("http://", "https://")):
        places["index"] = Path(settings.store.removeprefix("sqlite:///"))
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
