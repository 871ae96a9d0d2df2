"""Which runs the index takes: all but a failed one, and none whose counts do not come out."""

from datetime import UTC, datetime
from typing import get_args

import pytest

from crawlers.evidence.partition import Report, State
from index.admission import goes_on

AT = datetime(2026, 11, 1, tzinfo=UTC)


def report(state: State, *, fetched: int = 3) -> Report:
    """Return the report of a run that parsed three postings."""
    return Report(source="board", run_id="run", state=state, started_at=AT, finished_at=AT, fetched=fetched, parsed=3)


@pytest.mark.parametrize("state", get_args(State))
def test_every_run_goes_on_but_a_failed_one(state: State) -> None:
    assert goes_on(report(state)) is (state != "failed")


def test_a_run_whose_counts_do_not_come_out_does_not() -> None:
    assert not goes_on(report("ok", fetched=4))
