"""Public texts beside the real ones: honest adverts, private messages, posts and news that others have collected.

``public-sources.tsv`` lists them: repository, commit, path, digest and licence, which rows are taken, and why these are no lures.
The texts are not carried: fetch the repositories into a folder, a file at ``FOLDER/<owner>/<repository>/<path>``, and name it
with ``--more``. Rows that a collector calls spam or scam are left out, for spam is mostly no lure of ours and nobody has read it;
what is taken is labelled as other.
"""

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from evaluation.labelled_listings import Listing
from evaluation.measures import DataError

MOST = 150
"""Texts taken of a file at most, evenly spread over it: one large file would outweigh all others."""
SHORTEST = 12
"""Signs of a text worth judging."""
DELIMITERS = {"csv": ",", "tsv": "\t"}


class PublicSource(NamedTuple):
    """One file, as a row of the list."""

    name: str
    repository: str
    commit: str
    path: str
    sha256: str
    licence: str
    language: str
    """Of all its texts, or the column that names it, as ``=column``."""
    shape: str
    """``csv``, ``tsv``, or ``lines``: a text a line, behind its language where ``language`` is ``=``."""
    text: str
    """Columns that make up a text, joined by ``+``."""
    taken: str
    """``column=value|value`` of the rows that are taken; empty: all."""
    kind: str
    """Class of its texts (``evaluation.labelled_listings``)."""
    what: str
    """What it is, and how it was looked at."""


def public_sources(listed: Path) -> list[PublicSource]:
    """Read the list; raise DataError naming the line."""
    with listed.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines, delimiter="\t")
        if tuple(next(rows, ())) != PublicSource._fields:
            raise DataError(f"{listed}:1: the columns are {', '.join(PublicSource._fields)}")
        results = []
        for number, row in enumerate(rows, 2):
            if len(row) != len(PublicSource._fields):
                raise DataError(f"{listed}:{number}: {len(row)} columns; there are {len(PublicSource._fields)}")
            results.append(PublicSource(*row))
    return results


def public_texts(folder: Path, listed: Path) -> list[Listing]:
    """Return the listed texts that ``folder`` holds, each file once; raise DataError where there are none, or one differs."""
    results: list[Listing] = []
    for source in public_sources(listed):
        file = folder / source.repository / source.path
        if file.exists():
            data = file.read_bytes()
            if (digest := hashlib.sha256(data).hexdigest()) != source.sha256:
                raise DataError(
                    f"{file}: SHA-256 {digest[:12]}, not {source.sha256[:12]} as in {listed.name}; fetch commit {source.commit}"
                )
            results += _listings(source, data)
    if not results:
        raise DataError(f"{folder}: no public texts; fetch those of {listed} to <owner>/<repository>/<path> below it")
    return results


def _listings(source: PublicSource, data: bytes) -> list[Listing]:
    known: dict[str, str] = {}
    for language, text in _texts(source, data.decode("utf-8-sig", "replace")):
        if len(text) >= SHORTEST:
            known.setdefault(text, language)
    step = max(1.0, len(known) / MOST)
    entries = list(known.items())
    chosen = [entries[int(number * step)] for number in range(min(MOST, len(entries)))]
    return [
        Listing(
            id=f"{source.name}-{number}",
            lang=language,
            label=0,
            kind=source.kind,
            text=text,
            source=source.name,
            campaign=f"{source.name}:{number}",
        )
        for number, (text, language) in enumerate(chosen)
    ]


def _texts(source: PublicSource, text: str) -> Iterator[tuple[str, str]]:
    """Yield language and text of each row that is taken."""
    if source.shape == "lines":
        for line in text.splitlines():
            language, tab, rest = line.partition("\t")
            yield (language, rest.strip()) if source.language == "=" and tab else (source.language, line.strip())
        return
    csv.field_size_limit(max(len(text), 131_072))
    column, _, values = source.taken.partition("=")
    for row in csv.DictReader(io.StringIO(text, newline=""), delimiter=DELIMITERS[source.shape]):
        if not column or (row.get(column) or "").strip() in values.split("|"):
            parts = [(row.get(name) or "").strip() for name in source.text.split("+")]
            yield _language(source, row), "\n".join(filter(None, parts))


def _language(source: PublicSource, row: Mapping[str, str | None]) -> str:
    return (row.get(source.language[1:]) or "und") if source.language.startswith("=") else source.language
