"""One record as a page shows it: evidence as marks on title and text, reasons by weight, changes between its versions."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from difflib import SequenceMatcher
from functools import cached_property
from itertools import pairwise
from typing import Literal

import msgspec

from desk.cases.case_decisions import Case
from desk.cases.reason_marks import Reason, ReasonMark, reason_of, without_struck
from desk.cases.top_reasons import LEARNED, checkable, grounds
from desk.highlighting import Mark, Piece, excerpt, pieces
from enrichment.assessment import Contact, MonthlyPay, Place, Signal
from foundation.messages import _
from index.base import Hit, Record, Revision
from index.terms.record_terms import raw_text

SENTENCES = 5
"""Reasons that an item says in sentences; the others stand with the score's details."""
GLOSSED = 60
"""Marked words whose meaning is said where nothing translates."""
AGAINST = "–"
"""Stands at words that speak against a lure, where others have a number."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A record in a list: a title, and the telling part of the text."""

    record: Record
    case: Case
    title: list[Piece]
    excerpt: list[Piece]
    alike: int = 0
    """Other items of its campaign that this line stands for."""
    holder: str = ""
    """Name of the person who has it, or another of its campaign, open now."""


class Sentence(msgspec.Struct, frozen=True, kw_only=True):
    """One reason as a person reads it: what the words mean, and the words."""

    key: str
    """What ties it to its words in the text."""
    number: str
    """Its number, which also stands at its words; ``–`` for one that speaks against a lure."""
    gloss: str
    quote: str
    reason: str
    """What a form names it by."""
    marks: tuple[ReasonMark, ...] = ()
    """What each person says of it that said anything."""

    @property
    def is_struck(self) -> bool:
        """Whether somebody struck it: it leaves the house no more."""
        return any(mark.kind == "struck" for mark in self.marks)


class Gloss(msgspec.Struct, frozen=True, kw_only=True):
    """Marked words and what they say, for who cannot read the text."""

    key: str
    """What ties it to its words in the text."""
    quote: str
    meaning: str


