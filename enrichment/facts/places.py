"""Places named in a text, from ``seeds/places.yml``: facts for the score and the analyst, never a verdict by themselves."""

import functools
import hashlib
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, get_args

import ahocorasick_rs
import msgspec
from babel import Locale
from babel.core import get_global
from babel.localedata import locale_identifiers
from babel.numbers import get_territory_currencies

from enrichment.assessment import Language, Place
from enrichment.errors import SeedsError
from enrichment.lexicon import cache
from enrichment.text.views import View, Views, bare, dense, fold
from foundation.yaml_limits import YamlRefused, compose_limited, line_of, values_of

MAX_BYTES, MAX_NODES = 1 << 20, 50_000
"""Of ``places.yml`` at most; the one shipped has a twentieth of it."""
Kind = Literal["compound", "town", "zone", "border", "city", "country"]
KINDS: tuple[Kind, ...] = get_args(Kind)
_RANK: dict[str, int] = {kind: place for place, kind in enumerate(KINDS)}


class GazetteerError(SeedsError):
    """``places.yml`` cannot be used; the message names file, line and fix."""


class Spelling(NamedTuple):
    """What a form stands for."""

    name: str
    country: str
    kind: str
    spaced: bool
    """Stands between spaces: must not be found inside a word."""
    needs: tuple[str, ...]


class Gazetteer:
    """All places of one ``places.yml``; safe to share between threads."""

    def __init__(self, path: Path, *, use_cache: bool = True) -> None:
        """Read ``path``, without ``use_cache`` whatever others kept of it; raise GazetteerError naming the line that is wrong."""
        listed, data = _spellings(path, use_cache=use_cache)
        self.parsed_digest = hashlib.sha256(data).hexdigest()
        """SHA-256 of the places as they were parsed."""
        table: dict[str, list[Spelling]] = {}
        for form, spelling in listed:
            table.setdefault(form, []).append(spelling)
        self.forms = tuple(table)
        """Each form a place is found by, as it looks without diacritics."""
        self._entries = list(table.values())
        self._machine = ahocorasick_rs.AhoCorasick(
            self.forms,
            matchkind=ahocorasick_rs.MatchKind.LeftmostLongest,
            implementation=ahocorasick_rs.Implementation.ContiguousNFA,
        )

    def __len__(self) -> int:
        return sum(len(entry) for entry in self._entries)

    def places(self, seen: Views, language: Language) -> tuple[Place, ...]:  # noqa: ARG002  the contract names it; no spelling needs it yet
        """Return the places named in the text of ``seen``, in order, the more exact place where two overlap."""
        places: dict[tuple[int, int], Place] = {}
        for view in _plain_views(seen):
            for number, start, end in self._machine.find_matches_as_indexes(view.text):
                spelling = self._choose_spelling(self._entries[number], view.text, start, end)
                if spelling is None:
                    continue
                span = view.span(start, end)
                places.setdefault(
                    span, Place(name=spelling.name, country=spelling.country, kind=spelling.kind, start=span[0], end=span[1])
                )
        return tuple(_without_overlaps(sorted(places.values(), key=lambda place: (place.start, -place.end, _RANK[place.kind]))))

    @staticmethod
    def _choose_spelling(entry: list[Spelling], text: str, start: int, end: int) -> Spelling | None:
        for spelling in entry:
            if spelling.spaced and (_word(text[start - 1 : start]) or _word(text[end : end + 1])):
                continue
            if spelling.needs and not any(word in text for word in spelling.needs):
                continue
            return spelling
        return None


@functools.cache
def _countries(language: str) -> tuple[ahocorasick_rs.AhoCorasick, list[tuple[str, str]]]:
    """Return the countries (ISO 3166) by their names, and those of the cities that time zones are called after, in English and a
    language."""
    names: dict[str, str] = {}
    for locale in [Locale.parse(code) for code in ("en", CLDR_CODES.get(language, language)) if code in locale_identifiers()]:
        for zone, country in get_global("zone_territories").items():
            city = zone.rpartition("/")[2].replace("_", " ")
            names |= dict.fromkeys(_name_forms(locale.time_zones.get(zone, {}).get("city", city)), country)
        for country, name in locale.territories.items():
            names |= {form: country for form in _name_forms(name) if len(country) == 2 and get_territory_currencies(country)}
    return ahocorasick_rs.AhoCorasick(list(names), matchkind=ahocorasick_rs.MatchKind.LeftmostLongest), list(names.items())


CLDR_CODES = {"tl": "fil"}


def _name_forms(name: str) -> list[str]:
    """Return a name with its marks, and without them where it is long enough to be told from other words."""
    return [form for form in {fold(name), bare(name)} if len(form) > 3 or (form == fold(name) and not form.isascii())]


def countries_named(seen: Views, language: Language, places: Iterable[Place]) -> frozenset[str]:
    """Return the countries (ISO 3166) of ``places``, and those that are named, or of which a great city is."""
    machine, names = _countries(language.code)
    found = {place.country for place in places}
    for view in {id(view): view for view in (seen.folded_view, seen.bare)}.values():
        for number, start, end in machine.find_matches_as_indexes(view.text):
            name, country = names[number]
            if not (_word(name[0]) and (_word(view.text[start - 1 : start]) or _word(view.text[end : end + 1]))):
                found.add(country)
    return frozenset(found)


