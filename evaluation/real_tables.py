"""The figures of `python -m evaluation real` as tables for people."""

from collections.abc import Iterator
from typing import Any

from evaluation.measures import share


def render(results: dict[str, Any]) -> str:
    """Return ``found`` as tables; shares stand with their 95 % Wilson intervals."""
    return "\n".join(_lines(results))


def _lines(results: dict[str, Any]) -> Iterator[str]:
    yield f"{results['texts']} real texts, {results['lures']} of them lures; {results['split']}"
    yield (
        f"average precision {results['average_precision']:.3f}   Brier {results['brier']:.3f}   "
        f"expected calibration error {results['calibration_error']:.3f}"
    )
    for name, row in results["recall"].items():
        groups = "  ".join(f"{entry} {hits}/{total}" for entry, (hits, total) in row["groups"].items())
        wrong, total = row["others"]
        yield f"recall at {name:9} mean of groups {row['mean']:.3f}   {groups}   others {wrong}/{total} {wrong / total:.4f}"
    yield f"\n{'others flagged at score 50':34}"
    for name, (hits, total) in results["flagged"].items():
        yield f"{name:34} {share(hits, total)}"
    hits, total = results["undecided"]
    yield f"{'undecided (neither counted)':34} {hits}/{total}"
    if fraud := results.get("emscad"):
        yield (
            f"EMSCAD, learned without it: fraud ranked above real advertisements, AUC {fraud['auc']:.3f}; "
            f"flagged {share(*fraud['fraud'])} of the fraud and {share(*fraud['honest'])} of the others"
        )
    if public := results.get("public"):
        hits, total = (sum(counts[place] for counts in public["flagged"].values()) for place in (0, 1))
        yield f"\n{'public texts flagged':34} {share(hits, total)}"
        for name, (wrong, count) in public["flagged"].items():
            yield f"{name:34} {share(wrong, count)}"
    yield "\nscore      texts   mean score   share of lures"
    for item in results["reliability"]:
        low = item["low"] * 100
        yield f"{low:3.0f}-{low + 10:3.0f}   {item['texts']:6.0f}   {item['score']:10.3f}   {item['lures']:14.3f}"
