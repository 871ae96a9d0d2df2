"""The whole mission once through, and a second time without telling anybody anything twice."""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import jsonschema
import psutil
import pytest
import xarf
from playwright.sync_api import Page, sync_playwright

from tests.e2e.conftest import DRAWN, PLAIN, Mission
from tests.services.airflow import PAUSE
from tests.services.processes import PATIENCE, wait_for

ROOT = Path(__file__).resolve().parents[2]
LISTINGS = {PLAIN: 10, DRAWN: 24}
SCHEMA = ROOT / "desk" / "takedown" / "schema" / "takedown-list-1.schema.json"


def log_in(page: Page, mission: Mission, name: str) -> None:
    """Log in as a person would."""
    page.goto(f"{mission.desk_url}/login")
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", mission.people[name])
    page.click("button:has-text('Log in')")
    page.wait_for_url(f"{mission.desk_url}/")


def lists(mission: Mission) -> list[dict]:
    """Return all takedown lists as the command tells them."""
    return [json.loads(line) for line in mission.lurewatch("takedown", "show", "--json").splitlines()]


def test_a_lure_is_found_decided_told_and_taken_back_and_nothing_is_told_twice(mission: Mission, browser: str) -> None:
    """Airflow schedules two sources; an analyst decides; digest and list tell it; the undo is told too. Then all again."""
    airflow = mission.airflow

    # Two sample sources, one drawn by script, run on the scheduler's own account and are green only when all arrived.
    runs = {name: airflow.unpause(f"crawl_{name}") for name in LISTINGS}
    for name, run in runs.items():
        assert airflow.finished(f"crawl_{name}", run) == "success", airflow.log(f"crawl_{name}", run, "fetch")[-2000:]
    assert mission.stored() == sum(LISTINGS.values())

    # The doctor finds every part of this stack in use.
    desks = {"takedown_lists", "takedown_send", "weekly_digest"}
    wait_for(lambda: desks <= airflow.dags(), "the Dags of the desk", airflow.process, pause=PAUSE)
    found = mission.doctor()
    assert [part for part, finding in found.items() if finding["status"] == "missing"] == [], found
    assert found["scheduler"]["status"] == found["dag processor"]["status"] == "ok"

    # An analyst confirms the first of the queue and dismisses the second.
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        page = chromium.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        log_in(page, mission, "ana")
        links = page.locator("a[href^='/item/']").evaluate_all("links => links.map(link => link.getAttribute('href'))")
        first, second = list(dict.fromkeys(link.split("?")[0] for link in links))[:2]
        page.goto(mission.desk_url + first)
        title = page.locator("h1").inner_text()
        address = page.locator("code.address").text_content() or ""
        assert page.locator("mark").count() > 0
        page.locator("#confirm summary").click()
        for name in ("tag", "severity"):  # the rule follows from the kind
            page.locator(f"#confirm [name={name}]").select_option(index=1)
        page.locator("#confirm button").click()
        page.wait_for_selector("h2:has-text('Confirmed')")
        page.goto(mission.desk_url + second)
        dismissed = page.locator("h1").inner_text()
        if page.locator("#dismiss[open]").count() == 0:
            page.locator("#dismiss summary").click()
        page.locator("#dismiss [name=reason]").select_option(index=1)
        page.locator("#dismiss button").click()
        page.wait_for_selector("h2:has-text('Dismissed')")

        # The weekly digest arrives once and names what was confirmed.
        run = airflow.run_now("weekly_digest")
        assert airflow.finished("weekly_digest", run) == "success", airflow.log("weekly_digest", run, "send")[-2000:]
        (digest,) = mission.inbox.messages
        text = digest.get_body(("plain",)).get_content()
        assert digest["to"] == "reader@example.org"
        assert "".join(title.split()) in "".join(text.split())

        # The list holds the confirmed item and nothing else, in every format, and goes out only when a second person approves.
        run = airflow.run_now("takedown_lists")
        assert airflow.finished("takedown_lists", run) == "success", airflow.log("takedown_lists", run, "build")[-2000:]
        (waiting,) = lists(mission)
        number = str(waiting["id"])
        mission.lurewatch("takedown", "approve", number, "--as", "lea", "--password-stdin", given=mission.people["lea"] + "\ny\n")
        mission.lurewatch("takedown", "show", number, "--into", str(mission.folder / "list"))
        checked(mission.folder / "list", address, dismissed)
        mission.lurewatch("takedown", "send", number)
        assert len(mission.inbox.messages) == 2

        pictured(page, mission, digest.get_body(("html",)).get_content())

        # The decision is undone; the next list takes the item back.
        page.goto(mission.desk_url + first)
        page.locator("#undo summary").click()
        page.locator("#undo button").click()
        page.wait_for_selector("h2:has-text('Undecided')")
        chromium.close()
    run = airflow.trigger("takedown_lists")
    assert airflow.finished("takedown_lists", run) == "success"
    newest = max(lists(mission), key=lambda one: one["id"])
    mission.lurewatch("takedown", "show", str(newest["id"]), "--into", str(mission.folder / "second"))
    assert changes(mission.folder / "second") == ["withdrawn"]

    # Everything once more: the counts stand, nobody hears anything twice.
    told, made = len(mission.inbox.messages), len(lists(mission))
    again = {f"crawl_{name}": airflow.trigger(f"crawl_{name}") for name in LISTINGS}
    again |= {dag: airflow.trigger(dag) for dag in ("weekly_digest", "takedown_lists")}
    for dag, run in again.items():
        assert airflow.finished(dag, run) == "success", dag
    assert (mission.stored(), len(mission.inbox.messages), len(lists(mission))) == (sum(LISTINGS.values()), told, made)


