"""Writes the letters that go with lists: to notices, to a retraction, and to one that nobody answered.

Each sentence stands in the receiver's language and, below it, in English; the subject is English, as tickets are sorted by it.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import PurePath

from desk.languages.catalogues import closest_language, say_twice
from desk.languages.reader_locale import ReaderLocale, reading
from desk.list_maker import Notifier
from desk.platforms import Platform
from desk.takedown.notice import GOOD_FAITH
from desk.takedown.repository import ListEntry, TakedownList
from foundation.messages import Message, _

TYPES = {
    ".csv": "text/csv", ".html": "text/html", ".json": "application/json", ".jsonl": "application/jsonl",
    ".pdf": "application/pdf", ".zip": "application/zip",
}  # fmt: skip

EU, ARTICLE = "eu", " (DSA Art. 16)"
"""Whom the Digital Services Act binds, and what the subject of a letter to them names."""
ENTRIES = _("Each entry names one item of yours by its exact address, the rule and law it breaks, why, and what we captured.")
TWO_PEOPLE = _("Two people stand behind it: one who confirmed each item, and another who approved the list.")
SAFETY = _("Safety: the people behind such offers may be captives themselves. Please do not contact them on our account.")
TAKEN_BACK = _("we take back what is named below. Please treat it as never said to you.")
PUT_BACK = _(
    "Please put back what was removed because of it, lift any measure against whoever posted it, and tell them that this was our"
    " mistake."
)
APOLOGY = _("We apologise to them and to you.")
NO_CLAIM = _("We claim nothing about these addresses any more, or about anybody behind them.")
REPLY = _("Please reply to this mail when it is done; until then we ask again.")
BINDING = _("The English text is binding; the rest is our own translation.")
ANSWER = _("To ask or to answer, write to us with the number of the notice:")
"""Sentences that the notice a person reads has too."""


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


def tell_notices(takedown_list: TakedownList, platform: Platform, entries: Sequence[ListEntry]) -> tuple[str, list[str]]:
    """Return subject and lines of the letter to a list of notices."""
    counts = Counter(entry.change for entry in entries)
    subject = f"Notice list {takedown_list.number} for {platform.title}{ARTICLE if platform.country == EU else ''}"
    return subject, _say_lines(platform, [
        greet(platform), "",
        _("attached is list %(number)s. New: %(new)s; updated: %(updated)s.",
          number=takedown_list.number, new=counts["new"], updated=counts["updated"]),
        ENTRIES, TWO_PEOPLE, "",
        GOOD_FAITH, "",
        _verifiable(takedown_list),
        _("We publish nothing from this list."), SAFETY, "",
        ANSWER,
    ])  # fmt: skip


def tell_retraction(takedown_list: TakedownList, platform: Platform, entries: Sequence[ListEntry]) -> tuple[str, list[str]]:
    """Return subject and lines of the letter that takes notices back: which, since when, and what to undo; nothing of what they
    said."""
    what = f"{len(entries)} notices" if len(entries) > 1 else "a notice"
    return f"Retraction of {what} to {platform.title} (list {takedown_list.number})", _say_lines(platform, [
        greet(platform), "",
        TAKEN_BACK, PUT_BACK, APOLOGY, "",
        *_retraction_lines(entries),
        NO_CLAIM, "",
        REPLY, "",
        _verifiable(takedown_list),
        ANSWER,
    ])  # fmt: skip


def ask_about_retraction(
    takedown_list: TakedownList, platform: Platform, entries: Sequence[ListEntry], request: int
) -> tuple[str, list[str]]:
    """Return subject and lines of the letter about a retraction that has no answer yet."""
    subject = f"Not answered yet: retraction to {platform.title} (list {takedown_list.number}), request {request}"
    return subject, _say_lines(platform, [
        greet(platform), "",
        _("on %(day)s we took back what is named below, and have no answer from you.", day=f"{takedown_list.sent_at:%Y-%m-%d}"),
        PUT_BACK, APOLOGY, "",
        *_retraction_lines(entries),
        NO_CLAIM, "",
        REPLY,
    ])  # fmt: skip


def _say_lines(platform: Platform, lines: Sequence[str]) -> list[str]:
    """Return the lines of a letter: each sentence in the receiver's language and in English, everything else once."""
    language = closest_language(platform.language, "notice")
    with reading(ReaderLocale(language=language)):
        told = [*lines[:-1], *([] if language == "en" else [BINDING, ""]), lines[-1]]
        return [said for line in told for said in (say_twice(line, "notice") if isinstance(line, Message) else (line,))]


def greet(platform: Platform) -> Message:
    """Return the first line of a letter and of a notice."""
    return _("To the trust and safety team of %(title)s,", title=platform.title)


def _retraction_lines(entries: Sequence[ListEntry]) -> Iterator[str | Message]:
    """Yield which notices are taken back, each with the list it was told in first; an older release did not note it."""
    for entry in entries:
        sent, number = entry.body.get("notice_sent_at"), entry.body.get("notice_list")
        yield entry.body["url"]
        yield f"  {entry.body['notice_id']}"
        if number:
            yield _("told you in list %(number)s on %(day)s", number=number, day=sent[:10] if sent else "…")
        yield ""


def _verifiable(takedown_list: TakedownList) -> str:
    """Say how the attached files are checked."""
    return f"Verify: sha256sum -c SHA256SUMS (file names without the prefix). Manifest SHA-256: {takedown_list.manifest_sha256}"


def attach_file(letter: EmailMessage, name: str, content: bytes) -> None:
    """Add a file to a letter; its type follows from its name."""
    main, _, sub = TYPES.get(PurePath(name).suffix, "application/octet-stream").partition("/")
    letter.add_attachment(content, maintype=main, subtype=sub, filename=name)
