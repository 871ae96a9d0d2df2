"""Reasons as a reader sees them: the first three of each flagged text of the unseen suites, read by two people on their own.

A label belongs to a reason as it was shown (text, indicator, words, sentence): a reason that changes is unread again. The sheets
hold the texts; the labels file holds only what was shown and what was read (``TextSets.reason_labels``).
"""

import csv
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from desk.cases.top_reasons import grounds
from enrichment.assess import Assessor, PostingText
from evaluation import lurecheck, parallel
from evaluation.measures import DataError, share
from evaluation.text_sets import TextSets
from evaluation.text_tables import join_lines

READINGS = ("first", "second")
LABELS = ("true", "doubtful", "false")
TOP = 3
"""Reasons of a text that are read: as many as a row of the desk shows."""
PER_LANGUAGE = 8
"""Flagged texts of each language that are read."""
COLUMNS = ("text", "language", "rank", "indicator", "words", "gloss")


class ShownReason(NamedTuple):
    """One reason of a flagged text; equal where the same is shown of the same words."""

    text: str
    """The suite and the name of the text in it."""
    language: str
    rank: int
    """1 is shown first."""
    indicator: str
    words: str
    gloss: str


Labels = dict[ShownReason, dict[str, str]]
"""What each reading says of a reason."""


def suite_texts(texts: TextSets) -> dict[str, tuple[str, str]]:
    """Return language and text of each unseen text by its name; disguised ones are left out, their reasons are the same."""
    suite = lurecheck.read_suite(texts.lurecheck)
    named = {
        f"lurecheck/{case.functionality}/{case.language}": (case.language, case.text)
        for case in lurecheck.make_cases(suite)
        if case.functionality in suite
    }
    for one in parallel.read_texts(texts.parallel):
        named[f"parallel/{one.kind}-{'lure' if one.is_lure else 'honest'}/{one.language}"] = one.language, one.text
    return named


def shown_reasons(named: Mapping[str, tuple[str, str]], seeds: Path, per_language: int = PER_LANGUAGE) -> list[ShownReason]:
    """Return the first reasons of ``per_language`` flagged texts of each language, drawn by the digest of their names."""
    drawn: dict[str, int] = defaultdict(int)
    shown = []
    names = sorted(named, key=lambda name: hashlib.sha256(name.encode()).digest())
    judged = Assessor(seeds).assess_all(PostingText("", None, named[name][1]) for name in names)
    for name, verdict in zip(names, judged, strict=True):
        language = named[name][0]
        if not verdict.flagged or drawn[language] == per_language:
            continue
        drawn[language] += 1
        seen: dict[str, ShownReason] = {}
        for signal in grounds(verdict.signals):
            words = " ".join(signal.text.split())
            seen.setdefault(signal.gloss, ShownReason(name, language, len(seen) + 1, signal.indicator, words, signal.gloss))
        shown += list(seen.values())[:TOP]
    return shown


def read_labels(file: Path) -> Labels:
    """Return what was read; raise DataError naming the line that is no label."""
    labels: Labels = {}
    with file.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines, delimiter="\t"), 2):
            try:
                reason = _read_row(row)
                said = {reading: row[reading] for reading in READINGS if row.get(reading)}
            except (KeyError, TypeError, ValueError) as exc:
                raise DataError(
                    f"{file}:{number}: not a reason ({exc}); the columns are {', '.join(COLUMNS + READINGS)}"
                ) from exc
            if wrong := set(said.values()).difference(LABELS):
                raise DataError(f"{file}:{number}: {wrong.pop()!r} is no label; write one of {', '.join(LABELS)}")
            labels[reason] = said
    return labels


def _read_row(row: Mapping[str, str]) -> ShownReason:
    return ShownReason(row["text"], row["language"], int(row["rank"]), row["indicator"], row["words"], row["gloss"])


