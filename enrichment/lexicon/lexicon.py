"""The lure lexicon, read from ``seeds/lures``: indicators, concepts, and the words, phrases and patterns that show them.

``indicators.yml`` says what each indicator means and where it comes from; ``concepts.yml`` holds concepts of word classes and
``<language>/words.yml`` the words of each class; ``<language>/<family>.yml`` holds rules of a language for the indicators of a
family. Reading is strict: an unknown key, a doubled phrase or id or a bad pattern is an error
that names file, line and fix.
"""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import msgspec

from enrichment.errors import SeedsError
from enrichment.lexicon import cache
from enrichment.lexicon.concept_files import (
    CONCEPTS,
    SHARED,
    WORDS,
    ClassWord,
    ConceptFile,
    ConceptRule,
    class_words,
    read_concepts,
    read_words,
)
from enrichment.lexicon.pattern import CompiledPattern, PatternError, compile_pattern, prepare
from enrichment.lexicon.rule_files import LexiconRule, Status, common_files, digest_of, files_of, items, rules

STRENGTH = {"weak": 0.5, "medium": 0.8, "strong": 1.0}
STEP_DOWN = {1.0: 0.9, 0.8: 0.7, 0.5: 0.4}
"""What a hit is worth when only a folded view shows it."""
_MADE_BY = ("lexicon.py", "concept_files.py", "rule_files.py", "pattern.py", "required_literals.py", "stream.py")
_CODE = b"".join((Path(__file__).parent / name).read_bytes() for name in _MADE_BY)
"""What decides how a rule is read; a change of it reads every file again."""


class LexiconError(SeedsError):
    """A lexicon file is wrong; each line of the message names file, line, what is wrong and the fix."""


