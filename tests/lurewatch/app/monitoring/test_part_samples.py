"""What followed a notice is read from what the desk sent and what the recheck clock saw since."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert

from desk.database import open_database, writing
from desk.rechecks.clock import note_sighting
from desk.rechecks.notice_outcomes import SentNotice
from desk.rechecks.sighting import Sighting, State
from desk.tables import decisions, list_entries, lists, users
from tests.lurewatch.app.planted_stack import NOW, Stack


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    planted = Stack(tmp_path)
    planted.add_source("board")
    return planted


@pytest.fixture
def engine(stack: Stack) -> Iterator[Engine]:
    """Return a desk with one decision, which every entry of a list names."""
    opened = open_database(stack.settings.database)
    with writing(opened) as connection:
        connection.execute(
            insert(users).values(
                id=1, name="sample_analyst", email="a@example.org", role="analyst", password_hash="", created_at=NOW
            )
        )
        connection.execute(
            insert(decisions).values(
                id=1, item_id="1", seq=1, kind="confirm", source="board", url="", revision=1, text_sha256="", by_id=1, at=NOW
            )
        )
    yield opened
    opened.dispose()


def send(engine: Engine, number: int, sent_at: datetime | None, **changes: str) -> None:
    """Note a list with these items as sent; as built where it has no time."""
    state = "sent" if sent_at else "built"
    with writing(engine) as connection:
        connection.execute(
            insert(lists).values(
                id=number, platform="board_example", number=number, state=state, manifest_sha256="0" * 64, service="s",
                built_at=NOW, sent_at=sent_at,
            )
        )  # fmt: skip
        for item, change in changes.items():
            row = {"list_id": number, "item_id": item.removeprefix("item"), "change": change, "decision_id": 1, "body": "{}"}
            connection.execute(insert(list_entries).values(row))


def test_each_notice_is_counted_for_thirty_days_by_what_became_of_it(stack: Stack, engine: Engine) -> None:
    sent_at = NOW - timedelta(days=2, hours=12)
    send(engine, 1, sent_at, item1="new", item2="new", item3="new", item4="new", item9="new")
    send(engine, 2, sent_at + timedelta(hours=1), item2="updated", item4="withdrawn")
    send(engine, 3, None, item2="withdrawn")
    send(engine, 4, NOW - timedelta(days=31), item8="new")
    states: dict[str, State] = {"1": "gone", "2": "up", "3": "walled"}
    for item, state in states.items():
        notice = SentNotice(platform="board_example", item_id=item, sent_at=sent_at, tag=None)
        note_sighting(engine, notice, Sighting(state=state), NOW - timedelta(hours=1))
    known = {"seen_gone": 1, "seen_there": 1, "never_seen": 2, "withdrawn": 1}
    assert {each: stack.value("lurewatch_takedown_notices", "board_example", each) for each in known} == known


def test_an_index_that_is_away_takes_no_figure_of_the_desk_away(stack: Stack, engine: Engine) -> None:
    send(engine, 1, NOW, item1="new")
    (stack.folder / "index.sqlite").write_text("no database", encoding="utf-8")
    assert stack.value("lurewatch_up", "index") == 0
    assert stack.value("lurewatch_takedown_lists", "sent") == 1
