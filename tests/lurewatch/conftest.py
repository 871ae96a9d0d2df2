"""Sealed run partitions and settings in a folder of the test, for what puts the stages in order."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
import zstandard

from crawlers.evidence.partition import POSTINGS, REPORT, Report, State
from crawlers.items import Posting
from tests.seed_house import SeedHouse, copy_seed_house, make_seed_house
from tests.workplace import work_in

Seal = Callable[..., str]


def lay_out(workplace: Path, seeds: Path) -> None:
    """Make seeds of its own in a working folder."""
    folder = workplace / "seeds"
    (folder / "sources").mkdir(parents=True)
    (folder / "lures").mkdir()  # one language: nothing here asks for more, and it is read in no time
    for name in ("lures/indicators.yml", "lures/en", "places.yml", "platforms.yml"):
        (folder / name).symlink_to(seeds / name)
    sample = (seeds / "sources" / "sample_board.yml").read_text(encoding="utf-8")
    australian = sample.replace("countries: [VN, KH, TH, PH, ID, MM, LA, MY]", "countries: [AU]")
    assert australian != sample
    (folder / "sources" / "board.yml").write_text(australian, encoding="utf-8")


@pytest.fixture
def workplace(tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make an empty folder the working folder, with settings that keep everything in it and seeds of its own."""
    lay_out(tmp_path, seeds)
    work_in(tmp_path, monkeypatch)
    return tmp_path


@pytest.fixture
def sealed(workplace: Path) -> Seal:
    """Return a function that seals a run of the source ``board`` and gives its address."""
    return sealing(workplace)


def sealing(workplace: Path) -> Seal:
    """Return a function that seals a run of the source ``board`` in a working folder and gives its address."""

    def seal(run_id: str, postings: Iterable[tuple[str, str]], state: State = "ok", at: datetime | None = None) -> str:
        rows = [Posting(id=id, source="board", url=f"https://board.example.org/{id[:9]}", text=text) for id, text in postings]
        folder = workplace / "runs" / "board" / run_id
        folder.mkdir(parents=True)
        (folder / POSTINGS).write_bytes(zstandard.compress(b"".join(msgspec.json.encode(row) + b"\n" for row in rows)))
        at = at or datetime(2026, 3, 1, 12, tzinfo=UTC)
        report = Report(
            source="board", run_id=run_id, state=state, reason="" if state == "ok" else f"the site is {state}", started_at=at,
            finished_at=at, fetched=len(rows), parsed=len(rows),
        )  # fmt: skip
        (folder / REPORT).write_bytes(msgspec.json.encode(report))
        return f"file://{folder}"

    return seal


@pytest.fixture(scope="session")
def made_house(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Path:
    """Make an installation whose seeds are a repository, once."""
    folder = tmp_path_factory.mktemp("made-house")
    make_seed_house(folder, seeds)
    return folder


@pytest.fixture
def house(made_house: Path, tmp_path: Path) -> SeedHouse:
    """Return an installation of one's own."""
    return copy_seed_house(made_house, tmp_path / "house")
