"""Child processes with a time limit over the whole process tree, progress as lines, and one lock per folder."""
# ruff: noqa: SIM905 - a list of words reads best as one text

import contextlib
import errno
import fcntl
import json
import os
import resource
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

import msgspec

from foundation.crawl_errors import RunBusy, StateError

LOCK = "lock"
ENVIRONMENT = frozenset(
    (
        "PATH HOME USER LOGNAME SHELL LANG LANGUAGE TZ TMPDIR LD_LIBRARY_PATH VIRTUAL_ENV XDG_RUNTIME_DIR XDG_CONFIG_HOME "
        "XDG_CACHE_HOME XDG_DATA_HOME XDG_DATA_DIRS FONTCONFIG_FILE FONTCONFIG_PATH SSL_CERT_FILE SSL_CERT_DIR "
        "PLAYWRIGHT_BROWSERS_PATH"
    ).split()
)
ENVIRONMENT_PREFIXES = ("LC_", "PYTHON")
"""The environment variables of a process that reads hostile pages; it does not get passwords, proxies or any other."""
KILL_SECONDS = 60.0
"""Seconds within which a killed process must be gone; a busy machine may need long."""


class ProcessEnd(msgspec.Struct, frozen=True, kw_only=True):
    """How a child process ended."""

    code: int
    """Exit code; negative: the signal that ended it."""
    timed_out: bool
    told: dict[str, Any]
    """The newest value of each name in its progress lines."""


def require(module: str) -> None:
    """Raise ModuleNotFoundError when ``module`` is missing; in the child it would look like a crash."""
    if find_spec(module) is None:
        raise ModuleNotFoundError(f"No module named {module!r}", name=module)


def page_reader_environment() -> dict[str, str]:
    """Return the environment for a process that reads hostile pages, Chromium included: named variables only, no secrets."""
    return {name: value for name, value in os.environ.items() if name in ENVIRONMENT or name.startswith(ENVIRONMENT_PREFIXES)}


def limit_process(space: int, seconds: int, *, most: int | None = None) -> None:
    """Limit this process to ``space`` more bytes of addresses, ``most`` in all, and to ``seconds`` more of processor: a hostile
    file then costs no more than that, and the kernel ends it (SIGXCPU)."""
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    soft = used + space if most is None else min(used + space, most)
    resource.setrlimit(resource.RLIMIT_AS, (soft, most or soft))
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + seconds, resource.RLIM_INFINITY))


_BESIDE = threading.BoundedSemaphore(2)


def answer_of_child(module: str, content: bytes, *, seconds: float) -> bytes | None:
    """Return what ``python -m module`` makes of ``content`` on its standard input; None when it fails or takes too long.

    It gets no secret; two run at a time.
    """
    with _BESIDE, contextlib.suppress(subprocess.TimeoutExpired):
        done = subprocess.run(
            [sys.executable, "-m", module],
            input=content,
            capture_output=True,
            timeout=seconds,
            env=page_reader_environment(),
            start_new_session=True,
            check=False,
        )
        return done.stdout if done.returncode == 0 else None
    return None


