"""Runs `build` and `deliver` like `lurewatch digest send`, and kills itself at one named point: see test_kill.py.

Points are wrapped around the product from outside: before and after each commit, and around each step of the mail dialogue.
"""

import os
import signal
import smtplib
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from desk.database import open_database
from desk.digest import weekly_mail
from desk.mail import Transport
from desk.outbox import deliver
from index.sqlite.sqlite_store import SqliteStore


def send(engine: Engine, folder: Path, port: int, week: str, recipients: list[str]) -> int:
    """Build the week's digest and hand it over; return how many were sent."""
    now = datetime.fromisoformat("2026-11-24T09:00:00+00:00")
    weekly_mail.build(
        engine, SqliteStore(folder / "index.sqlite"), [], "/nowhere", week=week, now=now, recipients=recipients,
        sender="watch@example.org", desk_url="https://desk.example.org", organisation="Test desk",
    )  # fmt: skip
    transport = Transport(host="127.0.0.1", port=port, tls=False)
    return deliver(engine, transport, period=week, subscription="weekly", clock=lambda: now).sent


class Killer:
    """Dies like a machine that loses power at a pass of a point."""

    def __init__(self, point: str, count: int) -> None:
        self.point, self.left = point, count

    def reach(self, name: str) -> None:
        """Die if this is the wanted pass of the wanted point."""
        self.left -= name == self.point
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)

    def surround(self, owner: Any, method_name: str, name: str) -> None:
        """Put a point before and after a method."""
        method = getattr(owner, method_name)

        def surround(*args: Any, **options: Any) -> Any:
            self.reach(f"before_{name}")
            answer = method(*args, **options)
            self.reach(f"after_{name}")
            return answer

        setattr(owner, method_name, surround)


if __name__ == "__main__":
    folder, point, count, port, week, recipients = sys.argv[1:7]
    killer = Killer(point, int(count))
    for step in ("connect", "mail", "rcpt", "data", "sendmail"):
        killer.surround(smtplib.SMTP, step, step)
    opened = open_database(f"sqlite:///{folder}/desk.sqlite")
    killer.surround(opened.dialect, "do_commit", "commit")
    send(opened, Path(folder), int(port), week, recipients.split(","))
