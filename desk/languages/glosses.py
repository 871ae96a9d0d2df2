"""What reasons mean, in the reader's language: titles of indicators, glosses of concepts and combinations, and what is made of
them. Records keep the English of their day; a gloss that no catalogue has stays English and is marked so."""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import yaml
from markupsafe import Markup

from crawlers.text.messages import Message, _, ngettext
from desk.languages.catalogues import say, translations
from desk.languages.reader_locale import number, reader_locale

FAMILIES = (
    _("place"), _("kind of work"), _("what is asked"), _("journey"), _("way of contact"), _("who is sought"),
    _("trade in bodies or brides"), _("disguise"),
)  # fmt: skip
"""Families in the words of ``enrichment.features``."""
_TIES = {
    r"contact (?P<name>.+) is that of": "contact %(name)s is that of %(whom)s since %(since)s",
    r"posted by (?P<name>.+), like": "posted by %(name)s, like %(whom)s since %(since)s",
    r"the same text as": "the same text as %(whom)s since %(since)s",
    r"forwarded from (?P<name>.+), as known from": "forwarded from %(name)s, as known from %(whom)s since %(since)s",
    r"handle (?P<name>.+), renamed, is that of": "handle %(name)s, renamed, is that of %(whom)s since %(since)s",
}
"""What ties an advert to confirmed ones: how enrichment says it -> the sentence of the catalogues."""


def extract_glosses(file: BinaryIO, keywords: Any, tags: Any, options: Any) -> Iterator[tuple[int, str, str, list[str]]]:  # noqa: ARG001 - Babel's signature
    """Yield the titles and glosses of indicators, concepts and clauses of the seeds, and what ties adverts, for
    ``make messages``."""
    yield from ((1, "_", source, []) for source in _TIES.values())
    held = yaml.load(file, Loader=yaml.CSafeLoader)
    for each in (*held.get("indicators", ()), *held.get("concepts", ()), *held.get("clauses", {}).values()):
        for key in ("title", "gloss", "denial_gloss"):
            if text := each.get(key):
                yield 1, "_", str(text).replace("%", "%%"), []


def shown_gloss(gloss: str) -> str | Markup:
    """Return a gloss for a page; what is not translated is marked as English."""
    said = translate_gloss(gloss)
    return said if said is not None else Markup('<span lang="en">{}</span>').format(gloss)


def translate_gloss(gloss: str) -> str | None:
    """Return a gloss in the reader's language, None where a part of it is not translated."""
    if reader_locale().language == "en":
        return gloss
    return _look_up(gloss) or _translate_network(gloss) or _translate_disguise(gloss) or _translate_parts(gloss)


def _look_up(gloss: str) -> str | None:
    source = gloss.replace("%", "%%")
    found = translations(reader_locale().language, "desk").gettext(source)
    return None if found == source else found % {}


def _translate_parts(gloss: str) -> str | None:
    """Return a gloss that enrichment composed: a title and its word, several after a colon, a number of something."""
    if found := re.fullmatch(r"pays about ([\d.]+) times what unskilled work ordinarily brings here or there", gloss):
        return say(
            _("pays about %(times)s times what unskilled work ordinarily brings here or there", times=number(float(found[1])))
        )
    if found := re.fullmatch(r"(\d+) phrases of a (warning|news|testimony|seeker|promotion)", gloss):
        return say(_phrases(found[2], int(found[1])))
    if found := re.fullmatch(r"(\d+) kinds of indicators: (.*)", gloss):
        return _list_parts(
            ngettext("%(num)s kind of indicators", "%(num)s kinds of indicators", int(found[1])), found[2].split(", "), ", "
        )
    if found := re.fullmatch(r"(\d+) terms honest employers name: (.*)", gloss):
        return _list_parts(
            ngettext("%(num)s term honest employers name", "%(num)s terms honest employers name", int(found[1])),
            found[2].split("; "),
        )
    if found := re.fullmatch(r"a short message, and this is its point: (.*)", gloss):
        return _list_parts(_("a short message, and this is its point"), [found[1]])
    if (found := re.fullmatch(r"(.+?) \(([^()]+)\)", gloss)) and (title := _look_up(found[1])):
        return f"{title} ({found[2]})"
    head, colon, rest = gloss.partition(": ")
    return _list_parts(said, rest.split("; ")) if colon and (said := _look_up(head)) else None


def _translate_network(gloss: str) -> str | None:
    """Return what a network says of an advert (``enrichment.campaigns.network``)."""
    if found := re.fullmatch(r"the same text under (\d+) names", gloss):
        return say(_("the same text under %(count)s names", count=found[1]))
    if found := re.fullmatch(r"contact (.+) on (\d+) sources within two days", gloss):
        return say(_("contact %(name)s on %(count)s sources within two days", name=found[1], count=found[2]))
    found = re.fullmatch(r"(?P<what>.+) (?P<num>\d+) confirmed lures? since (?P<since>\S+)", gloss)
    if found is None:
        return None
    for pattern, source in _TIES.items():
        if tied := re.fullmatch(pattern, found["what"]):
            whom = ngettext("%(num)s confirmed lure", "%(num)s confirmed lures", int(found["num"]))
            return say(Message(source, {"name": "", "whom": whom, "since": found["since"]} | tied.groupdict()))
    return None


def _translate_disguise(gloss: str) -> str | None:
    """Return how the letters of a text are disguised (``enrichment.text.obfuscation_signal``)."""
    if found := re.fullmatch(r"(\d+) phrases written in disguised letters", gloss):
        return say(
            ngettext("%(num)s phrase written in disguised letters", "%(num)s phrases written in disguised letters", int(found[1]))
        )
    if found := re.fullmatch(r"letters are disguised: (.*)", gloss):
        counts = [part.partition(" ") for part in found[1].split(", ")]
        parts = ", ".join(f"{count} {_look_up(kind) or kind}" for count, _space, kind in counts)
        return say(_("%(head)s: %(parts)s", head=_("letters are disguised"), parts=parts))
    return None


def _list_parts(head: Message | str, parts: list[str], mark: str = "; ") -> str | None:
    said = [_look_up(part) or _translate_parts(part) for part in parts]
    words = [each for each in said if each is not None]
    joined = mark.join(words)
    return say(_("%(head)s: %(parts)s", head=head, parts=joined)) if len(words) == len(said) else None


def _phrases(voice: str, num: int) -> Message:
    kinds = {
        "warning": ngettext("%(num)s phrase of a warning", "%(num)s phrases of a warning", num),
        "news": ngettext("%(num)s phrase of news", "%(num)s phrases of news", num),
        "testimony": ngettext("%(num)s phrase of a testimony", "%(num)s phrases of a testimony", num),
        "seeker": ngettext(
            "%(num)s phrase of somebody who looks for work", "%(num)s phrases of somebody who looks for work", num
        ),
        "promotion": ngettext("%(num)s phrase of advertising", "%(num)s phrases of advertising", num),
    }
    return kinds[voice]
