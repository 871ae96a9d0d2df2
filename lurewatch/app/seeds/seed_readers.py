"""Sources and receivers of the seeds in force, for lists and for the desk's pages."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from crawlers.sources.source import Source
from desk.platforms import Platforms, add_own_receivers, load_platforms
from foundation.crawl_errors import SourceError
from lurewatch.app.seeds.sources_in_force import sources_in_force
from lurewatch.settings import Settings

Value = TypeVar("Value")


def read_receivers(settings: Settings, faults: dict[str, str] | None = None) -> tuple[list[Source], Platforms]:
    """Return sources and receivers.

    Raises SourceError with file and line for a bad seed; with ``faults`` a source's is noted there by its name.
    """
    in_force, receivers = sources_in_force(settings), load_platforms(settings.seeds)
    wrong = {fault.source: fault.problems for fault in in_force.faults if not fault.version}
    if wrong and faults is None:
        raise SourceError("\n".join(problem for problems in wrong.values() for problem in problems))
    if faults is not None:
        faults |= {name: "; ".join(problems) for name, problems in wrong.items()}
    return list(in_force.sources), add_own_receivers(settings.seeds, receivers, in_force.sources, faults)


def receivers_reader(settings: Settings) -> Callable[[], Platforms]:
    """Return what reads the receivers for the desk's pages; while a file is broken it gives those it read last.

    Raises SourceError where ``seeds/platforms.yml`` is broken from the beginning.
    """
    last = read_receivers(settings, {})[1]

    def read() -> Platforms:
        nonlocal last
        with suppress(SourceError):
            last = read_receivers(settings, {})[1]
        return last

    return _reads_once(read, lambda: _files_state(settings))


def sources_reader(settings: Settings) -> Callable[[], tuple[Source, ...]]:
    """Return what reads the sources for the desk's pages."""
    return _reads_once(lambda: sources_in_force(settings).sources, lambda: _files_state(settings))


def _reads_once(read: Callable[[], Value], state: Callable[[], object]) -> Callable[[], Value]:
    """Return what reads again only where something changed that the values depend on: pages ask for them each time."""
    kept: tuple[object, Value] | None = None

    def read_changed() -> Value:
        nonlocal kept
        now = state()  # before the values are read: a change meanwhile is seen the next time
        if kept is None or kept[0] != now:
            kept = now, read()
        return kept[1]

    return read_changed


def _files_state(settings: Settings) -> list[tuple[str, int, int, int, int]]:
    """Return what tells whether a file of the seeds was written since; its times cannot be set back."""
    states = []
    for root, _folders, names in os.walk(settings.seeds):
        for name in names:
            with suppress(FileNotFoundError):
                stat = Path(root, name).stat()
                states.append((f"{root}/{name}", stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns))
    return sorted(states)
