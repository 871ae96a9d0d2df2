"""Run partitions and search indexes for what is erased, and a clock that stands on the day the runs were made."""

import datetime

import pytest

from lurewatch.app import pipeline
from tests.index.conftest import DAY, elastic_index, partition  # noqa: F401 - fixtures


class RunDay(datetime.datetime):
    """The day the runs of these tests were made."""

    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> "RunDay":
        """Return it."""
        return cls.fromisoformat(DAY.astimezone(tz).isoformat())


@pytest.fixture(autouse=True)
def run_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the ledger note runs as of that day: an entry of today would be one that a purge of then takes for a wrong clock."""
    monkeypatch.setattr(pipeline, "datetime", RunDay)
