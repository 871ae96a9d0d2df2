"""A real Valkey (or Redis) on 127.0.0.1 that a test starts, takes away and gives back, with what it had queued."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.services.processes import end, free_port, wait_for


class Broker:
    """One server with a password, a port and a folder of its own; it stands still until it is started."""

    def __init__(self, folder: Path, password: str) -> None:
        self.folder, self.password, self.port = folder, password, free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address with its password, of database 0."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it as docker-compose.yml does: what was queued is there again."""
        program = shutil.which("valkey-server") or shutil.which("redis-server")
        if program is None:
            (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(
                "Valkey missing: install valkey-server or redis-server"
            )
        self.folder.mkdir(exist_ok=True)
        words = [program, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder)]
        words += ["--appendonly", "yes", "--requirepass", self.password]
        self.process = subprocess.Popen(words, stdout=subprocess.DEVNULL, start_new_session=True)
        wait_for(lambda: self.ask("PING").strip() == "PONG", "Valkey", self.process)

    def ask(self, *command: str, password: str | None = None) -> str:
        """Return what a client with a password is answered."""
        program = shutil.which("valkey-cli") or shutil.which("redis-cli") or ""
        given = os.environ | {"REDISCLI_AUTH": self.password if password is None else password}
        words = [program, "-h", "127.0.0.1", "-p", str(self.port), *command]
        done = subprocess.run(words, capture_output=True, text=True, env=given, check=False)
        return done.stdout + done.stderr

    def stop(self) -> None:
        """Take it away."""
        if self.process:
            end(self.process)
            self.process = None