def published(folder: Path) -> dict:
    """Return a list as its platform reads it."""
    (file,) = folder.rglob("list.json")
    read: dict = json.loads(file.read_text(encoding="utf-8"))
    return read


def pictured(page: Page, mission: Mission, mail: str) -> None:
    """Take the picture of the mail; it is written to docs/screens where LUREWATCH_WRITE_SCREENS asks for it."""
    into = ROOT / "docs" / "screens" if os.environ.get("LUREWATCH_WRITE_SCREENS") else mission.folder / "screens"
    into.mkdir(exist_ok=True)
    assert page.context.browser is not None
    letter = page.context.browser.new_page()  # the desk's Trusted Types would refuse to write HTML into a page of theirs
    letter.set_viewport_size({"width": 760, "height": 860})
    letter.set_content(mail)
    letter.screenshot(path=into / "digest.png")
    letter.close()
    assert (into / "digest.png").stat().st_size > 10_000


def checked(folder: Path, address: str, dismissed: str) -> None:
    """Hold a list's files to their schemas and to exactly one item: the confirmed one."""
    made = published(folder)
    jsonschema.validate(made, json.loads(SCHEMA.read_text(encoding="utf-8")))
    (item,) = made["entries"]
    assert (item["change"], item["url"].rpartition("/")[2]) == ("new", address.rpartition("/")[2].replace("[.]", "."))
    assert dismissed not in json.dumps(made, ensure_ascii=False)
    (file,) = folder.rglob("reports.xarf.jsonl")
    (report,) = file.read_text(encoding="utf-8").splitlines()
    assert xarf.parse(json.loads(report)).errors == []


def changes(folder: Path) -> list[str]:
    """Return what a list says of each of its items."""
    return [entry["change"] for entry in published(folder)["entries"]]


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

    wait_for(one_is_ended, "a process to kill", mission.airflow.process, pause=0.2)
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

    wait_for(load_runs, "the load task", mission.airflow.process, pause=0.2)
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
        pause=PAUSE,
    )
    mission.node.start()
    assert mission.airflow.finished(dag, run) == "success"
    assert mission.stored() == before
