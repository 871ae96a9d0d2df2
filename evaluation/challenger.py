"""Learn a challenger from analysts' decisions and compare it with the shipped model; it judges nothing until people ship it."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from desk.cases.case_decisions import decided_cases
from desk.cases.second_opinions import given_opinions
from desk.cases.standing_orders import followed_decisions
from desk.database import open_database
from enrichment.assess import Assessor
from enrichment.model import SourceCounts
from evaluation.comparison import Comparison
from evaluation.influence import weigh_labels
from evaluation.labelled_listings import Listing, folds
from evaluation.labels import Label, Labels, labels_of
from evaluation.learner import learn
from evaluation.sections import sections
from evaluation.text_sets import TextSets
from evaluation.training_sources import Sources, counted, labelled
from lurewatch.app.app_errors import PermanentError, typed_errors
from lurewatch.app.resources import index_opened
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
def decision_labels(settings: Settings, without: Collection[str] = ()) -> Labels:
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
def train(
    settings: Settings, material: Material, into: Path, *, without: Collection[str] = (), progress: Progress = lambda _: None
) -> Comparison:
    """Learn a challenger from the desk's decisions and the carried texts, write it to ``into``, and compare it.

    Decisions of the people in ``without`` are passed over. Raises PermanentError where there are no decisions to learn from, or
    they change nothing; TransientError while the database is away.
    """
    found = decision_labels(settings, without)
    known, _ = _split(found)
    if not known:
        raise PermanentError("no decisions to learn from; decide about items at the desk first (`lurewatch serve`)")
    sources = labelled(material.carried, material.data, material.texts)
    texts = [item for items in sources.values() for item in items]
    decisions, _ = weigh_labels(known, sum(item.weight for item in texts), found.disputes)
    trained_on = counted(sources) | {"decisions": SourceCounts(len(decisions), sum(item.label for item in decisions))}
    shipped, created = Assessor(settings.seeds), f"{datetime.now(UTC):%Y-%m-%d}"
    progress(f"learning from {len(decisions)} decisions and {len(texts)} other texts")
    version = learn(shipped, texts, decisions, into, created=created, trained_on=trained_on)
    if version == shipped.model.version:
        raise PermanentError(f"the decisions change nothing: {version} judges already")
    return _compare(shipped, into, material, found, sources, progress)


def _compare(
    shipped: Assessor, folder: Path, material: Material, found: Labels, sources: Sources, progress: Progress
) -> Comparison:
    """Compare the model of ``folder`` with the shipped one on texts neither learned from here."""
    known, held_out = _split(found)
    _, influences = weigh_labels(known, sum(item.weight for items in sources.values() for item in items), found.disputes)
    challenger = shipped.copy_with_model(folder)
    card = challenger.model.card
    return Comparison(
        at=datetime.now(UTC), shipped=shipped.model.version, challenger=card.version, lexicon=shipped.lexicon_version,
        trained_on=", ".join(f"{counts.texts} texts of {name}" for name, counts in card.trained_on.items()),
        influences=influences, left_out=dict(found.left_out), weak=sum(label.strength == "unread" for label in known),
        sections=sections(
            (shipped, challenger), texts=material.texts, data=material.data, held_out=held_out, progress=progress
        ),
    )  # fmt: skip


def _split(found: Labels) -> tuple[list[Label], list[Listing]]:
    """Return the labels to learn from and the texts to judge with; weak labels judge nothing."""
    sides = folds([label.listing for label in found.labels], HELD_OUT)
    known = [label for label, side in zip(found.labels, sides, strict=True) if side]
    held_out = [label.listing for label, side in zip(found.labels, sides, strict=True) if not side and label.strength == "read"]
    return known, held_out
