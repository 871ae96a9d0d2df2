"""`python -m evaluation windows`: excerpts of two to four sentences from reports, warnings and testimonies, judged by themselves.

An excerpt that gives a contact repeats a lure that can be answered, which is never silent (``enrichment.stance``): it is counted
apart. Two thirds of the texts were learned from, and figures on them are optimistic.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from enrichment.assess import Assessor, PostingText
from enrichment.assessment import Assessment
from enrichment.stance import sentences
from enrichment.stance_cues import COUNTER
from evaluation.detection import REPORTS
from evaluation.labelled_listings import listings
from evaluation.measures import DataError, share
from evaluation.text_tables import join_lines

SIZES = (2, 3, 4)
"""Sentences of an excerpt."""
ALIKE = 0.95
"""Share of its excerpts in which a text should be judged as it is whole."""


class Excerpt(NamedTuple):
    """One window of a text."""

    source: str
    kind: str
    text: str


def split_windows(text: str) -> Iterator[str]:
    """Yield every window of two to four sentences of a text that has more."""
    starts = [*sentences(text), len(text)]
    parts = [text[start:end] for start, end in pairwise(starts) if text[start:end].strip()]
    for size in SIZES:
        for first in range(len(parts) - size + 1 if len(parts) > size else 0):
            yield "".join(parts[first : first + size])


def report(files: Sequence[Path], *, seeds: Path) -> dict[str, Any]:
    """Return the excerpts flagged by kind, and the texts judged alike in their excerpts; raise DataError, ListingError."""
    items = [(file.name, item) for file in files for item in listings(file) if item.kind in REPORTS and not item.label]
    excerpts = [Excerpt(f"{name}:{item.id}", item.kind, text) for name, item in items for text in split_windows(item.text)]
    if not excerpts:
        raise DataError(f"{', '.join(map(str, files))}: no report, warning or testimony of more than two sentences")
    assessor = Assessor(seeds)
    whole = assessor.assess_all(PostingText("", item.title, item.text) for _, item in items)
    flagged = {f"{name}:{item.id}": judged.flagged for (name, item), judged in zip(items, whole, strict=True)}
    judged = assessor.assess_all(PostingText("", None, excerpt.text) for excerpt in excerpts)
    return {"files": [str(file) for file in files], **_count(list(zip(excerpts, judged, strict=True)), flagged)}


def _count(judged: Sequence[tuple[Excerpt, Assessment]], whole: dict[str, bool]) -> dict[str, Any]:
    tables: dict[str, dict[str, list[int]]] = {"plain": {}, "without cue": {}, "with contact": {}}
    alike: dict[str, list[int]] = {}
    for excerpt, found in judged:
        kinds = ["with contact"] if found.contacts else ["plain"] if _is_cued(found) else ["plain", "without cue"]
        for name in kinds:
            count = tables[name].setdefault(excerpt.kind, [0, 0])
            count[0] += found.flagged
            count[1] += 1
        if not found.contacts:
            same = alike.setdefault(excerpt.source, [0, 0])
            same[0] += found.flagged == whole[excerpt.source]
            same[1] += 1
    return {"flagged": tables, "alike": [sum(same >= ALIKE * total for same, total in alike.values()), len(alike)]}


def _is_cued(found: Assessment) -> bool:
    return any(signal.indicator in COUNTER for signal in found.signals)


@join_lines
def render(results: dict[str, Any]) -> Iterator[str]:
    """Return a report as a table; shares stand with their 95 % Wilson intervals."""
    titles = " ".join(f"{name:>28}" for name in ("no contact in them", "and no cue either", "with contact"))
    yield ", ".join(results["files"])
    yield f"{'excerpts flagged':16} {titles}"
    tables = results["flagged"]
    for kind in (*REPORTS, "all"):
        rows = [[row[kind]] if kind in row else list(row.values()) if kind == "all" else [] for row in tables.values()]
        sums = [[sum(each) for each in zip(*some, strict=True)] or [0, 0] for some in rows]
        yield f"{kind:16} {' '.join(f'{share(*each):>28}' for each in sums)}"
    yield f"texts judged as they are whole in {ALIKE:.0%} of their excerpts and more: {share(*results['alike'])}"
