"""As an ordinary user the browser runs in its sandbox; as root it cannot, and says so by its switches."""

import os
import subprocess
import time
from contextlib import suppress
from itertools import takewhile
from pathlib import Path
from tempfile import gettempdir

import psutil
import pytest

from crawlers.handlers import chromium


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
    options = chromium.launch_options()
    assert options["proxy"] == {"server": chromium.DEAD_PROXY, "bypass": "<-loopback>"}
    assert not {"PLAYWRIGHT_DISABLE_FORCED_CHROMIUM_PROXIED_LOOPBACK", "HTTPS_PROXY"} & set(options["env"])


def test_pages_are_drawn_under_seccomp_by_an_ordinary_user(missing_browser: str, tmp_path: Path) -> None:
    for folder in takewhile(lambda folder: folder != Path(gettempdir()), tmp_path.parents):
        folder.chmod(0o755)
    tmp_path.chmod(0o777)
    nobody = {"user": 65534, "group": 65534} if os.geteuid() == 0 else {}
    command = [
        missing_browser,
        *chromium.SWITCHES,
        "--headless",
        f"--user-data-dir={tmp_path}/profile",
        "--remote-debugging-port=0",
        "data:text/html,<p>x",
    ]
    browser = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={**os.environ, "HOME": str(tmp_path)}, **nobody
    )
    try:
        levels = set()
        until = time.monotonic() + 20
        while not levels and time.monotonic() < until and browser.poll() is None:
            time.sleep(0.2)
            with suppress(psutil.Error, FileNotFoundError):  # processes come and go while they are looked at
                levels = {_seccomp(child) for child in psutil.Process(browser.pid).children(recursive=True) if _draws(child)}
        if browser.poll() is not None and browser.stderr and b"No usable sandbox" in browser.stderr.read():
            pytest.skip("this kernel gives ordinary users no namespaces: Chromium has no sandbox here")
        assert levels == {"2"}
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
