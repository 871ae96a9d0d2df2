"""The loop with analysts as plain functions: learn a challenger from decisions, try it in shadow, promote it, go back.

Nothing here promotes by itself: ``promote`` and ``rollback`` take the person who does it, and why.
"""

import tempfile
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from shutil import copytree

import msgspec

from crawlers.evidence.partition import partitions
from crawlers.evidence.whole_files import replace_file
from desk.cases.cases import decided
from desk.database import open_database
from desk.people.accounts import User
from enrichment.model import SourceCounts
from lurewatch.app import pipeline
from lurewatch.app.decisions import labels
from lurewatch.app.errors import PermanentError
from lurewatch.app.typed_errors import typed_errors
from lurewatch.evaluation.listings import Listing, folds
from lurewatch.evaluation.sources import Sources, counted, labelled
from lurewatch.evaluation.text_sets import TextSets
from lurewatch.models import judges, promotion, registry, shadow, shadow_report
from lurewatch.models.comparison import Comparison
from lurewatch.models.influence import weighted
from lurewatch.models.labels import Label, Labels
from lurewatch.models.learner import learn
from lurewatch.models.registry import Event, Registry
from lurewatch.models.sections import sections
from lurewatch.settings import Settings

HELD_OUT = 5
"""One decision in so many judges and is not learned from: the same ones each time, campaigns kept whole."""
COMPARISON = "comparison.json"
Progress = Callable[[str], None]


class Material(msgspec.Struct, frozen=True, kw_only=True):
    """What a challenger is learned from and judged with, beside the decisions."""

    texts: TextSets
    """The authored texts: held-out ones to judge with."""
    carried: tuple[Path, ...]
    """Labelled files to learn from."""
    data: Path | None = None
    """Folder of real texts, to learn from and to judge with; they are not carried."""


class ModelsState(msgspec.Struct, frozen=True, kw_only=True):
    """All models, and what about them a person should look at."""

    registry: Registry
    models: tuple[str, ...]
    unfinished: str


class ChallengerReport(msgspec.Struct, frozen=True, kw_only=True):
    """A challenger as far as it is known: compared, run in shadow, and what speaks against its promotion."""

    comparison: Comparison
    shadow: shadow_report.ShadowReport
    findings: tuple[str, ...]


@typed_errors()
def train(
    settings: Settings, material: Material, *, without: Collection[str] = (), by: str, progress: Progress = lambda _: None
) -> Comparison:
    """Learn a challenger from the desk's decisions and the carried texts, compare it with the champion, and keep both.

    Decisions of the people in ``without`` are passed over. Raises PermanentError where there are no decisions to learn from, or
    they change nothing; TransientError while the database is away.
    """
    models, result = judges.models_of(settings), labels(settings, without)
    known, _ = _split(result)
    if not known:
        raise PermanentError("no decisions to learn from; decide about items at the desk first (`lurewatch serve`)")
    sources = _sources(material)
    texts = [item for items in sources.values() for item in items]
    carried = sum(item.weight for item in texts)
    decisions, _ = weighted(known, carried, result.disputes)
    trained_on = counted(sources) | {"decisions": SourceCounts(len(decisions), sum(item.label for item in decisions))}
    models.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".learning-", dir=models) as part:
        path = Path(part)
        champion, created = judges.champion(settings), f"{datetime.now(UTC):%Y-%m-%d}"
        progress(f"learning from {len(decisions)} decisions and {len(texts)} other texts")
        version = learn(champion, texts, decisions, path, created=created, trained_on=trained_on)
        if version == champion.model.version:
            raise PermanentError(f"the decisions change nothing: {version} judges already")
        compared = _compared(settings, path, material, result, carried, progress)

        def write(folder: Path) -> None:
            copytree(path, folder, dirs_exist_ok=True)

        registry.keep(models, version, write)
    digest = _note(models / version, compared)
    detail: dict[str, object] = {
        "champion": compared.champion,
        "comparison_sha256": digest,
        "texts": len(texts),
        "decisions": len(decisions),
        "without": sorted(without),
    }
    promotion.learned(open_database(settings.database), models, version, by=by, detail=detail, now=datetime.now(UTC))
    return compared


