"""A notice that a person reads: one HTML file without scripts, links or anything to load, in the receiver's language.

Quotes stay in their own language; the meanings and the explanation are in English, as the other files have them.
"""

import base64
from datetime import datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment

from crawlers.text.messages import LANGUAGES, _
from desk.highlighting import plain_line
from desk.languages.catalogues import install_languages, say
from desk.languages.environments import make_environment
from desk.languages.reader_locale import ReaderLocale, reading, stamp
from desk.takedown.notice import GOOD_FAITH, KINDS
from desk.takedown.takedown_document import TakedownDocument

CHANGES = {"new": _("new"), "updated": _("updated")}
SEVERITIES = {"critical": _("critical"), "high": _("high"), "medium": _("medium"), "low": _("low")}


def render(document: TakedownDocument) -> dict[str, bytes]:
    """Return ``notice.html``; the same list gives the same bytes."""
    return {"notice.html": page(document).encode("utf-8", "replace")}


def page(document: TakedownDocument) -> str:
    """Return the notice as a page in the language of its receiver, English where there is no catalogue of it."""
    language = document.platform.language if document.platform.language in LANGUAGES else "en"
    with reading(ReaderLocale(language=language)):
        return _environment().get_template("notice.html").render(
            document=document, language=language, heading=_heading(document), kinds=KINDS, changes=CHANGES,
            severities=SEVERITIES, good_faith=GOOD_FAITH,
        )  # fmt: skip


def _heading(document: TakedownDocument) -> str:
    part, parts = document.part
    values = {"title": document.platform.title, "number": document.number}
    taken = _("Retraction: list %(number)s for %(title)s", **values)
    told = _("Notice list %(number)s for %(title)s (DSA Art. 16)", **values)
    heading, which = taken if document.takes_back else told, _("part %(part)s of %(parts)s", part=part, parts=parts)
    return ", ".join(say(each, "notice") for each in ([heading] if parts == 1 else [heading, which]))


@cache
def _environment() -> Environment:
    environment = make_environment(Path(__file__).with_name("templates"))
    install_languages(environment, "notice")
    environment.filters.update(
        base64=lambda content: base64.b64encode(content).decode(),
        moment=lambda written: stamp(datetime.fromisoformat(written)),
        plain=plain_line,
    )
    return environment
