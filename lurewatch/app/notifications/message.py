"""Writes a notice as subject, plain text and JSON, with names of sources and figures, never an advert's text or a contact."""

from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from lurewatch.app.notifications.conditions import CONDITIONS
from lurewatch.app.notifications.notice_ledger import Incident, Notice

NAMED = 20
"""Subjects that a message names; the others are counted."""


def subject_line(notice: Notice) -> str:
    """Return the message's title: what, and of how many."""
    names = [_name(incident) for incident in notice.incidents]
    of = names[0] if len(names) == 1 else f"{len(names)} at once"
    return f"LureWatch: {notice.condition} {notice.kind}{f': {of}' if of else ''}"


def text(notice: Notice) -> str:
    """Return the message as plain text."""
    condition = CONDITIONS[notice.condition]
    head = condition.summary if notice.kind == "opened" else f"Well again: {condition.summary}"
    lines = [head, "", *(f"- {line}" for line in map(_line, notice.incidents[:NAMED]) if line)]
    if len(notice.incidents) > NAMED:
        lines.append(f"- and {len(notice.incidents) - NAMED} more; `lurewatch doctor notify --dry-run` lists all")
    return "\n".join([*lines, "", f"What to do: docs/runbook/{condition.page}.md", ""])


def mail(notice: Notice, sender: str, recipient: str) -> EmailMessage:
    """Return the message as an e-mail; sent again it has the same Message-ID."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, recipient, subject_line(notice)
    message["Date"] = format_datetime(notice.at)
    message["Message-ID"] = f"<{notice.id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text(notice))
    return message


def body(notice: Notice) -> dict[str, Any]:
    """Return the message as JSON; ``text`` is what chat programs show."""
    return {
        "id": notice.id,
        "kind": notice.kind,
        "condition": notice.condition,
        "at": notice.at.isoformat(),
        "count": len(notice.incidents),
        "subjects": [
            {"name": _name(incident), "detail": incident.detail, "since": incident.since.isoformat()}
            for incident in notice.incidents[:NAMED]
        ],
        "runbook": f"docs/runbook/{CONDITIONS[notice.condition].page}.md",
        "text": f"{subject_line(notice)}\n{text(notice)}",
    }


def _name(incident: Incident) -> str:
    return "/".join(incident.subject)


def _line(incident: Incident) -> str:
    since = f"since {incident.since:%Y-%m-%d %H:%M} UTC"
    return " ".join(filter(None, (_name(incident), f"({incident.detail})" if incident.detail else "", since)))
