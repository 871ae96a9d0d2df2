"""Where the texts a model learns from come from: authored files that are carried, real texts that never are."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from enrichment.model import SourceCounts
from evaluation.labelled_listings import Listing, listings
from evaluation.public_sources import public_texts
from evaluation.real_texts import real_texts
from evaluation.text_sets import TextSets

Sources = dict[str, list[Listing]]
"""Labelled texts by the name of their file."""


def labelled(files: Sequence[Path], folder: Path | None, texts: TextSets, more: Path | None = None) -> Sources:
    """Return the listings of ``files``, the decided real texts of ``folder`` and the public texts of ``more``.

    ``texts`` has the corrected labels and the list of public sources. Raise ListingError or DataError.
    """
    sources: Sources = defaultdict(list)
    for file in files:
        sources[file.name] += listings(file)
    for item in real_texts(folder, texts.text_labels).decided if folder else ():
        sources[item.source] += [item]
    for item in public_texts(more, texts.public_sources) if more else ():
        sources[item.source] += [item]
    return dict(sources)


def counted(sources: Sources) -> dict[str, SourceCounts]:
    """Return how many texts and lures each source has."""
    return {name: SourceCounts(len(items), _lures(items)) for name, items in sources.items()}


def _lures(items: Iterable[Listing]) -> int:
    return sum(item.label for item in items)
