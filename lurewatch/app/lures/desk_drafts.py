"""Checks, estimates, keeps and signs the rules and words that people draft at the desk."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, NamedTuple

from msgspec.structs import replace
from sqlalchemy import Connection, Engine

from desk.cases.case_decisions import Case, cases, decided_cases
from desk.cases.signed_settings import LASTS, Standing, drop_change, sign_change
from desk.database import writing
from desk.highlighting import plain_line
from desk.people.accounts import User, user_by_id
from desk.people.roles import Right
from desk.refusals import DeskRefusal
from desk.seed_editors import DraftFaults, DraftLine, DraftLook, DraftSample, RuleDraft
from enrichment.assessment import Language, Signal
from enrichment.contacts.extract import contacts
from enrichment.contacts.label_words import LABELS
from enrichment.errors import SeedsError
from enrichment.lexicon.concept_files import ConceptFile
from enrichment.lexicon.lexicon import Lexicon, LexiconError, lexicon
from enrichment.lexicon.matches import LexiconMatch, LexiconMatcher
from enrichment.model import load
from enrichment.scoring import FLAGGED, Weights, score
from enrichment.text.masking import NameMask
from enrichment.text.views import Views, bare
from foundation.messages import _
from index.base import Query, Record, Store
from index.terms.record_terms import raw_text
from lurewatch.app.lures.draft_rules import minutes_each
from lurewatch.app.lures.drafts_in_force import (
    IN_FORCE,
    WITHDRAWN,
    key_of,
    list_drafts,
    name_of,
    read_value,
    rule_text,
    value_of,
    write_draft,
)
from lurewatch.app.lures.lexicon_check import faults as rule_faults
from lurewatch.app.lures.lexicon_check import unsafe
from lurewatch.app.lures.lexicon_in_force import lexicon_key
from lurewatch.settings import Settings

SECONDS = 4.0
"""Time that a look may take; it counts over the items it gets through, in the order of their ids, which is by chance."""
SAMPLES, MOST_OVERLAPS, AROUND = 10, 5, 120
LONGEST, MOST_WORDS, MOST_EXAMPLES, MOST_GAPS = 400, 40, 20, 3
WATCHED = timedelta(days=28)
LEAST_WATCHED = timedelta(days=7)
"""Time of items from which on it is said how many come a week."""
_SIGNS = str.maketrans("*~()|[]?", "        ")
_BLANK = ord("\n")
"""What stands in place of a name."""
_DIGITS = 5
"""Figures in a row from which on a wording looks like a number of somebody."""


class _SeedWords(NamedTuple):
    """The lexicon of the seeds, and what names people and places."""

    read: Lexicon
    names: NameMask


class DeskDrafts:
    """What ``desk.seed_editors.RuleDrafts`` asks for, from the settings of the installation."""

    def __init__(self, settings: Settings, engine: Engine, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._settings, self._engine, self._clock = settings, engine, clock
        self._folder = settings.seeds / "lures"
        self._looking = threading.Lock()

    def languages(self) -> Sequence[str]:
        """Return the codes of the languages there are files of."""
        return sorted(path.name for path in self._folder.iterdir() if path.is_dir()) if self._folder.is_dir() else []

    def indicators(self) -> Sequence[tuple[str, str]]:
        """Return (slug, title) of each indicator."""
        return sorted((slug, indicator.title) for slug, indicator in self._read().read.indicators.items())

    def classes(self) -> Sequence[str]:
        """Return the classes of words that concepts are made of."""
        return sorted(self._read().read.concepts.classes)

    def look(self, draft: RuleDraft, store: Store) -> DraftLook:
        """Check a draft and count what it would bring; nothing is kept. Raises DraftFaults.

        One look runs at a time; a second one is refused.
        """
        if not self._looking.acquire(timeout=SECONDS):
            raise DeskRefusal(_("somebody else's draft is looked at now; ask again in a moment"))
        try:
            draft, new = self._check(draft)
            return self._count(draft, new, store)
        finally:
            self._looking.release()

    def keep(self, draft: RuleDraft, *, by: User, reason: str) -> str:
        """Keep a draft in shadow, with the person's signature; return its name."""
        if not (by.may(Right.DECIDE) or by.may(Right.SEEDS)):
            raise DeskRefusal(_("the role %(role)s keeps no drafts; ask an analyst", role=by.role))
        draft = self._check(draft)[0]
        name = name_of(draft)
        with writing(self._engine) as connection:
            if name in list_drafts(connection):
                drafted = _("%(name)s is drafted already; sign that draft, or withdraw it", name=name)
                raise DraftFaults({"wording": [drafted]})
            self._sign(connection, name, value_of(draft, IN_FORCE), None, by, reason)
        return name

    def list_drafts(self) -> Sequence[DraftLine]:
        """Return the drafts that wait or are in force, by name."""
        with self._engine.connect() as connection:
            return [
                line
                for name, standing in sorted(list_drafts(connection).items())
                if (line := self._line(connection, name, standing))
            ]

    def sign(self, name: str, *, by: User, reason: str) -> None:
        """Sign the step of a draft that waits; the second person's signature carries it out."""
        with writing(self._engine) as connection:
            standing = self._find_standing(connection, name, by)
            if standing.waiting is None:
                raise DeskRefusal(_("nothing of %(name)s waits for a signature; look at the drafts again", name=name))
            draft, status = read_value(standing.waiting)
            if status == IN_FORCE:
                self._check(draft)
            self._sign(connection, name, standing.waiting, standing.accepted, by, reason)

    def withdraw(self, name: str, *, by: User, reason: str) -> None:
        """Withdraw a draft: one in shadow at once, one in force when a second person signs it too."""
        with writing(self._engine) as connection:
            standing = self._find_standing(connection, name, by)
            key, now = key_of(name), self._clock()
            if standing.waiting is not None:
                _check_reason(reason)
                drop_change(connection, key, standing.waiting, standing.accepted, by=by, reason=reason.strip(), now=now)
                return
            draft = read_value(standing.accepted or "")[0]
            self._sign(connection, name, value_of(draft, WITHDRAWN), standing.accepted, by, reason)

    def _find_standing(self, connection: Connection, name: str, by: User) -> Standing:
        if not by.may(Right.SEEDS):
            raise DeskRefusal(_("the role %(role)s signs no drafts; ask an operator or a lead", role=by.role))
        standing = list_drafts(connection).get(name)
        if standing is None or (standing.waiting is None and read_value(standing.accepted or "")[1] == WITHDRAWN):
            raise DeskRefusal(_("there is no draft %(name)s; look at the drafts again", name=name[:80]))
        return standing

    def _sign(self, connection: Connection, name: str, value: str, before: str | None, by: User, reason: str) -> None:
        _check_reason(reason)
        sign_change(connection, key_of(name), value, before, by=by, reason=reason.strip(), now=self._clock())

    def _line(self, connection: Connection, name: str, standing: Standing) -> DraftLine | None:
        draft, status = read_value(standing.waiting or standing.accepted or "")
        if standing.waiting is None and status == WITHDRAWN:
            return None
        state: Literal["shadow", "in-force", "withdrawal-waits"]
        state = "withdrawal-waits" if status == WITHDRAWN else "shadow" if standing.waiting else "in-force"
        held = standing.by_id is not None and standing.at is not None and self._clock() - standing.at <= LASTS
        by = user_by_id(connection, standing.by_id).name if held and standing.by_id is not None else ""
        return DraftLine(name=name, draft=draft, state=state, by=by, at=standing.at, text=rule_text(draft))

    def _read(self) -> _SeedWords:
        try:
            return _read_known(self._settings.seeds, lexicon_key(self._settings.seeds))
        except SeedsError as exc:
            raise DeskRefusal(_("the lexicon itself is faulty; mend it first: %(fault)s", fault=exc)) from exc

    def _check(self, draft: RuleDraft) -> tuple[RuleDraft, Lexicon]:
        """Return a draft with its family and day, and the lexicon with it; raise DraftFaults."""
        known = self._read()
        indicator = known.read.indicators.get(draft.target)
        faults: dict[str, list[str]] = {}
        if draft.language not in self.languages():
            faults["language"] = [_("choose a language there are rules of")]
        if draft.kind == "rule" and indicator is None:
            faults["target"] = [_("choose what the words show")]
        if draft.kind == "words" and draft.target not in known.read.concepts.classes:
            faults["target"] = [_("choose the class of the words")]
        for field, texts in (("wording", draft.wordings), ("catches", draft.catches), ("spares", draft.spares)):
            if wrong := [fault for text in texts for fault in _identity_faults(text, draft.language, known.names, field)]:
                faults[field] = wrong
        faults |= {} if "wording" in faults else _size_faults(draft)
        listed = {word.written for word in known.read.words.get(draft.language, ()) if draft.target in word.classes}
        if draft.kind == "words" and (twice := sorted(listed & {word.strip("~") for word in draft.wordings})):
            fault = _("%(words)s stand there already; leave them out", words=", ".join(twice)[:200])
            faults.setdefault("wording", []).append(fault)
        family = indicator.family if indicator is not None else ""
        draft = replace(draft, family=family, added=draft.added or f"{self._clock():%Y-%m-%d}")
        if faults:
            raise DraftFaults(faults)
        return draft, self._add_draft(draft)

    def _add_draft(self, draft: RuleDraft) -> Lexicon:
        """Return the lexicon of the draft's language with it, as its files would be read; raise DraftFaults."""
        with TemporaryDirectory() as folder:
            lures = Path(folder) / "lures"
            (lures / draft.language).mkdir(parents=True)
            for file in (*self._folder.glob("*.yml"), *(self._folder / draft.language).glob("*.yml")):
                (lures / file.relative_to(self._folder)).write_bytes(file.read_bytes())
            write_draft(lures, draft)
            try:
                read = lexicon(lures)
            except LexiconError as exc:
                raise DraftFaults({"wording": [_shorten(line) for line in str(exc).splitlines()]}) from exc
            if draft.kind == "words":
                return read
            entry = [entry for entry in read.entries if entry.id == name_of(draft)]
            for each in entry:  # before anything is matched: a pattern with too many gaps never ends
                if problem := unsafe(each.form.expression):
                    raise DraftFaults({"wording": [problem]})
            alone = Lexicon(indicators=read.indicators, entries=tuple(entry), version="draft")
            if wrong := [_shorten(line) for line in rule_faults(alone)]:
                raise DraftFaults(_sort_by_field(wrong, draft))
            return alone

    def _count(self, draft: RuleDraft, new: Lexicon, store: Store) -> DraftLook:
        finds = _finder(draft, new, self._read().read)
        weights = load().weights
        until, now, looked, hits = time.monotonic() + SECONDS, self._clock(), 0, list[tuple[Record, LexiconMatch]]()
        oldest = now
        for record in store.scan(Query()):
            if time.monotonic() > until:
                break
            looked, oldest = looked + 1, min(oldest, record.first_seen)
            hits += [(record, match) for match in finds(record)[:1]]
        with self._engine.connect() as connection:
            standing = cases(connection, [record.id for record, _ in hits])
            minutes, measured = minutes_each(decided_cases(connection))
        span = min(WATCHED, now - oldest)
        fresh = [(record, match) for record, match in hits if record.first_seen >= now - span]
        overlaps = Counter(name for record, match in hits for name in _overlapping(record, match))
        return DraftLook(
            looked=looked,
            total=store.count(),
            hits=len(hits),
            flagged=sum(record.assessment.flagged for record, _ in hits),
            confirmed=sum(standing[record.id].state == "confirmed" for record, _ in hits),
            dismissed=sum(standing[record.id].state == "dismissed" for record, _ in hits),
            overlaps=tuple(overlaps.most_common(MOST_OVERLAPS)),
            newly_flagged=sum(_is_turned(record, match, weights) for record, match in fresh),
            weeks=span / timedelta(weeks=1) if span >= LEAST_WATCHED else 0.0,
            minutes_each=minutes,
            measured=measured,
            samples=tuple(_sample(record, match, standing[record.id]) for record, match in hits[:SAMPLES]),
        )


