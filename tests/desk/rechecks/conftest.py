"""Notices that left, noted without lists: what became of them is what these tests are about."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import insert

from desk.database import writing
from desk.tables import decisions, list_entries, lists
from tests.crawlers.run.conftest import site, source_of  # noqa: F401 - fixtures
from tests.desk.rechecks.reported_board import board  # noqa: F401 - a fixture

SENT = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture
def send(desk_db, staff):
    """Return a function that notes a list as sent: item ids -> change, to a platform, at a moment."""
    minh, numbers = staff(desk_db)["minh"], iter(range(1, 999))

    def do(entries, at=SENT, platform="board", tag="scam_compound"):
        number = next(numbers)
        with writing(desk_db) as connection:
            told = {"id": number, "platform": platform, "number": number, "state": "sent", "sent_at": at, "built_at": at}
            connection.execute(insert(lists).values(**told, manifest_sha256="0" * 64, built_by=minh.id))
            for item, change in entries.items():
                step = {"item_id": item, "seq": number, "kind": "confirm", "tag": tag, "source": "s", "url": "u", "revision": 1}
                made = insert(decisions).values(**step, text_sha256="0" * 64, by_id=minh.id, at=at).returning(decisions.c.id)
                decision = connection.execute(made).scalar_one()
                row = {"list_id": number, "item_id": item, "change": change, "decision_id": decision, "body": "{}"}
                connection.execute(insert(list_entries).values(**row))
        return minh

    return do