def _word(char: str) -> bool:
    return char != "" and (char.isalnum() or char == "_") and (char < "\u0590" or "\u1e00" <= char < "\u1f00")


def _plain_views(seen: Views) -> Iterator[View]:
    """Yield the views without diacritics that differ: spellings are compared without them."""
    yield seen.bare
    if seen.dense is not seen.folded_view:
        yield seen.dense
    for view in seen.distinct():
        if view.name in ("joined_bare", "unleet_bare", "worded") or (view.name in ("joined", "unleet") and view.text.isascii()):
            yield view
    if seen.compact is not seen.joined_view:
        yield seen.compact


def _without_overlaps(places: list[Place]) -> Iterator[Place]:
    end = -1
    for place in places:
        if place.start >= end:
            yield place
            end = place.end


def _spellings(path: Path, *, use_cache: bool) -> tuple[list[tuple[str, Spelling]], bytes]:
    """Return each form a place is found by with what it stands for, and the bytes of them all, kept between runs by what the file
    and this code say: parsing takes most of a second."""
    try:
        made_of = hashlib.sha256(b"\0".join((path.read_bytes(), _code(), unicodedata.unidata_version.encode())))
    except OSError as exc:
        raise GazetteerError(
            f"{path}: cannot read it ({exc.strerror}); set LUREWATCH_SEEDS to the folder that holds places.yml"
        ) from exc
    name = f"places-{made_of.hexdigest()[:32]}"
    data = cache.lookup(name, own=not use_cache)
    try:
        listed = msgspec.msgpack.decode(data, type=list[tuple[str, Spelling]])
    except (msgspec.DecodeError, UnicodeDecodeError):  # none is kept, or it is damaged
        data = msgspec.msgpack.encode(listed := list(_parse_places(path)))
        cache.keep(name, data)
    return listed, data


@functools.cache
def _code() -> bytes:
    """Return what decides how a form looks; a change of it reads the file again."""
    text = Path(__file__).parents[1] / "text"
    return b"".join(file.read_bytes() for file in (Path(__file__), *sorted((*text.glob("*.py"), *text.glob("*.yml")))))


def _parse_places(path: Path) -> Iterator[tuple[str, Spelling]]:
    try:
        root = compose_limited(path, most_bytes=MAX_BYTES, most_nodes=MAX_NODES)
        loaded = values_of(root)
    except YamlRefused as exc:
        raise GazetteerError(f"{path}:{exc.line}: {exc}") from exc
    places = loaded.get("places") if isinstance(loaded, dict) else None
    if not isinstance(places, list) or not places:
        raise GazetteerError(f"{path}: no list 'places'; start from the file this project ships")
    for number, place in enumerate(places):
        try:
            yield from _place_forms(place)
        except GazetteerError as exc:
            raise GazetteerError(f"{path}:{line_of(root, ('places', number))}: {exc}") from exc


class _AmbiguousSpelling(msgspec.Struct, frozen=True):
    spelling: str
    needs: list[str]


class _PlaceDescription(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place as the file describes it."""

    name: Annotated[str, msgspec.Meta(min_length=1)]
    country: Annotated[str, msgspec.Meta(pattern="^[A-Z]{2}$")]
    kind: Kind
    spellings: Annotated[dict[str, list[str]], msgspec.Meta(min_length=1)]
    note: str | None = None
    ambiguous: list[_AmbiguousSpelling] | None = None


def _place_forms(described: Any) -> Iterator[tuple[str, Spelling]]:
    """Yield each form of each spelling of a place; raise GazetteerError for one that is not described rightly."""
    try:
        place = msgspec.convert(described, _PlaceDescription)
    except msgspec.ValidationError as exc:
        raise GazetteerError(
            f"{exc}; every place reads {{name: …, country: ISO 3166 code of two letters, kind: {'|'.join(KINDS)}, "
            "spellings: {language: [spelling, …]}, ambiguous: [{spelling: …, needs: [word, …]}]}"
        ) from exc
    ambiguous = place.ambiguous or []
    needs = {bare(entry.spelling): tuple(bare(word) for word in entry.needs) for entry in ambiguous}
    seen: set[str] = set()
    for spelling in [*chain.from_iterable(place.spellings.values()), *(entry.spelling for entry in ambiguous)]:
        for form in _forms(spelling):
            if len(form) < 2:
                raise GazetteerError(f"spelling {spelling!r} is too short to be told from other words")
            if form not in seen:
                seen.add(form)
                yield form, Spelling(place.name, place.country, place.kind, _word(form[0]), needs.get(bare(spelling), ()))


def _forms(spelling: str) -> list[str]:
    """Return the forms a spelling is found in: without marks, without gaps, and for names of several words hyphened or run
    together."""
    plain = bare(spelling)
    forms = [plain, dense(spelling)]
    if " " in plain and plain.isascii() and len(plain) >= 6:
        forms += [plain.replace(" ", "-"), plain.replace(" ", "")]
    return list(dict.fromkeys(forms))