@lru_cache(maxsize=2)
def _read_known(seeds: Path, key: str) -> _SeedWords:  # noqa: ARG001  ``key`` is the content of the folder
    return _SeedWords(lexicon(seeds / "lures"), NameMask(seeds / "places.yml"))


def _finder(draft: RuleDraft, new: Lexicon, old: Lexicon) -> Callable[[Record], list[LexiconMatch]]:
    """Return what a draft alone finds in a record: of words, the concepts that hold with them and not without."""
    if draft.kind == "rule":
        return _evidence(LexiconMatcher(new, portable=True))
    touched = tuple(rule for rule in new.concepts.concepts if draft.target in rule.classes)
    concepts = ConceptFile(touched, new.concepts.shared)
    readers = [_evidence(LexiconMatcher(replace(each, entries=(), concepts=concepts), portable=True)) for each in (new, old)]

    def find(record: Record) -> list[LexiconMatch]:
        found = readers[0](record)
        known = {match.entry.id for match in readers[1](record)} if found else set()
        return [match for match in found if match.entry.id not in known]

    return find


def _evidence(reader: LexiconMatcher) -> Callable[[Record], list[LexiconMatch]]:
    return lambda record: reader.evidence(Views(raw_text(record)), record.assessment.language)


def _is_turned(record: Record, match: LexiconMatch, weights: Weights) -> bool:
    """Tell whether a hit flags an item: by the points of its indicator, where the item has not got them already."""
    indicator, signals = match.entry.indicator, record.assessment.signals
    if record.assessment.flagged or any(signal.indicator == indicator.slug for signal in signals):
        return False
    added = Signal(
        indicator=indicator.slug, family=indicator.family, start=match.start, end=match.end, text="",
        weight=weights.points.get(indicator.slug, 0.0) * match.value, gloss="",
    )  # fmt: skip
    return score([*signals, added], weights) >= FLAGGED


