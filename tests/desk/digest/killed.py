"""Runs `build` and `deliver` like `lurewatch digest send`, killed at one point after another: see test_kill.py.

Points are wrapped around the product from outside. One process has everything loaded and forks for each run.
"""

import json
import os
import signal
import smtplib
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from desk import outbox
from desk.database import open_database
from desk.digest import weekly_mail
from desk.mail import Transport
from index.sqlite.sqlite_store import SqliteStore

POINTS: dict[str, tuple[Any, str, str, int]] = {
    "collect": (weekly_mail, "edition", "after", 1),
    "fit": (weekly_mail, "fit_edition", "after", 1),
    "store": (weekly_mail, "_keep", "after", 1),
    "render": (weekly_mail, "message", "after", 25),
    "queue": (weekly_mail, "queue", "after", 50),
    "build": (weekly_mail, "build", "after", 1),
    "connect": (smtplib.SMTP, "connect", "after", 1),
    "send": (outbox, "hand_over", "before", 25),
    "envelope": (smtplib.SMTP, "rcpt", "after", 25),
    "accept": (outbox, "hand_over", "after", 25),
    "note": (outbox, "_send", "after", 25),
}
"""Name -> what is surrounded, and at which pass of which side of it the process dies."""


def send(engine: Engine, folder: Path, port: int, week: str, recipients: list[str]) -> int:
    """Build the week's digest and hand it over; return how many were sent."""
    now = datetime.fromisoformat("2026-11-24T09:00:00+00:00")
    weekly_mail.build(
        engine, SqliteStore(folder / "index.sqlite"), [], "/nowhere", week=week, now=now, recipients=recipients,
        sender="watch@example.org", desk_url="https://desk.example.org", organisation="Test desk",
    )  # fmt: skip
    transport = Transport(host="127.0.0.1", port=port, tls=False)
    return outbox.deliver(engine, transport, period=week, subscription="weekly", clock=lambda: now).sent


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


def end_of(work: Callable[[], int]) -> int:
    """Do some work in a process of its own; return its result, or minus the signal that killed it."""
    child = os.fork()
    if not child:
        os._exit(work())
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main(folder: Path, port: int, week: str, readers: list[str]) -> None:
    """Kill one run at each point, run twice more, and print how the three ended: -9, then how many mails each sent."""
    ends = {}
    for name, (owner, attribute, side, count) in POINTS.items():
        place = folder / name
        place.mkdir()
        recipients = [f"{reader}@{name}.example.org" for reader in readers]
        open_database(f"sqlite:///{place}/desk.sqlite").dispose()

        def work(killer: Killer | None = None, place: Path = place, recipients: list[str] = recipients) -> int:
            if killer is not None:
                killer.surround(owner, attribute, "it")  # noqa: B023 - called at once
            return send(open_database(f"sqlite:///{place}/desk.sqlite"), place, port, week, recipients)

        killer = Killer(f"{side}_it", count)
        ends[name] = [end_of(lambda: work(killer)), end_of(work), end_of(work)]  # noqa: B023 - called at once
    sys.stdout.write(json.dumps(ends))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4].split(","))
