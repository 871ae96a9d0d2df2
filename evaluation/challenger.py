"""Learn a challenger from analysts' decisions and compare it with the champion; it judges nothing until a person promotes it."""

import tempfile
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from shutil import copytree

import msgspec

from desk.database import open_database
from enrichment.model import SourceCounts
from evaluation.influence import weigh_labels
from evaluation.learner import learn
from evaluation.sections import sections
from evaluation.text_sets import TextSets
from evaluation.training_sources import Sources, counted, labelled
from foundation.whole_files import replace_file
from lurewatch.app.app_errors import PermanentError, typed_errors
from lurewatch.app.challengers import COMPARISON, labels
from lurewatch.models import judges, model_registry, promotion
from lurewatch.models.comparison import Comparison
from lurewatch.models.labelled_listings import Listing, folds
from lurewatch.models.labels import Label, Labels
from lurewatch.settings import Settings

HELD_OUT = 5
"""One decision in so many judges and is not learned from: the same ones each time, campaigns kept whole."""
Progress = Callable[[str], None]


class Material(msgspec.Struct, frozen=True, kw_only=True):
    """What a challenger is learned from and judged with, beside the decisions."""

    texts: TextSets
    """The authored texts: held-out ones to judge with."""
    carried: tuple[Path, ...]
    """Labelled files to learn from."""
    data: Path | None = None
    """Folder of real texts, to learn from and to judge with; they are not carried."""


@typed_errors()
def train(
    settings: Settings, material: Material, *, without: Collection[str] = (), by: str, progress: Progress = lambda _: None
) -> Comparison:
    """Learn a challenger from the desk's decisions and the carried texts, compare it with the champion, and keep both.

    Decisions of the people in ``without`` are passed over. Raises PermanentError where there are no decisions to learn from, or
    they change nothing; TransientError while the database is away.
    """
    models, result = settings.models, labels(settings, without)
    known, _ = _split(result)
    if not known:
        raise PermanentError("no decisions to learn from; decide about items at the desk first (`lurewatch serve`)")
    sources = _sources(material)
    texts = [item for items in sources.values() for item in items]
    carried = sum(item.weight for item in texts)
    decisions, _ = weigh_labels(known, carried, result.disputes)
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

        model_registry.keep(models, version, write)
    digest = _note(models / version, compared)
    detail: dict[str, object] = {
        "champion": compared.champion,
        "comparison_sha256": digest,
        "texts": len(texts),
        "decisions": len(decisions),
        "without": sorted(without),
    }
    promotion.note_learned(
        open_database(settings.database, settings.state), models, version, by=by, detail=detail, now=datetime.now(UTC)
    )
    return compared


@typed_errors()
def compare(settings: Settings, version: str, material: Material, progress: Progress = lambda _: None) -> Comparison:
    """Compare a model that was learned before with the champion of now, on the decisions of now."""
    folder = judges.folder_of(settings, version)
    carried = sum(item.weight for items in _sources(material).values() for item in items)
    compared = _compared(settings, folder, material, labels(settings), carried, progress)
    _note(folder, compared)
    return compared


def _sources(material: Material) -> Sources:
    return labelled(material.carried, material.data, material.texts)


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
    _, influences = weigh_labels(known, carried, found.disputes)
    champion = judges.champion(settings)
    other, shipped = champion.copy_with_model(challenger), judges.shipped_assessor(settings, champion)
    card = other.model.card
    return Comparison(
        at=datetime.now(UTC), champion=model_registry.read(settings.models).champion, challenger=card.version,
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
