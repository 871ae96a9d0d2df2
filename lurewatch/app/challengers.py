"""Use cases of learned models: report on a challenger, run it in shadow, promote it, roll back.

Nothing here promotes by itself: ``promote`` and ``rollback`` take the person who does it, and why.
"""

from collections.abc import Collection
from datetime import UTC, datetime

import msgspec

from crawlers.evidence.partition import partitions
from desk.cases.case_decisions import decided_cases
from desk.cases.reason_marks import RuleAccuracy, accuracy
from desk.cases.second_opinions import given_opinions
from desk.cases.standing_orders import followed_decisions
from desk.database import open_database
from desk.partners.answer_review import answered_reasons
from desk.people.accounts import User
from desk.subscribers.mail_answers import reader_votes
from enrichment.scoring import FLAGGED, NEAR
from index.base import Query, Record
from lurewatch.app import pipeline
from lurewatch.app.app_errors import PermanentError, typed_errors
from lurewatch.app.resources import index_opened
from lurewatch.models import judges, model_registry, promotion, shadow
from lurewatch.models.comparison import Comparison
from lurewatch.models.labels import Labels, labels_of
from lurewatch.models.model_registry import Event, Registry
from lurewatch.models.rule_outcomes import Tallies, tallies
from lurewatch.models.uncertain import week_queue
from lurewatch.settings import Settings

COMPARISON = "comparison.json"


class ModelsState(msgspec.Struct, frozen=True, kw_only=True):
    """All models, and warnings about them."""

    registry: Registry
    models: tuple[str, ...]
    unfinished: str


class ChallengerReport(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a challenger: its comparison, its shadow run, and objections to its promotion."""

    comparison: Comparison
    shadow: shadow.ShadowReport
    findings: tuple[str, ...]


@typed_errors()
def challenger_report(settings: Settings, version: str) -> ChallengerReport:
    """Return what is known of a challenger; raise PermanentError when it was never compared."""
    file = judges.folder_of(settings, version) / COMPARISON
    if not file.exists():
        raise PermanentError(f"{version} was never compared; run `python -m evaluation challenger compare {version}`")
    compared = msgspec.json.decode(file.read_bytes(), type=Comparison)
    with open_database(settings.database, settings.state).connect() as connection:
        states = {case.item_id: case.state for case in decided_cases(connection)}
    report = shadow.report(version, shadow.read(settings.assessed, version), states)
    return ChallengerReport(comparison=compared, shadow=report, findings=compared.findings(report.all.texts))


@typed_errors()
def state(settings: Settings) -> ModelsState:
    """Return champion, shadow, all models and the history."""
    models = settings.models
    result = model_registry.read(models)
    unfinished = promotion.unfinished_change(open_database(settings.database, settings.state), result)
    return ModelsState(registry=result, models=tuple(model_registry.names(models)), unfinished=unfinished)


@typed_errors()
def run_in_shadow(settings: Settings, version: str | None, *, by: str, stored: bool = False) -> int:
    """Let a challenger judge beside the champion from now on, or none; return how many stored runs it judged at once."""
    promotion.shadow(open_database(settings.database, settings.state), settings.models, version, by=by, now=datetime.now(UTC))
    runs = partitions(settings.runs) if stored and version else []
    champion = pipeline.judge_in_force(settings)
    return sum(pipeline.assess_in_shadow(partition, settings, champion) for partition in runs)


@typed_errors()
def promote(settings: Settings, version: str, *, by: User, reason: str, override: bool) -> Event:
    """Make a challenger the champion; raise PermanentError with all objections unless ``override``."""
    known = challenger_report(settings, version)
    return promotion.promote(
        open_database(settings.database, settings.state), settings.models, version, by=by, reason=reason, findings=known.findings,
        compared=known.comparison.champion, override=override, now=datetime.now(UTC),
    )  # fmt: skip


@typed_errors()
def rollback(settings: Settings, *, by: User, reason: str) -> Event:
    """Let the model judge again that judged before the last promotion."""
    engine = open_database(settings.database, settings.state)
    return promotion.rollback(engine, settings.models, by=by, reason=reason, now=datetime.now(UTC))


@typed_errors()
def labels(settings: Settings, without: Collection[str] = ()) -> Labels:
    """Return what people decided as labels, those of the people in ``without`` passed over; not what followed an order.

    Raises PermanentError or TransientError when database or index cannot be opened.
    """
    with open_database(settings.database, settings.state).connect() as connection:
        followed, opinions = followed_decisions(connection), given_opinions(connection)
        cases = [case for case in decided_cases(connection) if case.in_force is None or case.in_force.id not in followed]
    with index_opened(settings) as store:
        records = store.get_many(case.item_id for case in cases)
    return labels_of(cases, records, without, opinions)


@typed_errors()
def uncertain(settings: Settings, *, most: int) -> list[Record]:
    """Return the uncertain items of this week, for two people to decide on (``lurewatch.models.uncertain``)."""
    with index_opened(settings) as store:
        near = Query(undecided=True, score_min=FLAGGED - NEAR, score_max=FLAGGED + NEAR)
        return week_queue(store.scan(near), now=datetime.now(UTC), most=most)


@typed_errors()
def marked_reasons(settings: Settings) -> dict[str, list[RuleAccuracy]]:
    """Return what analysts say of single reasons, and how readers of mails and platforms answer: title -> lines.

    Those that go wrong most surely stand first.
    """
    titles = (
        "reasons of indicator", "reasons of rule", "indicator, as readers answer", "rule, as readers answer",
        "indicator, as platforms answered",
    )  # fmt: skip
    with open_database(settings.database, settings.state).connect() as connection:
        found = *accuracy(connection), *reader_votes(connection), answered_reasons(connection)
    return dict(zip(titles, found, strict=True))


@typed_errors()
def outcomes(settings: Settings) -> Tallies:
    """Return confirmed and dismissed texts per rule and indicator of the lexicon in use, with what is proposed."""
    return tallies(labels(settings).labels, judges.champion(settings).evidence)
