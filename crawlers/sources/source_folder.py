"""The source files of a seeds folder, with what is wrong with those that cannot be used."""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from crawlers.sources.source import Source, load_source, read_each
from foundation.crawl_errors import SourceError


class SourceFault(msgspec.Struct, frozen=True, kw_only=True):
    """A source file that cannot be used: its source does not run."""

    file: str
    """Its name in the folder ``sources``."""
    problems: tuple[str, ...]
    """Each ``file:line: key: what is wrong; what to write``."""

    @property
    def source(self) -> str:
        """The name of its source."""
        return Path(self.file).stem

    @property
    def line(self) -> int:
        """Line of the first problem."""
        place = re.search(rf"{re.escape(self.file)}:(\d+):", self.problems[0])
        return int(place[1]) if place else 1


class SourceFiles(msgspec.Struct, frozen=True, kw_only=True):
    """The sources of a folder, and the faults of its files."""

    sources: tuple[Source, ...]
    """By name."""
    faults: tuple[SourceFault, ...] = ()

    @property
    def problems(self) -> list[str]:
        """Every problem of every file."""
        return [problem for fault in self.faults for problem in fault.problems]


def read_source_files(seeds: Path) -> SourceFiles:
    """Return what stands in every source file; raise SourceError only where there is no folder of them."""
    return _collect(read_each(seeds))


def read_source_file(seeds: Path, name: str) -> SourceFiles:
    """Return what stands in the file of one source, reading no other; nothing when there is no file of that name."""
    return _collect(_read_one(seeds, name))


def source_named(seeds: Path, name: str) -> Source | None:
    """Return one source, reading no other; None when there is no file of that name. Raises SourceError for a faulty file."""
    files = read_source_file(seeds, name)
    if files.faults:
        raise SourceError("\n".join(files.problems))
    return next(iter(files.sources), None)


def _read_one(seeds: Path, name: str) -> Iterator[tuple[Path, Source | SourceError]]:
    path = seeds / "sources" / f"{name}.yml"
    if Path(name).name != name or not path.is_file():
        if not path.parent.is_dir():
            raise SourceError(f"{path.parent}: no such folder; set LUREWATCH_SEEDS to the folder that holds sources/")
        return
    try:
        yield path, load_source(path)
    except SourceError as exc:
        yield path, exc


def _collect(files: Iterator[tuple[Path, Source | SourceError]]) -> SourceFiles:
    sources: list[Source] = []
    faults: list[SourceFault] = []
    for path, source in files:
        if isinstance(source, SourceError):
            faults.append(SourceFault(file=path.name, problems=tuple(str(source).splitlines())))
        else:
            sources.append(source)
    return SourceFiles(sources=tuple(sorted(sources, key=lambda source: source.name)), faults=tuple(faults))
