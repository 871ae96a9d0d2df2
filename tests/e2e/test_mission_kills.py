"""kill -9 in the middle of a run: the retry ends green and the counts are equal. Runs after the mission, on its stack."""

from collections.abc import Callable
from contextlib import suppress

import psutil
import pytest

from tests.e2e.conftest import DRAWN, PLAIN, Mission
from tests.services.processes import wait_for


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


def killed(mission: Mission, wanted: Callable[[psutil.Process], bool]) -> int:
    """SIGKILL the first wanted processes that appear; return how many."""
    ended = 0

    def one_is_ended() -> bool:
        nonlocal ended
        for process in victims(mission, wanted):
            with suppress(psutil.NoSuchProcess):
                process.kill()
                ended += 1
        return ended > 0

    wait_for(one_is_ended, "a process to kill", mission.airflow.process)
    return ended


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
    assert killed(mission, lambda process: "crawlers.child" in " ".join(process.cmdline())) == 1
    assert mission.airflow.finished(f"crawl_{DRAWN}", run) == "success"
    assert mission.stored() == before


def test_a_killed_load_task_is_tried_again(mission: Mission, before: int) -> None:
    """Its worker dies without a word; the scheduler notices and the retry changes nothing twice."""
    dag = f"crawl_{PLAIN}"
    run = mission.airflow.trigger(dag)
    started: list[int] = []

    def load_runs() -> bool:
        instance = mission.airflow.tasks(dag, run)["load"]
        started.extend([instance["pid"]] if instance["state"] == "running" and instance["pid"] else [])
        return bool(started)

    wait_for(load_runs, "the load task", mission.airflow.process)
    psutil.Process(started[0]).kill()
    assert mission.airflow.finished(dag, run) == "success"
    assert mission.airflow.tasks(dag, run)["load"]["try_number"] >= 2
    assert mission.stored() == before


def test_a_killed_elasticsearch_loses_nothing(mission: Mission, before: int) -> None:
    """While it is away the partition waits; the retry after its return finds every document."""
    dag = f"crawl_{PLAIN}"
    mission.node.kill()
    run = mission.airflow.trigger(dag)
    wait_for(
        lambda: mission.airflow.tasks(dag, run)["load"]["state"] == "up_for_retry",
        "a load that noticed that the index is away",
        mission.airflow.process,
    )
    mission.node.start()
    assert mission.airflow.finished(dag, run) == "success"
    assert mission.stored() == before
