"""The lure lexicon: indicators, and per language the phrases and patterns that show them, read from ``seeds/lures``.

``indicators.yml`` says what each indicator means and where it comes from; every other ``*.yml`` holds the entries of a language.
Reading is strict: an unknown key, a doubled phrase or a bad pattern is an error that names file, line and fix.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import msgspec
import yaml

from crawlers.yaml_limits import YamlRefused, limited
from enrichment import cache
from enrichment.errors import SeedsError
from enrichment.pattern import Compiled, PatternError, compiled, prepare

Strength = Literal["weak", "medium", "strong"]
STRENGTH = {"weak": 0.5, "medium": 0.8, "strong": 1.0}
STEP_DOWN = {1.0: 0.9, 0.8: 0.7, 0.5: 0.4}
"""What a hit is worth when only a folded view shows it."""
_CODE = b"".join((Path(__file__).parent / name).read_bytes() for name in ("lexicon.py", "pattern.py", "pieces.py", "stream.py"))
"""What decides how an entry is read; a change of it reads every file again."""
MAX_BYTES, MAX_NODES = 4 << 20, 200_000
"""Of one lexicon file at most; the longest one shipped has a tenth of it."""
BASES = ("quoted", "reported", "named", "own")


class LexiconError(SeedsError):
    """A lexicon file is wrong; each line of the message names file, line, what is wrong and the fix."""


class Indicator(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of evidence."""

    slug: str
    family: str
    title: str
    why: str
    tag: str = ""
    """The tag this indicator speaks for; empty for none in particular."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One phrase or pattern."""

    language: str
    phrase: str
    gloss: str
    indicator: Indicator
    strength: float
    basis: str
    source: str | None
    catches: tuple[str, ...]
    spares: tuple[str, ...]
    place: str
    """``file:line`` for messages."""
    marked: bool
    """The diacritics decide the meaning: a hit whose letters carry other marks is none (Vietnamese)."""
    form: Compiled


class Lexicon(msgspec.Struct, frozen=True, kw_only=True):
    """All indicators and entries, and the version they make up."""

    indicators: dict[str, Indicator]
    entries: tuple[Entry, ...]
    version: str
    """First 12 hex digits of the SHA-256 of the files."""


def lexicon(folder: Path) -> Lexicon:
    """Read ``seeds/lures``; raise LexiconError with every fault found."""
    faults: list[str] = []
    digest = hashlib.sha256()
    files = sorted(folder.glob("*.yml"))
    known = folder / "indicators.yml"
    if known not in files:
        raise LexiconError(f"{known}: missing; it names the indicators the phrases stand for")
    indicators = {item.slug: item for item in _indicators(known, faults)}
    entries: list[Entry] = []
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
        if file != known:
            entries += _read(file, known, indicators, faults)
    if faults:
        raise LexiconError("\n".join(faults))
    return Lexicon(indicators=indicators, entries=tuple(entries), version=digest.hexdigest()[:12])


def _read(file: Path, known: Path, indicators: dict[str, Indicator], faults: list[str]) -> list[Entry]:
    """Return the entries of one file, kept between runs by what it, the indicators and this code say: parsing takes seconds."""
    made_of = b"\0".join((known.read_bytes(), file.read_bytes(), str(file).encode(), _CODE))
    name = f"lexicon-{hashlib.sha256(made_of).hexdigest()[:32]}"
    if (data := cache.kept(name)) is not None:
        try:
            return msgspec.msgpack.decode(data, type=list[Entry])
        except (msgspec.DecodeError, UnicodeDecodeError):
            pass  # damaged: read again and kept again below
    before = len(faults)
    entries = list(_entries(file, indicators, faults))
    if len(faults) == before:
        cache.keep(name, msgspec.msgpack.encode(entries))
    return entries


def _indicators(file: Path, faults: list[str]) -> Iterator[Indicator]:
    for line, item in _items(file, "indicators", faults):
        try:
            yield msgspec.convert(item, Indicator, strict=True)
        except msgspec.ValidationError as exc:
            faults.append(f"{file}:{line}: {exc}; an indicator has slug, family, title, why and, where it has one, tag")


class _Written(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    phrase: str | None = None
    pattern: str | None = None
    gloss: str
    indicator: str
    strength: Strength
    basis: Literal["quoted", "reported", "named", "own"]
    source: str | None = None
    catches: tuple[str, ...] = ()
    spares: tuple[str, ...] = ()


def _entries(file: Path, indicators: dict[str, Indicator], faults: list[str]) -> Iterator[Entry]:
    seen: dict[bytes, str] = {}
    items = list(_items(file, "entries", faults))
    prepare(str(item.get("pattern") or item.get("phrase") or "") for _, item in items)
    for line, item in items:
        place = f"{file}:{line}"
        try:
            written = msgspec.convert(item, _Written, strict=True)
        except msgspec.ValidationError as exc:
            keys = "phrase or pattern, gloss, indicator, strength, basis, source, catches, spares"
            faults.append(f"{place}: {exc}; an entry has {keys}")
            continue
        wording = written.pattern or written.phrase
        if wording is None or (written.pattern and written.phrase):
            faults.append(f"{place}: give either phrase (plain words) or pattern (with * ~ ( | )), not both")
            continue
        indicator = indicators.get(written.indicator)
        if indicator is None:
            known = file.parent / "indicators.yml"
            faults.append(f"{place}: unknown indicator {written.indicator!r}; take one from {known} or add it there")
            continue
        if written.phrase and any(char in written.phrase for char in "*~()|[]"):
            faults.append(f"{place}: a phrase is plain words; write pattern: for * ~ ( | ) [ ]")
            continue
        try:
            form = compiled(wording)
        except PatternError as exc:
            faults.append(f"{place}: {exc}")
            continue
        if form.expression in seen:
            faults.append(f"{place}: {wording!r} stands already at {seen[form.expression]}; remove one")
            continue
        seen[form.expression] = place
        yield Entry(
            language=file.stem, phrase=wording, gloss=written.gloss, indicator=indicator, strength=STRENGTH[written.strength],
            basis=written.basis, source=written.source, catches=written.catches or ((wording,) if written.phrase else ()),
            spares=written.spares, place=place, marked=file.stem == "vi", form=form,
        )


def _items(file: Path, key: str, faults: list[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the items of the list ``key`` with the line each stands on."""
    try:
        root = yaml.compose(limited(file, most_bytes=MAX_BYTES, most_nodes=MAX_NODES), Loader=yaml.CSafeLoader)
    except YamlRefused as exc:
        faults.append(f"{file}:{exc.line}: {exc}")
        return
    except yaml.YAMLError as exc:
        faults.append(f"{file}:1: {exc}; mend the YAML")
        return
    if not isinstance(root, yaml.MappingNode):
        faults.append(f"{file}:1: must be a mapping with {key}:")
        return
    for name, node in root.value:
        if name.value != key:
            if name.value not in ("language", "name", "script"):
                faults.append(f"{file}:{name.start_mark.line + 1}: unknown key {name.value!r}; use {key}")
            continue
        for item in node.value if isinstance(node, yaml.SequenceNode) else ():
            line = item.start_mark.line + 1
            if not isinstance(item, yaml.MappingNode):
                faults.append(f"{file}:{line}: each item is {{key: value, …}}")
                continue
            yield line, {k.value: [v.value for v in value.value] if isinstance(value, yaml.SequenceNode) else value.value
                         for k, value in item.value}
