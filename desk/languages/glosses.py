"""What keys of the desk's own data are called, and what reasons mean, in the reader's language: titles of indicators, glosses
of concepts and combinations, and what is made of them.

Records keep the English of their day; a gloss that no catalogue has stays English and is marked so.
"""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import yaml
from markupsafe import Markup

from desk.languages.catalogues import say, translations
from desk.languages.reader_locale import number, parse_locale, reader_locale
from enrichment.lexicon.matches import is_name
from foundation.messages import Message, _, ngettext

WORDS = {each.source.replace(" ", "_"): each for each in (
    # cases, lists and runs
    _("open"), _("confirmed"), _("dismissed"), _("built"), _("approved"), _("sent"), _("refused"), _("superseded"),
    _("new"), _("updated"), _("withdrawn"), _("edited"), _("deleted"), _("reappeared"), _("first seen"),
    _("ok"), _("empty"), _("blocked"), _("changed"), _("partial"), _("failed"), _("none"),
    _("critical"), _("high"), _("medium"), _("low"),
    # how a text stands to the offer in it
    _("offer"), _("warning"), _("news"), _("testimony"), _("seeker"), _("other"),
    # why an item was dismissed, as its history has it
    _("honest employer"), _("warning or news"), _("other harm"), _("not enough"), _("misread"),
    # the audit log
    _("access ended"), _("ask closed"), _("asked"), _("denied"), _("digest built"), _("evidence packed"), _("item opened"),
    _("lease taken over"), _("list approved"), _("list built"), _("list refused"), _("list send asked"), _("list sent"),
    _("list superseded"), _("login"), _("login refused"), _("login throttled"), _("logout"), _("mail failed"), _("mail recalled"),
    _("mail sent"), _("notice filed"), _("password changed"), _("factor set"),
    _("factor removed"), _("recovery code used"), _("role changed"), _("rule status"), _("search deleted"), _("search exported"),
    _("search renamed"), _("search restored"), _("search saved"), _("search shared"), _("search unshared"), _("second opinion"),
    _("source accepted"), _("source blocked"), _("source edited"), _("source refused"), _("source undone"),
    _("seed proposal closed"), _("seed proposed"),
    _("evidence opened"), _("mail bounced"), _("order followed"), _("partition sealed"),
    _("retention waits"), _("subscribed"), _("subscription ended"), _("token made"), _("token revoked"),
    _("user added"), _("user disabled"), _("user enabled"), _("user vouched"),
    _("partner answered"), _("partner token made"), _("partner token opened"), _("partner token revoked"), _("seeds accepted"),
    _("commented"), _("escalated"), _("returned"), _("undone"), _("split"), _("merge"), _("lock"), _("hub"), _("remove"),
    _("confirm"), _("dismiss"), _("undo"),
    _("advert reappeared"), _("advert sighted"),
    # why an answer says so of a reported advert
    _("redirect"), _("closed"), _("rewritten"), _("says so"), _("another page"), _("no source"), _("no passport"), _("off site"),
    _("other site"), _("contact stands"), _("consent"), _("site down"), _("site changed"), _("picture"), _("empty body"),
    _("login wall"), _("robots"),
    # rules that platforms share
    _("forced labour"), _("deceptive recruitment"), _("organ trade"), _("reproductive exploitation"), _("marriage trade"),
    _("task scam"),
    # fields of a record and of a search
    _("title"), _("text"), _("employer"), _("pay"), _("place"), _("posted at"), _("contact"), _("contact type"), _("country"),
    _("source"), _("language"), _("tag"), _("harm"), _("score"), _("state"), _("campaign"), _("role"), _("reason"), _("detail"),
    # families of reasons
    _("channel"), _("control"), _("geo"), _("honest"), _("job"), _("logistics"), _("money"), _("related"),
    _("requirement"), _("targeting"), _("voice"), _("combination"), _("wording"),
    # rules, places, contacts, periods
    _("active"), _("experimental"), _("shadow"), _("retired"), _("weak"), _("strong"), _("city"), _("town"), _("region"),
    _("zone"),
    _("compound"), _("border"), _("phone"), _("email"), _("link"), _("number"), _("amount"), _("name"), _("address"),
    _("hour"), _("day"), _("week"), _("month"), _("year"),
    # what a source is
    _("job board"), _("classifieds"), _("public channel"), _("forum"), _("feed"),
)}  # fmt: skip
PERIODS = {
    "hour": _("an hour"), "day": _("a day"), "week": _("a week"), "month": _("a month"), "year": _("a year"),
}  # fmt: skip
"""For how long pay is."""
FACETS = {
    "contact_type": _("Contact"), "country": _("Country named"), "tag": _("Kind"), "harm": _("Harm"), "language": _("Language"),
    "source": _("Source"), "state": _("State"), "voice": _("Stance"), "family": _("Family"),
}  # fmt: skip
"""Fields by which a list is narrowed down; the others by their own names."""


