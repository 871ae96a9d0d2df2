"""Runs `build` and `deliver` like `lurewatch digest send`, and kills itself at one named point: see test_kill.py.

Points are wrapped around the product from outside: before and after each commit, and around each step of the mail dialogue.
"""

import os
import signal
import smtplib
import sys
from datetime import datetime
from pathlib import Path

from sqlalchemy import event

from desk.database import open_database
from desk.digest import weekly_mail
from desk.mail import Transport
from desk.outbox import deliver
from index.sqlite.sqlite_store import SqliteStore

folder, point, count, port, week, recipients = sys.argv[1:7]
seen = 0


def reached(name: str) -> None:
    """Die like a machine that loses power when this is the wanted pass of the wanted point."""
    global seen  # noqa: PLW0603 - the count of one process
    if name == point:
        seen += 1
        if seen == int(count):
            os.kill(os.getpid(), signal.SIGKILL)


def around(name: str) -> None:
    """Put a point before and after a method of the mail client."""
    method = getattr(smtplib.SMTP, name)

    def wrapped(self, *args, **kwargs):
        reached(f"before_{name}")
        answer = method(self, *args, **kwargs)
        reached(f"after_{name}")
        return answer

    setattr(smtplib.SMTP, name, wrapped)


for step in ("connect", "mail", "rcpt", "data", "sendmail"):
    around(step)
engine = open_database(f"sqlite:///{folder}/desk.sqlite")
commit = engine.dialect.do_commit


def committing(connection) -> None:
    """Put a point before and after each commit."""
    reached("before_commit")
    commit(connection)
    reached("after_commit")


engine.dialect.do_commit = committing
event.listen(engine, "commit", lambda connection: reached("at_commit"))
now = datetime.fromisoformat("2026-11-24T09:00:00+00:00")
weekly_mail.build(
    engine, SqliteStore(Path(folder) / "index.sqlite"), [], "/nowhere", week=week, now=now, recipients=recipients.split(","),
    sender="watch@example.org", desk_url="https://desk.example.org", organisation="Test desk",
)  # fmt: skip
outcome = deliver(
    engine, Transport(host="127.0.0.1", port=int(port), tls=False), period=week, subscription="weekly", clock=lambda: now
)
sys.stdout.write(f"{outcome.sent}\n")
