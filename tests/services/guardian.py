"""Ends what a test process started when that process ends, however it ends: interrupted, terminated or killed. A pytest plugin.

Each test process marks its environment, which every service inherits, and starts a guardian that holds the other end of a pipe.
When the process is gone the pipe closes; the guardian then kills whatever still carries the mark. ``python -S guardian.py MARK``.
"""

import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

MARK = "TEST_PROCESS_MARK"
"""Variable by which a service is known as started by one test process."""
ROUNDS = 100
"""Looks through all processes before the guardian gives up on what will not die."""


def find_marked(mark: str) -> set[int]:
    """Return the ids of all running processes that carry the mark, of all below them and in the sessions they began.

    A process that gives itself a title, as parts of Airflow do, writes over the environment it was started with. Guardians are
    not among them.
    """
    found, below, sessions = set[int](), dict[int, set[int]](), dict[int, set[int]]()
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            if os.fsencode(__file__) in (folder / "cmdline").read_bytes().split(b"\0"):
                continue
            _, parent, _, session = (folder / "stat").read_text().rpartition(")")[2].split()[:4]
            below.setdefault(int(parent), set()).add(int(folder.name))
            sessions.setdefault(int(session), set()).add(int(folder.name))
            if f"{MARK}={mark}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                found.add(int(folder.name))
        except OSError:  # it ended meanwhile, or is not ours to read
            continue
    new = found
    while new:
        new = {pid for one in new for pid in below.get(one, set()) | sessions.get(one, set())} - found
        found |= new
    return found


def kill_marked(mark: str) -> None:
    """Kill what carries the mark until nothing does: what dies may have started more."""
    for _ in range(ROUNDS):
        left = find_marked(mark)
        if not left:
            return
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        time.sleep(0.05)


def start_guardian() -> None:
    """Mark this process's environment for all it starts, and start its guardian.

    The guardian carries the mark of nobody, stands in a session of its own, and so outlives every signal sent to the tests.
    """
    mark = os.environ[MARK] = uuid.uuid4().hex
    reading, _writing = os.pipe()  # the writing end closes with this process; children do not inherit it
    environment = {name: value for name, value in os.environ.items() if name != MARK}
    command = [sys.executable, "-S", "-E", __file__, mark]
    subprocess.Popen(command, stdin=reading, env=environment, start_new_session=True, cwd="/")
    os.close(reading)


def pytest_configure() -> None:
    """Start the guardian of a test process: the main one, and each that pytest-xdist starts."""
    start_guardian()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.stdin.buffer.read()
    kill_marked(sys.argv[1])
