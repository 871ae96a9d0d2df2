"""Faults on the running path, by real Prometheus and Alertmanager: each is told once, by mail and webhook, and so is its cure."""

import json
import os
import re
import shutil
import subprocess
from collections import Counter
from contextlib import contextmanager

from lurewatch.app.monitoring.alert_files import write_alert_files
from lurewatch.app.monitoring.collect import CONTENT_TYPE, RARELY, openmetrics_text
from lurewatch.settings import Settings
from tests.deploy.go_programs import ALERTMANAGER, go_program
from tests.loopback import serve_answers
from tests.lurewatch.app.monitoring.test_conditions import TOLD
from tests.lurewatch.app.monitoring.test_planted_faults import FAULTS, beside, make_stack
from tests.lurewatch.cli.administer.test_doctor_command import shorten_pauses
from tests.services.guardian import MARK
from tests.services.processes import end, free_port, wait_for

__all__ = ["beside", "make_stack"]  # fixtures
WAVES = (
    ("mail 4xx", "worker away", "render worker away", "scheduler away", "desk down", "silent", "full disk",
     "digest of five weeks ago", "list unapproved"),
    ("mail 5xx", "PostgreSQL away", "broker away", "429", "clock", "index read-only", "damaged reports"),
)  # fmt: skip
"""Faults that are planted together, none of which follows from another; that of the mail server first."""
SIXTIETH = {
    "scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "500ms", "for": "2s", "keep_firing_for": "5s",
    "group_wait": "500ms", "group_interval": "5s",
}  # fmt: skip
"""The pauses of the written files with a second for each minute."""
TO_A_MESSAGE = ("scrape_interval", "scrape_timeout", "evaluation_interval", "for", "group_wait")
PAUSE = re.compile(rf'"({"|".join(TO_A_MESSAGE)})": "(\d+)([sm])"')


@contextmanager
def alarm_path(settings, folder, page):
    """Run Prometheus and Alertmanager by the written files, sixty times as fast; ``page`` returns what the exporter shows."""
    watcher, teller = (f"127.0.0.1:{free_port()}" for _ in range(2))
    with serve_answers(lambda _: (200, {"Content-Type": CONTENT_TYPE}, page())) as exporter:
        files = write_alert_files(settings, folder, exporter=exporter.removeprefix("http://"), alertmanager=teller)
        for file in files:
            file.write_text(json.dumps(shorten_pauses(json.loads(file.read_text()), SIXTIETH)))
        commands = (
            (go_program(ALERTMANAGER), "--config.file=alertmanager.yml", "--storage.path=told", "--cluster.listen-address=",
             f"--web.listen-address={teller}"),
            ("prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=figures", f"--web.listen-address={watcher}"),
        )  # fmt: skip
        environment = {"PATH": os.environ["PATH"], MARK: os.environ[MARK]}
        running = []
        try:
            for command in commands:
                with (folder / "log").open("ab") as log:
                    running.append(subprocess.Popen(
                        command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
                    ))  # fmt: skip
            yield
        finally:
            for process in running:
                end(process)


def test_each_fault_of_the_running_path_is_told_once_and_so_is_its_cure(make_stack, tmp_path, missing_service):
    """What a refusing mail server did not take is mailed once it does; the webhook tells of the server itself."""
    if shutil.which("prometheus") is None:
        missing_service("prometheus, Debian's package")
    stacks = [make_stack(f"wave-{number}") for number in range(len(WAVES))]
    services, pages = stacks[0].services, [openmetrics_text(stacks[0].samples())]
    told = Counter()

    def hears(state, where):
        """Wait until each cause so far has come so often; count none of the mail server itself by mail."""
        told.update((state, *cause) for cause in causes) if where is services.posted else None
        wanted = Counter({each: count for each, count in told.items() if where is services.posted or each[2] != "mail"})
        wait_for(lambda: wanted <= Counter(where), lambda: f"not told: {wanted - Counter(where)}; told: {where}")

    with alarm_path(stacks[0].settings, tmp_path / "files", lambda: pages[-1]):
        for stack, (mail, *others) in zip(stacks, WAVES, strict=True):
            stack.samples()
            causes = [(FAULTS[name][2], FAULTS[name][3][2] if FAULTS[name][2] == "PartDown" else "") for name in (mail, *others)]
            for name in (mail, *others):
                FAULTS[name][0](stack)
            pages.append(openmetrics_text(stack.samples()))
            hears("firing", services.posted)
            FAULTS[mail][1](stack)
            hears("firing", services.mailed)
            for name in others:
                FAULTS[name][1](stack)
            pages.append(openmetrics_text(stack.samples()))
            hears("resolved", services.posted)
            hears("resolved", services.mailed)
    assert Counter(services.posted) == told
    assert Counter(each for each in services.mailed if each[2] != "mail") == Counter(
        each for each in told.elements() if each[2] != "mail"
    )


def test_the_written_pauses_tell_within_ten_minutes(tmp_path):
    """A fault just after a question, measured as late as it may be, of the part that is asked rarest."""
    write_alert_files(Settings(**TOLD), tmp_path, exporter="e:1", alertmanager="a:1")
    written = [found for file in tmp_path.iterdir() for found in PAUSE.findall(file.read_text())]
    longest = {
        name: int(number) * {"s": 1, "m": 60}[unit] for name, number, unit in sorted(written, key=lambda each: int(each[1]))
    }
    assert max(RARELY.values()) + sum(longest.values()) <= 600 and longest.keys() == set(TO_A_MESSAGE)
