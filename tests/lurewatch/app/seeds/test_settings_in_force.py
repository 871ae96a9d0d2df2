"""What two people answer for: a changed receiver, place to begin or retention is in force once a second person has signed."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from desk.cases import signed_settings
from desk.custody.ledger_check import check_ledger
from desk.database import open_database
from desk.people.accounts import User, add_user
from desk.refusals import DeskRefusal
from desk.tables import audit, setting_signatures
from lurewatch.app.retention.due import days_kept
from lurewatch.app.seeds import settings_in_force
from lurewatch.app.seeds.settings_in_force import (
    observe_files,
    pending_at,
    pending_settings,
    receivers_in_force,
    receivers_reader,
    sign,
    source_to_crawl,
    sources_reader,
)
from lurewatch.app.seeds.sources_in_force import source_named
from lurewatch.settings import Settings, load_settings

NOW = datetime.now(UTC)
PASSWORD = "gravel-lantern-otter-93"
ROUTE = r"""
  takedown: {contact: abuse@board.example.org, format: csv, item: '^http://127\.0\.0\.1:8101/jobs/[a-z0-9-]+\.html$'}"""


@pytest.fixture
def settings(workplace: Path, seeds: Path) -> Settings:
    """Return an installation with a board that is its own receiver, and receivers of its own."""
    path = board(workplace)
    path.write_text(
        re.sub(r"(operator:\n(?:  .*\n)*?  url: .*)", lambda found: found[1] + ROUTE, path.read_text()), encoding="utf-8"
    )
    (workplace / "seeds" / "platforms.yml").unlink()
    (workplace / "seeds" / "platforms.yml").write_bytes((seeds / "platforms.yml").read_bytes())
    return load_settings()


@pytest.fixture
def engine(settings: Settings) -> Engine:
    return open_database(settings.database)


@pytest.fixture
def people(engine: Engine) -> dict[str, User]:
    return {
        name: add_user(engine, name=name, email=f"{name}@example.org", role="operator", password=PASSWORD, now=NOW)
        for name in ("mallory", "an", "minh")
    }


def board(workplace: Path) -> Path:
    return workplace / "seeds" / "sources" / "board.yml"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def accept(settings: Settings, engine: Engine, place: str, *people: User) -> None:
    observe_files(settings, engine)
    for person in people:
        sign(settings, engine, pending_at(settings, place), by=person, reason="checked by telephone")


def test_a_new_receiver_gets_nothing_before_two_people_signed_it(settings: Settings, engine: Engine, people) -> None:
    assert "board" not in receivers_in_force(settings, engine)[1].platforms
    assert "abuse@board.example.org" in receivers_in_force(settings, engine)[1].unrouted["board"]
    accept(settings, engine, "board", people["mallory"])
    assert "board" not in receivers_in_force(settings, engine)[1].platforms
    accept(settings, engine, "board", people["an"])
    assert receivers_in_force(settings, engine)[1].platforms["board"].contact == "abuse@board.example.org"
    assert pending_settings(settings) == []


def test_the_receivers_this_release_ships_need_nobody(settings: Settings, engine: Engine) -> None:
    receivers = receivers_in_force(settings, engine)[1]
    assert not receivers.unaccepted
    assert receivers.platforms["sample_boards"].contact == "abuse@sample-boards.example"


def test_a_changed_value_waits_and_the_accepted_one_stays_in_force(
    settings: Settings, engine: Engine, people, workplace: Path
) -> None:
    accept(settings, engine, "board", people["an"], people["minh"])
    before = source_named(settings, "board")
    assert before is not None
    edit(board(workplace), "abuse@board.example.org", "mallory@elsewhere.example.org")
    edit(board(workplace), "retention_days: 30", "retention_days: 1")
    text = board(workplace).read_text().replace("http://127.0.0.1:8101", "http://127.0.0.1:9999")
    board(workplace).write_text(text, encoding="utf-8")
    observe_files(settings, engine)
    written = source_named(settings, "board")
    assert written is not None and written.crawl.start != before.crawl.start
    assert receivers_in_force(settings, engine)[1].platforms["board"].contact == "abuse@board.example.org"
    assert source_to_crawl(settings, written).crawl.start == before.crawl.start
    assert source_to_crawl(settings, written).operator.url == before.operator.url
    assert days_kept(settings, engine)["board"] == 30
    assert {setting.field for setting in pending_settings(settings)} == {"recipient", "start", "retention"}
    accept(settings, engine, "board", people["an"], people["minh"])
    assert receivers_in_force(settings, engine)[1].platforms["board"].contact == "mallory@elsewhere.example.org"
    assert source_to_crawl(settings, written).crawl.start == written.crawl.start
    assert days_kept(settings, engine)["board"] == 1


def test_the_log_keeps_old_and_new_value_in_clear_and_the_ledger_agrees(
    settings: Settings, engine: Engine, people, workplace: Path
) -> None:
    accept(settings, engine, "board", people["an"], people["minh"])
    edit(board(workplace), "abuse@board.example.org", "other@board.example.org")
    observe_files(settings, engine)
    with engine.connect() as connection:
        rows = connection.execute(select(audit.c.action, audit.c.detail).where(audit.c.subject == "source:board")).all()
        found = [row.detail for row in rows if row.action == "setting_found"][-1]
        assert "abuse@board.example.org" in found and "other@board.example.org" in found
        assert check_ledger(connection).faults == ()


def test_a_deleted_file_shortens_no_retention(settings: Settings, engine: Engine, people, workplace: Path) -> None:
    edit(board(workplace), "retention_days: 30", "retention_days: 900")
    accept(settings, engine, "board", people["an"], people["minh"])
    board(workplace).unlink()
    assert days_kept(settings, engine)["board"] == 900


def test_a_signature_is_for_the_value_that_was_seen_and_does_not_wait_for_ever(
    settings: Settings, engine: Engine, people, workplace: Path
) -> None:
    accept(settings, engine, "board", people["an"])
    seen = pending_at(settings, "board")
    edit(board(workplace), "abuse@board.example.org", "other@board.example.org")
    with pytest.raises(DeskRefusal, match="changed since you looked"):
        sign(settings, engine, seen, by=people["minh"], reason="late")
    accept(settings, engine, "board", people["minh"])
    with engine.connect() as connection:
        last = signed_settings.standings(connection)[("source:board", "recipient")]
        assert last.signer(last.waiting or "", last.at) is not None
        assert last.signer(last.waiting or "", last.at + timedelta(days=15)) is None


def test_a_value_put_back_takes_its_signatures_along(settings: Settings, engine: Engine, people, workplace: Path) -> None:
    accept(settings, engine, "board", people["an"], people["minh"])
    edit(board(workplace), "abuse@board.example.org", "other@board.example.org")
    accept(settings, engine, "board", people["an"])
    edit(board(workplace), "other@board.example.org", "abuse@board.example.org")
    observe_files(settings, engine)
    edit(board(workplace), "abuse@board.example.org", "other@board.example.org")
    accept(settings, engine, "board", people["mallory"])
    assert receivers_in_force(settings, engine)[1].platforms["board"].contact == "abuse@board.example.org"


def test_no_file_is_noted_twice(settings: Settings, engine: Engine) -> None:
    for _ in range(3):
        observe_files(settings, engine)
    with engine.connect() as connection:
        rows = connection.execute(select(setting_signatures.c.place, setting_signatures.c.field, setting_signatures.c.kind)).all()
    assert len(rows) == len(set(rows)) > 3


def test_pages_read_the_files_again_when_something_changed_and_only_then(settings, engine, workplace, monkeypatch):
    reads = []
    inner = settings_in_force.sources_in_force
    monkeypatch.setattr(settings_in_force, "sources_in_force", lambda given: reads.append(given) or inner(given))
    sources, receivers = sources_reader(settings), receivers_reader(settings, engine)

    def count():
        reads.clear()
        told = [source.title for source in sources()], sorted(receivers().platforms)
        return len(reads), told

    count()
    _, before = count()
    assert count() == (0, before)
    path = board(workplace)
    text = path.read_text()
    path.write_text(re.sub("(?m)^title: .*", "title: Another board", text))
    again, after = count()
    assert (again >= 2, "Another board" in after[0]) == (True, True)
    count()
    add_user(engine, name="lan", email="lan@example.org", role="operator", password=PASSWORD, now=NOW)
    assert count()[0] >= 1, "who may sign decides what is in force"
    count()
    path.write_text("title: [")  # broken: what was read last stays
    assert count()[1][1] == after[1]
    path.write_text(text)
    assert count()[1] == before
