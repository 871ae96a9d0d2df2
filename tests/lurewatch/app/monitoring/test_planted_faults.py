"""Each planted fault is in the right series, fires exactly its rule within ten minutes, and ends it when it is cured."""

import json
import re
import shutil
import time
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler

import pytest
from sqlalchemy import delete, insert

from crawlers.evidence.partition import Cause, Gap, ListCoverage
from desk.database import open_database, writing
from desk.tables import deliveries, digests, lists
from index.sqlite.sqlite_store import SqliteStore
from lurewatch.app.monitoring.alert_files import write_alert_files
from lurewatch.app.monitoring.catalogue import SERIES, sample
from lurewatch.app.monitoring.collect import MetricsCollector
from tests.loopback import serve_answers
from tests.lurewatch.app.monitoring.test_conditions import PROMTOOL, run_program
from tests.lurewatch.app.planted_stack import NOW, ROOMY
from tests.lurewatch.app.planted_stack import Stack as PlantedStack
from tests.services.mail_server import serve_mail
from tests.services.processes import free_port


@dataclass
class Services:
    """What the services beside the stack answer."""

    scheduler: str = "healthy"
    mail: str = "250 OK"
    broker: bool = True
    worker: bool = True
    render_worker: bool = True
    writable: bool = True
    ahead: float = 0
    """Seconds that the desk's clock is ahead."""
    posted: list[tuple[str, str, str]] = field(default_factory=list)
    """(firing or resolved, condition, part) of each message that came to the webhook."""
    mailed: list[tuple[str, str, str]] = field(default_factory=list)

    async def handle_MAIL(self, _server, _session, envelope, address, _options) -> str:
        """Answer who wants to send."""
        envelope.mail_from = address
        return self.mail

    async def handle_DATA(self, _server, _session, envelope) -> str:
        """Keep what a mail's subject says."""
        subject = message_from_bytes(envelope.content, policy=policy.default)["Subject"]
        over, name, shown = re.fullmatch(r"\[LureWatch \S*\] (Over: )?(\w+)(?:: )?(.*)", subject).groups()
        self.mailed.append(("resolved" if over else "firing", name, shown if name == "PartDown" else ""))
        return "250 OK"


class Stack(PlantedStack):
    """A stack whose collector lives on, as the exporter's does."""

    def samples(self, now=NOW):
        """Return what Prometheus would read."""
        self.collector = getattr(self, "collector", None) or MetricsCollector(self.settings)
        self.collector.settings, self.collector.usage = self.settings, lambda _: self.room
        self.collector._due.clear()
        return self.collector.samples(now)


@pytest.fixture(scope="session")
def beside():
    """Run desk, Airflow's API and a mail server once; return what they answer and the settings that lead there."""
    services = Services()

    def answer(request):
        if request.body:
            told = json.loads(request.body)
            services.posted.append((told["status"], told["groupLabels"]["alertname"], told["groupLabels"].get("part", "")))
        healthy = {"metadatabase": {"status": "healthy"}, "scheduler": {"status": services.scheduler}}
        return 200, {}, json.dumps(healthy | {"dag_processor": {"status": "healthy"}, "triggerer": {"status": None}}).encode()

    with serve_answers(answer) as web, serve_mail(services) as port:
        yield services, {
            "desk_health_url": f"{web}/healthz", "airflow_health_url": web, "broker": "redis://one", "render_broker": "redis://two",
            "smtp": f"smtp://127.0.0.1:{port}", "mail_from": "watch@example.org", "notify_recipients": "ops@example.org",
            "notify_webhook": f"{web}/told",
        }  # fmt: skip