class RecordView(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A record in full: its title and text with their evidence marked."""

    record: Record

    @cached_property
    def _marks(self) -> tuple[list[Mark], list[Mark]]:
        return _split(self.record, marks_of(self.record))

    @property
    def title(self) -> list[Piece]:
        """The title in pieces."""
        return pieces(self.record.posting.title or "", self._marks[0])

    @property
    def body(self) -> list[Piece]:
        """The text in pieces."""
        return pieces(self.record.posting.text, self._marks[1])

    @property
    def glosses(self) -> tuple[Gloss, ...]:
        """What each of the marked words says."""
        return glosses_of(self.record)


def marks_of(record: Record, highlights: Iterable[tuple[int, int]] = ()) -> list[Mark]:
    """Return every span of a record worth showing, over ``title + "\\n" + text``."""
    judged = record.assessment
    spans: list[tuple[Signal | Contact | Place | MonthlyPay, str, str, str]] = [
        (signal, "for" if signal.weight >= 0 else "against", f"s{number}", signal.gloss)
        for number, signal in enumerate(judged.signals)
        if signal.family not in LEARNED
    ]
    spans += [(each, "contact", f"c{number}", f"{each.type}: {each.value}") for number, each in enumerate(judged.contacts)]
    spans += [
        (place, "place", f"p{number}", f"{place.name} ({place.country}), {place.kind}")
        for number, place in enumerate(judged.places)
    ]
    spans += [(judged.pay, "pay", "pay", _("pay"))] if judged.pay is not None else []
    marks = [Mark(start=at.start, end=at.end, kind=kind, key=key, label=label) for at, kind, key, label in spans]
    return marks + [Mark(start=start, end=end, kind="hit", key="hit", label=_("searched")) for start, end in highlights]


def line(hit: Hit, case: Case, alike: int = 0, holder: str = "") -> Line:
    """Return a record as one line of a list."""
    record = without_struck(hit.record, case.struck_reasons)
    marks = marks_of(record, hit.highlights)
    head, body = _split(record, marks)
    shown = excerpt(record.posting.text, [mark for mark in body if mark.kind != "place"])
    return Line(
        record=record, case=case, title=pieces(record.posting.title or "", [mark for mark in head if mark.kind == "hit"]),
        excerpt=shown.pieces, alike=alike, holder=holder,
    )  # fmt: skip


def weighed_reasons(signals: Sequence[Signal]) -> list[tuple[str, Signal]]:
    """Return key and signal of all that a person can check, the heaviest for a lure first."""
    keyed = [(f"s{number}", signal) for number, signal in enumerate(signals) if signal.family not in LEARNED]
    return sorted(keyed, key=lambda each: -each[1].weight)


def numbers_of(signals: Sequence[Signal], sentences: Iterable[Sentence]) -> dict[str, str]:
    """Return what stands at the words of a reason: its number among the sentences, or ``–``."""
    against = {f"s{number}": AGAINST for number, signal in enumerate(signals) if signal.weight < 0}
    return against | {sentence.key: sentence.number for sentence in sentences}


def sentences_of(signals: Sequence[Signal], marks: Sequence[ReasonMark] = ()) -> tuple[Sentence, ...]:
    """Return the reasons to read first: the heaviest that a person can check, each meaning once, the weightiest doubt last."""
    keys = {id(signal): f"s{number}" for number, signal in enumerate(signals)}
    doubts = sorted((signal for signal in checkable(signals) if signal.weight < 0), key=lambda signal: signal.weight)[:1]
    telling_signals = list({signal.gloss: signal for signal in reversed(grounds(signals))}.values())[::-1]
    return tuple(
        Sentence(
            key=keys[id(signal)], number=AGAINST if signal.weight < 0 else str(place), gloss=signal.gloss, quote=signal.text,
            reason=name_reason(reason_of(signal)), marks=tuple(mark for mark in marks if mark.reason == reason_of(signal)),
        )
        for place, signal in enumerate([*telling_signals[: SENTENCES - len(doubts)], *doubts], 1)
    )  # fmt: skip


def glosses_of(record: Record) -> tuple[Gloss, ...]:
    """Return what the marked words say in the order of the text, each wording and meaning once; at most ``GLOSSED``."""
    judged, raw = record.assessment, raw_text(record)
    found = [
        (signal.start, f"s{number}", signal.text, signal.gloss)
        for number, signal in enumerate(judged.signals)
        if signal.end and signal.family not in LEARNED
    ]
    found += [
        (place.start, f"p{number}", raw[place.start : place.end], f"{place.name} ({place.country})")
        for number, place in enumerate(judged.places)
    ]
    once = {(quote.casefold(), meaning): (key, quote) for _, key, quote, meaning in sorted(found, reverse=True)}
    return tuple(Gloss(key=key, quote=quote, meaning=meaning) for (_, meaning), (key, quote) in [*once.items()][::-1][:GLOSSED])


def name_reason(reason: Reason) -> str:
    """Return a short name of a reason for a form: the text may be judged anew between page and form, and its order change."""
    return hashlib.sha256("\0".join(reason).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _split(record: Record, marks: list[Mark]) -> tuple[list[Mark], list[Mark]]:
    """Return the marks of the title, and those of the text moved to count from its own beginning."""
    offset = len(record.posting.title or "") + 1
    head = [mark for mark in marks if mark.start < offset]
    body = [
        msgspec.structs.replace(mark, start=max(0, mark.start - offset), end=mark.end - offset)
        for mark in marks
        if mark.end > offset
    ]
    head = [msgspec.structs.replace(mark, end=min(mark.end, offset - 1)) for mark in head]
    return head, body


TOKENS = 1500
"""Words of a text up to which it is compared word by word; longer ones are compared line by line."""
LINES = 1500
"""Lines up to which a text is compared at all; of a longer one everything stands as new."""
COMPARED = 6
"""Newest revisions that are compared; older ones stand whole."""
_WORD = re.compile(r"\w+|\s+|[^\w\s]")
_SPACELESS = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


class Stretch(msgspec.Struct, frozen=True, kw_only=True):
    """Words that stayed, were taken out or put in."""

    kind: Literal["same", "out", "new"]
    pieces: list[Piece]


class RevisionChange(msgspec.Struct, frozen=True, kw_only=True):
    """One revision: what happened, when, and its text against the one before."""

    kind: str
    at: datetime
    stretches: tuple[Stretch, ...]


def changes_of(revisions: Sequence[Revision]) -> tuple[RevisionChange, ...]:
    """Return the revisions, newest first, each against the one before it; nothing when there is only one."""
    if len(revisions) < 2:
        return ()
    first = revisions[0]
    whole = (Stretch(kind="same", pieces=pieces(_text(first))),)
    changes = [RevisionChange(kind=first.change, at=first.at, stretches=whole)]
    for place, (before, after) in enumerate(pairwise(revisions), 1):
        compared = place >= len(revisions) - COMPARED
        stretches = _compare(_text(before), _text(after)) if compared else (Stretch(kind="same", pieces=pieces(_text(after))),)
        changes.append(RevisionChange(kind=after.change, at=after.at, stretches=stretches))
    return tuple(reversed(changes))


def _text(revision: Revision) -> str:
    return f"{revision.title or ''}\n{revision.text}"


def _compare(before: str, after: str) -> tuple[Stretch, ...]:
    one, two = _tokens(before), _tokens(after)
    if max(len(one), len(two)) > TOKENS:
        one, two = before.splitlines(keepends=True), after.splitlines(keepends=True)
    if max(len(one), len(two)) > LINES:
        one, two = [before], [after]
    results: list[Stretch] = []
    for tag, start, end, start_two, end_two in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        if tag == "equal":
            results.append(Stretch(kind="same", pieces=pieces("".join(one[start:end]))))
            continue
        if end > start:
            results.append(Stretch(kind="out", pieces=pieces("".join(one[start:end]))))
        if end_two > start_two:
            results.append(Stretch(kind="new", pieces=pieces("".join(two[start_two:end_two]))))
    return tuple(results)


def _tokens(text: str) -> list[str]:
    """Return the words and what stands between them; a script without spaces is cut into characters."""
    return [part for word in _WORD.findall(text) for part in (word if _SPACELESS.search(word) else [word])]
