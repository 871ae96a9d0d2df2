"""Runs `build` and `deliver` like `lurewatch digest send`, killed at one point after another: see test_kill.py.

Points are wrapped around the product from outside, in a copy of the process for each run.
"""

import smtplib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from desk import outbox
from desk.database import open_database
from desk.digest import weekly_mail
from desk.mail import Transport
from index.sqlite.sqlite_store import SqliteStore
from tests.desk.conftest import build_week
from tests.services.processes import die, end_of_copy

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


def send(engine: Engine, folder: Path, port: int, week: str, recipients: list[str], once: str) -> int:
    """Build the week's digest and hand it over; return how many were sent."""
    now = datetime.fromisoformat("2026-11-24T09:00:00+00:00")
    build_week(engine, SqliteStore(folder / "index.sqlite"), now, week=week, recipients=recipients)
    transport = Transport(host="127.0.0.1", port=port, tls=False, once=once)
    return outbox.deliver(engine, transport, period=week, subscription="weekly", clock=lambda: now).sent


class Killer:
    """Dies like a machine that loses power at a pass of a point."""

    def __init__(self, point: str, count: int) -> None:
        self.point, self.left = point, count

    def reach(self, name: str) -> None:
        """Die if this is the wanted pass of the wanted point."""
        self.left -= name == self.point
        if not self.left:
            die()

    def surround(self, owner: Any, method_name: str, name: str) -> None:
        """Put a point before and after a method."""
        method = getattr(owner, method_name)

        def surround(*args: Any, **options: Any) -> Any:
            self.reach(f"before_{name}")
            answer = method(*args, **options)
            self.reach(f"after_{name}")
            return answer

        setattr(owner, method_name, surround)


def kill_at_each_point(
    folder: Path, port: int, week: str, readers: Iterable[str], points: Iterable[str] = tuple(POINTS), once: str = ""
) -> dict[str, list[int]]:
    """Kill one run at each point, run twice more; return how the three ended: -9, then how many mails each sent."""
    ends = {}
    for name in points:
        owner, attribute, side, count = POINTS[name]
        place = folder / name
        place.mkdir()
        recipients = [f"{reader}@{name}.example.org" for reader in readers]
        open_database(f"sqlite:///{place}/desk.sqlite").dispose()

        def work(killer: Killer | None = None, place: Path = place, recipients: list[str] = recipients) -> int:
            if killer is not None:
                killer.surround(owner, attribute, "it")  # noqa: B023 - called at once
            return send(open_database(f"sqlite:///{place}/desk.sqlite"), place, port, week, recipients, once)

        killer = Killer(f"{side}_it", count)
        ends[name] = [end_of_copy(lambda: work(killer)), end_of_copy(work), end_of_copy(work)]  # noqa: B023 - called at once
    return ends