@pytest.fixture
def make_stack(beside, tmp_path, monkeypatch):
    """Return what makes a stack with one source that ran well this morning, and all services beside it."""
    services, changed = beside
    vars(services).update(vars(Services()))

    def says(worker, _queue, _address):
        if worker == "worker" and not services.broker:
            raise ConnectionError("no broker")
        yield sample("lurewatch_up", getattr(services, worker.replace(" ", "_")), worker)

    monkeypatch.setattr("lurewatch.app.monitoring.services._ask_worker", says)
    monkeypatch.setattr(SqliteStore, "is_writable", lambda _: services.writable)
    monkeypatch.setattr(
        BaseHTTPRequestHandler, "date_time_string", lambda *_: formatdate(time.time() + services.ahead, usegmt=True)
    )

    def make(name="stack"):
        (tmp_path / name).mkdir()
        stack = Stack(tmp_path / name, changed=dict(changed))
        stack.services = services
        stack.add_source("board")
        stack.seal("board")
        return stack

    return make


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
            stack.seal("board", state, hours=24 * day + 7, postings=0)

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


def desk_away(stack):
    stack.changed["desk_health_url"] = f"http://127.0.0.1:{free_port()}/healthz"


def desk_back(stack):
    stack.changed["desk_health_url"] = f"{stack.changed['airflow_health_url']}/healthz"


def answers(**wrongly):
    """Return functions that let a service answer otherwise, and as before."""

    def plant(stack):
        vars(stack.services).update(wrongly)

    def cure(stack):
        vars(stack.services).update({name: getattr(Services, name) for name in wrongly})

    return plant, cure


def database_away(stack):
    stack.changed["database"] = f"postgresql+psycopg://desk@127.0.0.1:{free_port()}/desk"


def database_back(stack):
    del stack.changed["database"]


def changes_a_file():
    """Return functions that change a sealed run's report behind its figures, which were read before, and that put it back."""

    def plant(stack):
        stack.samples()
        file = max((stack.folder / "runs" / "board").glob("*/report.json"))
        shutil.copy2(file, file.with_name("kept"))
        file.write_bytes(file.read_bytes()[:-20])

    def cure(stack):
        (kept,) = (stack.folder / "runs" / "board").glob("*/kept")
        kept.replace(kept.with_name("report.json"))

    return plant, cure


def breaks(name):
    """Return functions that break a file of the seeds, and that mend it."""

    def plant(stack):
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
    "PostgreSQL away": (database_away, database_back, "PartDown", ("lurewatch_up", 0, "database")),
    "broker away": (*answers(broker=False), "PartDown", ("lurewatch_up", 0, "broker")),
    "worker away": (*answers(worker=False), "PartDown", ("lurewatch_up", 0, "worker")),
    "render worker away": (*answers(render_worker=False), "PartDown", ("lurewatch_up", 0, "render worker")),
    "scheduler away": (*answers(scheduler="unhealthy"), "PartDown", ("lurewatch_up", 0, "scheduler")),
    "mail 4xx": (*answers(mail="451 4.3.0 later"), "PartDown", ("lurewatch_up", 0, "mail")),
    "mail 5xx": (*answers(mail="554 5.7.1 no"), "PartDown", ("lurewatch_up", 0, "mail")),
    "index read-only": (*answers(writable=False), "IndexReadOnly", ("lurewatch_index_writable", 0)),
    "clock": (*answers(ahead=3600), "ClockWrong", ("lurewatch_clock_offset_seconds", pytest.approx(3600, abs=5), "desk")),
    "changed evidence": (*changes_a_file(), "ReportsDamaged", ("lurewatch_reports_damaged", 1)),
    "desk down": (desk_away, desk_back, "PartDown", ("lurewatch_up", 0, "desk")),
    "delivery": (refused_mail, mail_taken_away, "DeliveryFailing", ("lurewatch_deliveries_failing", 1)),
}  # fmt: skip
"""Fault -> how to plant it, how to cure it, the condition, and a series with its value and labels."""


