"""The source files in force. Of a file that is broken now, the version that was accepted last is in force.

``accept_sources`` keeps each valid version; tasks, runs and the desk call it.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from crawlers.sources.source import Source, load_source, read_each
from foundation.crawl_errors import SourceError
from lurewatch.app.seeds.accepted_files import accepted_folder, forget_accepted, keep_accepted
from lurewatch.settings import Settings

_SWITCHED_OFF = re.compile(rb"^enabled:\s*(false|no|off)\b", re.MULTILINE)


class SourceFault(msgspec.Struct, frozen=True, kw_only=True):
    """A source file that cannot be used."""

    file: str
    """Its name in the folder ``sources``."""
    problems: tuple[str, ...]
    """Each ``file:line: key: what is wrong; what to write``."""
    version: str = ""
    """SHA-256 of the text in force instead; empty: this file was never accepted, and its source does not run."""

    @property
    def source(self) -> str:
        """The name of its source."""
        return Path(self.file).stem

    @property
    def line(self) -> int:
        """Line of the first problem."""
        place = re.search(rf"{re.escape(self.file)}:(\d+):", self.problems[0])
        return int(place[1]) if place else 1

    @property
    def consequence(self) -> str:
        """What is in force instead, as text."""
        if self.version:
            return f"the version accepted last stays in force (SHA-256 {self.version[:12]})"
        return "it was never accepted, so this source does not run"


class SourcesInForce(msgspec.Struct, frozen=True, kw_only=True):
    """The sources in force, and the faults of the files."""

    sources: tuple[Source, ...]
    """By name; without those whose file was never right."""
    versions: dict[str, str]
    """Name of a source -> SHA-256 of the file text in force, hex."""
    faults: tuple[SourceFault, ...] = ()

    def fault_of(self, name: str) -> SourceFault | None:
        """Return what is wrong with the file of a source; None when it is right."""
        return next((fault for fault in self.faults if fault.source == name), None)


def sources_in_force(settings: Settings) -> SourcesInForce:
    """Return what is in force of every source file; raise SourceError only where there is no folder of them."""
    return _find_in_force(settings, read_each(settings.seeds), write=False)


def source_in_force(settings: Settings, name: str) -> SourcesInForce:
    """Return what is in force of one source, reading no other file; nothing when there is no file of that name."""
    return _find_in_force(settings, _read_one(settings, name), write=False)


def source_if_right(settings: Settings, name: str) -> Source | None:
    """Return one source as it is in force; None when its file is gone or was never right."""
    try:
        return next(iter(source_in_force(settings, name).sources), None)
    except SourceError:
        return None


def accept_sources(settings: Settings, name: str | None = None) -> SourcesInForce:
    """Keep each file that is valid (``name``: that source's alone) as the version to fall back on; return what is in force.

    What was accepted of a file that is gone is forgotten. Where this process may not write, nothing is kept.
    """
    if name is not None:
        return _find_in_force(settings, _read_one(settings, name), write=True)
    in_force = _find_in_force(settings, read_each(settings.seeds), write=True)
    for path in (accepted_folder(settings) / "sources").glob("*.yml"):
        if not (settings.seeds / "sources" / path.name).exists():
            forget_accepted(path)
    return in_force


def all_sources(settings: Settings) -> list[Source]:
    """Return all sources in force by name; raise SourceError listing every problem of the files that were never accepted."""
    in_force = sources_in_force(settings)
    if problems := [problem for fault in in_force.faults if not fault.version for problem in fault.problems]:
        raise SourceError("\n".join(problems))
    return list(in_force.sources)


def source_named(settings: Settings, name: str) -> Source | None:
    """Return one source as its file stands, reading no other; None when there is no file of that name.

    Raises SourceError for a faulty file: for a person who is editing it.
    """
    for _, source in _read_one(settings, name):
        if isinstance(source, SourceError):
            raise source
        return source
    return None


def _read_one(settings: Settings, name: str) -> Iterator[tuple[Path, Source | SourceError]]:
    path = settings.seeds / "sources" / f"{name}.yml"
    if Path(name).name != name or not path.is_file():
        if not path.parent.is_dir():
            raise SourceError(f"{path.parent}: no such folder; set LUREWATCH_SEEDS to the folder that holds sources/")
        return
    try:
        yield path, load_source(path)
    except SourceError as exc:
        yield path, exc


def _find_in_force(settings: Settings, files: Iterator[tuple[Path, Source | SourceError]], *, write: bool) -> SourcesInForce:
    """Return what is in force of files; with ``write`` the valid ones are accepted."""
    sources: list[Source] = []
    versions: dict[str, str] = {}
    faults: list[SourceFault] = []
    for path, source in files:
        accepted = accepted_folder(settings) / "sources" / path.name
        if isinstance(source, Source):
            try:
                content = path.read_bytes()
            except FileNotFoundError:
                continue  # deleted since it was read
            if write:
                _accept(accepted, source, content)
        else:
            problems = tuple(str(source).splitlines())
            earlier = _accepted_version(accepted, path) if path.suffix == ".yml" else None
            if earlier is None:
                faults.append(SourceFault(file=path.name, problems=problems))
                continue
            source, content = earlier
            faults.append(SourceFault(file=path.name, problems=problems, version=hashlib.sha256(content).hexdigest()))
        sources.append(source)
        versions[source.name] = hashlib.sha256(content).hexdigest()
    return SourcesInForce(sources=tuple(sorted(sources, key=lambda source: source.name)), versions=versions, faults=tuple(faults))


def _accept(accepted: Path, source: Source, content: bytes) -> None:
    """Keep the text of a file as accepted, if ``source`` was read from exactly this text: somebody may be editing it."""
    if accepted.is_file() and accepted.read_bytes() == content:
        return
    from crawlers.sources.source_edit import draft_source

    try:
        same = draft_source(source.name, content.decode()) == source
    except (SourceError, UnicodeDecodeError):
        return
    if same:
        keep_accepted(accepted, content)


def _accepted_version(accepted: Path, path: Path) -> tuple[Source, bytes] | None:
    """Return the version of a broken file that was accepted last, and its text; None when there is none that is still valid.

    A broken file that says ``enabled: false`` switches its source off all the same.
    """
    try:
        source, content = load_source(accepted), accepted.read_bytes()
        off = _SWITCHED_OFF.search(path.read_bytes())
    except (SourceError, OSError):
        return None
    return (source.model_copy(update={"enabled": False}) if off else source), content