class Indicator(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One kind of evidence."""

    slug: str
    family: str
    title: str
    why: str
    tag: str = ""
    """The tag this indicator speaks for; empty for none in particular."""


class LexiconEntry(msgspec.Struct, frozen=True, kw_only=True, array_like=True, gc=False):
    """One rule made ready: a phrase or pattern to look for."""

    id: str
    """Stable: an edited rule keeps it, a removed one's is not given again."""
    status: Status
    language: str
    phrase: str
    gloss: str
    indicator: Indicator
    strength: float
    basis: str
    references: tuple[str, ...]
    added: date
    reviewed_by: str | None
    catches: tuple[str, ...]
    spares: tuple[str, ...]
    place: str
    """``file:line`` for messages."""
    form: CompiledPattern
    counter: bool = False
    """It takes its indicator back in its sentence (``ConceptRule.counter``)."""


class Lexicon(msgspec.Struct, frozen=True, kw_only=True):
    """All indicators and entries, and the version they make up."""

    indicators: dict[str, Indicator]
    entries: tuple[LexiconEntry, ...]
    """Rules of every status but ``retired``."""
    version: str
    """First 12 hex digits of the SHA-256 of the files."""
    retired: tuple[str, ...] = ()
    """Ids of the retired rules."""
    concepts: ConceptFile = ConceptFile()
    words: dict[str, tuple[ClassWord, ...]] = {}
    """The class words of each language, and those that all share."""
    parsed_digest: str = ""
    """SHA-256 of rules and words as they were parsed, hex: a kept copy of another digest says something else than the files."""


class _LanguageRules(msgspec.Struct, array_like=True):
    entries: list[LexiconEntry]
    """Their places without the folder of the language: copies of the files share what is kept."""
    retired: list[str]
    words: tuple[ClassWord, ...] = ()


def lexicon(folder: Path, *, use_cache: bool = True) -> Lexicon:
    """Read ``seeds/lures``, without ``use_cache`` whatever others kept of it; raise LexiconError with every fault found."""
    faults: list[str] = []
    known = folder / "indicators.yml"
    if not known.is_file():
        raise LexiconError(f"{known}: missing; it names the indicators the phrases stand for")
    faults += [
        f"{stray}:1: rules stand in <language>/<family>.yml; move them there"
        for stray in sorted([*folder.glob("*.y*ml"), *folder.glob("*/*.yaml"), *folder.glob("*/*/*.y*ml")])
        if stray not in (known, folder / CONCEPTS)
    ]
    indicators = {item.slug: item for item in read_indicators(known, faults)}
    concepts = read_concepts(folder / CONCEPTS, faults)
    faults += [fault for concept in concepts.concepts if (fault := _indicator_fault(concept, indicators))]
    content, common = files_of(folder), common_files(folder)
    read = _LanguageRules([], [])
    words, parsed = {SHARED: class_words(concepts.shared)}, hashlib.sha256()
    classes = concepts.classes - {*concepts.shared}
    for language, files in content.items():
        name = _cache_name(language, files, known.read_bytes(), classes)
        data = cache.lookup(name, own=not use_cache)
        try:
            language_rules = msgspec.msgpack.decode(data, type=_LanguageRules)
        except (msgspec.DecodeError, UnicodeDecodeError):  # none is kept, or it is damaged
            before = len(faults)
            language_rules = _parse(language, files, indicators, classes, faults)
            data = msgspec.msgpack.encode(language_rules, order="deterministic")
            if len(faults) == before:
                cache.keep(name, data)
        parsed.update(hashlib.sha256(data).digest())
        read.entries += [msgspec.structs.replace(entry, place=f"{language}{entry.place}") for entry in language_rules.entries]
        read.retired += language_rules.retired
        words[language.name] = language_rules.words
    if faults:
        raise LexiconError("\n".join(faults))
    return Lexicon(
        indicators=indicators,
        entries=tuple(read.entries),
        retired=tuple(read.retired),
        version=digest_of(common, content)[:12],
        concepts=concepts,
        words=words,
        parsed_digest=parsed.hexdigest(),
    )


def _indicator_fault(concept: ConceptRule, indicators: dict[str, Indicator]) -> str | None:
    unknown = [slug for slug in (concept.indicator, concept.denial) if slug and slug not in indicators]
    return f"{concept.place}: unknown indicator {unknown[0]!r}; take one from indicators.yml or add it there" if unknown else None


def _cache_name(folder: Path, files: Sequence[tuple[Path, bytes]], known: bytes, classes: frozenset[str]) -> str:
    """Return the name that the rules of a language are kept under: by what its files, the indicators and this code say, wherever
    they stand. Parsing takes seconds."""
    parts = (part for file, data in files for part in (f"{folder.name}/{file.name}".encode(), data))
    made_of = hashlib.sha256(b"\0".join((known, _CODE, ",".join(sorted(classes)).encode(), *parts)))
    return f"lexicon-{made_of.hexdigest()[:32]}"


def _parse(
    folder: Path,
    files: Sequence[tuple[Path, bytes]],
    indicators: dict[str, Indicator],
    classes: frozenset[str],
    faults: list[str],
) -> _LanguageRules:
    """Return the rules of a language."""
    written: list[tuple[str, LexiconRule]] = []
    for file, _ in files:
        if file.name == WORDS:
            continue
        for place, rule in rules(file, faults):
            if problem := _placement_fault(file, rule, indicators):
                faults.append(f"{place}: {problem}")
            else:
                written.append((place, rule))
    prepare(rule.wording for _, rule in written)
    return _LanguageRules(
        [*_entries(folder, written, indicators, faults)],
        [rule.id for _, rule in written if rule.status == "retired"],
        read_words(folder / WORDS, classes, faults),
    )


def read_indicators(file: Path, faults: list[str]) -> Iterator[Indicator]:
    """Yield the indicators of ``indicators.yml``; append each fault as ``file:line: what is wrong``."""
    for line, item in items(file, "indicators", faults):
        try:
            yield msgspec.convert(item, Indicator, strict=True)
        except msgspec.ValidationError as exc:
            faults.append(f"{file}:{line}: {exc}; an indicator has slug, family, title, why and, where it has one, tag")


def _placement_fault(file: Path, rule: LexiconRule, indicators: dict[str, Indicator]) -> str | None:
    indicator = indicators.get(rule.indicator)
    if indicator is None:
        return f"unknown indicator {rule.indicator!r}; take one from indicators.yml or add it there"
    if indicator.family != file.stem:
        return f"{rule.indicator} is of the family {indicator.family}; move the rule to {file.parent.name}/{indicator.family}.yml"
    return None


def _entries(
    folder: Path, written: Sequence[tuple[str, LexiconRule]], indicators: dict[str, Indicator], faults: list[str]
) -> Iterator[LexiconEntry]:
    wordings: dict[bytes, str] = {}
    ids: dict[str, str] = {}
    for place, rule in written:
        if (earlier := ids.setdefault(rule.id, place)) != place:
            faults.append(f"{place}: id {rule.id} stands already at {earlier}; give this rule an id of its own")
        if rule.status == "retired":
            continue
        try:
            form = compile_pattern(rule.wording)
        except PatternError as exc:
            faults.append(f"{place}: {exc}")
            continue
        if (earlier := wordings.setdefault(form.expression, place)) != place:
            faults.append(f"{place}: {rule.wording!r} stands already at {earlier}; remove one")
            continue
        strength = STRENGTH[rule.strength]
        yield LexiconEntry(
            id=rule.id,
            status=rule.status,
            language=folder.name,
            phrase=rule.wording,
            gloss=rule.gloss or indicators[rule.indicator].title,
            indicator=indicators[rule.indicator],
            basis=rule.basis,
            references=rule.references,
            added=rule.added,
            strength=min(strength, STRENGTH["weak"]) if rule.status == "experimental" else strength,
            reviewed_by=rule.reviewed_by,
            catches=rule.catches or ((rule.wording,) if rule.phrase else ()),
            spares=rule.spares,
            place=place.removeprefix(str(folder)),
            form=form,
        )
