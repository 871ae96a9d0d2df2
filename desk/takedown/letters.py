"""Writes the letters that go with lists: headers, signature and attached files, the same for every kind of letter."""

from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import PurePath

from desk.takedown.notice import Notifier

TYPES = {
    ".csv": "text/csv", ".html": "text/html", ".json": "application/json", ".jsonl": "application/jsonl",
    ".pdf": "application/pdf", ".zip": "application/zip",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip


def write_letter(
    notifier: Notifier, subject: str, lines: Sequence[str], *, sender: str, to: str, at: datetime, message_id: str,
    reply_to: str = "", answers: str = "",
) -> EmailMessage:  # fmt: skip
    """Return a letter that the notifier signs; ``answers`` is the Message-ID of the letter that it follows."""
    letter = EmailMessage()
    letter["From"] = Address(notifier.name, addr_spec=sender)
    if reply_to:
        letter["Reply-To"] = Address(notifier.name, addr_spec=reply_to)
    letter["To"] = Address(addr_spec=to)
    letter["Subject"] = subject
    letter["Date"] = format_datetime(at)
    letter["Message-ID"] = message_id
    if answers:
        letter["In-Reply-To"] = letter["References"] = answers
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content("\n".join([*lines, "", notifier.name, notifier.email, ""]), cte="base64")
    return letter


def attach_file(letter: EmailMessage, name: str, content: bytes) -> None:
    """Add a file to a letter; its type follows from its name."""
    main, _, sub = TYPES.get(PurePath(name).suffix, "application/octet-stream").partition("/")
    letter.add_attachment(content, maintype=main, subtype=sub, filename=name)
