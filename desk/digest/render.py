"""Writes a digest as a message: plain text and HTML, no pictures, links only to the desk."""

from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from desk.cases.case_decisions import TAGS
from desk.digest.edition import Edition
from desk.highlighting import defang
from desk.outbox import message_id
from enrichment.harm import LEVELS

READS_AS = {
    "testimony": "Reads as told by somebody it happened to, not as an offer; the text is shown at the desk only.",
    "seeker": "Reads as by somebody who looks for work or help, not as an offer; the text is shown at the desk only.",
    "warning": "Reads as a warning of such offers, not as one.",
    "news": "Reads as a report of such offers, not as one.",
}
"""What a reader must know when a confirmed text reads as no offer."""
CHANGES = {"new": "New", "growing": "Growing", "moved": "Moved to new ground", "back": "Back", "quiet": "Gone quiet"}


def subject(edition: Edition) -> str:
    """Return the subject line: what is taken back first, then the numbers that matter; no words of any page."""
    uncovered = len(edition.incomplete_sources)
    if edition.empty:
        return f"LureWatch: nothing new, {period(edition)}" + (f"; {uncovered} sources dark" if uncovered else "")
    taken_back = len(edition.retracted) + edition.more_retracted
    parts = [f"{taken_back} taken back"] if taken_back else []
    parts += [f"{edition.counts.confirmed} confirmed"] if edition.counts.confirmed else []
    parts.append(f"{edition.counts.new_flagged} new flagged")
    parts += [f"{uncovered} sources to mend"] if uncovered else []
    return f"LureWatch: {', '.join(parts)}, {period(edition)}"


def period(edition: Edition) -> str:
    """Return the days the numbers cover, UTC, short enough for a subject: ``16 to 23 Nov 2026``."""
    since, until = edition.since.astimezone(UTC), edition.until.astimezone(UTC)
    first = "%d %b %Y" if since.year != until.year else "%d %b" if since.month != until.month else "%d"
    return f"{since.strftime(first)} to {until.strftime('%d %b %Y')}"


def text(edition: Edition, desk_url: str, organisation: str) -> str:
    """Return the plain-text form."""
    return _environment(False).get_template("digest.txt").render(**_values(edition, desk_url, organisation)).strip() + "\n"


def html(edition: Edition, desk_url: str, organisation: str) -> str:
    """Return the HTML form with its styles inlined, as mail programs want them."""
    plain = _environment(True).get_template("digest.html").render(**_values(edition, desk_url, organisation))
    return css_inline.inline(plain, load_remote_stylesheets=False)


def message(edition: Edition, *, recipient: str, sender: str, desk_url: str, organisation: str) -> EmailMessage:
    """Return the message for one recipient; the same edition and recipient give the same bytes."""
    host = sender.rpartition("@")[2]
    email_message = EmailMessage()
    email_message["From"] = Address("LureWatch", addr_spec=sender)
    email_message["To"] = Address(addr_spec=recipient)
    email_message["Subject"] = subject(edition)
    email_message["Date"] = format_datetime(edition.until)
    email_message["Message-ID"] = message_id(edition.week, edition.subscription, recipient, host)
    email_message["Auto-Submitted"] = "auto-generated"
    email_message["X-Auto-Response-Suppress"] = "All"
    email_message["List-Id"] = f"LureWatch {edition.subscription} <{edition.subscription}.{host}>"
    email_message.set_content(text(edition, desk_url, organisation), cte="base64")
    email_message.add_alternative(html(edition, desk_url, organisation), subtype="html", cte="base64")
    email_message.set_boundary(f"==lurewatch-{edition.week}-{edition.audit_head.rpartition(':')[2][:24]}==")
    return email_message


def _values(edition: Edition, desk_url: str, organisation: str) -> dict[str, Any]:
    return {"e": edition, "desk": desk_url.rstrip("/"), "organisation": organisation, "changes": CHANGES, "reads_as": READS_AS}


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%d %b %Y %H:%M UTC")


def _short(words: str, length: int) -> str:
    return words if len(words) <= length else f"{words[: length - 1].rstrip()}…"


@cache
def _environment(escape: bool) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=escape,  # noqa: S701 - False only for the plain-text part
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        safe_text=defang,
        tag=lambda key: "Unclassified" if key == "none" else TAGS.get(key, key),
        harm=lambda level: LEVELS[level],
        words=lambda key: key.replace("_", " "),
        day=lambda moment: moment.astimezone(UTC).strftime("%d %b %Y"),
        stamp=_stamp,
        short=_short,
    )
    return environment
