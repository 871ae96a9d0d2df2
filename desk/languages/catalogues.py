"""Catalogues of translated sentences: read once as ``.po``, checked, and never trusted with markup."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.ext import Extension, InternationalizationExtension
from jinja2.runtime import Context
from markupsafe import Markup, escape

from desk.languages.reader_locale import parse_locale, reader_locale
from foundation.messages import Message


def make_environment(*folders: Path, escape: bool = True, extensions: Sequence[type[Extension]] = ()) -> Environment:
    """Return an environment of the templates in some folders, the first first; ``escape`` is False for plain text alone."""
    return Environment(
        loader=FileSystemLoader(folders),
        autoescape=escape,  # noqa: S701 - False only for plain text
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=list(extensions),
    )


LOCALES = Path(__file__).resolve().parents[1] / "locales"
DOMAINS = ("desk", "mail", "notice")
"""Pages; the weekly mail; notices to platforms."""
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sdr]|%%")
_TAG = re.compile(r"<[^<>]*>")


@cache
def languages_of(domain: str) -> tuple[str, ...]:
    """Return the languages that a domain's sentences stand in, English first: each folder with a catalogue of it is one."""
    return ("en", *sorted(path.parents[1].name.replace("_", "-") for path in LOCALES.glob(f"*/LC_MESSAGES/{domain}.po")))


def closest_language(wanted: str, domain: str) -> str:
    """Return the catalogue for a language tag: its own, else that of the language without region; English where there is none."""
    offered = languages_of(domain)
    return next((each for each in (wanted, wanted.partition("-")[0]) if each in offered), "en")


def say_twice(what: Message, domain: str) -> tuple[str, ...]:
    """Return a sentence in the reader's language and beside it in English, in which it is binding; once where these are one."""
    return tuple(dict.fromkeys((say(what, domain), str(what))))


def say(what: object, domain: str = "desk") -> str:
    """Return a sentence, or that of an error, in the language of whoever reads; what is no ``Message`` stays as it is."""
    text = what.args[0] if isinstance(what, Exception) and what.args else what
    if not isinstance(text, Message):
        return str(text)
    found = translations(reader_locale().language, domain)
    chosen = found.ngettext(text.source, text.plural, text.number) if text.plural else found.gettext(text.source)
    return chosen % {name: say(value, domain) if isinstance(value, Message) else value for name, value in text.values.items()}


def install_languages(environment: Environment, domain: str) -> None:
    """Let templates say ``_()``, ``ngettext()`` and ``{% trans %}`` from a catalogue, in the language of whoever reads."""
    environment.add_extension(InternationalizationExtension)
    environment.policies["ext.i18n.trimmed"] = True
    environment.finalize = lambda value: say(value, domain) if isinstance(value, Message) else value

    def fill_in(context: Context, source: str, chosen: str, values: dict[str, Any]) -> str:
        said = {name: say(value, domain) if isinstance(value, Message) else value for name, value in values.items()}
        return (escape_text(source, chosen) if context.eval_ctx.autoescape else chosen) % said

    @pass_context
    def gettext(context: Context, source: str, **values: Any) -> str:
        return fill_in(context, source, translations(reader_locale().language, domain).gettext(source), values)

    @pass_context
    def plural_gettext(context: Context, singular: str, plural: str, num: int, **values: Any) -> str:
        chosen = translations(reader_locale().language, domain).ngettext(singular, plural, num)
        return fill_in(context, plural, chosen, {"num": num} | values)

    for language in languages_of(domain):
        translations(language, domain)  # read now, not while somebody waits for a page
    environment.newstyle_gettext = True  # type: ignore[attr-defined]  # the extension adds it; placeholders come as arguments
    environment.globals.update(gettext=gettext, ngettext=plural_gettext)


@cache
def escape_text(source: str, text: str) -> Markup:
    """Return a translation as markup: the elements that the template's own sentence has, everything else escaped."""
    if Counter(_TAG.findall(source)) != Counter(_TAG.findall(text)):
        text = source
    tags = _TAG.findall(text)
    parts = [str(escape(part)) for part in _TAG.split(text)]
    return Markup("".join(part + tag for part, tag in zip(parts, [*tags, ""], strict=True)))  # noqa: S704 - escaped above


@cache
def translations(language: str, domain: str) -> NullTranslations:
    """Return the checked sentences of a language; English, and what has a fault, stands as it was written."""
    if language == "en":
        return NullTranslations()
    catalogue = read_catalogue(language, domain)
    for message in list(catalogue):
        if message.id and message.string and next(faults_of(message.id, message.string), None):
            catalogue.delete(message.id)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled, domain=domain)


def read_catalogue(language: str, domain: str) -> Catalog:
    """Return a catalogue as its file has it; an empty one where there is no file."""
    locale = parse_locale(language)
    file = LOCALES / str(locale) / "LC_MESSAGES" / f"{domain}.po"
    if not file.exists():
        return Catalog(locale=locale, domain=domain)
    with file.open("rb") as opened:
        return read_po(opened, locale=locale, domain=domain)


def faults_of(source: str | tuple[str, ...] | list[str], given: str | tuple[str, ...] | list[str]) -> Iterator[str]:
    """Yield what is wrong with a translation: a form that is missing, other placeholders, other markup."""
    sources = [source] if isinstance(source, str) else list(source)
    for text in [given] if isinstance(given, str) else given:
        if not text:
            yield "not translated"
        elif "%" in _PLACEHOLDER.sub("", text):
            yield f"a lone per cent sign: {text!r}"
        elif not any(_names(text) == _names(each) for each in sources):
            yield f"other placeholders: {text!r}"
        elif Counter(_TAG.findall(text)) != Counter(_TAG.findall(sources[-1])):
            yield f"other markup: {text!r}"


def _names(text: str) -> set[str]:
    return {found[1] for found in _PLACEHOLDER.finditer(text) if found[1]}
