"""The figures of `lurewatch eval real` as tables for people."""

from collections.abc import Iterator
from typing import Any

from lurewatch.evaluation.measures import share


def render(found: dict[str, Any]) -> str:
    """Return ``found`` as tables; shares stand with their 95 % Wilson intervals."""
    return "\n".join(_lines(found))


def _lines(found: dict[str, Any]) -> Iterator[str]:
    yield f"{found['texts']} real texts, {found['lures']} of them lures; {found['split']}"
    yield (
        f"average precision {found['average_precision']:.3f}   Brier {found['brier']:.3f}   "
        f"expected calibration error {found['calibration_error']:.3f}"
    )
    for name, row in found["recall"].items():
        groups = "  ".join(f"{one} {hits}/{total}" for one, (hits, total) in row["groups"].items())
        wrong, total = row["others"]
        yield f"recall at {name:9} mean of groups {row['mean']:.3f}   {groups}   others {wrong}/{total} {wrong / total:.4f}"
    yield f"\n{'others flagged at score 50':34}"
    for name, (hits, total) in found["flagged"].items():
        yield f"{name:34} {share(hits, total)}"
    hits, total = found["undecided"]
    yield f"{'undecided (neither counted)':34} {hits}/{total}"
    if fraud := found.get("emscad"):
        yield (
            f"EMSCAD, learned without it: fraud ranked above real advertisements, AUC {fraud['auc']:.3f}; "
            f"flagged {share(*fraud['fraud'])} of the fraud and {share(*fraud['honest'])} of the others"
        )
    yield "\nscore      texts   mean score   share of lures"
    for one in found["reliability"]:
        low = one["low"] * 100
        yield f"{low:3.0f}-{low + 10:3.0f}   {one['texts']:6.0f}   {one['score']:10.3f}   {one['lures']:14.3f}"