@PROMTOOL
def test_each_planted_fault_fires_exactly_its_rule_within_ten_minutes_and_its_cure_ends_it(make_stack, tmp_path):
    """Figures of the real collector, before, during and after the fault, through Prometheus' own engine."""
    tests, missed = [], []
    for name, (plant, cure, condition, (series, value, *labels)) in FAULTS.items():
        stack = make_stack(name.replace(" ", "-"))
        phases = [stack.samples()]
        for step in (plant, cure):
            step(stack)
            phases.append(stack.samples())
        figures = {(entry.name, entry.labels): entry.value for entry in phases[1]}
        if figures.get((series, tuple(labels))) != pytest.approx(value):
            missed.append((name, figures.get((series, tuple(labels)))))
        tests.append(prometheus_test(name, phases, condition))
    assert missed == []
    write_alert_files(stack.settings, tmp_path / "files", exporter="e:1", alertmanager="a:1")
    file = tmp_path / "test.json"
    rules = [str(tmp_path / "files" / "alerts.yml")]
    file.write_text(json.dumps({"rule_files": rules, "evaluation_interval": "30s", "tests": tests}))
    run_program("promtool", "test", "rules", file)


def prometheus_test(name, phases, condition):
    """Return a promtool test: ten minutes of each phase; in the fault its rule fires alone, else none."""
    values = {}
    for number, phase in enumerate(phases):
        for entry in phase:
            labels = zip(SERIES[entry.name].labels, entry.labels, strict=True)
            key = f"{entry.name}{{{','.join(f'{name}={json.dumps(value)}' for name, value in labels)}}}"
            values.setdefault(key, ["_x10"] * len(phases))[number] = f"{entry.value:f}x10"
    series = [{"series": key, "values": " ".join(parts).replace("_x10", "stale _x9")} for key, parts in values.items()]
    firing = {"labels": f'{{alertname="{condition}"}}', "value": 1}
    query = 'max by (alertname) (ALERTS{alertstate="firing", alertname!="Watchdog"})'
    return {
        "name": name,
        "interval": "1m",
        "input_series": [*series, {"series": 'up{job="lurewatch"}', "values": "1x40"}],
        "promql_expr_test": [
            {"expr": query, "eval_time": at, "exp_samples": expected}
            for at, expected in (("10m", []), ("21m", [firing]), ("32m", []))
        ],
    }


@PROMTOOL
def test_an_exporter_that_is_away_is_told_and_nothing_it_measured_is_cured_in_a_moment(make_stack, tmp_path):
    """Down for good, or started anew while a source is blocked."""
    stack = make_stack()
    FAULTS["429"][0](stack)
    write_alert_files(stack.settings, tmp_path / "files", exporter="e:1", alertmanager="a:1")
    blocked = 'lurewatch_source_state{source="board",state="blocked"}'
    query = 'max by (alertname) (ALERTS{alertstate="firing", alertname!="Watchdog"})'

    def expects(up, state, *alerts):
        firing = [{"labels": f'{{alertname="{name}"}}', "value": 1} for name in alerts]
        series = [{"series": 'up{job="lurewatch"}', "values": up}, {"series": blocked, "values": state}]
        asked = [{"expr": query, "eval_time": "20m", "exp_samples": firing}]
        return {"interval": "1m", "input_series": series, "promql_expr_test": asked}

    tests = [
        expects("1x10 0x20", "0x10 stale", "FiguresMissing"),
        {"interval": "1m", "input_series": [], "promql_expr_test": [
            {"expr": query, "eval_time": "20m", "exp_samples": [{"labels": '{alertname="FiguresMissing"}', "value": 1}]}]},
        expects("1x17 0 1x20", "1x17 stale 1x20", "SourceBlocked"),
        expects("1x30", "0x30"),
    ]  # fmt: skip
    file = tmp_path / "test.json"
    file.write_text(json.dumps({"rule_files": [str(tmp_path / "files" / "alerts.yml")], "tests": tests}))
    run_program("promtool", "test", "rules", file)
