"""Estimates the effect of a draft lexicon: for each new rule, and for the queue."""

from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from desk.cases.case_decisions import decided_cases
from desk.database import open_database, revision
from enrichment.assess import Assessor
from enrichment.lexicon.lexicon import lexicon
from lurewatch.app.app_errors import typed_errors
from lurewatch.app.lures.replay import Change
from lurewatch.app.lures.replay_estimate import (
    MINUTES,
    Arrivals,
    RuleEstimate,
    draft_rules,
    estimates,
    minutes_each,
)  # fmt: skip
from lurewatch.app.texts import TextLine
from lurewatch.models.labelled_listings import listings
from lurewatch.models.text_sets import CARRIED, TextSets
from lurewatch.settings import Settings


class QueueEstimate(msgspec.Struct, frozen=True, kw_only=True):
    """The effect of the whole draft on the queue."""

    weeks: float
    """Time the stored runs cover; 0 when it cannot be told how much comes a week."""
    flagged: int
    """Texts newly flagged, less those newly spared: of what came new in that time, else of all texts."""
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

    ``assessor`` judges with the seeds in use. Decisions are read from the desk's database where there is one, authored texts from
    the source code, where that is at hand. Raises PermanentError or TransientError when the database cannot be opened.
    """
    rules = draft_rules(lexicon(settings.seeds / "lures"), lexicon(draft / "lures"))
    states, minutes, measured = _desk(settings)
    carried = [item for file in TextSets(CARRIED).training_files() for item in listings(file)] if rules.entries else []
    rule_estimates = estimates(
        rules, lines() if rules.entries else (), score=lambda line: next(assessor.assess_all([line.to_posting_text()])).score,
        existing=assessor.evidence, watched=watched, decided=states, authored=carried,
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
    with open_database(settings.database).connect() as connection:
        cases = list(decided_cases(connection))
    return {case.item_id: int(case.state == "confirmed") for case in cases if case.state != "open"}, *minutes_each(cases)
