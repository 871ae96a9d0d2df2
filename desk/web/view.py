"""One record as a page shows it: evidence as marks on title and text, reasons by weight."""

import hashlib
from collections.abc import Iterable, Sequence

import msgspec

from desk.cases.case_decisions import Case
from desk.cases.reason_marks import Reason, ReasonMark, reason_of, standing_marks, without_struck
from desk.cases.top_reasons import LEARNED, LearnedShare, checkable, grounds, learned_share, shown_kind, telling
from desk.highlighting import Mark, Piece, excerpt, pieces
from desk.web.revision_changes import RevisionChange, changes_of
from enrichment.assessment import Contact, MonthlyPay, Place, Signal
from enrichment.facts.places import countries_named
from enrichment.facts.wages import MONTHS, OrdinaryWage, ordinary_wage
from enrichment.text.views import views
from foundation.messages import _
from index.base import Hit, Record
from index.history import record_sha256
from index.terms.record_terms import raw_text

SENTENCES = 5
"""Reasons that an item says in sentences; the others stand with the score's details."""
GLOSSED = 60
"""Marked words whose meaning is said where nothing translates."""
AGAINST = "–"
"""Stands at words that speak against a lure, where others have a number."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A record in a list: a title, the telling part of the text, and the first reasons."""

    record: Record
    case: Case
    title: list[Piece]
    excerpt: list[Piece]
    reasons: tuple[str, ...]
    more: int
    """Reasons not shown."""
    wording: LearnedShare | None = None
    """The share of learned wording; it is shown before the reasons and is none of them."""
    alike: int = 0
    """Other items of its campaign that this line stands for."""
    holder: str = ""
    """Name of the person who has it, or another of its campaign, open now."""


class WeightedSignal(msgspec.Struct, frozen=True, kw_only=True):
    """A signal with the share of the score it carries, for the bar beside it."""

    key: str
    signal: Signal
    share: int
    """0 to 100, relative to the heaviest signal."""


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


class RecordView(msgspec.Struct, frozen=True, kw_only=True):
    """A record in full."""

    record: Record
    case: Case
    title: list[Piece]
    body: list[Piece]
    reasons: list[WeightedSignal]
    wording: LearnedShare | None
    """The share of learned wording; it is shown before the reasons and is none of them."""
    founded: str
    """The kind of lure that words of the text show to a person; who confirms another one names such words."""
    sentences: tuple[Sentence, ...]
    """The reasons to read first, at most ``SENTENCES``."""
    glosses: tuple[Gloss, ...]
    """What each of the marked words says, in the order of the text."""
    numbers: dict[str, str]
    """Key of a reason -> what stands at its words: its number among the sentences, or ``–``."""
    places: tuple[tuple[str, str, str], ...]
    """(name, country, kind), each once."""
    pay_quote: str
    """The pay as the text writes it."""
    pay_months: float | None
    """How many of the period that the pay is for were counted for a month; None where it names none."""
    wage: OrdinaryWage | None
    """The ordinary wage that the pay is compared with; None when either is unknown."""
    changes: tuple[RevisionChange, ...]
    """The revisions, newest first, each as what it changed."""
    edited_since: bool
    """The text is no longer the one that was decided about."""
    gone: bool
    """The newest look found it deleted."""


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
    glosses = telling(record.assessment.signals)
    return Line(
        record=record,
        case=case,
        title=pieces(record.posting.title or "", [mark for mark in head if mark.kind == "hit"]),
        excerpt=shown.pieces,
        reasons=tuple(glosses[:3]),
        more=max(0, len(glosses) - 3),
        wording=learned_share(record.assessment.signals),
        alike=alike,
        holder=holder,
    )


def listing(record: Record, case: Case) -> RecordView:
    """Return a record in full."""
    head, body = _split(record, marks_of(record))
    heaviest = max((abs(signal.weight) for signal in checkable(record.assessment.signals)), default=1.0) or 1.0
    reasons = [
        WeightedSignal(key=f"s{number}", signal=signal, share=round(100 * abs(signal.weight) / heaviest))
        for number, signal in enumerate(record.assessment.signals)
        if signal.family not in LEARNED
    ]
    decided, pay = case.in_force, record.assessment.pay
    sentences = sentences_of(record.assessment.signals, standing_marks(case.marks))
    against = {f"s{number}": AGAINST for number, signal in enumerate(record.assessment.signals) if signal.weight < 0}
    return RecordView(
        record=record,
        case=case,
        title=pieces(record.posting.title or "", head),
        body=pieces(record.posting.text, body),
        reasons=sorted(reasons, key=lambda weighted_signal: -weighted_signal.signal.weight),
        wording=learned_share(record.assessment.signals),
        founded=shown_kind(without_struck(record, case.struck_reasons).assessment),
        sentences=sentences,
        glosses=glosses_of(record),
        numbers=against | {sentence.key: sentence.number for sentence in sentences},
        pay_quote=raw_text(record)[pay.start : pay.end] if pay else "",
        pay_months=MONTHS.get(pay.period or "") if pay else None,
        wage=_compared_wage(record) if pay and pay.monthly_usd else None,
        changes=changes_of(record.revisions),
        places=tuple(dict.fromkeys((place.name, place.country, place.kind) for place in record.assessment.places)),
        edited_since=decided is not None and decided.text_sha256 != record_sha256(record),
        gone=bool(record.revisions) and record.revisions[-1].change == "deleted",
    )


def _compared_wage(record: Record) -> OrdinaryWage | None:
    judged = record.assessment
    countries = countries_named(views(raw_text(record)), judged.language, judged.places)
    return ordinary_wage(judged.pay, judged.language, countries) if judged.pay else None


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
