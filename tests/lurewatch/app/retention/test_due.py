"""A shorter retention takes effect after a week or by a second person; what one person can do alone erases nothing."""

import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
import zstandard
from click.testing import CliRunner

from crawlers.evidence.partition import POSTINGS, REPORT, Report
from crawlers.items import Posting
from desk.cases import signed_settings
from desk.custody import audit
from desk.database import open_database, writing
from desk.people.accounts import add_user
from desk.refusals import DeskRefusal
from lurewatch.app.resources import store_of
from lurewatch.app.retention.due import days_kept, has_passed, note_retention
from lurewatch.app.retention.purge import purge
from lurewatch.app.seeds.settings_in_force import written_settings
from lurewatch.app.seeds.sources_in_force import accept_sources
from lurewatch.cli.contents import cli
from lurewatch.settings import load_settings
from tests.desk.conftest import PASSWORD, cheap_hashes  # noqa: F401 - a fixture
from tests.lurewatch.app.retention.test_purge import workplace  # noqa: F401 - a fixture

NOW = datetime.now(UTC)
"""What is done at the desk is done now."""
DAY = NOW - timedelta(days=100)


class House:
    """A desk with two sources, each with seventeen adverts of day 0 and two of yesterday, and an operator who is alone."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.sources = folder, folder / "seeds/sources"
        shutil.copy(self.board, self.sources / "other.yml")
        for name in ("board", "other"):
            self.edit(name, "http://127.0.0.1:8101", f"https://{name}.example.org")
            for day, count in ((0, 17), (99, 2)):
                self._seal(name, day, count)
        assert CliRunner().invoke(cli, ["load", "--pending"]).exit_code == 0
        self.settings = load_settings()
        accept_sources(self.settings)
        self.store, self.engine = store_of(self.settings), open_database(self.settings.database)
        self.people = {
            name: add_user(self.engine, name=name, email=f"{name}@example.org", role="operator", password=PASSWORD, now=DAY)
            for name in ("mallory", "lea")
        }
        for day in range(101):
            with writing(self.engine) as connection:
                audit.append(connection, at=DAY + timedelta(days=day), actor="lea", action="login")
        note_retention(self.settings, self.engine, DAY)

    @property
    def board(self) -> Path:
        return self.sources / "board.yml"

    def _seal(self, source: str, day: int, count: int) -> None:
        at = DAY + timedelta(days=day)
        folder = self.folder / "runs" / source / f"run-{day}"
        folder.mkdir(parents=True)
        url = f"https://{source}.example.org/jobs"
        rows = [Posting(id=f"{source}-{day}-{n}", source=source, url=f"{url}/{day}-{n}", text=f"Cook {n}") for n in range(count)]
        (folder / POSTINGS).write_bytes(zstandard.compress(b"".join(msgspec.json.encode(row) + b"\n" for row in rows)))
        report = Report(source=source, run_id=folder.name, state="ok", started_at=at, finished_at=at, fetched=count, parsed=count)
        (folder / REPORT).write_bytes(msgspec.json.encode(report))

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.sources / f"{name}.yml"
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))

    def shorten(self, days: int = 1) -> None:
        self.edit("board", "retention_days: 180", f"retention_days: {days}")

    def purge(self, day: float = 0, override: str = "") -> int:
        settings = load_settings()
        return purge(
            settings, self.engine, self.store, by="shell:mallory", now=NOW + timedelta(days=day), override=override
        ).items

    def write(self, day: float) -> None:
        with writing(self.engine) as connection:
            audit.append(connection, at=NOW + timedelta(days=day), actor="mallory", action="login")

    def sign(self, name: str, day: float = 0) -> list[str]:
        now = NOW + timedelta(days=day)
        with self.engine.connect() as connection:
            values = written_settings(self.settings).values(signed_settings.standings(connection))
            wanted = [each for each in signed_settings.pending(connection, values, now) if each.field == "retention"]
        return signed_settings.sign(self.engine, wanted, values, by=self.people[name], reason="tidy", now=now)


@pytest.fixture
def house(workplace):  # noqa: F811 - pytest's way
    made = House(workplace)
    yield made
    made.store.close()
    made.engine.dispose()


def _sign_alone(house: House) -> None:
    house.shorten()
    house.purge()
    house.sign("mallory")
    with pytest.raises(DeskRefusal):
        house.sign("mallory", 0.1)


def _broken_with_an_accepted_copy(house: House) -> None:
    copy = house.settings.state / "accepted/sources/board.yml"
    copy.write_text(copy.read_text().replace("retention_days: 180", "retention_days: 1"))
    house.edit("board", "retention_days: 180", "retention_days: [")


def _renamed(house: House) -> None:
    house.shorten()
    house.board.rename(house.sources / "board2.yml")


def _renamed_and_back(house: House) -> None:
    _renamed(house)
    house.purge()
    (house.sources / "board2.yml").rename(house.board)


def _in_steps(house: House) -> None:
    for day, days in enumerate((170, 100, 50, 10, 1)):
        house.edit("board", f"retention_days: {(180, 170, 100, 50, 10)[day]}", f"retention_days: {days}")
        house.purge(day / 10)


def _other_seeds(house: House) -> None:
    folder = house.folder / "tidy"
    shutil.copytree(house.folder / "seeds", folder, symlinks=True)
    path = folder / "sources/board.yml"
    path.write_text(path.read_text().replace("retention_days: 180", "retention_days: 1"))
    os.environ["LUREWATCH_SEEDS"] = str(folder)


ALONE = {
    "edited on disk": House.shorten,
    "signed twice by one": _sign_alone,
    "a broken file with an accepted copy of one's own": _broken_with_an_accepted_copy,
    "disabled too": lambda house: (house.shorten(), house.edit("board", "\nenabled: true", "\nenabled: false")),
    "renamed": _renamed,
    "renamed and renamed back": _renamed_and_back,
    "deleted": lambda house: house.board.unlink(),
    "file broken": lambda house: house.edit("board", "retention_days: 180", "retention_days: ["),
    "made anew": lambda house: (house.board.unlink(), house.purge(), shutil.copy(house.sources / "other.yml", house.board),
                                house.shorten()),
    "in small steps": _in_steps,
    "another seeds folder": _other_seeds,
    "moved to one's own machine": lambda house: (house.shorten(), house.edit("board", "https://board.example.org", "http://127.0.0.1:1")),
    "the folder of accepted versions removed": lambda house: (house.shorten(), shutil.rmtree(house.settings.state / "accepted")),
    "clock set back for the edit": lambda house: (
        house.shorten(), note_retention(house.settings, house.engine, NOW - timedelta(days=0.9))
    ),
}  # fmt: skip


@pytest.mark.parametrize("script", ALONE.values(), ids=ALONE)
def test_what_one_person_does_alone_erases_nothing(house, script, monkeypatch):
    monkeypatch.setenv("LUREWATCH_SEEDS", os.environ["LUREWATCH_SEEDS"])
    script(house)
    assert [house.purge(day, override) for day in (0.5, 0.6) for override in ("", "it is right")] == [0, 0, 0, 0]
    assert house.store.count() == 38
    assert days_kept(load_settings(), house.engine, NOW + timedelta(days=0.7)).get("board", 180) >= 180


def test_a_shorter_retention_takes_effect_after_a_week_and_says_so_each_day(house):
    house.shorten(30)
    erased = [house.purge(day, override="looked at") for day in range(9)]
    assert erased == [0, 0, 0, 0, 0, 0, 0, 17, 0]
    with house.engine.connect() as connection:
        waits = [json.loads(entry.detail) for entry in audit.entries(connection) if entry.action == "retention_waits"]
    assert waits == [{"board": 30}] * 7


@pytest.mark.parametrize("day", [8, 13])
def test_a_clock_that_is_set_forward_does_not_make_the_week_pass(house, day):
    house.shorten()
    assert house.purge() == 0
    house.write(day)
    assert [house.purge(day + 0.1, override) for override in ("", "looked at")] == [0, 0]
    assert has_passed(NOW, [NOW + timedelta(days=8)]) == timedelta(days=1)


def test_a_second_person_puts_it_into_force_at_once(house):
    house.shorten(30)
    assert house.purge() == 0
    house.sign("mallory", 0.1)
    assert house.purge(0.2, override="it is right") == 0
    house.sign("lea", 0.3)
    assert house.purge(0.4, override="looked at") == 17


def test_a_source_that_would_lose_too_much_stops_no_other(house):
    for name in ("mallory", "lea"):
        house.shorten(30) if name == "mallory" else None
        house.purge()
        house.sign(name)
    house.edit("other", "retention_days: 180", "retention_days: 98")
    house.purge(0.1)
    for name in ("mallory", "lea"):
        house.sign(name, 0.2)
    house.store.delete({f"other-0-{n}": 9 for n in range(14)})  # three of five are left, few enough
    done = purge(house.settings, house.engine, house.store, by="system", now=NOW + timedelta(days=0.3))
    assert (done.items, len(done.refused)) == (3, 1)
    assert done.refused[0].startswith("board: 17 of 19 records would go at once")
    assert done.certificate
