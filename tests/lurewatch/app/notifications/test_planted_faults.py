"""Each planted fault is in the right series, fires exactly its rule in Prometheus, and is one message; its cure is one more."""

import json
import shutil
import subprocess
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert

from crawlers.evidence.partition import Cause, Gap, ListCoverage
from desk.database import open_database, writing
from desk.tables import deliveries, digests, lists
from lurewatch.app.lures.lexicon_in_force import accept_seeds
from lurewatch.app.monitoring.catalogue import SERIES
from lurewatch.app.notifications.conditions import CONDITIONS
from lurewatch.app.notifications.notify import notify
from lurewatch.app.schedule import keep_heartbeat
from tests.conftest import ROOT
from tests.lurewatch.app.planted_stack import NOW, ROOMY, Stack
from tests.services.processes import free_port

RULES = ROOT / "deploy" / "prometheus" / "alerts.yml"
GAP = Gap(list="https://t.me/s/sample_channel", unread_pages=3, cause="it shows 'more' and no address for it")


def run(state, outcome="", **more):
    """Return a function that plants a run that ended so, six hours after a good one."""
    causes = (Cause(outcome=outcome),) if outcome else ()
    return lambda stack: stack.seal("board", state, hours=2, causes=causes, postings=0, **more)


def well(stack):
    stack.seal("board", hours=1)


def runs_of_five_days(state):
    """Return a function that plants one run a day that ended so, and no good one since."""

    def plant(stack):
        shutil.rmtree(stack.folder / "runs" / "board")
        stack.seal("board", hours=24 * 5 + 8)
        for day in range(5):
            stack.seal("board", state, hours=24 * day + 8, postings=0)

    return plant


def no_run_for_three_days(stack):
    shutil.rmtree(stack.folder / "runs" / "board")
    stack.seal("board", hours=24 * 3)


def full_disk(stack):
    stack.room = (1000, 50)


def roomy_disk(stack):
    stack.room = ROOMY


def broken(name):
    def plant(stack):
        for file in stack.folder.glob(f"{name}*"):
            file.rename(stack.folder / f"kept-{file.name}")
        (stack.folder / name).write_bytes(b"no database" * 1000)

    return plant


def mended(name):
    def cure(stack):
        for file in stack.folder.glob(f"{name}*"):
            file.unlink()
        for file in stack.folder.glob(f"kept-{name}*"):
            file.rename(stack.folder / file.name.removeprefix("kept-"))

    return cure


def refused_mail(stack):
    engine = open_database(stack.settings.database)
    with writing(engine) as connection:
        connection.execute(insert(deliveries).values(
            period="2026-W48", subscription="digest", recipient="one@example.org", message_id="<1@example.org>", state="failed",
            message=b"", attempts=1, error="550", queued_at=NOW - timedelta(days=1),
        ))  # fmt: skip
    engine.dispose()


def mail_taken_away(stack):
    engine = open_database(stack.settings.database)
    with writing(engine) as connection:
        connection.execute(delete(deliveries))
    engine.dispose()


def puts(table, *rows):
    """Return functions that put rows into a table of the desk, and that take them away."""

    def plant(stack):
        engine = open_database(stack.settings.database)
        with writing(engine) as connection:
            connection.execute(insert(table), list(rows))
        engine.dispose()

    def cure(stack):
        engine = open_database(stack.settings.database)
        with writing(engine) as connection:
            connection.execute(delete(table))
        engine.dispose()

    return plant, cure


def damages(count):
    """Return functions that damage so many reports, and that give them back."""

    def plant(stack):
        for number in range(count):
            folder = stack.folder / "runs" / "board" / f"202611{number // 24 + 1:02}T{number % 24:02}0000Z"
            folder.mkdir()
            (folder / "report.json").write_text("{")

    def cure(stack):
        for file in (stack.folder / "runs" / "board").glob("*/report.json"):
            if file.read_text() == "{":
                shutil.rmtree(file.parent)

    return plant, cure


def beats(**ago):
    def plant(stack):
        keep_heartbeat(stack.settings.state, NOW - timedelta(**ago))

    return plant


def desk_away(stack):
    stack.changed["desk_health_url"] = f"http://127.0.0.1:{free_port()}/healthz"


def desk_back(stack):
    del stack.changed["desk_health_url"]


def breaks(name):
    """Return functions that accept the seeds and break a file of them, and that mend it."""

    def plant(stack):
        accept_seeds(stack.settings)
        file = stack.folder / "seeds" / name
        text = file.read_text()
        file.unlink()  # it may be a link to the shipped one
        file.write_text(f"\tunheard: [\n{text}")

    def cure(stack):
        file = stack.folder / "seeds" / name
        file.write_text(file.read_text().removeprefix("\tunheard: [\n"))

    return plant, cure


def not_loaded(stack):
    stack.seal("board", hours=3, indexed=False)


def put_old(stack):
    stack.put(days=9)


def index_emptied(stack):
    for file in stack.folder.glob("index.sqlite*"):
        file.unlink()
    shutil.rmtree(stack.folder / "runs")
    well(stack)


