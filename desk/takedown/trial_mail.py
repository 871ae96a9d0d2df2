"""The mail that somebody sends to themselves before a receiver is switched on: letter and files of an invented advert."""

from datetime import datetime
from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any
from uuid import UUID

from desk.list_maker import Notifier
from desk.platforms import Clause, Platform
from desk.takedown.letters import attach_file, write_letter
from desk.takedown.list_files import files_of
from desk.takedown.notice import GOOD_FAITH, notice_id
from desk.takedown.repository import ListEntry
from desk.takedown.takedown_document import TakedownDocument

_ITEM = "0" * 64
_MOMENT = "2026-01-01T00:00:00Z"
_WORDS = "This advert was invented for a trial; it accuses nobody"


def trial_mail(
    key: str, platform: Platform, clause: tuple[str, Clause], *, notifier: Notifier, sender: str, to: str, now: datetime
) -> EmailMessage:
    """Return the mail: what lists for the platform would look like, sent to ``to`` alone."""
    document = TakedownDocument(
        key=key, platform=platform, number=1, built_at=now, previous_number=None, previous_manifest=None, notifier=notifier,
        entries=(ListEntry(item_id=_ITEM, change="new", decision_id=0, body=_invent_notice(key, platform, clause, notifier)),),
        audit_head="0:" + "0" * 64, standing=(notice_id(key, _ITEM),),
    )  # fmt: skip
    route = platform.route
    lines = [
        f"Nothing was sent to {platform.title}. Their lists would go to {platform.contact or 'nobody yet'},",
        f"as {', '.join(platform.formats)}. The attached list holds one invented advert and accuses nobody.", "",
        *([f"They ask first for: {route.asks}.", ""] if route and route.asks else []),
        "Look whether the files open and read as they should. A second person then signs the receiver at the desk.",
    ]  # fmt: skip
    message = write_letter(
        notifier, f"Trial: lists for {platform.title}, sent to you alone", lines, sender=sender, to=to, at=now,
        message_id=make_msgid(domain=sender.rpartition("@")[2]),
    )  # fmt: skip
    for name, (_, content) in sorted(files_of(document).items()):
        attach_file(message, f"trial-{name}", content)
    return message


def _invent_notice(key: str, platform: Platform, clause: tuple[str, Clause], notifier: Notifier) -> dict[str, Any]:
    """Return a notice that names no advert of anybody."""
    name, rule = clause
    return {
        "notice_id": notice_id(key, _ITEM),
        "url": "https://advert.example/1",
        "native_id": "1",
        "source": "trial",
        "kind": rule.tags[0] if rule.tags else "scam_compound",
        "severity": "low",
        "clause": {"key": name, "title": rule.title, "law": rule.law, "rule": platform.rules.get(name)},
        "explanation": f"{_WORDS}. {rule.means}",
        "summary": f"{_WORDS}. {rule.means}",
        "grounds": [{"indicator": "trial", "quote": _WORDS, "meaning": "invented for a trial"}],
        "title": "Trial",
        "text_excerpt": _WORDS,
        "language": "en",
        "author": None,
        "posted_at": None,
        "first_seen": _MOMENT,
        "confirmed_at": _MOMENT,
        "review": {"item_opened_at": _MOMENT, "items_decided_together": 1},
        "evidence": {"sha256": "0" * 64, "warc_record_id": f"<urn:uuid:{UUID(int=0)}>", "captured_at": None},
        "campaign": None,
        "requested_action": "None: this is a trial.",
        "notifier": notifier.published,
        "good_faith": GOOD_FAITH,
    }
