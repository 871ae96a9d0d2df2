"""Estimates what a draft lexicon would bring: for each new rule, and for the queue."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from statistics import median
from typing import NamedTuple

import msgspec

from crawlers.evidence.partition import partitions, read_postings, read_report
from desk.cases.case_decisions import Case, decided_cases
from desk.database import open_database, revision
from enrichment.assess import Assessor
from enrichment.language.detect import language
from enrichment.lexicon.lexicon import Lexicon, lexicon
from enrichment.lexicon.matches import LexiconMatch, LexiconMatcher
from enrichment.scoring import FLAGGED
from enrichment.text.views import Views
from enrichment.text_lines import TextLine
from lurewatch.app.app_errors import typed_errors
from lurewatch.app.lures.replay import Change, rule_key
from lurewatch.settings import Settings

MINUTES = 2.0
"""Minutes a decision takes where too few were measured (an assumption)."""
LEAST_MEASURED, LONGEST = 20, 30.0
"""Decisions of opened items needed to measure it, and minutes above which somebody was doing something else."""
MOST_OVERLAPS = 3

Shows = Callable[[str], Iterable[LexiconMatch]]


class Arrivals(NamedTuple):
    """Postings that were new after the first run of their source; those of the first run may be old."""

    ids: frozenset[str]
    weeks: float
    """From the first run to the last; 0 when there is one only."""


class RuleEstimate(msgspec.Struct, frozen=True, kw_only=True):
    """The estimate of one draft rule."""

    place: str
    phrase: str
    indicator: str
    hits: int
    """Stored texts it fires on."""
    per_week: float | None
    """New texts a week it would fire on; None when nothing was watched for longer than one run."""
    flagged: int
    """Hits that the lexicon in use flags already."""
    same_indicator: int
    """Hits in which it already finds this indicator."""
    overlaps: tuple[tuple[str, int], ...]
    """Existing rules that fire on the same words, the most frequent first, and on how many hits."""
    confirmed: int
    dismissed: int
    """Hits analysts decided about."""


def arrivals(runs: str) -> Arrivals:
    """Return what came new under ``runs`` after the first run of each source."""
    first: dict[str, set[str]] = {}
    later: set[str] = set()
    moments = []
    for partition in partitions(runs):
        report = read_report(partition)
        moments.append(report.finished_at)
        ids = {posting.id for posting in read_postings(partition)}
        later |= ids - first.setdefault(report.source, ids)
    days = (max(moments) - min(moments)).total_seconds() / 86_400 if moments else 0.0
    return Arrivals(frozenset(later), days / 7)


def draft_rules(old: Lexicon, new: Lexicon) -> Lexicon:
    """Return the lexicon of the entries that only ``new`` has."""
    known = set(map(rule_key, old.entries))
    added = tuple(entry for entry in new.entries if rule_key(entry) not in known)
    return Lexicon(indicators=new.indicators, entries=added, version=new.version)


def shows(rules: Lexicon) -> Shows:
    """Return a function that gives the evidence of ``rules`` alone in a text."""
    reader = LexiconMatcher(rules, portable=True)

    def evidence(raw: str) -> Iterable[LexiconMatch]:
        views = Views(raw)
        return reader.evidence(views, language(views))

    return evidence


def estimates(
    rules: Lexicon, lines: Iterable[TextLine], *, score: Callable[[TextLine], float], existing: Shows, watched: Arrivals,
    decided: Mapping[str, int],
) -> Iterator[RuleEstimate]:  # fmt: skip
    """Yield what each rule brings on ``lines``.

    ``score`` and ``existing`` are those of the lexicon in use; ``decided`` says 1 (confirmed) or 0 (dismissed) by id.
    """
    draft = shows(rules)
    counts: dict[str, Counter[str]] = {entry.place: Counter() for entry in rules.entries}
    overlaps: dict[str, Counter[str]] = {entry.place: Counter() for entry in rules.entries}
    for line in lines:
        lexicon_matches = list(draft(line.raw))
        if not lexicon_matches:
            continue
        known, flagged = list(existing(line.raw)), score(line) >= FLAGGED
        for place, evidence in {lexicon_match.entry.place: lexicon_match for lexicon_match in lexicon_matches}.items():
            count = counts[place]
            count["hits"] += 1
            count["new"] += str(line.id) in watched.ids
            count["flagged"] += flagged
            count["indicator"] += any(
                lexicon_match.entry.indicator.slug == evidence.entry.indicator.slug for lexicon_match in known
            )
            count[f"decided {decided.get(str(line.id))}"] += 1
            overlaps[place].update(
                {
                    lexicon_match.entry.place
                    for lexicon_match in known
                    if lexicon_match.start < evidence.end and evidence.start < lexicon_match.end
                }
            )
    for entry in rules.entries:
        count = counts[entry.place]
        yield RuleEstimate(
            place=entry.place,
            phrase=entry.phrase,
            indicator=entry.indicator.slug,
            hits=count["hits"],
            per_week=count["new"] / watched.weeks if watched.weeks else None,
            flagged=count["flagged"],
            same_indicator=count["indicator"],
            overlaps=tuple(overlaps[entry.place].most_common(MOST_OVERLAPS)),
            confirmed=count["decided 1"],
            dismissed=count["decided 0"],
        )


def minutes_each(cases: Iterable[Case]) -> tuple[float, bool]:
    """Return the median minutes from opening an item to deciding about it alone, and whether that was measured or assumed."""
    spans = [
        (decision.at - decision.opened_at).total_seconds() / 60
        for case in cases
        for decision in case.history
        if decision.opened_at is not None and decision.batch is None and decision.kind != "undo"
    ]
    measured = [span for span in spans if 0 < span <= LONGEST]
    return (median(measured), True) if len(measured) >= LEAST_MEASURED else (MINUTES, False)


class QueueEstimate(msgspec.Struct, frozen=True, kw_only=True):
    """The effect of the whole draft on the queue."""

    weeks: float
    """Time the stored runs cover; 0 when it cannot be told how much comes a week."""
    flagged: int
    """Texts newly flagged, less those newly spared; among the new texts of that time, else among all texts."""
    minutes_each: float
    measured: bool
    """Whether ``minutes_each`` comes from the desk's decisions or is assumed."""
    minutes_per_week: float | None


