"""Counts the decisions about the texts that each rule and indicator matches, and proposes rules to promote or retire.

Only opened texts count, copies once. Only decided texts are counted, so a precision is that of the queue, not of the web; the
base rate beside it is that of all decided texts. A proposal needs the decisions of two people, and must hold when the
decisions of any one of them are left out: it is for a person to follow.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple

import msgspec

from desk.agreement_measures import wilson
from enrichment.features import speaks_against
from enrichment.lexicon.matches import LexiconMatch
from evaluation.labels import Label

LEAST = 10
"""Decided texts from which on a rule is judged."""
Proposal = Literal["promote", "retire", ""]


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """Decisions about the texts in which a rule, or any rule of an indicator, fires."""

    name: str
    """Id of a rule, slug of an indicator."""
    indicator: str
    phrase: str = ""
    status: str = ""
    confirmed: int
    dismissed: int
    analysts: int
    precision: float
    """Share decided as the rule says: confirmed, or dismissed where it speaks against a lure; with its 95 % Wilson interval."""
    low: float
    high: float
    proposal: Proposal = ""


class Tallies(NamedTuple):
    """All that was counted."""

    rules: tuple[Tally, ...]
    indicators: tuple[Tally, ...]
    confirmed: int
    texts: int


class _Subject(NamedTuple):
    name: str
    indicator: str
    against: bool
    phrase: str = ""
    status: str = ""


def tallies(labels: Iterable[Label], evidence: Callable[[str], Iterable[LexiconMatch]]) -> Tallies:
    """Return the decisions by rule and by indicator; ``evidence`` says which entries a text shows, with the lexicon in use."""
    opened = [label for label in labels if label.strength == "read"]
    values: dict[_Subject, list[Label]] = defaultdict(list)
    for label in opened:
        lexicon_entries = [lexicon_match.entry for lexicon_match in evidence(label.listing.raw)]
        rules = {
            _Subject(
                entry.id,
                entry.indicator.slug,
                speaks_against(entry.indicator.family, entry.indicator.slug),
                entry.phrase,
                entry.status,
            )
            for entry in lexicon_entries
        }
        for subject in rules | {_Subject(rule.indicator, rule.indicator, rule.against) for rule in rules}:
            values[subject].append(label)
    results = [_tally(subject, some, opened) for subject, some in values.items()]
    results.sort(key=lambda tally: (-tally.confirmed - tally.dismissed, tally.name))
    return Tallies(
        tuple(tally for tally in results if tally.phrase),
        tuple(tally for tally in results if not tally.phrase),
        sum(label.listing.label for label in opened),
        len(opened),
    )


def _tally(subject: _Subject, labels: Sequence[Label], every: Sequence[Label]) -> Tally:
    confirmed = sum(label.listing.label for label in labels)
    right = len(labels) - confirmed if subject.against else confirmed
    low, high = wilson(right, len(labels))
    return Tally(
        name=subject.name,
        indicator=subject.indicator,
        phrase=subject.phrase,
        status=subject.status,
        confirmed=confirmed,
        dismissed=len(labels) - confirmed,
        analysts=len({name for label in labels for name in label.analysts}),
        precision=right / len(labels),
        low=low,
        high=high,
        proposal=_robust(subject, labels, every),
    )


def _robust(subject: _Subject, labels: Sequence[Label], every: Sequence[Label]) -> Proposal:
    """Return proposals that stay the same when any one analyst is left out."""
    if len(labels) < LEAST:
        return ""
    people = {name for label in labels for name in label.analysts}
    proposals = {_proposal(subject, labels, every)} | {
        _proposal(subject, _without(labels, name), _without(every, name)) for name in people
    }
    return proposals.pop() if len(proposals) == 1 else ""


def _proposal(subject: _Subject, labels: Sequence[Label], every: Sequence[Label]) -> Proposal:
    if len(labels) < LEAST:
        return ""
    wanted = 0 if subject.against else 1
    base = sum(label.listing.label == wanted for label in every) / len(every)
    low, high = wilson(sum(label.listing.label == wanted for label in labels), len(labels))
    if low > max(base, 0.5):
        return "" if subject.status == "active" else "promote"
    return "retire" if high < base else ""


def _without(labels: Sequence[Label], analyst: str) -> list[Label]:
    """Return the labels that others than ``analyst`` decided about as well."""
    return [label for label in labels if label.analysts != (analyst,)]