FAULTS = {
    "429": (run("blocked", "block/http_429"), well, "SourceBlocked", ("lurewatch_source_cause", 1, "board", "block/http_429")),
    "log-in wall": (run("blocked", "block/login_wall"), well, "SourceBlocked", ("lurewatch_source_state", 1, "board", "blocked")),
    "CAPTCHA": (run("blocked", "block/captcha"), well, "SourceBlocked", ("lurewatch_source_cause", 1, "board", "block/captcha")),
    "failed": (run("failed", "http/500"), well, "SourceFailing", ("lurewatch_source_state", 1, "board", "failed")),
    "changed": (run("changed"), well, "SourceFailing", ("lurewatch_source_state", 1, "board", "changed")),
    "no preview": (
        run("changed", "changed/no_preview"), well, "SourceFailing", ("lurewatch_source_cause", 1, "board", "changed/no_preview")
    ),
    "preview gap": (
        run("partial", coverage=ListCoverage(lists=1, gaps=(GAP,), gaps_in_all=1)), well, "CoverageFalling",
        ("lurewatch_source_coverage_gaps", 1, "board"),
    ),
    "empty": (runs_of_five_days("empty"), well, "SourceSilent", ("lurewatch_source_streak_runs", 5, "board")),
    "silent": (
        runs_of_five_days("partial"), well, "SourceSilent", ("lurewatch_source_silence_state", 1, "board", "layout_changed")
    ),
    "missed schedule": (
        no_run_for_three_days, well, "MissedSchedule", ("lurewatch_source_overdue_seconds", (8 + 43 / 60) * 3600, "board")
    ),
    "full disk": (full_disk, roomy_disk, "DiskFull", ("lurewatch_disk_free_ratio", 0.05, "runs")),
    "index down": (broken("index.sqlite"), mended("index.sqlite"), "PartDown", ("lurewatch_up", 0, "index")),
    "database down": (broken("desk.sqlite"), mended("desk.sqlite"), "PartDown", ("lurewatch_up", 0, "database")),
    "index behind": (not_loaded, index_emptied, "IndexLag", ("lurewatch_index_waiting_partitions", 1)),
    "broken source file": (*breaks("sources/board.yml"), "SeedFaulty", ("lurewatch_seed_fault_line", 1, "sources/board.yml")),
    "broken lexicon": (*breaks("lures/indicators.yml"), "SeedFaulty", ("lurewatch_seed_fault_line", 1, "lures/indicators.yml")),
    "broken places": (*breaks("places.yml"), "SeedFaulty", ("lurewatch_seed_fault_line", 1, "places.yml")),
    "queue": (put_old, index_emptied, "QueueOld", ("lurewatch_queue_oldest_days", 9)),
    "digest of five weeks ago": (
        *puts(digests, {"week": "2026-W43", "subscription": "digest", "built_at": NOW - timedelta(days=35), "body": "{}"}),
        "DigestOld", ("lurewatch_digest_age_seconds", 35 * 86_400),
    ),
    "list unapproved": (
        *puts(lists, {
            "platform": "p", "number": 1, "state": "built", "manifest_sha256": "0" * 64, "service": "s",
            "built_at": NOW - timedelta(days=35),
        }),
        "ListUnapproved", ("lurewatch_takedown_oldest_unapproved_seconds", 35 * 86_400),
    ),
    "damaged reports": (*damages(50), "ReportsDamaged", ("lurewatch_reports_damaged", 50)),
    "schedule stopped": (
        beats(minutes=46), beats(minutes=-20), "ScheduleStopped", ("lurewatch_schedule_age_seconds", 46 * 60)
    ),
    "desk down": (desk_away, desk_back, "PartDown", ("lurewatch_up", 0, "desk")),
    "delivery": (refused_mail, mail_taken_away, "DeliveryFailing", ("lurewatch_deliveries_failing", 1)),
}  # fmt: skip
"""Fault -> how to plant it, how to cure it, the condition, and a series with its value and labels."""


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_one_message_and_its_cure_another(stack: Stack, inbox, fault):
    plant, cure, condition, (series, value, *labels) = FAULTS[fault]

    def told(minutes):
        notify(stack.settings, stack.samples(), NOW + timedelta(minutes=minutes))
        return [(post["condition"], post["kind"]) for post in inbox.posts]

    assert told(0) == []
    plant(stack)
    assert stack.value(series, *labels) == pytest.approx(value)
    assert told(5) == told(10) == [(condition, "opened")]
    cure(stack)
    assert told(15) == told(20) == [(condition, "opened"), (condition, "cured")]
    assert [mail["Subject"].split(": ")[1] for mail in inbox.mails] == [f"{condition} opened", f"{condition} cured"]
    assert all(mail["To"] == "ops@example.org" and f"{CONDITIONS[condition].page}.md" in str(mail) for mail in inbox.mails)


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not here: Debian's package prometheus has it")
def test_prometheus_fires_exactly_the_rule_of_each_planted_fault(tmp_path, services):
    """The rules' own engine over the very series, so that rules and messages cannot come apart."""
    tests = []
    for number, (plant, _, condition, _) in enumerate(FAULTS.values()):
        (tmp_path / str(number)).mkdir()
        stack = Stack(tmp_path / str(number), changed=dict(services[1]))
        stack.add_source("board")
        stack.seal("board")
        plant(stack)
        tests.append(prometheus_test(stack.samples(), condition))
    file = tmp_path / "test.json"
    file.write_text(json.dumps({"rule_files": [str(RULES)], "evaluation_interval": "1m", "tests": tests}))
    done = subprocess.run(["promtool", "test", "rules", str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def prometheus_test(samples, condition):
    """Return a promtool test: with these samples for six minutes, only the rule of this name fires."""
    series = []
    for entry in samples:
        labels = ",".join(f'{name}="{value}"' for name, value in zip(SERIES[entry.name].labels, entry.labels, strict=True))
        series.append({"series": f"{entry.name}{{{labels}}}", "values": f"{entry.value:f}+0x6"})
    firing = {"labels": f'{{alertname="{condition}"}}', "value": 1}
    series.append({"series": 'up{job="lurewatch"}', "values": "1x6"})
    query = 'max by (alertname) (ALERTS{alertstate="firing", alertname!="Watchdog"})'
    return {
        "interval": "1m",
        "input_series": series,
        "promql_expr_test": [{"expr": query, "eval_time": "6m", "exp_samples": [firing]}],
    }
