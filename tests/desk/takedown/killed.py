"""Runs `send` of one list like `lurewatch takedown send`, in mails of a few kilobytes, and kills itself at one named point."""

import json
import smtplib
import sys
from datetime import datetime

from sqlalchemy import Engine

from desk.database import open_database
from desk.mail import Transport
from desk.platforms import Platforms
from desk.takedown import list_files
from desk.takedown.notice import Notifier
from desk.takedown.send import send
from tests.desk.digest.killed import Killer

NOW = datetime.fromisoformat("2026-11-24T09:00:00+00:00")


def send_list(engine: Engine, port: int, platforms: Platforms, list_id: int) -> int:
    """Send a list in several mails; return 1 once all of them left now."""
    list_files.MAIL_BYTES = 15_000
    return send(
        engine, Transport(host="127.0.0.1", port=port, tls=False), platforms, list_id,
        notifier=Notifier(name="Test desk", email="desk@example.org"), sender="watch@example.org", clock=lambda: NOW,
    ).sent  # fmt: skip


if __name__ == "__main__":
    url, point, count, port, list_id, described = sys.argv[1:7]
    killer = Killer(point, int(count))
    for step in ("connect", "mail", "rcpt", "data", "sendmail"):
        killer.surround(smtplib.SMTP, step, step)
    opened = open_database(url)
    killer.surround(opened.dialect, "do_commit", "commit")
    send_list(opened, int(port), Platforms.model_validate(json.loads(described)), int(list_id))
