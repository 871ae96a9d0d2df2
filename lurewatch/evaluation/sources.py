"""Where the texts a model learns from come from: authored files that are carried, real texts that never are."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from enrichment.model import SourceCounts
from lurewatch.evaluation.listings import Listing, listings
from lurewatch.evaluation.real_texts import CORRECTIONS, real_texts

AUTHORED = ("listings-*.jsonl", "terse*.jsonl")
"""Carried files that are learned from; all others in their folder are held out."""

Sources = dict[str, list[Listing]]
"""Labelled texts by the name of their file."""


def authored(evaluation: Path) -> list[Path]:
    """Return the carried files that are learned from."""
    return [file for pattern in AUTHORED for file in sorted(evaluation.glob(pattern))]


def labelled(files: Sequence[Path], folder: Path | None, evaluation: Path) -> Sources:
    """Return the listings of ``files`` and the decided real texts of ``folder``; raise ListingError or DataError."""
    sources: Sources = defaultdict(list)
    for file in files:
        sources[file.name] += listings(file)
    for item in real_texts(folder, evaluation / CORRECTIONS).decided if folder else ():
        sources[item.source] += [item]
    return dict(sources)


def counted(sources: Sources) -> dict[str, SourceCounts]:
    """Return how many texts and lures each source has."""
    return {name: SourceCounts(len(items), _lures(items)) for name, items in sources.items()}


def _lures(items: Iterable[Listing]) -> int:
    return sum(item.label for item in items)
