"""What is in force of the source files: the valid ones, of a broken one the version accepted last; one source reads one file."""

import errno
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawlers.sources import source_file
from foundation.crawl_errors import SourceError
from lurewatch.app.seeds import sources_in_force as module
from lurewatch.app.seeds.sources_in_force import accept_sources, all_sources, source_named, sources_in_force
from lurewatch.settings import load_settings


@pytest.fixture
def parses(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the files that are parsed from now on."""
    names: list[str] = []
    parse = source_file.compose_limited

    def note_parse(path: Path) -> object:
        names.append(path.stem)
        return parse(path)

    monkeypatch.setattr(source_file, "compose_limited", note_parse)
    return names


def test_a_file_that_changed_is_read_as_it_is_and_its_faults_are_told(workplace: Path) -> None:
    settings = load_settings()
    all_sources(settings)
    path = settings.seeds / "sources" / "board.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("enabled: true", "enabled: false"), encoding="utf-8")
    assert [source.enabled for source in all_sources(settings)] == [False]
    path.write_text(text.replace("enabled: true", "enabled: perhaps"), encoding="utf-8")
    for _ in range(2):
        with pytest.raises(SourceError, match=r"board\.yml:\d+: enabled"):
            all_sources(settings)


def test_one_source_is_read_without_the_others(workplace: Path, parses: list[str]) -> None:
    settings = load_settings()
    (settings.seeds / "sources" / "broken.yml").write_text("title: [", encoding="utf-8")
    source = source_named(settings, "board")
    assert source is not None and source.name == "board"
    assert parses == ["board"]
    assert source_named(settings, "nobody") is None
    assert source_named(settings, "../sources/board") is None
    with pytest.raises(SourceError, match=r"broken\.yml:2: not YAML"):
        source_named(settings, "broken")


def test_what_was_accepted_stays_in_force_while_its_file_is_broken(workplace: Path) -> None:
    settings = load_settings()
    path = settings.seeds / "sources" / "board.yml"
    good = path.read_bytes()
    accepted = accept_sources(settings)
    assert accepted.versions == {"board": hashlib.sha256(good).hexdigest()} and accepted.faults == ()
    path.write_bytes(good.replace(b"kind: job_board", b"kind: job_bored"))
    (settings.seeds / "sources" / "new.yml").write_text("title: [", encoding="utf-8")
    for read in (sources_in_force, accept_sources):
        in_force = read(settings)
        assert (in_force.sources, in_force.versions) == (accepted.sources, accepted.versions)
        assert [(fault.file, fault.line, fault.version) for fault in in_force.faults] == [
            ("board.yml", 4, accepted.versions["board"]), ("new.yml", 2, ""),
        ]  # fmt: skip
        assert "board.yml:4: kind: 'job_bored' is not one of" in in_force.faults[0].problems[0]
    with pytest.raises(SourceError, match=r"^[^\n]*new\.yml:2: not YAML[^\n]*$"):
        all_sources(settings)
    with pytest.raises(SourceError, match=r"board\.yml:4"):
        source_named(settings, "board")
    path.write_bytes(good + b"\n")
    assert sources_in_force(settings).fault_of("board") is None
    assert accept_sources(settings, "board").versions["board"] != accepted.versions["board"]


def test_reading_accepts_nothing_and_a_deleted_file_is_forgotten(workplace: Path) -> None:
    settings = load_settings()
    path = settings.seeds / "sources" / "board.yml"
    good = path.read_bytes()
    sources_in_force(settings)
    assert not settings.state.exists()
    accept_sources(settings)
    path.unlink()
    assert accept_sources(settings).sources == ()
    path.write_bytes(good.replace(b"kind:", b"knid:"))
    assert [fault.version for fault in sources_in_force(settings).faults] == [""]


def test_a_service_that_may_not_write_reads_what_another_accepted(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load_settings()
    accepted = accept_sources(settings)
    path = settings.seeds / "sources" / "board.yml"
    path.write_bytes(path.read_bytes() + b"# edited\n")

    def refuse(*_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("lurewatch.app.seeds.accepted_files.replace_file", refuse)
    assert accept_sources(settings).versions != accepted.versions
    path.write_text("title: [", encoding="utf-8")
    assert sources_in_force(settings).versions == accepted.versions


def test_a_text_that_is_edited_while_it_is_read_is_not_accepted(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load_settings()
    accepted = accept_sources(settings)
    path = settings.seeds / "sources" / "board.yml"
    read = module.read_each

    def edited_meanwhile(*words: object) -> Iterator[object]:
        for each in list(read(*words)):  # type: ignore[arg-type]
            path.write_text("title: [", encoding="utf-8")
            yield each

    monkeypatch.setattr(module, "read_each", edited_meanwhile)
    accept_sources(settings)
    monkeypatch.undo()
    assert sources_in_force(settings).versions == accepted.versions
