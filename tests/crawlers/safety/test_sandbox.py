"""As an ordinary user the browser runs in its sandbox; as root it cannot, and says so by its switches."""

import os
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import takewhile
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import psutil
import pytest

from crawlers.fetch.handlers import chromium
from crawlers.process import ENVIRONMENT, page_reader_environment


def test_root_alone_goes_without_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert chromium.launch_options()["chromium_sandbox"] is True
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert chromium.launch_options()["chromium_sandbox"] is False
    assert not any("sandbox" in switch for switch in chromium.SWITCHES)


def test_switches_do_not_take_back_what_playwright_gives() -> None:
    names = [switch.partition("=")[0] for switch in chromium.SWITCHES]
    assert not {"--disable-features", "--enable-features"} & set(names), "Chromium only reads the last of each"
    assert len(names) == len(set(names))


def test_a_browser_that_is_no_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="LUREWATCH_BROWSER"):
        chromium.browser_path(str(tmp_path / "none"))


def test_the_environment_cannot_open_a_way_around_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYWRIGHT_DISABLE_FORCED_CHROMIUM_PROXIED_LOOPBACK", "1")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("LUREWATCH_SMTP_PASSWORD", "sample-secret")
    options = chromium.launch_options()
    assert options["proxy"] == {"server": chromium.DEAD_PROXY, "bypass": "<-loopback>"}
    assert set(options["env"]) <= ENVIRONMENT | {name for name in os.environ if name.startswith(("LC_", "PYTHON"))}


def test_pages_are_drawn_under_seccomp_by_an_ordinary_user(
    missing_browser: str, tmp_path: Path, missing_service: Callable[[str], None]
) -> None:
    try:
        levels = drawing_processes(missing_browser, tmp_path)
    except NoSandbox:
        missing_service("a kernel that gives ordinary users namespaces, which Chromium's sandbox needs")
    assert levels == {"2"}


def test_a_browser_without_a_sandbox_fails_in_ci(
    tmp_path: Path, missing_service: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The failure this file looks for must never pass for a service that is not there."""
    browser = tmp_path / "chromium"
    browser.write_text("#!/bin/sh\necho '[1:1:FATAL:zygote_host_impl_linux.cc] No usable sandbox! See docs' >&2\nexit 133\n")
    browser.chmod(0o755)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="missing in CI: a kernel"):
        test_pages_are_drawn_under_seccomp_by_an_ordinary_user(str(browser), tmp_path, missing_service)


class NoSandbox(Exception):
    """Chromium ended because the kernel gives it no sandbox."""


def drawing_processes(binary: str, home: Path) -> set[str]:
    """Start Chromium with its sandbox as a user who is not root; return the seccomp levels of the processes that draw pages.

    Such a process is forked first and filters its own calls a moment later, so a level of 0 is looked at again for two minutes.
    """
    for folder in takewhile(lambda folder: folder != Path(gettempdir()), home.parents):
        folder.chmod(0o755)
    home.chmod(0o777)
    nobody: dict[str, Any] = {"user": 65534, "group": 65534} if os.geteuid() == 0 else {}
    command = [
        binary, *chromium.SWITCHES, "--headless", f"--user-data-dir={home}/profile", "--remote-debugging-port=0",
        "data:text/html,<p>x",
    ]  # fmt: skip
    errors = home / "stderr"
    with errors.open("wb") as log:
        browser = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=log, env=page_reader_environment() | {"HOME": str(home)}, **nobody
        )
    try:
        levels: set[str] = set()
        until = time.monotonic() + 120
        while levels != {"2"} and time.monotonic() < until and browser.poll() is None:
            time.sleep(0.2)
            with suppress(psutil.Error, FileNotFoundError):  # processes come and go while they are looked at
                tree = [psutil.Process(browser.pid), *psutil.Process(browser.pid).children(recursive=True)]
                assert not [one.pid for one in tree if "--no-sandbox" in one.cmdline() or one.uids().effective == 0]
                levels = {_seccomp(child) for child in tree if _draws(child)}
        if browser.poll() is not None and b"No usable sandbox" in errors.read_bytes():
            raise NoSandbox
        return levels
    finally:
        if browser.poll() is None:
            for child in psutil.Process(browser.pid).children(recursive=True):
                with suppress(psutil.NoSuchProcess):  # a helper process may end by itself meanwhile
                    child.kill()
            browser.kill()
        browser.wait(10)


def _draws(process: psutil.Process) -> bool:
    return "--type=renderer" in process.cmdline()


def _seccomp(process: psutil.Process) -> str:
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    return next(line.split()[1] for line in status.splitlines() if line.startswith("Seccomp:"))
