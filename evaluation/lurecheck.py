"""LureCheck: minimal pairs that tell understanding from matching; the first text says what an indicator means, the other not.

The file maps functionality -> indicator -> language -> [text that says so, text that does not].
"""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from enrichment.assess import Assessor, PostingText
from enrichment.assessment import Assessment
from lurewatch.models.measures import DataError, share, sum_rows

FORM = dict[str, dict[str, dict[str, tuple[str, str]]]]


class Pair(NamedTuple):
    """Two texts that differ in a word or two."""

    functionality: str
    indicator: str
    language: str
    says_so: str
    does_not: str


def read_pairs(file: Path) -> list[Pair]:
    """Return the pairs of a file; raise DataError naming its fault."""
    try:
        read = msgspec.yaml.decode(file.read_bytes(), type=FORM)
    except (OSError, msgspec.DecodeError) as exc:
        raise DataError(f"{file}: {exc}; it maps functionality, indicator and language to two texts") from exc
    return [
        Pair(functionality, indicator, language, *texts)
        for functionality, indicators in read.items()
        for indicator, languages in indicators.items()
        for language, texts in languages.items()
    ]


def report(file: Path, *, seeds: Path, language: str | None = None) -> dict[str, Any]:
    """Return for each functionality and language how many pairs are right, first texts found, second texts spared, and what went
    wrong."""
    pairs = [pair for pair in read_pairs(file) if language in (None, pair.language)]
    if not pairs:
        raise DataError(f"{file}: no pairs in {language}")
    judged = Assessor(seeds).assess_all(PostingText("", None, text) for pair in pairs for text in pair[3:])
    tables: dict[str, dict[str, list[list[int]]]] = {"functionality": defaultdict(list), "language": defaultdict(list)}
    wrong = []
    for pair, first, second in zip(pairs, judged, judged, strict=False):
        found, spared = _shows(first, pair.indicator), not _shows(second, pair.indicator)
        for table, name in (("functionality", pair.functionality), ("language", pair.language)):
            tables[table][name].append([found and spared, found, spared, 1])
        if not (found and spared):
            wrong.append({**pair._asdict(), "missed": not found, "false": not spared})
    sums = {
        table: {name: list(map(sum, zip(*rows, strict=True))) for name, rows in each.items()} for table, each in tables.items()
    }
    return {"file": str(file), "pairs": len(pairs), **sums, "wrong": wrong}


def _shows(judged: Assessment, indicator: str) -> bool:
    return any(signal.indicator == indicator and signal.weight > 0 for signal in judged.signals)


def render(results: dict[str, Any]) -> str:
    """Return a report as tables; shares stand with their 95 % Wilson intervals."""
    return "\n".join(_lines(results))


def _lines(results: dict[str, Any]) -> Iterator[str]:
    for one in results["wrong"]:
        why = "missed" if one["missed"] else "read into"
        text = one["says_so"] if one["missed"] else one["does_not"]
        yield f"{one['functionality']}/{one['indicator']} {one['language']}: {why}: {text}"
    yield f"\n{results['file']}: {results['pairs']} pairs"
    for table in ("language", "functionality"):
        yield f"{table:14} {'both right':>26} {'says so, found':>26} {'does not, spared':>26}"
        for name, (both, found, spared, total) in sorted(results[table].items()):
            yield f"{name:14} {share(both, total):>26} {share(found, total):>26} {share(spared, total):>26}"
    both, total = sum_rows([row[0], row[3]] for row in results["functionality"].values())
    yield f"{'all':14} {share(both, total):>26}"
