"""Kept runs are judged again by what is in force, nothing is fetched, and what was erased does not come back."""

from datetime import UTC, datetime, timedelta

import pytest
from airflow.sdk.exceptions import AirflowFailException

from desk.custody import erasure
from lurewatch import tasks
from lurewatch.app import rescore
from lurewatch.app.resources import store_of
from lurewatch.settings import load_settings
from tests.lurewatch.conftest import Seal

ADVERT = "Chat support abroad, flight paid, we keep your passport"
AT = datetime(2026, 11, 20, tzinfo=UTC)


def test_runs_are_taken_again_and_come_out_the_same(sealed: Seal) -> None:
    addresses = [sealed(f"run-{number}", [(f"{number}", ADVERT)], at=AT + timedelta(days=number)) for number in range(3)]
    sealed("run-3", [("3", ADVERT)], "failed", at=AT + timedelta(days=3))
    assert tasks.choose_runs("", "", 1) == []  # the newest run failed, and its postings are in no index
    assert tasks.choose_runs("", "", 3) == addresses[1:]
    assert tasks.choose_runs("board", "run-0", 1) == addresses[:1]
    assert tasks.judge_again(addresses[0]) == {"inserted": 1, "revised": 0, "unchanged": 0, "dead": 0}
    assert tasks.judge_again(addresses[0]) == {"inserted": 0, "revised": 0, "unchanged": 1, "dead": 0}
    store = store_of(load_settings())
    assert store.count() == 1
    store.close()


def test_a_source_or_run_that_is_not_there_fails_at_once(sealed: Seal, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed("run-0", [("0", ADVERT)])
    sealed("run-1", [("1", ADVERT)])
    monkeypatch.setattr(rescore, "MOST", 1)
    for words, message in (
        (("nobody", "", 1), "no source nobody"),
        (("board", "run-9", 1), "no run 'run-9' of board"),
        (("", "run-0", 1), "name one"),
        (("board", "", 2), "2 runs are more than 1"),
    ):
        with pytest.raises(AirflowFailException, match=message):
            tasks.choose_runs(*words)


def test_runs_from_before_an_erasure_are_left_out(sealed: Seal, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed("run-0", [("0", ADVERT)], at=AT)
    later = sealed("run-1", [("1", ADVERT)], at=AT + timedelta(days=2))
    monkeypatch.setattr(erasure, "cutoffs", lambda _: {"board": AT + timedelta(days=1)})
    assert tasks.choose_runs("board", "", 2) == [later]
