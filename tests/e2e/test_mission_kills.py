"""kill -9 in the middle of a run: the retry ends green and the counts are equal. Runs after the mission, on its stack."""

import time
from collections.abc import Callable
from contextlib import suppress

import psutil
import pytest

from tests.e2e.conftest import DRAWN, PLAIN, Mission


def victims(mission: Mission, wanted: Callable[[psutil.Process], bool]) -> list[psutil.Process]:
    """Return the processes under this mission's Airflow that are ``wanted``."""
    assert mission.airflow.process is not None
    found = []
    for process in psutil.Process(mission.airflow.process.pid).children(recursive=True):
        try:
            if wanted(process):
                found.append(process)
        except psutil.NoSuchProcess:
            continue
    return found


def killed(mission: Mission, wanted: Callable[[psutil.Process], bool], seconds: float) -> int:
    """SIGKILL the first wanted processes that appear within ``seconds``; return how many."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := victims(mission, wanted):
            ended = 0
            for process in found:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
                    ended += 1
            if ended:
                return ended
        time.sleep(0.05)
    return 0


@pytest.fixture
def before(mission: Mission) -> int:
    """Return the number of documents; run the sources once where the mission did not."""
    for name in (PLAIN, DRAWN):
        if not mission.airflow.runs(f"crawl_{name}"):
            run = mission.airflow.unpause(f"crawl_{name}")
            assert mission.airflow.finished(f"crawl_{name}", run) == "success"
    return mission.stored()


def test_a_killed_crawl_child_is_carried_on(mission: Mission, before: int) -> None:
    """The crawl picks up its own queue; the task ends green."""
    run = mission.airflow.trigger(f"crawl_{DRAWN}")
    assert killed(mission, lambda process: "crawlers.child" in " ".join(process.cmdline()), 60) == 1
    assert mission.airflow.finished(f"crawl_{DRAWN}", run, 240) == "success"
    assert mission.stored() == before


def test_a_killed_load_task_is_tried_again(mission: Mission, before: int) -> None:
    """Its worker dies without a word; the scheduler notices and the retry changes nothing twice."""
    dag = f"crawl_{PLAIN}"
    run = mission.airflow.trigger(dag)
    until = time.monotonic() + 120
    while (instance := mission.airflow.tasks(dag, run)["load"])["state"] != "running" or not instance["pid"]:
        assert time.monotonic() < until, "the load task never ran"
        time.sleep(0.1)
    psutil.Process(instance["pid"]).kill()
    assert mission.airflow.finished(dag, run, 300) == "success"
    assert mission.airflow.tasks(dag, run)["load"]["try_number"] >= 2
    assert mission.stored() == before


def test_a_killed_elasticsearch_loses_nothing(mission: Mission, before: int) -> None:
    """While it is away the partition waits; the retry after its return finds every document."""
    dag = f"crawl_{PLAIN}"
    mission.node.kill()
    run = mission.airflow.trigger(dag)
    until = time.monotonic() + 150
    while mission.airflow.tasks(dag, run)["load"]["state"] != "up_for_retry":
        assert time.monotonic() < until, "the load never noticed that the index is away"
        time.sleep(0.5)
    mission.node.start()
    assert mission.airflow.finished(dag, run, 300) == "success"
    assert mission.stored() == before
