"""Finds the country of a number without country code: by language, by words of the text, and by how numbers are written there.

Adverts show reserved and new number blocks, which libphonenumber refuses, but people write them as their country writes
numbers.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import msgspec

from enrichment.assessment import Language
from enrichment.text.views import fold
from foundation.yaml_limits import read_table


class CountryLists(msgspec.Struct, frozen=True):
    """What ``countries.yml`` holds."""

    looks: dict[str, str]
    no_trunk: str
    home_words: dict[str, str]
    homes: dict[str, str]
    tongues: dict[str, str]
    language_countries: dict[str, str]


_LISTS = read_table(__file__, "countries.yml", CountryLists)
LANGUAGE_COUNTRIES = {language: tuple(countries.split()) for language, countries in _LISTS.language_countries.items()}
"""Where a number written without its country code is likeliest from, by the language of the text."""
NO_TRUNK = frozenset(_LISTS.no_trunk.split())
"""Countries where a number without a leading 0 is still written whole, at home or by people abroad."""
BARE = frozenset({"US", "CA", "BR"})
"""Countries whose numbers are long enough to be told by their length behind a label, given out or not."""

_OWN_SCRIPTS = (
    ("\u0400", "\u04ff", ("RU", "KZ")), ("\u0900", "\u097f", ("IN", "NP")), ("\u0980", "\u09ff", ("BD", "IN")),
    ("\u0b80", "\u0bff", ("IN", "LK")), ("\u0d80", "\u0dff", ("LK",)), ("\u0e00", "\u0e7f", ("TH",)),
    ("\u0e80", "\u0eff", ("LA",)), ("\u1000", "\u109f", ("MM",)), ("\u1200", "\u137f", ("ET",)), ("\u1780", "\u17ff", ("KH",)),
    ("\u3041", "\u30ff", ("JP",)), ("\u4e00", "\u9fff", ("CN", "TW", "HK")), ("\uac00", "\ud7a3", ("KR",)),
)  # fmt: skip
"""Scripts that tell where a text is from, as spans of letters."""
_OWN_LETTER = re.compile("[{}]".format("".join(f"{first}-{last}" for first, last, _ in _OWN_SCRIPTS)))
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")


@cache
def _home_words(code: str) -> list[tuple[str, str]]:
    """Return the words listened to in a language, folded, each with its country; more where the language could not be told."""
    known = code in LANGUAGE_COUNTRIES
    listened = _LISTS.homes.get(code, "").split() if known else _LISTS.home_words.keys()
    listed = [(country, _LISTS.home_words[country]) for country in sorted(listened)]
    listed += [] if known else _LISTS.tongues.items()
    return [(fold(word), country) for country, words in listed for word in words.split("|")]


class Nations(NamedTuple):
    """Where a local number may be from: countries, likeliest first, and the one the text says most plainly it is written in."""

    order: tuple[str, ...]
    home: str
    """Empty when the text does not say it."""


def nations(source: tuple[str, ...], language: Language, text: str) -> Nations:
    """Return the countries a number may be from, likeliest first: the one its source is for, then those ``text`` (folded) speaks
    for.

    Of a source for several countries none is likelier than what the text itself speaks for.
    """
    entries = _named_countries(language, text)
    spoken = (*entries, *_script_countries(language, text), *LANGUAGE_COUNTRIES.get(language.code, ()))
    if len(source) > 1:
        source = (*[country for country in spoken if country in source], *spoken, *source)
    order = tuple(dict.fromkeys((*source, *spoken)))
    return Nations(order, entries[0] if entries and order[0] == entries[0] else "")


def _named_countries(language: Language, text: str) -> list[str]:
    """Return the countries whose money, towns or offices ``text`` names, the one named most first."""
    named: Counter[str] = Counter()
    for word, country in _home_words(language.code):
        place = text.find(word)
        end = place + len(word)
        if place >= 0 and (word > "\u0900" or not (text[place - 1 : place].isalpha() or text[end : end + 1].isalpha())):
            named[country] += 1
    return [country for country, _ in named.most_common()]


def _script_countries(language: Language, text: str) -> tuple[str, ...]:
    """Return the countries that write the language in this script, likeliest first: Traditional Chinese in Hong Kong where it is
    Cantonese; Hindi in Latin letters, which Urdu in them is taken for, in Pakistan too; any whose script it is where the
    language could not be told."""
    if language.code == "hi" and language.script == "Latn":
        return ("PK", "IN")
    if language.code == "zh" and _KANA.search(text):
        return ("JP",)
    if language.code not in LANGUAGE_COUNTRIES:
        letter = _OWN_LETTER.search(text)
        return next((at for first, last, at in _OWN_SCRIPTS if letter and first <= letter.group() <= last), ())
    if language.script != "Hant":
        return ()
    return ("HK", "MO", "TW") if len(_CANTONESE.intersection(text)) > 1 else ("TW", "HK", "MO")


_CANTONESE = frozenset("唔嘅睇搵係佢咗喺嚟啲冇嘢咁畀")
"""Letters (as simplified by the text views, where they change) that Cantonese is written with and Mandarin is not."""


@cache
def _look(country: str) -> re.Pattern[str] | None:
    return re.compile(_LISTS.looks[country]) if country in _LISTS.looks else None


def looks_at_home(digits: str, country: str | None) -> bool:
    """Tell whether ``digits`` are written as ``country`` writes the numbers that adverts give."""
    look = _look(country) if country else None
    return look is not None and look.fullmatch(digits) is not None


_NATIVE_GROUPS: dict[str, frozenset[tuple[int, ...]]] = {
    "IN": frozenset({(5, 5)}),
    "NP": frozenset({(3, 3, 4), (3, 7), (5, 5)}),
    "MZ": frozenset({(2, 3, 4)}),
    "AO": frozenset({(3, 3, 3)}),
    "BR": frozenset({(2, 5, 4), (2, 9)}),
    "SN": frozenset({(2, 3, 2, 2)}),
    "PT": frozenset({(3, 3, 3)}),
    "CM": frozenset({(1, 2, 2, 2, 2)}),
    "US": frozenset({(3, 3, 4), (1, 3, 3, 4)}),
    "CA": frozenset({(3, 3, 4), (1, 3, 3, 4)}),
}
"""How the digits of numbers without a trunk 0 are grouped at home."""


_ONLY: dict[tuple[int, ...], str] = {(2, 5, 4): "BR", (1, 2, 2, 2, 2): "CM", (5, 5): "IN"}
"""Groups of digits that hardly anybody else writes."""


def only_home(digits: str, sizes: tuple[int, ...], first: str) -> str:
    """Return the country that writes ``digits`` in groups of ``sizes``, when it is another than ``first`` (the likeliest so far)
    and that one does not write them so as well; else an empty string."""
    country = _ONLY.get(sizes, "")
    if not country or country == first or sizes in _NATIVE_GROUPS.get(first, ()):
        return ""
    return country if looks_at_home(digits, country) else ""


def grouped_at_home(digits: str, sizes: Sequence[int], country: str) -> bool:
    """Tell whether ``digits`` in groups of ``sizes`` look like a number of ``country`` even where nothing announces one.

    The second group of ``50000 01234`` is no round amount.
    """
    shapes = _NATIVE_GROUPS.get(country)
    if shapes is None or tuple(sizes) not in shapes or (country in _LISTS.looks and not looks_at_home(digits, country)):
        return False
    return len(sizes) > 2 or digits[sizes[0]] == "0" or not digits.endswith("00")