@typed_errors()
def compare(settings: Settings, version: str, material: Material, progress: Progress = lambda _: None) -> Comparison:
    """Compare a model that was learned before with the champion of now, on the decisions of now."""
    folder = judges.folder_of(settings, version)
    carried = sum(item.weight for items in _sources(material).values() for item in items)
    compared = _compared(settings, folder, material, labels(settings), carried, progress)
    _note(folder, compared)
    return compared


@typed_errors()
def tried(settings: Settings, version: str) -> ChallengerReport:
    """Return what is known of a challenger; raise PermanentError when it was never compared."""
    file = judges.folder_of(settings, version) / COMPARISON
    if not file.exists():
        raise PermanentError(f"{version} was not compared with the champion; run `lurewatch models compare {version}`")
    compared = msgspec.json.decode(file.read_bytes(), type=Comparison)
    with open_database(settings.database).connect() as connection:
        states = {case.item_id: case.state for case in decided(connection)}
    report = shadow_report.report(version, shadow.read(settings.assessed, version), states)
    return ChallengerReport(comparison=compared, shadow=report, findings=compared.findings(report.all.texts))


@typed_errors()
def state(settings: Settings) -> ModelsState:
    """Return champion, shadow, all models and the history."""
    models = judges.models_of(settings)
    result = registry.read(models)
    unfinished = promotion.unfinished(open_database(settings.database), result)
    return ModelsState(registry=result, models=tuple(registry.names(models)), unfinished=unfinished)


@typed_errors()
def run_in_shadow(settings: Settings, version: str | None, *, by: str, stored: bool = False) -> int:
    """Let a challenger judge beside the champion from now on, or none; return how many stored runs it judged at once."""
    promotion.shadow(open_database(settings.database), judges.models_of(settings), version, by=by, now=datetime.now(UTC))
    runs = partitions(settings.runs) if stored and version else []
    champion = judges.champion(settings)
    return sum(pipeline.assess_in_shadow(partition, settings, champion) for partition in runs)


@typed_errors()
def promote(settings: Settings, version: str, *, by: User, reason: str, override: bool) -> Event:
    """Make a challenger the champion; raise PermanentError with all that speaks against it unless ``override``."""
    known = tried(settings, version)
    return promotion.promote(
        open_database(settings.database), judges.models_of(settings), version, by=by, reason=reason, findings=known.findings,
        compared=known.comparison.champion, override=override, now=datetime.now(UTC),
    )  # fmt: skip


@typed_errors()
def rollback(settings: Settings, *, by: User, reason: str) -> Event:
    """Let the model judge again that judged before the last promotion."""
    engine = open_database(settings.database)
    return promotion.rollback(engine, judges.models_of(settings), by=by, reason=reason, now=datetime.now(UTC))


def _sources(material: Material) -> Sources:
    return labelled(material.carried, material.data, material.texts.text_labels)


def _split(found: Labels) -> tuple[list[Label], list[Listing]]:
    """Return the labels to learn from and the texts to judge with; weak labels judge nothing."""
    sides = folds([label.listing for label in found.labels], HELD_OUT)
    known = [label for label, side in zip(found.labels, sides, strict=True) if side]
    held_out = [label.listing for label, side in zip(found.labels, sides, strict=True) if not side and label.strength == "read"]
    return known, held_out


def _compared(
    settings: Settings, challenger: Path, material: Material, found: Labels, carried: float, progress: Progress
) -> Comparison:
    """Compare; ``carried`` is the summed weight of the texts learned from beside the decisions."""
    known, held_out = _split(found)
    _, influences = weighted(known, carried, found.disputes)
    champion = judges.champion(settings)
    other, shipped = champion.with_model(challenger), judges.shipped(settings, champion)
    card = other.model.card
    return Comparison(
        at=datetime.now(UTC), champion=registry.read(judges.models_of(settings)).champion, challenger=card.version,
        lexicon=champion.lexicon_version, influences=influences,
        trained_on=", ".join(f"{counts.texts} texts of {name}" for name, counts in card.trained_on.items()),
        left_out=dict(found.left_out), weak=sum(label.strength == "unread" for label in known),
        sections=sections(
            (champion, other, shipped), texts=material.texts, data=material.data, held_out=held_out, progress=progress
        ),
    )  # fmt: skip


def _note(folder: Path, compared: Comparison) -> str:
    """Keep a comparison beside its model; return its SHA-256."""
    content = msgspec.json.format(msgspec.json.encode(compared), indent=1)
    replace_file(folder / COMPARISON, content)
    return sha256(content).hexdigest()