FAMILIES = (
    _("place"), _("kind of work"), _("what is asked"), _("journey"), _("way of contact"), _("who is sought"),
    _("trade in bodies or brides"), _("disguise"), _("named by the analyst who confirmed it"),
)  # fmt: skip
"""Families in the words of ``enrichment.features``; last what a notice says of words that an analyst named."""
_LURES = r" (?P<lures>\d+) confirmed lures? since (?P<since>\S+)"
_COMPOSED = (
    (r"pays about (?P<times>[\d.]+) times what unskilled work ordinarily brings here or there",
     "pays about %(times)s times what unskilled work ordinarily brings here or there"),
    (r"pays up to about (?P<times>[\d.]+) times what unskilled work ordinarily brings here or there",
     "pays up to about %(times)s times what unskilled work ordinarily brings here or there"),
    (r"(?P<num>\d+) phrases of a warning", "%(num)s phrase of a warning", "%(num)s phrases of a warning"),
    (r"(?P<num>\d+) phrases of a news", "%(num)s phrase of news", "%(num)s phrases of news"),
    (r"(?P<num>\d+) phrases of a testimony", "%(num)s phrase of a testimony", "%(num)s phrases of a testimony"),
    (r"(?P<num>\d+) phrases of a seeker",
     "%(num)s phrase of somebody who looks for work", "%(num)s phrases of somebody who looks for work"),
    (r"(?P<num>\d+) phrases of a promotion", "%(num)s phrase of advertising", "%(num)s phrases of advertising"),
    (r"(?P<num>\d+) kinds of indicators: (?P<commas>.*)", "%(num)s kind of indicators", "%(num)s kinds of indicators"),
    (r"(?P<num>\d+) terms honest employers name: (?P<semicolons>.*)",
     "%(num)s term honest employers name", "%(num)s terms honest employers name"),
    (r"a short message, and this is its point: (?P<one>.*)", "a short message, and this is its point"),
    (r"(?P<num>\d+) phrases written in disguised letters",
     "%(num)s phrase written in disguised letters", "%(num)s phrases written in disguised letters"),
    (r"letters are disguised: (?P<commas>.*)", "letters are disguised"),
    (r"the same text under (?P<count>\d+) names", "the same text under %(count)s names"),
    (r"contact (?P<name>.+) on (?P<count>\d+) sources within two days", "contact %(name)s on %(count)s sources within two days"),
    (rf"contact (?P<name>.+) is that of{_LURES}", "contact %(name)s is that of %(whom)s since %(since)s"),
    (rf"posted by (?P<name>.+), like{_LURES}", "posted by %(name)s, like %(whom)s since %(since)s"),
    (rf"the same text as{_LURES}", "the same text as %(whom)s since %(since)s"),
    (rf"forwarded from (?P<name>.+), as known from{_LURES}", "forwarded from %(name)s, as known from %(whom)s since %(since)s"),
    (rf"handle (?P<name>.+), renamed, is that of{_LURES}", "handle %(name)s, renamed, is that of %(whom)s since %(since)s"),
)  # fmt: skip
"""How enrichment says what it puts together -> the sentence of the catalogues, and its plural where it counts."""
_LISTS = {"commas": ", ", "semicolons": "; ", "one": "\n"}
"""Parts of such a gloss that are glosses themselves, and what stands between them."""