def _overlapping(record: Record, match: LexiconMatch) -> set[str]:
    return {signal.indicator for signal in record.assessment.signals if signal.start < match.end and match.start < signal.end}


def _sample(record: Record, match: LexiconMatch, case: Case) -> DraftSample:
    raw = raw_text(record)
    before, words = raw[max(0, match.start - AROUND) : match.start], raw[match.start : match.end]
    return DraftSample(
        item_id=record.id, title=plain_line(record.posting.title or ""), before=plain_line(before), words=plain_line(words),
        after=plain_line(raw[match.end : match.end + AROUND]), state=case.state, flagged=record.assessment.flagged,
    )  # fmt: skip


def _identity_faults(text: str, code: str, names: NameMask, field: str) -> Iterable[str]:
    """Yield what in a wording is no evidence: whose words they are, and what people or place they name."""
    plain = " ".join(text.translate(_SIGNS).split())
    views = Views(plain)
    digits = any(run.isdigit() and len(run) >= _DIGITS for run in plain.replace(" ", "").replace("-", "").split("."))
    if digits or contacts(views, Language(code=code, script="", confidence=1.0)):
        yield _("%(words)r names a number, an address or an account; a contact is no rule, campaigns find it", words=plain[:60])
    named = _find_names(names, views) if field == "wording" else ""
    if named:
        yield _("%(words)r is a people or a place; that is no evidence, write what is done there", words=named)