@contextlib.contextmanager
def lock_folder(folder: Path) -> Iterator[int]:
    """Hold the folder's lock; yield its descriptor. Child processes inherit it, so the lock stays when the parent is killed.

    Raises RunBusy when another process holds it, StateError when the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as exc:
        if exc.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise StateError(f"{folder}: {exc.strerror}; make the state folder writable or set LUREWATCH_STATE") from exc
    try:
        _take(handle, folder)
        os.ftruncate(handle, 0)
        with contextlib.suppress(OSError):  # the number is only told to people; a full disk shows at the first real write
            os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield handle
    finally:
        os.close(handle)


def _take(handle: int, folder: Path) -> None:
    deadline = time.monotonic() + KILL_SECONDS
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            holder = os.pread(handle, 20, 0).decode("ascii", "replace").strip()
            if holder.isdecimal() and not Path(f"/proc/{holder}").exists() and time.monotonic() < deadline:
                time.sleep(0.05)  # its parent was killed and the kernel is about to end it too
                continue
            raise RunBusy(f"{folder.name}: process {holder or '?'} is crawling it now; wait for it, or end it") from exc
        return


def supervise(
    module: str, job: bytes, *, seconds: float, lock: int, log: IO[bytes], progress: Callable[[dict[str, Any]], None]
) -> ProcessEnd:
    """Run ``python -m module PARENT FD`` with ``job`` on its standard input, for at most ``seconds``.

    It gets a session of its own, the lock's descriptor, and FD to write progress to, one JSON object a line.
    """
    reading, writing = os.pipe()
    process = start_child(module, writing, lock, log)
    os.close(writing)
    assert process.stdin is not None
    values: dict[str, Any] = {}
    deadline = time.monotonic() + seconds
    try:
        with contextlib.suppress(BrokenPipeError):  # it died at once; its exit code says so
            process.stdin.write(job)
            process.stdin.close()
        timed_out = not _follow_child(reading, deadline, values, progress)
        if timed_out:
            end_tree(process)
        return ProcessEnd(code=process.wait(timeout=KILL_SECONDS), timed_out=timed_out, told=values)
    finally:
        if process.poll() is None:
            end_tree(process)
        os.close(reading)


def start_child(module: str, writing: int, lock: int, log: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start ``python -m module PARENT FD`` in a session of its own; it gets FD (``writing``) and the lock's descriptor."""
    return subprocess.Popen(
        [sys.executable, "-m", module, str(os.getpid()), str(writing)],
        stdin=subprocess.PIPE,
        stdout=log,
        stderr=log,
        pass_fds=(writing, lock),
        start_new_session=True,
        env=page_reader_environment(),
    )


def _follow_child(reading: int, deadline: float, values: dict[str, Any], progress: Callable[[dict[str, Any]], None]) -> bool:
    """Read progress lines until the child closes the pipe; return False at the deadline."""
    rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(reading, selectors.EVENT_READ)
        while (left := deadline - time.monotonic()) > 0:
            if not selector.select(left):
                continue
            chunk = os.read(reading, 65_536)
            if not chunk:
                return True
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                values.update(json.loads(line))
                progress(dict(values))
    return False


def end_tree(process: subprocess.Popen[bytes]) -> None:
    """End a process, its group and all its descendants; a browser makes its own session, outside of our group."""
    below = descendants(process.pid)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    for pid in below:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait(timeout=KILL_SECONDS)


def open_child(
    *arguments: str, log: IO[bytes] | int = subprocess.DEVNULL, environment: Mapping[str, str] = MappingProxyType({})
) -> subprocess.Popen[bytes]:
    """Start Python with ``arguments`` in a session of its own, to be asked over its standard input; it gets no secret."""
    return subprocess.Popen(
        [sys.executable, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        env=page_reader_environment() | dict(environment),
        start_new_session=True,
    )


def end_child(process: subprocess.Popen[bytes]) -> None:
    """End a process and what it started, and close the pipes to it."""
    end_tree(process)
    for stream in (process.stdin, process.stdout):
        if stream:
            with contextlib.suppress(OSError):  # what it died before reading is still in the buffer
                stream.close()


def ask_child(child: subprocess.Popen[bytes], question: bytes, seconds: float) -> bytes | None:
    """Return the line a child answers; None when it has ended, or takes longer than ``seconds`` and runs on."""
    assert child.stdin and child.stdout
    deadline, answer = time.monotonic() + seconds, b""
    try:
        child.stdin.write(question)
        child.stdin.flush()
    except OSError:
        child.wait()
        return None
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        while not answer.endswith(b"\n"):
            if not selector.select(max(0.0, deadline - time.monotonic())):
                return None
            chunk = os.read(child.stdout.fileno(), 1 << 20)
            if not chunk:
                child.wait()
                return None
            answer += chunk
    return answer


def last_line(output: str, otherwise: str) -> str:
    """Return the last line of what a process wrote, for people: printable, at most 300 characters."""
    lines = output.strip().splitlines()
    return "".join(letter for letter in (lines or [otherwise])[-1] if letter.isprintable())[:300]


def descendants(pid: int) -> list[int]:
    """Return the process ids below ``pid`` (Linux; elsewhere none are found)."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            after_name = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            children.setdefault(int(after_name[1]), []).append(int(stat.parent.name))
    results, todo = [], [pid]
    while todo:
        below = children.get(todo.pop(), [])
        results += below
        todo += below
    return results
