"""Samples of the files an operator edits: how many sources there are, and which files are faulty and not in force."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from enrichment.errors import SeedsError
from lurewatch.app.lures.lexicon_in_force import lexicon_in_force
from lurewatch.app.monitoring.catalogue import SeriesSample, sample
from lurewatch.app.seeds.sources_in_force import SourcesInForce, sources_in_force
from lurewatch.settings import Settings

_PLACE = re.compile(r"(?:.*/)?((?:lures/.*?|places)\.yml):(\d+):")


@dataclass(frozen=True)
class SeedFiles:
    """Reads the files in force, again for each collection."""

    sources: Callable[[], SourcesInForce]
    lexicon_problems: Callable[[], Sequence[str]] = tuple
    """Every fault of the lexicon's files, ``file:line: what is wrong; fix``."""

    @classmethod
    def of(cls, settings: Settings) -> "SeedFiles":
        """Return the files the settings name."""
        return cls(partial(sources_in_force, settings), partial(_lexicon_problems, settings))


def seed_samples(in_force: SourcesInForce, lexicon_problems: Sequence[str]) -> Iterator[SeriesSample]:
    """Yield the samples of source files and lexicon."""
    for on in (True, False):
        yield sample("lurewatch_sources", sum(source.enabled is on for source in in_force.sources), "on" if on else "off")
    for fault in in_force.faults:
        yield sample("lurewatch_seed_fault_line", fault.line, f"sources/{fault.file}")
    first: dict[str, int] = {}
    for problem in lexicon_problems:
        place = _PLACE.match(problem)
        first.setdefault(place[1] if place else "lures", int(place[2]) if place else 1)
    for file, line in first.items():
        yield sample("lurewatch_seed_fault_line", line, file)


def _lexicon_problems(settings: Settings) -> Sequence[str]:
    try:
        return lexicon_in_force(settings).problems
    except SeedsError as exc:  # and nothing was ever accepted
        return str(exc).splitlines()
