"""Writes a digest as a message: plain text and HTML, no pictures, links only to the desk."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from functools import cache
from pathlib import Path

import css_inline
from jinja2 import Environment

from desk.digest.edition import Edition
from desk.digest.mail_page import leave_address, mail_page
from desk.digest.mail_parts import MailPage
from desk.digest.wording import mail_words, period
from desk.highlighting import defang
from desk.languages.catalogues import make_environment
from desk.languages.reader_locale import ReaderLocale, reading
from desk.outbox import message_id
from desk.subscribers.subscriptions import Subscription
from foundation.messages import Message, _, ngettext

ENGLISH = ReaderLocale()


class UnfoldedHeader(str):
    """A header in one line: ``email`` would write a long address without spaces as encoded words, which no program follows."""

    name = "List-Unsubscribe"
    max_count = None

    def fold(self, *, policy: EmailPolicy) -> str:
        """Return the header as it is sent."""
        return f"{self.name}: {self}{policy.linesep}"


def subject(edition: Edition, locale: ReaderLocale = ENGLISH) -> str:
    """Return the subject line: what is taken back first, then the numbers that matter; no words of any page."""
    with reading(locale):
        uncovered = len(edition.incomplete_sources)
        if edition.empty:
            parts: list[Message] = [_("nothing new")]
        else:
            taken_back = len(edition.retracted) + edition.more_retracted
            counts = edition.counts
            parts = [ngettext("%(num)s taken back", "%(num)s taken back", taken_back)] if taken_back else []
            parts += [ngettext("%(num)s confirmed", "%(num)s confirmed", counts.confirmed)] if counts.confirmed else []
            parts.append(ngettext("%(num)s newly flagged", "%(num)s newly flagged", counts.new_flagged))
        if uncovered:
            parts.append(ngettext("%(num)s board not read whole", "%(num)s boards not read whole", uncovered))
        return f"LureWatch: {', '.join(map(mail_words, parts))}, {period(edition)}"


def text(
    edition: Edition, desk_url: str, organisation: str, locale: ReaderLocale = ENGLISH, reader: Subscription | None = None
) -> str:
    """Return the plain-text form; with the links by which its ``reader`` leaves and answers."""
    return _text_of(_page_of(edition, desk_url, organisation, locale, reader))


def html(
    edition: Edition, desk_url: str, organisation: str, locale: ReaderLocale = ENGLISH, reader: Subscription | None = None
) -> str:
    """Return the HTML form with its styles inlined, as mail programs want them; those of dark mode stay in the head."""
    return _html_of(_page_of(edition, desk_url, organisation, locale, reader))


def message(
    edition: Edition, *, recipient: str, sender: str, desk_url: str, organisation: str, locale: ReaderLocale = ENGLISH,
    reader: Subscription | None = None,
) -> EmailMessage:  # fmt: skip
    """Return the message for one recipient; the same edition and recipient give the same bytes.

    That of a ``reader`` who subscribed carries links to answer by, and lets a mail program offer to leave by a click (RFC 8058).
    """
    host = sender.rpartition("@")[2]
    email_message = EmailMessage()
    email_message["From"] = Address("LureWatch", addr_spec=sender)
    email_message["To"] = Address(addr_spec=recipient)
    email_message["Reply-To"] = Address(addr_spec=edition.contact or sender)
    email_message["Subject"] = subject(edition, locale)
    email_message["Date"] = format_datetime(edition.until)
    email_message["Message-ID"] = message_id(edition.week, edition.subscription, recipient, host)
    email_message["Auto-Submitted"] = "auto-generated"
    email_message["X-Auto-Response-Suppress"] = "All"
    email_message["List-Id"] = f"LureWatch {edition.subscription} <{edition.subscription}.{host}>"
    if reader is not None:
        email_message["List-Unsubscribe"] = UnfoldedHeader(f"<{leave_address(reader, desk_url.rstrip('/'))}>")
        email_message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    else:
        email_message["List-Unsubscribe"] = UnfoldedHeader(f"<mailto:{edition.contact or sender}?subject=unsubscribe>")
    page = _page_of(edition, desk_url, organisation, locale, reader)
    email_message.set_content(_text_of(page), cte="base64")
    email_message.add_alternative(_html_of(page), subtype="html", cte="base64")
    email_message["Content-Language"] = locale.language  # behind the parts, which take such headers for their own
    email_message.set_boundary(f"==lurewatch-{edition.week}-{edition.audit_head.rpartition(':')[2][:24]}==")
    return email_message


def _page_of(
    edition: Edition, desk_url: str, organisation: str, locale: ReaderLocale, reader: Subscription | None
) -> MailPage:  # fmt: skip
    with reading(locale):
        return mail_page(edition, desk_url.rstrip("/"), organisation, reader)


def _text_of(page: MailPage) -> str:
    return _environment(False).get_template("digest.txt").render(page=page).strip() + "\n"


def _html_of(page: MailPage) -> str:
    plain = _environment(True).get_template("digest.html").render(page=page)
    return css_inline.inline(plain, load_remote_stylesheets=False, keep_at_rules=True)


@cache
def _environment(escape: bool) -> Environment:
    environment = make_environment(Path(__file__).with_name("templates"), escape=escape)
    environment.filters["safe_text"] = defang
    return environment
