"""The browser's seccomp profile is Docker's default and what Chromium's sandbox needs, and the sandbox starts under it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.images_here import docker_profile
from tests.deploy.seccomp import rules
from tests.services.processes import give, unprivileged

HERE = Path(__file__).resolve().parent
OURS = HERE.parents[1] / "deploy" / "seccomp-chromium.json"
NAMESPACES = 0x7E020000
"""The flags of clone and unshare that make namespaces."""
SANDBOX = 0x70000000
"""Those of user, process and network namespaces."""


def canonical(profile: dict[str, Any], machine: str) -> set[tuple[str, str, str]]:
    """Return (call, action, arguments) of the rules in force."""
    return {
        (name, rule["action"], json.dumps(rule.get("args") or [], sort_keys=True))
        for rule in rules(profile, machine) for name in rule["names"]
    }  # fmt: skip


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_it_is_the_default_and_three_calls_more(machine: str) -> None:
    """Nothing the default allows is lost; what is added makes no namespace but those of the sandbox."""
    default = canonical(json.loads(docker_profile().read_text()), machine)
    ours = canonical(json.loads(OURS.read_text()), machine)
    assert {name for name, _, _ in ours - default} == {"clone", "unshare", "chroot"}
    assert {name for name, _, _ in default - ours} == {"clone"}  # the same rule, with a narrower mask
    (mask,) = {json.loads(arguments)[0]["value"] for name, _, arguments in ours if name in ("clone", "unshare")}
    assert mask == NAMESPACES & ~SANDBOX


@pytest.mark.parametrize(("profile", "starts"), [("docker", False), ("ours", True)])
def test_chromium_starts_sandboxed_under_it_only(
    profile: str, starts: bool, service_folder: Callable[[str], Path], missing_service: Callable[[str], None]
) -> None:
    """As an ordinary user without capabilities; under the default profile it says that it has no usable sandbox."""
    browser = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if browser is None:
        missing_service("Chromium")
    folder = service_folder("seccomp")
    shutil.copy(docker_profile() if profile == "docker" else OURS, folder / "profile.json")
    shutil.copy(HERE / "seccomp.py", folder)
    (folder / "profile.json").chmod(0o644)
    give(folder)
    python = "/usr/bin/python3" if Path("/usr/bin/python3").exists() else sys.executable
    words = [python, "-S", str(folder / "seccomp.py"), str(folder / "profile.json"), str(browser)]
    page = ["--headless", "--disable-gpu", f"--user-data-dir={folder}/profile", "--dump-dom", "data:text/html,<p>hello</p>"]
    ran = subprocess.run(
        unprivileged([*words, *page]), capture_output=True, text=True, check=False, cwd=folder,
        env={"HOME": str(folder), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert ("<p>hello</p>" in ran.stdout) == starts, ran.stderr[-2000:]
    assert ("No usable sandbox" in ran.stderr) != starts
