"""Ports, waits and unprivileged users for the real services the tests start and end."""

import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

PATIENCE = 900.0
"""Seconds a test waits for an event before it gives up. A wait ends as soon as the event comes, so this is only what a slow and
busy machine may need; nothing is judged by it."""


PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "xdist")
"""Begins the command of a test run within a test; other plugins, which take half a second each time, stay out."""


def bare_environment(mark: str) -> dict[str, str]:
    """Return the environment of a test run within a test: it marks what it starts itself."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", mark))}
    return outside | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


def skip_service(config: pytest.Config) -> None:
    """Skip the test that asks for a service where none is to be started."""
    if config.getoption("--quick"):
        pytest.skip("needs a service, which `make quick` does not start")


_claims: list[socket.socket] = []
"""Names that keep this process's free ports from the other test processes of this machine, until it ends."""


def free_port() -> int:
    """Return a port that nobody listens on; neither another test process nor anybody else is given it as long as this one runs.

    The system takes ports of a range of its own for who listens on port 0 and for the near end of a connection: one of them
    may be another's when a service is started, or started again, or where nobody is to listen. They are left out where the
    machine's range leaves enough others.
    """
    low, high = map(int, Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split())
    every = range(15_000, 65_000)
    apart = [port for port in every if not low <= port <= high]
    ports = apart if len(apart) > 1000 else every
    for port in random.SystemRandom().sample(ports, len(ports)):
        claim = socket.socket(socket.AF_UNIX)
        try:
            claim.bind(f"\0lurewatch-test-port-{port}")
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:
            claim.close()
            continue
        _claims.append(claim)
        return port
    raise OSError(f"no port of {len(ports)} is free")


def make_folder(name: str, *, in_memory: bool = False) -> Path:
    """Return a new folder that other users may enter, in memory if that is asked for and there is room.

    Whoever waits for a disk after each write, as Elasticsearch does, waits for nothing here: what it keeps need not outlive the
    machine. What an interrupted run has left in memory is removed.
    """
    memory = Path("/dev/shm")
    roomy = in_memory and memory.is_dir() and shutil.disk_usage(memory).free > 4 << 30
    roomy = roomy and not os.statvfs(memory).f_flag & os.ST_NOEXEC  # a node runs code of its own there
    for left in memory.glob("lurewatch-[0-9]*") if roomy else ():
        if not runs(int(left.name.split("-")[1])):
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"lurewatch-{os.getpid()}-{name}-", dir=memory if roomy else None))
    folder.chmod(0o755)
    return folder


def cache_folder() -> Path:
    """Return where downloaded services are kept between runs; readable by the user they run as."""
    if given := os.environ.get("LUREWATCH_TEST_CACHE"):
        return Path(given)
    return Path("/var/cache/lurewatch") if os.geteuid() == 0 else Path.home() / ".cache" / "lurewatch"


def unprivileged(command: list[str], user: str = "nobody") -> list[str]:
    """Return the command as an ordinary user runs it: servers refuse root."""
    if os.geteuid() != 0:
        return command
    entry = pwd.getpwnam(user)
    return ["setpriv", f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups", "--", *command]


def give(folder: Path, user: str = "nobody") -> None:
    """Make a folder the ordinary user's own."""
    if os.geteuid() == 0:
        entry = pwd.getpwnam(user)
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, entry.pw_uid, entry.pw_gid)


def wait_for(
    ready: Callable[[], object],
    what: str | Callable[[], str],
    process: subprocess.Popen[bytes] | None = None,
    *,
    pause: float = 0.05,
) -> None:
    """Return once ``ready()`` is true, asked every ``pause`` seconds; fail with ``what`` when the process ends, or in the end."""
    until = time.monotonic() + PATIENCE
    while not ready():
        if process is not None and process.poll() is not None:
            raise RuntimeError(f"{what if isinstance(what, str) else what()}: its process ended with {process.returncode}")
        if time.monotonic() > until:
            raise TimeoutError(f"{what if isinstance(what, str) else what()}: has not come in {PATIENCE:.0f} s")
        time.sleep(pause)


def runs(pid: int) -> bool:
    """Whether a process still runs (one that ended and waits for its parent does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def end(process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    """End a process we started, with its group: politely, then for good."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None:
            break
        os.killpg(process.pid, sign)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
    process.wait()


def end_of_copy(work: Callable[[], object]) -> int:
    """Do some work in a copy of this process; return its exit code, or minus the signal that killed it."""
    child = os.fork()
    if not child:
        code = 1
        try:
            result = work()
            code = result if isinstance(result, int) else 0
        except BaseException:  # noqa: BLE001 - the copy must never go on with the tests
            traceback.print_exc()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def die(*_: object, **__: object) -> None:
    """End this process like a machine that loses power."""
    os.kill(os.getpid(), signal.SIGKILL)
