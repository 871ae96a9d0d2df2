"""Sets up Jinja2 so that page text is always escaped, undefined names are errors, and no template comes from data."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment
from jinja2.ext import Extension

from desk.cases.case_decisions import SEVERITIES, TAGS
from desk.field_limits import SHOWN, cut
from desk.highlighting import defang, heading, pieces, plain_line
from desk.languages.catalogues import install_languages, make_environment, say
from desk.languages.glosses import FACETS, PERIODS, WORDS, shown_gloss, translate_gloss
from desk.languages.reader_locale import ago, clock, country_name, day, language_name, number, reader_locale, stamp
from desk.people.roles import Right
from desk.people.sessions import IDLE, LONGEST, Session, masked_token
from desk.web.sections import destinations, page_of, sections_of
from desk.word_edges import shorten
from enrichment.harm import LEVELS
from foundation.messages import _, ngettext

TEMPLATES = Path(__file__).with_name("templates")
BLOCKS = (
    "article|aside|blockquote|br|dd|details|div|dl|dt|fieldset|figcaption|figure|form|h1|h2|h3|header|legend|li|link|main|nav|ol|"
    "option|p|section|select|summary|table|tbody|td|th|thead|tr|ul"
)
"""Elements before which white space says nothing."""


def key_words(name: str) -> str:
    """Return a key as words: ``documents_held`` -> ``documents held``; the keys that pages show can be translated."""
    return WORDS.get(name) or name.replace("_", " ")


def value_words(field: str, value: str) -> str:
    """Return what a value of a search field means, as people say it."""
    if field == "tag":
        return TAGS.get(value, key_words(value))
    if field == "harm":
        return next((words for level, words in LEVELS.items() if level == value), key_words(value))
    return language_name(value) if field == "language" else key_words(value)


def facet_name(facet: str) -> str:
    """Return what a field is called above its values."""
    name = say(FACETS.get(facet) or key_words(facet))
    return name[:1].upper() + name[1:]


def sentence(words: str | Exception) -> str:
    """Return what an error says as a sentence on a line, in the reader's language: a capital first, a full stop last."""
    line = plain_line(say(words))
    return line[:1].upper() + line[1:] + ("" if line.endswith((".", "!", "?")) else ".")


def severity_choices() -> list[tuple[str, str]]:
    """Return each severity with its meaning, as a person chooses among them."""
    return [(key, f"{say(key_words(key))}: {say(meaning)}") for key, meaning in SEVERITIES.items()]


def audit_detail(detail: str) -> list[tuple[str, str]]:
    """Return the detail of an audit entry as names and values; of a list only how long it is, so that the reason shows beside it.

    A detail that is no JSON (somebody changed it) is shown unchanged.
    """
    try:
        result = json.loads(detail)
    except ValueError:
        result = None
    if not isinstance(result, dict):
        return [("detail", detail)]
    return [
        (name, ngettext("%(num)s advert", "%(num)s adverts", len(value)) if isinstance(value, list) else str(value))
        for name, value in result.items()
    ]


class LineJoiner(Extension):
    """Takes out of a template what its lines are wrapped and indented with: pages do not carry it.

    A line that begins with spaces continues the one before; before a block no space remains, elsewhere one.
    """

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002 - Jinja's signature
        """Return the text of a template in fewer lines."""
        source = re.sub(rf"\n +(?=</?(?:{BLOCKS})\b)", "", source)
        return re.sub(r"(?<!%\})\n +(?!\{%)", " ", source)


def environment(*own: Path) -> Environment:
    """Return the template environment of the desk, or of the partners' door with the folder of its ``own``."""
    result = make_environment(*own, TEMPLATES, extensions=[LineJoiner])
    install_languages(result, "desk")
    result.filters.update(
        ago=lambda moment, now: say(ago(moment, now)), stamp=lambda moment: say(stamp(moment)), clock=clock,
        moment=datetime.fromisoformat, say=say, words=lambda name: say(key_words(name)),
        defanged=lambda text: defang(plain_line(cut(say(text)))), plain=lambda text, most=SHOWN: plain_line(cut(say(text), most)),
        audit_detail=audit_detail, pieces=pieces,
        heading=lambda posting, most=120: heading(posting, most) or say(_("A post without words")), shortened=shorten,
        harm=lambda level: say(LEVELS.get(level) or key_words(level)), tag=lambda key: say(TAGS.get(key) or key_words(key)),
        facet_name=facet_name, value_words=lambda value, field: say(value_words(field, value)),
        language=lambda code: say(language_name(code)), number=number, country=country_name, day=day,
        per=lambda period: say(PERIODS.get(period) or period), gloss=lambda text: shown_gloss(plain_line(cut(say(text)))),
        gloss_text=lambda text: plain_line(cut(translate_gloss(say(text)) or text)), sentence=sentence,
        query=lambda pairs: urlencode(pairs, doseq=True),
    )  # fmt: skip
    result.globals.update(
        Right=Right, idle=int(IDLE.total_seconds()), sections_of=sections_of, page_of=page_of, destinations=destinations
    )
    return result


def page(request: Request, name: str, status: int = 200, /, **values: Any) -> HTMLResponse:
    """Return a page; every template knows who is logged in and the token for its forms."""
    session: Session | None = getattr(request.state, "session", None)
    templates: Environment = request.app.state.templates
    body = templates.get_template(name).render(
        user=session.user if session else None, csrf=masked_token(session) if session else "",
        session_left=int((session.started_at + LONGEST - request.app.state.desk.clock()).total_seconds()) if session else 0,
        path=request.url.path, lang=reader_locale().language, now=request.app.state.desk.clock(),
        organisation=request.app.state.desk.organisation, translator=request.app.state.desk.translator,
        asked=getattr(request.state, "asked", 0), **values,
    )  # fmt: skip
    return HTMLResponse(body, status_code=status)
