"""Kept runs are judged again by what is in force, nothing is fetched, and what was erased does not come back."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from airflow.sdk.exceptions import AirflowFailException

from desk.custody import erasure
from index.base import StoreError
from lurewatch import tasks
from lurewatch.app import pipeline, rescore
from lurewatch.app.doctor import run_files
from lurewatch.app.resources import store_of
from lurewatch.app.source_runs import green, run_sources
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


def run_nothing() -> list[dict[str, object]]:
    """Return the summaries of a run of no source at all."""
    settings = load_settings()
    store = store_of(settings)
    with closing(store):
        return list(run_sources([], settings, store, 1, lambda *_: None))


def test_runs_that_were_sealed_and_never_loaded_come_into_the_index_with_the_next_run(
    sealed: Seal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three kills before the load; doctor names them until then. A failed run and one from before an erasure stay out."""
    addresses = [sealed(f"run-{number}", [(f"{number}", ADVERT)], at=AT + timedelta(days=number)) for number in range(3)]
    sealed("run-3", [("3", ADVERT)], "failed", at=AT + timedelta(days=3))
    sealed("run-4", [("4", ADVERT)], at=AT - timedelta(days=9))
    monkeypatch.setattr(erasure, "cutoffs", lambda _: {"board": AT - timedelta(days=1)})
    settings = load_settings()
    store_of(settings).close()
    found = run_files.partitions(settings)
    assert found.status == "missing"
    assert "3 of 5 are sealed and not in the index" in found.detail and addresses[0] in found.detail
    summaries = run_nothing()
    assert [(each["partition"], each["state"], each["inserted"]) for each in summaries] == [(name, "ok", 1) for name in addresses]
    assert run_nothing() == []
    with closing(store_of(settings)) as store:
        assert store.count() == 3
    assert run_files.partitions(settings).status == "ok"


def test_a_run_whose_later_tasks_are_still_to_come_is_named_and_no_fault(sealed: Seal) -> None:
    """One that was sealed longer ago than they may take is one, and then both are named."""
    settings, now = load_settings(), datetime.now(UTC)
    fresh = sealed("run-0", [("0", ADVERT)], at=now - run_files.ON_ITS_WAY + timedelta(minutes=1))
    store_of(settings).close()
    found = run_files.partitions(settings)
    assert (found.status, found.fix) == ("ok", "")
    assert found.detail == f"1 as they were sealed; 1 on the way to the index: {fresh}"
    older = sealed("run-1", [("1", ADVERT)], at=now - run_files.ON_ITS_WAY - timedelta(minutes=1))
    found = run_files.partitions(settings)
    assert found.status == "missing"
    assert found.detail == f"1 of 2 are sealed and not in the index: {older}; 1 on the way to the index: {fresh}"
    assert len(run_nothing()) == 2
    assert run_files.partitions(settings).detail == "2 as they were sealed"


def test_what_keeps_a_sealed_run_from_the_index_makes_the_next_run_red(sealed: Seal, monkeypatch: pytest.MonkeyPatch) -> None:
    address = sealed("run-0", [("0", ADVERT)], at=AT)
    monkeypatch.setattr(pipeline, "put", lambda *_: (_ for _ in ()).throw(StoreError("the index is read-only")))
    (summary,) = run_nothing()
    assert (summary["state"], green(summary)) == ("failed", False)
    assert summary["reason"] == f"{address} is sealed and not in the index: the index is read-only"


def test_a_task_loads_what_an_earlier_one_was_killed_before(sealed: Seal) -> None:
    """The older run first; that of another source is that source's."""
    older = sealed("run-0", [("0", ADVERT)], at=AT)
    newer = sealed("run-1", [("1", ADVERT)], at=AT + timedelta(days=1))
    assert tasks.load_partition(tasks.assess_partition(newer)) == {"inserted": 1, "revised": 0, "unchanged": 0, "dead": 0}
    with closing(store_of(load_settings())) as store:
        assert store.loaded_partitions() == {older, newer}


def test_a_damaged_run_stops_no_other(sealed: Seal, monkeypatch: pytest.MonkeyPatch, workplace: Path) -> None:
    sealed("run-0", [("0", ADVERT)], at=AT)
    whole = sealed("run-1", [("1", ADVERT)], at=AT)
    (workplace / "runs" / "board" / "run-0" / "report.json").write_text("{")
    assert [each["partition"] for each in run_nothing()] == [whole]