def write_labels(file: Path, labels: Labels) -> None:
    """Write the labels, sorted, so that two readings make one file."""
    rows = ((*reason, *(said.get(reading, "") for reading in READINGS)) for reason, said in sorted(labels.items()))
    with file.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, delimiter="\t", lineterminator="\n").writerows([COLUMNS + READINGS, *rows])


def write_sheet(
    file: Path, named: Mapping[str, tuple[str, str]], shown: Iterable[ShownReason], labels: Labels, reading: str
) -> int:
    """Write what a reading has not read yet, each reason with its text; return how many."""
    unread = [reason for reason in shown if reading not in labels.get(reason, {})]
    rows = ((*reason, " ".join(named[reason.text][1].split()), "") for reason in unread)
    with file.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, delimiter="\t", lineterminator="\n").writerows([(*COLUMNS, "full text", reading), *rows])
    return len(unread)


def report(
    texts: TextSets, *, seeds: Path, per_language: int = PER_LANGUAGE, sheet: tuple[Path, str] | None = None
) -> dict[str, Any]:
    """Return how many reasons shown today each reading found true, doubtful or false; raise DataError for a faulty file."""
    named = suite_texts(texts)
    shown = shown_reasons(named, seeds, per_language)
    labels = read_labels(texts.reason_labels)
    written = write_sheet(sheet[0], named, shown, labels, sheet[1]) if sheet else None
    return {"languages": len({reason.language for reason in shown}), "sheet": written, **_count(shown, labels)}


def _count(shown: Sequence[ShownReason], labels: Labels) -> dict[str, Any]:
    read = [(reason, labels[reason]) for reason in shown if labels.get(reason, {}).keys() >= set(READINGS)]
    counts = {reading: {label: sum(said[reading] == label for _, said in read) for label in LABELS} for reading in READINGS}
    leading = [said for reason, said in read if reason.rank == 1]
    return {
        "shown": len(shown),
        "read": len(read),
        "readings": counts,
        "agreed": sum(said["first"] == said["second"] for _, said in read),
        "true in both": sum({*said.values()} == {"true"} for _, said in read),
        "false in either": sum("false" in said.values() for _, said in read),
        "first reasons": len(leading),
        "first reasons false in either": sum("false" in said.values() for said in leading),
        "false": [[*reason, *said.values()] for reason, said in read if "false" in said.values()],
    }


@join_lines
def render(results: dict[str, Any], *, failures: bool = False) -> Iterator[str]:
    """Return the figures as lines, shares with their 95 % Wilson intervals; with ``failures`` each reason read as false."""
    if failures:
        for text, language, rank, indicator, words, gloss, *said in results["false"]:
            yield f"{language} {text}, reason {rank}, {indicator}: {gloss!r} on {words!r} ({' / '.join(said)})"
        yield ""
    read = results["read"]
    yield f"{results['shown']} reasons shown in {results['languages']} languages, {read} of them read twice"
    for reading, counts in results["readings"].items():
        yield f"{reading + ' reading':24} " + ", ".join(f"{label} {share(count, read)}" for label, count in counts.items())
    for name in ("true in both", "false in either", "agreed"):
        yield f"{name:24} {share(results[name], read)}"
    yield f"{'first reason false':24} {share(results['first reasons false in either'], results['first reasons'])}"
    if results["sheet"] is not None:
        yield f"{results['sheet']} reasons written to be read"


def take_sheet(file: Path, reading: str, labels_file: Path) -> int:
    """Add what a filled sheet says to the labels; return how many. Raise DataError naming the line that is no label."""
    labels = read_labels(labels_file)
    taken = 0
    with file.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines, delimiter="\t"), 2):
            label = (row.get(reading) or "").strip()
            if label and label not in LABELS:
                raise DataError(f"{file}:{number}: {label!r} is no label; write one of {', '.join(LABELS)}")
            if label:
                labels.setdefault(_read_row(row), {})[reading] = label
                taken += 1
    write_labels(labels_file, labels)
    return taken
