"""A notice that a person reads: one HTML file without scripts, links or anything to load, in the receiver's language.

Each fixed sentence and meaning stands in English beside it, in which it is binding. Quotes stay in their own language; the
explanation is in English, as the other files have it.
"""

import base64
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup, escape

from desk.highlighting import plain_line
from desk.languages.catalogues import closest_language, install_languages, make_environment, say_twice
from desk.languages.glosses import translate_gloss
from desk.languages.reader_locale import ReaderLocale, parse_locale, reading, stamp
from desk.takedown import letters
from desk.takedown.notice import GOOD_FAITH, KINDS
from desk.takedown.takedown_document import TakedownDocument
from foundation.messages import Message, _

CHANGES = {"new": _("new"), "updated": _("updated")}
SEVERITIES = {"critical": _("critical"), "high": _("high"), "medium": _("medium"), "low": _("low")}
_BESIDE = Markup('{} <span class="en" lang="en" dir="ltr">{}</span>')
_MOMENT = Markup("<time>{}</time>")


def render(document: TakedownDocument) -> dict[str, bytes]:
    """Return ``notice.html``; the same list gives the same bytes."""
    return {"notice.html": page(document).encode("utf-8", "replace")}


def page(document: TakedownDocument) -> str:
    """Return the notice as a page in the language of its receiver, English where there is no catalogue of it."""
    language = closest_language(document.platform.language, "notice")
    with reading(ReaderLocale(language=language)):
        return _environment().get_template("notice.html").render(
            document=document, language=language, direction=parse_locale(language).text_direction, heading=_heading(document),
            kinds=KINDS, changes=CHANGES, severities=SEVERITIES, good_faith=GOOD_FAITH, letters=letters,
        )  # fmt: skip


def _set_meaning(gloss: str) -> Markup:
    """Return what words mean in the receiver's language with its English beside it; English alone where it is not translated."""
    said = translate_gloss(gloss) if gloss else gloss
    if said is None:
        return Markup('<bdi lang="en">{}</bdi>').format(gloss)
    return escape(said) if said == gloss else _BESIDE.format(said, gloss)


def _heading(document: TakedownDocument) -> Markup:
    part, parts = document.part
    values = {"title": document.platform.title, "number": document.number}
    taken = _("Retraction: list %(number)s for %(title)s", **values)
    told = _("Notice list %(number)s for %(title)s", **values)
    heading, which = taken if document.takes_back else told, _("part %(part)s of %(parts)s", part=part, parts=parts)
    return Markup(", ").join(_set_beside(each) for each in ([heading] if parts == 1 else [heading, which]))


def _set_beside(message: Message) -> Markup:
    """Return a sentence in the receiver's language with its English beside it."""
    first, *english = say_twice(message, "notice")
    return _BESIDE.format(first, *english) if english else escape(first)


@cache
def _environment() -> Environment:
    environment = make_environment(Path(__file__).with_name("templates"))
    install_languages(environment, "notice")

    def gettext(source: str, **values: Any) -> Markup:
        return _set_beside(Message(source, values))

    environment.globals.update(gettext=gettext)
    environment.finalize = lambda value: _set_beside(value) if isinstance(value, Message) else value
    environment.filters.update(
        meaning=_set_meaning,
        base64=lambda content: base64.b64encode(content).decode(),
        moment=lambda written: _MOMENT.format(stamp(datetime.fromisoformat(written))),
        plain=plain_line,
    )
    return environment