def extract_glosses(file: BinaryIO, keywords: Any, tags: Any, options: Any) -> Iterator[tuple[Any, ...]]:  # noqa: ARG001 - Babel's
    """Yield the titles and glosses of indicators, concepts, rules and clauses of the seeds, and what is put together of them, for
    ``make messages``; a gloss in capitals is a name."""
    for _pattern, source, *plural in _COMPOSED:
        yield (1, "ngettext", (source, *plural), []) if plural else (1, "_", source, [])
    held = yaml.load(file, Loader=yaml.CSafeLoader)
    for each in (
        *(each for key in ("indicators", "concepts", "rules") for each in held.get(key, ())),
        *held.get("clauses", {}).values(),
    ):
        for key in ("title", "gloss", "denial_gloss"):
            if (text := each.get(key)) and not (key == "gloss" and is_name(str(text))):
                yield 1, "_", str(text).replace("%", "%%"), []


def shown_gloss(gloss: str) -> str | Markup:
    """Return a gloss for a page; what is not translated is marked as English."""
    said = translate_gloss(gloss)
    return said if said is not None else Markup('<span lang="en">{}</span>').format(gloss)


def translate_gloss(gloss: str) -> str | None:
    """Return a gloss in the reader's language, None where a part of it is not translated."""
    if reader_locale().language == "en":
        return gloss
    return _look_up(gloss) or _translate_composed(gloss)


def _look_up(gloss: str) -> str | None:
    source = gloss.replace("%", "%%")
    found = translations(reader_locale().language, "desk").gettext(source)
    return None if found == source else found % {}


def _translate_composed(gloss: str) -> str | None:
    """Return a gloss that enrichment composed: a sentence of the table, a title and its word, a number of something, several
    after a colon."""
    for pattern, source, *plural in _COMPOSED:
        if found := re.fullmatch(pattern, gloss):
            return _fill_in(source, "".join(plural), found.groupdict())
    if (found := re.fullmatch(r"(.+?) \(([^()]+)\)", gloss)) and (title := _look_up(found[1])):
        return f"{title} ({_look_up(found[2]) or _name_of(found[2]) or found[2]})"
    if (found := re.fullmatch(r"(\d+) (.+)", gloss)) and (title := _look_up(found[2])):
        return f"{found[1]} {title}"
    head, colon, rest = gloss.partition(": ")
    return _list_parts(said, rest, "; ") if colon and (said := _look_up(head)) else None


def _name_of(english: str) -> str | None:
    """Return the name of a country or a language in the reader's own, by its English one."""
    known, own = parse_locale("en"), parse_locale(reader_locale().language)
    tables = ((known.territories, own.territories), (known.languages, own.languages))
    return next(
        (str(there[code]) for here, there in tables for code, name in here.items() if name == english and code in there), None
    )


def _fill_in(source: str, plural: str, values: dict[str, Any]) -> str | None:
    if "times" in values:
        values["times"] = number(float(values["times"]))
    if "lures" in values:
        values["whom"] = ngettext("%(num)s confirmed lure", "%(num)s confirmed lures", int(values.pop("lures")))
    said = Message(source, values, plural, int(values.get("num", 1)))
    kind = next((name for name in _LISTS if name in values), None)
    return _list_parts(said, values[kind], _LISTS[kind]) if kind else say(said)


def _list_parts(head: Message | str, rest: str, mark: str) -> str | None:
    said = [_look_up(part) or _translate_composed(part) for part in rest.split(mark)]
    words = [each for each in said if each is not None]
    return say(_("%(head)s: %(parts)s", head=head, parts=mark.join(words))) if len(words) == len(said) else None