class DraftEstimate(msgspec.Struct, frozen=True, kw_only=True):
    """The estimate of a draft."""

    rules: tuple[RuleEstimate, ...]
    queue: QueueEstimate


@typed_errors()
def estimate(
    settings: Settings, draft: Path, lines: Callable[[], Iterable[TextLine]], changed: Iterable[Change], watched: Arrivals,
    assessor: Assessor,
) -> DraftEstimate:  # fmt: skip
    """Return what the draft in the folder ``draft`` would bring on ``lines``, whose judgement it changes as ``changed`` says.

    ``assessor`` judges with the seeds in use. Decisions are read from the desk's database where there is one. Raises
    PermanentError or TransientError when the database cannot be opened.
    """
    rules = draft_rules(lexicon(settings.seeds / "lures"), lexicon(draft / "lures"))
    states, minutes, measured = _desk(settings)
    rule_estimates = estimates(
        rules, lines() if rules.entries else (), score=lambda line: next(assessor.assess_all([line.to_posting_text()])).score,
        existing=assessor.evidence, watched=watched, decided=states,
    )  # fmt: skip
    net = sum(
        (change.turned == "flagged") - (change.turned == "spared")
        for change in changed
        if not watched.weeks or change.id in watched.ids
    )
    per_week = net / watched.weeks * minutes if watched.weeks else None
    queue = QueueEstimate(weeks=watched.weeks, flagged=net, minutes_each=minutes, measured=measured, minutes_per_week=per_week)
    return DraftEstimate(rules=tuple(rule_estimates), queue=queue)


def _desk(settings: Settings) -> tuple[dict[str, int], float, bool]:
    """Return 1 (confirmed) or 0 (dismissed) by item, and how long a decision takes; a desk that was never opened is not made."""
    if revision(settings.database)[0] is None:
        return {}, MINUTES, False
    with open_database(settings.database, settings.state).connect() as connection:
        cases = list(decided_cases(connection))
    return {case.item_id: int(case.state == "confirmed") for case in cases if case.state != "open"}, *minutes_each(cases)
