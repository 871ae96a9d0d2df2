"""Labelled files, and shares with their confidence, as the evaluations of facts print them."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from desk.agreement_measures import wilson
from evaluation.labelled_listings import ListingError


class DataError(ListingError):
    """The labelled data is not there or not readable; the message names the file and the fix."""


def json_lines(file: Path) -> list[dict[str, Any]]:
    """Return the objects of a JSON Lines file; raise DataError naming the line that is none."""
    results: list[dict[str, Any]] = []
    try:
        with file.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    results.append(json.loads(line))
                except ValueError as exc:
                    raise DataError(f"{file}:{number}: no JSON ({exc}); each line is one object") from exc
    except OSError as exc:
        raise DataError(f"{file}: cannot read it ({exc.strerror}); give the folder that holds {file.name}") from exc
    return results


def f1(right: int, extra: int, missed: int) -> float:
    """Return the harmonic mean of precision and recall; 1 when there was nothing to find and nothing was found."""
    return 1.0 if right + extra + missed == 0 else 2 * right / (2 * right + extra + missed)


def interval(hits: int, total: int) -> str:
    """Return ``wilson`` for a table."""
    low, high = wilson(hits, total)
    return f"{low:.3f}-{high:.3f}"


def share(hits: int, total: int) -> str:
    """Return hits, total, share and ``interval`` for a table; a dash when nothing was counted."""
    return f"{hits}/{total} {hits / total:.3f} ({interval(hits, total)})" if total else "-"


def sum_rows(rows: Iterable[Sequence[int]]) -> list[int]:
    """Return the sums of hits and of totals."""
    pairs = list(rows)
    return [sum(hits for hits, _ in pairs), sum(total for _, total in pairs)]


def average_precision(labels: Sequence[int], points: Sequence[float]) -> float:
    """Return the mean precision at each lure, texts ranked by score; equal scores count as one step."""
    ranked: dict[float, list[int]] = defaultdict(list)
    for label, value in zip(labels, points, strict=True):
        ranked[value].append(label)
    lures = seen = 0
    total = 0.0
    for value in sorted(ranked, reverse=True):
        count = sum(ranked[value])
        lures, seen = lures + count, seen + len(ranked[value])
        total += count * lures / seen
    return total / lures if lures else 0.0
