"""Processor time that the idle stack of docker-compose.yml costs, by service; the aim is 0.1 core for all.

``python -m benchmarks.idle [--seconds 300]``, as root, on a machine that can run tests/deploy/test_stack.py. Services are
processes with the file's own commands and clocks, and nothing is crawled. Health checks run as often as the file says; what
entering a service costs here is taken off. Grafana and mail are stand-ins, and Elasticsearch runs with the options of the tests.
"""

import argparse
import heapq
import os
import re
import resource
import shutil
import time
from pathlib import Path

from tests.deploy import stack as harness
from tests.deploy.stack import Stack, child_of
from tests.services.compiled_phrases import phrases_of
from tests.services.guardian import MARK, kill_marked
from tests.services.processes import make_folder

TICKS = os.sysconf("SC_CLK_TCK")
UNITS = {"s": 1, "m": 60}


def cpu_seconds(stack: Stack) -> dict[str, float]:
    """Return what each service has used since its start: its living processes, and those they waited for."""
    services = {namespace_of(child): name for name, process in stack.processes.items() if (child := child_of(process))}
    used = dict.fromkeys(services.values(), 0.0)
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if name := services.get(namespace_of(folder.name)):
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                used[name] += sum(map(int, fields[11:15])) / TICKS
        except OSError:  # it ended meanwhile
            continue
    return used


def namespace_of(pid: str) -> str:
    """Return the process namespace of a process. Raises OSError when it is gone."""
    return str(Path(f"/proc/{pid}/ns/pid").readlink())


def check_seconds(stack: Stack, name: str, *command: str) -> float:
    """Return the processor time that a command in a service takes, with what entering the service takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    stack.exec(name, *command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(stack: Stack, seconds: float) -> dict[str, tuple[float, float]]:
    """Return service -> cores that its own processes took, and its health checks, over so many seconds."""
    lasting = {name: service for name, service in stack.services.items() if not service.one_shot and name in stack.processes}
    entering = {name: sum(check_seconds(stack, name, "true") for _ in range(5)) / 5 for name in lasting}
    every = {}
    for name, service in lasting.items():
        number, unit = re.fullmatch(r"(\d+)([sm])", service.raw["healthcheck"]["interval"]).groups()  # type: ignore[union-attr]
        every[name] = int(number) * UNITS[unit]
    checks, before, end = dict.fromkeys(lasting, 0.0), cpu_seconds(stack), time.monotonic() + seconds
    due = [(time.monotonic() + interval, name) for name, interval in every.items()]
    heapq.heapify(due)
    while due[0][0] < end:
        at, name = heapq.heappop(due)
        time.sleep(max(0.0, at - time.monotonic()))
        checks[name] += max(0.0, check_seconds(stack, name, *lasting[name].healthcheck) - entering[name])
        heapq.heappush(due, (max(at + every[name], time.monotonic()), name))
    time.sleep(max(0.0, end - time.monotonic()))
    after = cpu_seconds(stack)
    return {name: ((after[name] - before[name]) / seconds, checks[name] / seconds) for name in lasting}


def main() -> None:
    """Start the stack, let it come to rest, measure it, and print a row for each service, the dearest first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--rest", type=float, default=180, help="seconds between the start and the measurement")
    given = parser.parse_args()
    os.environ[MARK] = f"idle-{os.getpid()}"
    harness.HASTE.clear()  # Airflow's own clocks, as the file has them
    folder = make_folder("idle")
    (folder / "site").mkdir()
    stack = Stack(folder, folder / "site")
    try:
        stack.up(["owners"])
        stack.put_into("data", "cache", phrases_of(Path("seeds").resolve()))
        stack.up(["desk"])  # the key that the exporter reads is made on the way; Compose starts it again until it is there
        stack.up()
        time.sleep(given.rest)
        rows = measure(stack, given.seconds)
    finally:
        stack.down()
        kill_marked(os.environ[MARK])
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{'service':24}{'itself':>9}{'checks':>9}   cores over {given.seconds:.0f} s")
    for name, (own, checks) in sorted(rows.items(), key=lambda row: -sum(row[1])):
        print(f"{name:24}{own:9.4f}{checks:9.4f}")
    print(f"{'together':24}{sum(own for own, _ in rows.values()):9.4f}{sum(checks for _, checks in rows.values()):9.4f}")


if __name__ == "__main__":
    main()
