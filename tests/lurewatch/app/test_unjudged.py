"""A text that no assessor can read is named, counted, passed over and tried again by the next version; the others go on."""

import json

import pytest
from airflow.sdk.exceptions import AirflowFailException
from click.testing import CliRunner, Result

from enrichment import assess
from enrichment.assess import Assessor
from enrichment.text.views import Views
from lurewatch import tasks
from lurewatch.app import source_runs
from lurewatch.app.resources import store_of
from lurewatch.cli.contents import cli
from lurewatch.settings import load_settings
from tests.lurewatch.app.test_pipeline import finished
from tests.lurewatch.conftest import Seal

POISON = "Chat support abroad, flight paid, xyzzy"
FINE = "Cook wanted for our school"
obfuscation = assess.obfuscation


def stumble(seen: Views) -> object:
    """Fail as the look-alike letters of release 0.2 did."""
    if "xyzzy" in seen.raw:
        raise StopIteration
    return obfuscation(seen)


@pytest.fixture(autouse=True)
def stumbling(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every text with ``xyzzy`` in it be one that cannot be judged."""
    monkeypatch.setattr(assess, "obfuscation", stumble)


def lurewatch(*words: str, said: str = "") -> Result:
    """Run a command."""
    return CliRunner().invoke(cli, list(words), input=said)


def known() -> set[str]:
    """Return the ids in the index."""
    store = store_of(load_settings())
    try:
        return set(store.ids("board"))
    finally:
        store.close()


def test_the_texts_beside_it_are_judged_in_their_order(sealed: Seal) -> None:
    """A batch with a poisoned text is judged one by one."""
    rows = "\n".join(json.dumps({"id": number, "text": text}) for number, text in enumerate((FINE, POISON, FINE)))
    done = lurewatch("assess", "-", "--json", said=rows)
    assert done.exit_code == 1
    out = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(line["id"], bool(line["unjudged"])) for line in out] == [(0, False), (1, True), (2, False)]
    assert out[0]["signals"] == out[2]["signals"]
    assert "1 is not judged by LureWatch" in done.stderr
    assert "StopIteration in assess.py" in done.stderr
    assert "1 of 3 texts could not be judged" in done.stderr
    assert POISON not in done.stderr
    assert "Traceback" not in lurewatch("lures", "try", POISON).output


def test_loading_passes_over_it_and_what_stands_behind_is_loaded(sealed: Seal) -> None:
    """Named with its address and red, once for the partition that holds it."""
    sealed("run-1", [("a", FINE), ("b", POISON), ("c", FINE)])
    sealed("run-2", [("d", FINE)])
    done = lurewatch("load", "--pending")
    assert known() == {"a", "c", "d"}
    assert done.exit_code == 1
    assert "not in the index: b: not judged by LureWatch" in done.stderr
    assert "https://board.example.org/b" in done.stderr
    assert "b" in json.loads(lurewatch("index", "verify", "--json").stdout)["missing"]
    again = lurewatch("load", "--pending")
    assert (again.exit_code, "nothing is pending" in again.stderr) == (0, True)  # the same version would fail again


def test_a_run_and_a_task_are_red_for_it_and_load_the_rest(sealed: Seal) -> None:
    """`run`, the load task and the rescore task say the same."""
    partition = sealed("run-1", [("a", FINE), ("b", POISON)])
    summary = finished(partition)
    assert (source_runs.green(summary), summary["inserted"], summary["dead"]) == (False, 1, 1)
    assert "b: not judged by LureWatch" in summary["reason"]
    for work in (lambda: tasks.load_partition(tasks.assess_partition(partition)), lambda: tasks.judge_again(partition)):
        with pytest.raises(AirflowFailException, match="1 documents are not in the index: b: not judged by"):
            work()
    assert known() == {"a"}


@pytest.mark.parametrize("way", ["pending", "run", "task"])
def test_another_version_tries_it_again(sealed: Seal, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    """By hand, and by itself with the next run of its source."""
    partition = sealed("run-1", [("a", FINE), ("b", POISON)])
    lurewatch("load", partition)
    assert known() == {"a"}
    monkeypatch.setattr(assess, "obfuscation", obfuscation)
    monkeypatch.setattr(Assessor, "judge", property(lambda _: "LureWatch 9.9.9 with lexicon f00"))
    later = sealed("run-2", [("c", FINE)])
    if way == "pending":
        assert lurewatch("load", "--pending").exit_code == 0
    elif way == "run":
        assert source_runs.green(finished(later))
    else:
        tasks.load_partition(tasks.assess_partition(later))
    assert known() == {"a", "b", "c"}
    assert lurewatch("load", "--pending").stderr.startswith("nothing is pending")


def test_what_is_stored_of_it_stays_as_it_was(sealed: Seal) -> None:
    """An advert that its author edits so that it cannot be judged keeps the score it had."""
    lurewatch("load", sealed("run-1", [("b", FINE)]))
    lurewatch("load", sealed("run-2", [("b", POISON)]))
    store = store_of(load_settings())
    try:
        record = store.get("b")
    finally:
        store.close()
    assert record is not None
    assert record.posting.text == FINE
    assert not record.assessment.unjudged
