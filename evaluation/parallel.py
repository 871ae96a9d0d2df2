"""Parallel lures: one lure of each kind and its honest twin in every language, so that no language or kind stays behind unseen.

A file is named by its language and maps ``lures`` and ``honest`` to kind and text.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from enrichment.assess import Assessor, PostingText
from evaluation.measures import DataError, share
from evaluation.text_tables import join_lines

KINDS = (
    "task",
    "compound",
    "chat",
    "casino",
    "courier",
    "account_rental",
    "organ",
    "surrogacy",
    "marriage",
    "recruiter",
)
"""Kinds of lures; each language has one of each, and one honest advert that it resembles."""


class ParallelFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The texts of one language, by kind."""

    lures: dict[str, str]
    honest: dict[str, str]


class ParallelText(NamedTuple):
    """One text, and what it is."""

    language: str
    kind: str
    is_lure: bool
    text: str


def read_texts(folder: Path, language: str | None = None) -> list[ParallelText]:
    """Return the texts of a folder, or those in one language; raise DataError naming the file that lacks a kind."""
    texts = []
    for file in sorted(folder.glob(f"{language or '*'}.yml")):
        try:
            read = msgspec.yaml.decode(file.read_bytes(), type=ParallelFile)
        except msgspec.DecodeError as exc:
            raise DataError(f"{file}: {exc}; it maps lures and honest to a text of each kind") from exc
        for is_lure, by_kind in ((True, read.lures), (False, read.honest)):
            if by_kind.keys() != set(KINDS):
                raise DataError(f"{file}: {'lures' if is_lure else 'honest'} has not each of {', '.join(KINDS)} once")
            texts += [ParallelText(file.stem, kind, is_lure, by_kind[kind]) for kind in KINDS]
    if not texts:
        raise DataError(f"{folder}: no parallel texts{f' in {language}' if language else ''}")
    return texts


def report(folder: Path, *, seeds: Path, language: str | None = None) -> dict[str, Any]:
    """Return how many lures are found and honest twins flagged for each language and kind, and the texts judged wrong."""
    texts = read_texts(folder, language)
    tables: dict[str, dict[str, dict[str, list[int]]]] = {"language": {}, "kind": {}}
    wrong = []
    judged = Assessor(seeds).assess_all(PostingText("", None, text.text) for text in texts)
    for text, verdict in zip(texts, judged, strict=True):
        for table, name in (("language", text.language), ("kind", text.kind)):
            counts = tables[table].setdefault(name, {"found": [0, 0], "flagged": [0, 0]})
            count = counts["found" if text.is_lure else "flagged"]
            count[0] += verdict.flagged
            count[1] += 1
        if verdict.flagged != text.is_lure:
            wrong.append({**text._asdict(), "score": verdict.score})
    return {"folder": str(folder), "texts": len(texts), **tables, "wrong": wrong}


@join_lines
def render(results: dict[str, Any], *, failures: bool = False) -> Iterator[str]:
    """Return a report as tables, shares with their 95 % Wilson intervals; with ``failures`` name each text judged wrong."""
    if failures:
        for one in results["wrong"]:
            why = "lure missed" if one["is_lure"] else "honest flagged"
            yield f"{one['language']}/{one['kind']}: {why} ({one['score']:.1f})"
        yield ""
    yield f"{results['folder']}: {results['texts']} texts"
    for table in ("language", "kind"):
        yield f"{table:14} {'lures found':>28} {'honest flagged':>28}"
        for name, counts in results[table].items():
            yield f"{name:14} {share(*counts['found']):>28} {share(*counts['flagged']):>28}"
    sums = {what: [sum(row[what][side] for row in results["kind"].values()) for side in (0, 1)] for what in ("found", "flagged")}
    yield f"{'all':14} {share(*sums['found']):>28} {share(*sums['flagged']):>28}"
