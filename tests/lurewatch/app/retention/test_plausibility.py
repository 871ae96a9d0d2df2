"""A clock that is wrong, or a mistyped retention_days, erases nothing until a person says that it is right."""

import re
from datetime import timedelta

import pytest
from airflow.sdk.exceptions import AirflowFailException
from click.testing import CliRunner

from desk.custody import audit, erasure
from desk.database import open_database, writing
from index.base import Query
from lurewatch import tasks
from lurewatch.app.resources import store_of
from lurewatch.app.retention.plausibility import PurgeRefused
from lurewatch.app.retention.purge import purge
from lurewatch.cli.contents import cli
from lurewatch.settings import load_settings
from tests.index.conftest import DAY
from tests.lurewatch.app.retention.test_purge import NOW, _post, _runs, workplace  # noqa: F401 - a fixture


@pytest.fixture
def opened(workplace, partition):  # noqa: F811 - pytest's way
    """Return settings, database and index of a desk in use for 200 days: three items each ten days, one of them held."""
    for day in range(0, 200, 10):
        partition(f"run-{day}", [_post(f"{day}-{n}", f"Cook number {day} {n}") for n in range(3)], day=day)
    assert CliRunner().invoke(cli, ["load", "--pending"]).exit_code == 0
    settings = load_settings()
    store, engine = store_of(settings), open_database(settings.database)
    erasure.hold(engine, ["0-0"], days=90, why="request 7 of the court", by="minh", now=DAY)
    yield settings, engine, store
    store.close()
    engine.dispose()


def _untouched(settings, store):
    return (store.count(), len(_runs(settings))) == (60, 20)


def test_a_clock_that_made_a_jump_erases_nothing(opened):
    settings, engine, store = opened
    for days, words in (
        (365, r"nothing was written here between .* \(3\d\d days\): the clock may have been set forward"),
        (30, "the clock may have been set forward"),
        (-30, "the clock was set back, or it was ahead then"),
        (-20_000, "the clock was set back"),
    ):
        with pytest.raises(PurgeRefused, match=words) as refused:
            purge(settings, engine, store, by="system", now=NOW + timedelta(days=days))
        assert "--override" in str(refused.value)
    assert _untouched(settings, store)


def test_a_clock_that_is_right_needs_no_second_word(opened):
    settings, engine, store = opened
    assert purge(settings, engine, store, by="system", now=NOW).items == 5  # two runs of three; one is held
    with engine.connect() as connection:
        assert "purge_override" not in {entry.action for entry in audit.entries(connection)}


def test_a_crawl_at_the_wrong_time_does_not_make_it_right(opened, partition):
    """The newest partition and entry agree with the clock then; that nothing leads up to them tells it."""
    settings, engine, store = opened
    wrong = NOW + timedelta(days=400)
    partition("run-wrong", [_post("wrong", "Cook")], day=600)
    with writing(engine) as connection:
        audit.append(connection, at=wrong, actor="minh", action="login")
    with pytest.raises(PurgeRefused, match="set forward"):
        purge(settings, engine, store, by="system", now=wrong)
    with pytest.raises(PurgeRefused, match="set back, or it was ahead then"):
        purge(settings, engine, store, by="system", now=NOW)


def test_an_override_is_recorded_with_who_and_why_and_counts_for_what_was_there(opened):
    settings, engine, store = opened
    later = NOW + timedelta(days=400)
    done = purge(settings, engine, store, by="shell:lea", now=later, override="closed for a year")
    assert done.items == 59
    assert {record.id for record in store.scan(Query())} == {"0-0"}, "a hold does not end by the clock"
    with engine.connect() as connection:
        (entry,) = [one for one in audit.entries(connection) if one.action == "purge_override"]
    assert (entry.actor, "closed for a year" in entry.detail, "set forward" in entry.detail) == ("shell:lea", True, True)
    assert purge(settings, engine, store, by="system", now=later + timedelta(days=1)).items == 0
    with pytest.raises(PurgeRefused, match="set forward"):
        purge(settings, engine, store, by="system", now=later + timedelta(days=60))


def test_a_large_share_at_once_needs_a_second_word(opened, monkeypatch):
    """Somebody wrote 18 for 180 and nobody objected for a week."""
    settings, engine, store = opened
    monkeypatch.setattr("lurewatch.app.retention.due.days_kept", lambda *_: {"board": 18})
    done = purge(settings, engine, store, by="system", now=NOW)
    assert (done.items, done.certificate) == (0, None)
    assert re.match(r"board: 5\d of 60 records would go at once, more than 25%", done.refused[0])
    assert _untouched(settings, store)
    assert purge(settings, engine, store, by="system", now=NOW, override="looked at").items > 50


def test_the_nightly_task_is_red_at_once_with_the_same_words(opened):
    """This machine's clock is years after what the index has."""
    settings, _, store = opened
    with pytest.raises(AirflowFailException, match=r"nothing was erased: .*set forward.*--override"):
        tasks.purge_expired()
    assert _untouched(settings, store)
