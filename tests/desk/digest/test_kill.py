"""A sender killed at any point loses nothing; the only copy possible has the same Message-ID."""

import sys
from collections import Counter
from email import message_from_bytes
from pathlib import Path

import pytest

from desk.custody import audit
from desk.subscribers.subscriptions import active_subscriptions, subscribe
from lurewatch.app.mails.digest_mail import read_bounces
from lurewatch.settings import Settings
from tests.desk.digest.killed import kill_at_each_point
from tests.desk.subscribers.test_bounces import REPORT

WEEK = "2026-W48"
READERS = tuple(f"reader{number}" for number in range(50))
REPEATED = {"accept": 1}
"""Copies: one mail may leave again after the server's "250" and before the row that says so, for SMTP cannot take it back."""
SENT_BEFORE = {"send": 24, "envelope": 24, "accept": 25, "note": 25}
"""Mails that had left when the process died."""


def test_killed_at_eleven_points_fifty_readers_lose_nothing_and_get_nothing_twice(tmp_path, smtp, inbox):
    ends = kill_at_each_point(tmp_path, smtp.port, WEEK, READERS)
    assert len(ends) == 11
    for point, (killed, then, again) in ends.items():
        sent_before, copies = SENT_BEFORE.get(point, 0), REPEATED.get(point, 0)
        assert (killed, then, again) == (-9, 50 - sent_before + copies, 0), point
        mine = [(to, mail) for (to,), mail in inbox.got if to.endswith(f"@{point}.example.org")]
        got = Counter(to for to, _ in mine)
        assert got.keys() == {f"{reader}@{point}.example.org" for reader in READERS}, point
        assert got.total() == 50 + copies, point
        assert len({mail["Message-ID"] for _, mail in mine}) == 50, "a copy has the same Message-ID, for mailboxes to drop it"
        assert len({mail.as_bytes() for _, mail in mine}) == 50, point
    assert sum(REPEATED.values()) == 1


def test_a_server_that_knows_what_it_took_before_passes_it_on_once(tmp_path, smtp, inbox):
    """The one point at which the server's answer is lost: it has the mail, and is given it again under the same key."""
    take, taken = inbox.handle_DATA, set()

    async def take_once(server, session, envelope):
        key = message_from_bytes(envelope.content)["X-EE-Idempotency-Key"]
        if key not in taken:
            taken.add(key)
            await take(server, session, envelope)
        return "250 OK"

    inbox.handle_DATA = take_once
    ends = kill_at_each_point(tmp_path, smtp.port, WEEK, READERS, ("accept",), once="X-EE-Idempotency-Key")
    assert ends == {"accept": [-9, 26, 0]}
    assert len(taken) == 50 and None not in taken
    got = [(to, mail["Message-ID"]) for (to,), mail in inbox.got]
    assert len(got) == len(set(got)) == 50, "0 lost, 0 twice"


def test_killed_between_noting_a_returned_mail_and_putting_it_away_its_subscription_ends_once(
    desk_db, staff, tmp_path, monkeypatch, now
):
    for name in ("new", "cur", "tmp"):
        (tmp_path / "mail" / name).mkdir(parents=True)
    subscribe(desk_db, by=staff(desk_db)["minh"], now=now)
    with desk_db.connect() as connection:
        (mine,) = active_subscriptions(connection)
    notice = REPORT.format(action="failed", status="5.1.1", kind="text/rfc822-headers", token=mine.token())
    (tmp_path / "mail/new/1").write_text(notice)
    settings = Settings(database=desk_db.url.render_as_string(hide_password=False))
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", lambda *_: sys.exit("killed"))
        with pytest.raises(SystemExit, match="killed"):
            read_bounces(settings, tmp_path / "mail")
    assert [file.name for file in (tmp_path / "mail/new").iterdir()] == ["1"], "it is read again"
    assert read_bounces(settings, tmp_path / "mail") == (1, 0)
    assert read_bounces(settings, tmp_path / "mail") == (0, 0)
    with desk_db.connect() as connection:
        assert active_subscriptions(connection) == []
        assert len(list(audit.entries(connection, "subscription_ended"))) == 1
