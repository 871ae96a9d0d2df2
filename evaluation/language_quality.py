"""Measures how often the language is right, per language and stratum, with and without the third voice.

On ``langid-dev.tsv`` (lang, text, stratum, accept) of a folder; when it holds none, on the labelled listings and
``langid-authored.tsv`` below it.
"""

import csv
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from enrichment.assessment import Language
from enrichment.language.detect import language
from enrichment.language.word_votes import third_voice
from evaluation.measures import DataError, interval, json_lines
from evaluation.text_tables import join_lines

FILE = "langid-dev.tsv"
AUTHORED = "langid-authored.tsv"


def label(found: Language) -> str:
    """Return the answer in the labels of the file: ``zh-Hant``, ``hi-Latn`` for romanised Hindi, else the code."""
    if found.code == "zh":
        return f"zh-{found.script}"
    return f"{found.code}-Latn" if found.romanised else found.code


def report(data: Path, words: int | None = None) -> dict[str, Any]:
    """Return the counts over the texts of ``data``, or over the first ``words`` words of each: per label and stratum, macro mean,
    confusions, both held-out halves.

    ``third`` says in how many texts langdetect was asked, what the macro mean is without it, and how many answers it mended
    or spoiled.
    """
    rows = _rows(data / FILE)
    if words:
        rows = [{**row, "text": " ".join(row["text"].split()[:words])} for row in rows]
    strata: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    labels: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    halves: list[dict[str, list[int]]] = [defaultdict(lambda: [0, 0]), defaultdict(lambda: [0, 0])]
    confusions: Counter[tuple[str, str]] = Counter()
    alone: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    entries: list[str] = []
    texts_asked = mended = spoiled = 0

    def counted(text: str, first: str, second: str) -> str:
        entries.append(first)
        return third_voice(text, first, second)

    for row in rows:
        accepted = row["accept"].split(",")
        entries.clear()
        answer = label(language(row["text"], counted))
        right = answer in accepted
        before = label(language(row["text"], lambda _, first, __: first)) in accepted if entries else right
        texts_asked += bool(entries)
        mended += right and not before
        spoiled += before and not right
        alone[row["lang"]][0] += before
        alone[row["lang"]][1] += 1
        half = halves[hashlib.sha256(row["text"].encode("utf-8", "surrogatepass")).digest()[0] & 1]
        for counts in (strata[row["lang"], row["stratum"]], labels[row["lang"]], half[row["lang"]]):
            counts[0] += right
            counts[1] += 1
        if not right:
            confusions[row["lang"], answer] += 1
    unaccented = [counts for (_, stratum), counts in strata.items() if stratum.startswith("unaccented")]
    return {
        "file": str(data / FILE if (data / FILE).exists() else data),
        "texts": len(rows),
        "macro": _macro(labels),
        "halves": [_macro(half) for half in halves],
        "unaccented": [sum(counts[0] for counts in unaccented), sum(counts[1] for counts in unaccented)],
        "labels": {name: labels[name] for name in sorted(labels)},
        "strata": {f"{name} {stratum}": counts for (name, stratum), counts in sorted(strata.items())},
        "third": {"asked": texts_asked, "mended": mended, "spoiled": spoiled, "macro_without": _macro(alone)},
        "confusions": [[truth, answer, count] for (truth, answer), count in confusions.most_common(25)],
    }


@join_lines
def render(report: dict[str, Any]) -> Iterator[str]:
    """Return ``report`` as tables."""
    yield f"{report['texts']} texts of {report['file']}"
    for title, table, width in (("language", "labels", 10), ("stratum", "strata", 24)):
        yield f"\n{title:{width}} {'right':>9} {'share':>6}  95 % interval"
        for name, (right, total) in report[table].items():
            yield f"{name:{width}} {right:>4}/{total:<4} {right / total:6.3f}  {interval(right, total)}"
    yield "\ntaken for another language (truth, answer, times)"
    yield from (f"{truth:10} {answer:10} {count:>3}" for truth, answer, count in report["confusions"])
    first, second = report["halves"]
    yield f"\nmacro mean {report['macro']:.4f}   halves {first:.4f} and {second:.4f}"
    third = report["third"]
    yield (
        f"langdetect asked in {third['asked']} texts ({third['asked'] / report['texts']:.2%}): {third['mended']} mended, "
        f"{third['spoiled']} spoiled; macro mean without it {third['macro_without']:.4f}"
    )
    right, total = report["unaccented"]
    if total:
        yield f"Vietnamese without marks {right}/{total} = {right / total:.3f}  {interval(right, total)}"


def _macro(labels: dict[str, list[int]]) -> float:
    return sum(right / total for right, total in labels.values()) / len(labels) if labels else 0.0


def _listings(folder: Path) -> list[dict[str, str]]:
    """Return the labelled listings of a folder that holds no file of its own for languages."""
    rows: list[dict[str, str]] = []
    for file in sorted(folder.rglob("*.jsonl")):
        for listing in json_lines(file):
            if "lang" in listing and "text" in listing:
                code = listing["lang"]
                accept = f"{code},{code}-Hans,{code}-Hant" if code == "zh" else f"{code},{code}-Latn"
                text = f"{listing.get('title') or ''}\n{listing['text']}"
                rows.append({"lang": code, "text": text, "stratum": file.stem, "accept": accept})
    return rows + [row for file in sorted(folder.rglob(AUTHORED)) if rows for row in _table(file)]


def _rows(file: Path) -> list[dict[str, str]]:
    if not file.exists() and (rows := _listings(file.parent)):
        return rows
    return _table(file)


def _table(file: Path) -> list[dict[str, str]]:
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    except OSError as exc:
        raise DataError(f"{file}: cannot read it ({exc.strerror}); give the folder that holds {file.name}") from exc
    for number, row in enumerate(rows, 2):
        if not row.get("accept"):
            raise DataError(f"{file}:{number}: no column 'accept'; columns are lang, text, stratum, accept")
    if not rows:
        raise DataError(f"{file}: no rows")
    return rows
