"""Places named in a text, from ``seeds/places.yml``: facts for the score and the analyst, never a verdict by themselves."""

import functools
import hashlib
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import ahocorasick_rs
import msgspec

from enrichment.assessment import Language, Place
from enrichment.errors import SeedsError
from enrichment.lexicon import cache
from enrichment.text.views import View, Views, bare, dense
from foundation.yaml_limits import YamlRefused, compose_limited, line_of, values_of

MAX_BYTES, MAX_NODES = 1 << 20, 50_000
"""Of ``places.yml`` at most; the one shipped has a twentieth of it."""
KINDS = ("compound", "town", "zone", "border", "city", "country")
_RANK = {kind: place for place, kind in enumerate(KINDS)}


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

    def __init__(self, path: Path) -> None:
        """Read ``path``; raise GazetteerError naming the line that is wrong."""
        table: dict[str, list[Spelling]] = {}
        for form, spelling in spellings(path):
            table.setdefault(form, []).append(spelling)
        self._entries = list(table.values())
        self._machine = ahocorasick_rs.AhoCorasick(
            list(table),
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


def spellings(path: Path) -> list[tuple[str, Spelling]]:
    """Return each form a place is found by, as it looks without diacritics; raise GazetteerError naming the line that is wrong.

    Kept between runs by what the file and this code say: parsing takes most of a second.
    """
    try:
        made_of = hashlib.sha256(b"\0".join((path.read_bytes(), _code(), unicodedata.unidata_version.encode())))
    except OSError as exc:
        raise GazetteerError(
            f"{path}: cannot read it ({exc.strerror}); set LUREWATCH_SEEDS to the folder that holds places.yml"
        ) from exc
    name = f"places-{made_of.hexdigest()[:32]}"
    if (kept := cache.lookup(name)) is not None:
        try:
            return msgspec.msgpack.decode(kept, type=list[tuple[str, Spelling]])
        except (msgspec.DecodeError, UnicodeDecodeError):
            pass  # damaged: read again and kept again below
    listed = list(_parse_places(path))
    cache.keep(name, msgspec.msgpack.encode(listed))
    return listed


@functools.cache
def _code() -> bytes:
    """Return what decides how a form looks; a change of it reads the file again."""
    text = Path(__file__).parents[1] / "text"
    return b"".join(file.read_bytes() for file in (Path(__file__), *sorted(text.glob("*.py"))))


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


def _check_place(place: Any) -> None:
    """Raise GazetteerError for a place that lacks what every one needs."""
    if not isinstance(place, dict):
        raise GazetteerError("every place is a mapping with name, country, kind and spellings")
    unknown = set(place) - {"name", "country", "kind", "spellings", "note", "ambiguous"}
    if unknown:
        raise GazetteerError(f"unknown key {sorted(unknown)[0]!r}; known are name, country, kind, spellings, note, ambiguous")
    for key in ("name", "country", "kind", "spellings"):
        if not place.get(key):
            raise GazetteerError(f"no {key!r}; every place needs name, country, kind and spellings")
    if place["kind"] not in KINDS:
        raise GazetteerError(f"kind {place['kind']!r} is not one of {', '.join(KINDS)}")
    if len(str(place["country"])) != 2:
        raise GazetteerError(f"country {place['country']!r} is no ISO 3166 code of two letters")
    if not isinstance(place["spellings"], dict) or not all(map(_strings, place["spellings"].values())):
        raise GazetteerError("spellings must read {language: [spelling, …]}")
    ambiguous = place.get("ambiguous") or []
    if not isinstance(ambiguous, list) or not all(map(_is_ambiguous, ambiguous)):
        raise GazetteerError("ambiguous must read [{spelling: …, needs: [word, …]}]")


def _place_forms(place: Any) -> Iterator[tuple[str, Spelling]]:
    """Yield each form of each spelling of a place; raise GazetteerError for one that is not described rightly."""
    _check_place(place)
    ambiguous = place.get("ambiguous") or []
    needs = {bare(entry["spelling"]): tuple(bare(word) for word in entry["needs"]) for entry in ambiguous}
    seen: set[str] = set()
    for spelling in [
        *(item for listed in place["spellings"].values() for item in listed),
        *(item["spelling"] for item in ambiguous),
    ]:
        for form in _forms(spelling):
            if len(form) < 2:
                raise GazetteerError(f"spelling {spelling!r} is too short to be told from other words")
            if form not in seen:
                seen.add(form)
                yield (
                    form,
                    Spelling(
                        str(place["name"]),
                        str(place["country"]),
                        place["kind"],
                        _word(form[0]),
                        needs.get(bare(spelling), ()),
                    ),
                )


def _strings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_ambiguous(entry: Any) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("spelling"), str) and _strings(entry.get("needs"))


def _forms(spelling: str) -> list[str]:
    """Return the forms a spelling is found in: without marks, without gaps, and for names of several words hyphened or run
    together."""
    plain = bare(spelling)
    forms = [plain, dense(spelling)]
    if " " in plain and plain.isascii() and len(plain) >= 6:
        forms += [plain.replace(" ", "-"), plain.replace(" ", "")]
    return list(dict.fromkeys(forms))
