"""Source files are parsed once: what did not change is read from the cache, checked as strictly; one source reads one file."""

import time
from pathlib import Path

import pytest

from crawlers.errors import SourceError
from crawlers.sources import source_file
from crawlers.sources.source import load_sources
from lurewatch.app.source_files import FILE, all_sources, source_named
from lurewatch.settings import Settings, load_settings

SHARE = 0.25
"""Of the time without a cache that reading may take with it; 0.05 on a quiet machine."""


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a cache folder of this test's own."""
    monkeypatch.setenv("LUREWATCH_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def parses(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the files that are parsed from now on."""
    names: list[str] = []
    parse = source_file._tree

    def noted(path: Path, text: str) -> object:
        names.append(path.stem)
        return parse(path, text)

    monkeypatch.setattr(source_file, "_tree", noted)
    return names


def test_the_shipped_files_read_the_same_from_the_cache(cache: Path, seeds: Path, parses: list[str]) -> None:
    settings, plain = Settings(seeds=seeds), load_sources(seeds)
    assert all_sources(settings) == plain
    parses.clear()
    assert all_sources(settings) == plain
    assert parses == []


def test_a_file_that_changed_is_parsed_again_and_its_faults_are_told(cache: Path, workplace: Path, parses: list[str]) -> None:
    settings = load_settings()
    all_sources(settings)
    path = settings.seeds / "sources" / "board.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("enabled: true", "enabled: false"), encoding="utf-8")
    parses.clear()
    assert [source.enabled for source in all_sources(settings)] == [False]
    assert parses == ["board"]
    path.write_text(text.replace("enabled: true", "enabled: perhaps"), encoding="utf-8")
    for _ in range(2):
        with pytest.raises(SourceError, match=r"board\.yml:\d+: enabled"):
            all_sources(settings)


def test_a_damaged_cache_is_no_cache(cache: Path, workplace: Path) -> None:
    settings = load_settings()
    plain = all_sources(settings)
    kept = cache / FILE
    for content in (b"", b"{", b'{"x": 1}', kept.read_bytes().replace(b"job_board", b"job_broad"), b"[]"):
        kept.write_bytes(content)
        assert all_sources(settings) == plain


def test_one_source_is_read_without_the_others(cache: Path, workplace: Path, parses: list[str]) -> None:
    settings = load_settings()
    (settings.seeds / "sources" / "broken.yml").write_text("title: [", encoding="utf-8")
    source = source_named(settings, "board")
    assert source is not None and source.name == "board"
    assert parses == ["board"]
    assert source_named(settings, "nobody") is None
    assert source_named(settings, "../sources/board") is None
    with pytest.raises(SourceError, match=r"broken\.yml:2: not YAML"):
        source_named(settings, "broken")


def test_500_sources_are_read_in_a_fraction_of_the_time(cache: Path, workplace: Path) -> None:
    """The Dag processor reads them in a new process every time: issue 14 allows two seconds."""
    settings = load_settings()
    folder = settings.seeds / "sources"
    text = (folder / "board.yml").read_text(encoding="utf-8")
    for number in range(500):
        (folder / f"many_{number:03}.yml").write_text(f"# {number}\n{text}", encoding="utf-8")
    times = []
    for _ in range(2):
        start = time.process_time()
        assert len(all_sources(settings)) == 501
        times.append(time.process_time() - start)
    print(f"\n500 sources: {times[0]:.2f} s of processor time, {times[1]:.2f} s when nothing changed")  # noqa: T201
    assert times[1] < SHARE * times[0]
