"""Translates items for a reader: from what is kept, else by the service the operator named, and keeps what comes back."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec
from sqlalchemy import Engine

from desk.cases.comments import escalated_items
from desk.database import writing
from desk.highlighting import Piece, pieces
from desk.translation import kept_translations as kept
from desk.translation.provider import Provider, TranslationError, UnsupportedPair
from desk.translation.text_mask import MOST, mask_sentence, masked_sentences, restore_words
from enrichment.assessment import Language
from foundation.messages import _
from index.base import Record

AT_ONCE = 3
"""Questions to the service at a time; a slow one must not hold every thread of the desk."""
WAIT = 2.0
"""Seconds that a question waits for its turn."""
BATCH = 25
"""Texts of one question at most."""
CHARACTERS = 5000
"""Characters of one question at most, unless one text is longer."""
KEPT = 10_000
"""Characters of one sentence's translation that are kept; a page shows as many as such a translation may have."""


class NeverSent(TranslationError):
    """The item may not leave the process: a possible victim speaks in it."""


class TranslatedSentence(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence beside its translation, both as plain text."""

    original: list[Piece]
    words: list[Piece]
    complete: bool
    """Every name and number of the original is in it, and nothing was cut."""


class TranslatedItem(msgspec.Struct, frozen=True, kw_only=True):
    """An item in a reader's language."""

    engine: str
    made_at: datetime
    title: list[TranslatedSentence]
    text: list[TranslatedSentence]
    whole: bool
    """Nothing of the original is left that only its own language says."""


class _Part(msgspec.Struct, frozen=True, kw_only=True):
    """A title or a text of an item that is to be translated."""

    record: Record
    raw: str
    offset: int


@dataclass(frozen=True, kw_only=True)
class Translator:
    """Translates for the desk; ``provider`` is what the operator set up."""

    engine: Engine
    provider: Provider
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    _turns: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(AT_ONCE))

    def translate_item(self, record: Record, target: str) -> TranslatedItem:
        """Return an item in a language; raise NeverSent or TranslationError."""
        missing = [part for part in _parts_of(record) if not self._find([part], target)]
        if missing and not self._may_leave([record]):
            raise NeverSent(_("a possible victim speaks in it: it is never sent to a translation service"))
        if missing:
            self._make(missing, record.assessment.language, target)
        item = self.kept_item(record, target)
        assert item is not None, "it is kept by now"
        return item

    def kept_item(self, record: Record, target: str) -> TranslatedItem | None:
        """Return what is kept of an item's text in a language, None when nothing is; nothing is sent."""
        title, text = _parts_of(record)
        if (one := self._find([text], target).get(record.id)) is None:
            return None
        head = self._find([title], target).get(record.id)
        above, below = list(_align_sentences(title, head)) if head else [], list(_align_sentences(text, one))
        said = all(each.complete and each.words for each in above + below)
        whole = said and len(text.raw) <= MOST and bool(head or not title.raw)
        return TranslatedItem(engine=one.engine, made_at=one.made_at, title=above, text=below, whole=whole)

    def kept_titles(self, records: Iterable[Record], target: str) -> dict[str, str]:
        """Return the titles that are kept in a language: item -> title; nothing is sent."""
        parts = {record.id: _parts_of(record)[0] for record in records if foreign(record, target)}
        titles: dict[str, str] = {}
        for item, one in self._find(parts.values(), target).items():
            lines = zip(one.sentences, one.lines, strict=False)
            titles[item] = " ".join(restore_words(parts[item].raw, sentence, line).words for sentence, line in lines)
        return {item: title for item, title in titles.items() if title}

    def translate_titles(self, records: Sequence[Record], target: str) -> tuple[int, frozenset[str]]:
        """Translate the titles of items that are not kept yet and may leave; return how many, and the pairs of languages that the
        service does not know. Raises TranslationError."""
        parts = [_parts_of(record)[0] for record in self._may_leave(records) if foreign(record, target)]
        present = self._find(parts, target)
        missing = [part for part in parts if part.record.id not in present and part.raw]
        groups: dict[tuple[str, str], list[_Part]] = {}
        for part in missing:
            language = part.record.assessment.language
            groups.setdefault((language.code, language.script), []).append(part)
        count, unknown = 0, set()
        for group in groups.values():
            try:
                self._make(group, group[0].record.assessment.language, target)
                count += len(group)
            except UnsupportedPair as exc:
                unknown.add(str(exc))
        return count, frozenset(unknown)

    def _find(self, parts: Iterable[_Part], target: str) -> dict[str, kept.KeptTranslation]:
        keys = {part.record.id: kept.digest(self.provider.name, target, part.raw) for part in parts}
        with self.engine.connect() as connection:
            return kept.find_kept(connection, keys)

    def _make(self, parts: Sequence[_Part], source: Language, target: str) -> None:
        """Translate texts of one language, those that are kept of no item, and keep all."""
        cuts = [masked_sentences(part.record, part.raw, part.offset) for part in parts]
        masked = [[mask_sentence(part.raw, one) for one in cut] for part, cut in zip(parts, cuts, strict=True)]
        digests = [kept.digest(self.provider.name, target, *lines) for lines in masked]
        with self.engine.connect() as connection:
            there = kept.lines_kept(connection, digests)
        new = {name: lines for name, lines in zip(digests, masked, strict=True) if name not in there}
        made = self._ask([line for lines in new.values() for line in lines], source, target)
        engine, now = self._name_engine(), self.clock()
        with writing(self.engine) as connection:
            for name, lines in new.items():
                kept.keep_lines(connection, name, [next(made) for _ in lines], engine=engine, now=now)
            for part, cut, name in zip(parts, cuts, digests, strict=True):
                text_digest = kept.digest(self.provider.name, target, part.raw)
                kept.keep_item(connection, part.record.id, text_digest, name, cut)

    def _ask(self, lines: Sequence[str], source: Language, target: str) -> Iterator[str]:
        """Return a translation for each line, asked for in batches; raise TranslationError."""
        results: list[str] = []
        for batch in _batches(lines):
            with self._turn():
                answered = self.provider.translate(batch, source, target)
            if len(answered) != len(batch):
                told = f"{len(answered)} translations for {len(batch)} sentences"
                raise TranslationError(_("%(name)s answered %(told)s; none was kept", name=self.provider.name, told=told))
            results += [answer[:KEPT] for answer in answered]
        return iter(results)

    def _name_engine(self) -> str:
        try:
            return self.provider.describe_engine()
        except TranslationError:
            return self.provider.name

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Ask as one of a few at a time; who waits more than a moment is told so."""
        if not self._turns.acquire(timeout=WAIT):
            raise TranslationError(_("the translation service is busy with other texts; ask again in a moment"))
        try:
            yield
        finally:
            self._turns.release()

    def _may_leave(self, records: Iterable[Record]) -> list[Record]:
        """Return the items that nobody escalated, and in which nobody tells what was done to them: others never leave."""
        with self.engine.connect() as connection:
            hidden = escalated_items(connection)
        return [record for record in records if record.id not in hidden and record.assessment.stance != "testimony"]


def foreign(record: Record, target: str) -> bool:
    """Tell whether an item is in another language than a reader's."""
    return record.assessment.language.code != target


def _parts_of(record: Record) -> tuple[_Part, _Part]:
    title = record.posting.title or ""
    return _Part(record=record, raw=title, offset=0), _Part(record=record, raw=record.posting.text, offset=len(title) + 1)


def _align_sentences(part: _Part, one: kept.KeptTranslation) -> Iterator[TranslatedSentence]:
    for sentence, line in zip(one.sentences, one.lines, strict=False):
        restored = restore_words(part.raw, sentence, line)
        original = pieces(part.raw[sentence.start : sentence.end])
        yield TranslatedSentence(original=original, words=pieces(restored.words), complete=restored.complete)


def _batches(lines: Sequence[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    for line in lines:
        if batch and (len(batch) == BATCH or sum(map(len, batch)) + len(line) > CHARACTERS):
            yield batch
            batch = []
        batch.append(line)
    if batch:
        yield batch
