"""What a process that reads hostile pages finds in its environment: nothing worth stealing."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from crawlers.fetch.handlers.chromium import browser_path
from crawlers.process import descendants

SECRET = "sample-secret-of-this-test"


def test_chromium_and_all_that_lead_to_it_hold_no_secret(
    site: Any, source_of: Any, crawled_alone: Any, monkeypatch: pytest.MonkeyPatch, missing_service: Callable[[str], None]
) -> None:
    """The environment of every process below this one, read from the kernel while Chromium asks for a page."""
    if browser_path() is None:
        missing_service("Chromium")
    monkeypatch.setenv("LUREWATCH_SMTP_PASSWORD", SECRET)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("ANY_OTHER_NAME", SECRET)
    environments: dict[str, bytes] = {}

    def page(_: dict[str, str]) -> str:
        for pid in descendants(os.getpid()):
            with suppress(OSError):  # processes come and go while they are looked at
                command = Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "replace").replace("\0", " ")
                environments[f"{pid} {command[:200]}"] = Path(f"/proc/{pid}/environ").read_bytes()
        return "<p>an ordinary page about work in a shop</p>"

    site.pages["/list/1"] = page
    crawled_alone(source_of(render=True, follow="a.job"))
    assert any("--type=" in command for command in environments), "Chromium was not running"
    assert any("crawlers.child" in command for command in environments)
    assert [command for command, held in environments.items() if SECRET.encode() in held] == []