def _find_names(names: NameMask, views: Views) -> str:
    """Return the names of peoples and places in a text; those of messengers are left out."""
    view = views.unleet
    blanked = names.blank_names(view, ()).tolist()
    found = "".join(char if code == _BLANK and char != "\n" else " " for char, code in zip(view.text, blanked, strict=True))
    messengers = {bare(word) for words in LABELS.values() for word in words.split()}
    return " ".join(word for word in found.split() if bare(word) not in messengers)


def _size_faults(draft: RuleDraft) -> dict[str, list[str]]:
    letters = sum(char.isalpha() for char in draft.wording)
    if not draft.wordings or letters < 2:
        return {"wording": [_("write the words")]}
    if draft.kind == "rule" and (len(draft.wordings) > 1 or len(draft.wording) > LONGEST):
        return {"wording": [_("write the wording in one line of at most %(most)s characters", most=LONGEST)]}
    if draft.wording.count("*") > MOST_GAPS:
        fault = _("use at most %(most)s gaps (*): with more, a repetitive text takes too long to read", most=MOST_GAPS)
        return {"wording": [fault]}
    if draft.kind == "words" and (len(draft.wordings) > MOST_WORDS or max(map(len, draft.wordings)) > 60):
        return {"wording": [_("write at most %(most)s words, one a line, each of at most 60 characters", most=MOST_WORDS)]}
    if max(len(draft.catches), len(draft.spares)) > MOST_EXAMPLES:
        return {"catches": [_("give at most %(most)s examples", most=MOST_EXAMPLES)]}
    return {}


def _sort_by_field(faults: Iterable[str], draft: RuleDraft) -> dict[str, list[str]]:
    """Sort faults of a rule by the field they are about."""
    fields: dict[str, list[str]] = {}
    for fault in faults:
        about = "spares" if "it must spare" in fault else "catches" if draft.catches and "does not catch" in fault else "wording"
        fields.setdefault(about, []).append(fault)
    return fields


def _shorten(fault: str) -> str:
    """Return a fault without the place in the copy it was found in."""
    place, _colon, problem = fault.partition(": ")
    return (problem if ".yml" in place else fault)[:300]


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise DeskRefusal(_("say why in a sentence"))
