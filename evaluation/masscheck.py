"""`python -m evaluation masscheck`: what each rule of the lexicon does on labelled texts, and which rules are worth keeping.

In the manner of SpamAssassin's mass-checks: every rule is counted among lures and others, by sources, and against its neighbours
of the same language and indicator. A rule earns its place by what it says of several texts of several writers, or of texts that
neither a concept nor another rule says it of; each indicator of each language that no concept shows keeps its best rules.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush
from pathlib import Path
from typing import Any, NamedTuple

from enrichment.assess import Assessor, PostingText
from enrichment.features import OFFER_CUES, SILENT, speaks_against
from enrichment.lexicon.concept_files import WORDS
from enrichment.lexicon.lexicon import LexiconEntry, lexicon
from enrichment.lexicon.matches import COUNTED
from enrichment.model import load
from evaluation.labelled_listings import Listing, listings
from evaluation.real_texts import real_texts
from evaluation.text_sets import TextSets
from evaluation.text_tables import join_lines

TEXTS, SOURCES = 3, 2
"""Texts, and sources they come from, from which a rule is general."""
FEW_SOURCES = 3
"""Sources up to which the texts of a language come from one writer or two: two texts are enough there."""
CELL = 1
"""Rules every indicator of a language keeps, the best first, however few texts they fire on."""
ASTRAY = 4
"""Times as many hits on the wrong side as on the right one from which a rule misleads, where its indicator does not."""
COLUMNS = ("id", "language", "indicator", "lures", "others", "sources", "overlap", "verdict")
_RULE = re.compile(r"(?m)^(?=  - id:)")
_ID = re.compile(r"  - id: *['\"]?([\w-]+)")


class Text(NamedTuple):
    """A labelled text, where it comes from, and the rules that fire on it."""

    source: str
    language: str
    lure: bool
    rules: tuple[str, ...]


class RuleCount(NamedTuple):
    """What one rule does."""

    entry: LexiconEntry
    lures: int
    others: int
    sources: int
    overlap: float
    """Share of its texts on which another rule of its language and indicator fires as well."""
    texts: frozenset[int]

    @property
    def right(self) -> int:
        """Texts of the side it speaks for; a cue that is no evidence, and a country, speaks for either."""
        indicator = self.entry.indicator
        if indicator.slug in (*OFFER_CUES, *SILENT):
            return self.lures + self.others
        return self.others if speaks_against(indicator.family, indicator.slug) else self.lures

    @property
    def wrong(self) -> int:
        """Texts of the other side."""
        return self.lures + self.others - self.right


def report(*, seeds: Path, texts: TextSets, real: Path | None, most: int | None = None) -> dict[str, Any]:
    """Return the counts of every rule and, where ``most`` is given, which rules to keep. Raise DataError or ListingError."""
    read = list(_texts(seeds, texts, real))
    counts = count(lexicon(seeds / "lures").entries, read)
    kept = None if most is None else choose(counts, read, most, load().weights.points)
    rows = [_row(item, kept) for item in counts]
    return {"texts": len(read), "rules": rows}


def _texts(seeds: Path, texts: TextSets, real: Path | None) -> Iterator[Text]:
    items = [(f"{file.stem}:{item.id.partition('-')[0]}", item) for file in texts.training_files() for item in listings(file)]
    items += [(item.source, item) for item in (real_texts(real, texts.text_labels).decided if real else ())]
    judged = Assessor(seeds).assess_all(_posting(item) for _, item in items)
    for (source, item), assessment in zip(items, judged, strict=True):
        yield Text(source, item.language, bool(item.label), assessment.rules)


def _posting(item: Listing) -> PostingText:
    return PostingText(item.id, item.title, item.text)


def count(entries: Sequence[LexiconEntry], read: Sequence[Text]) -> list[RuleCount]:
    """Return what each rule does on the texts."""
    hits: dict[str, set[int]] = {entry.id: set() for entry in entries}
    for number, text in enumerate(read):
        for rule in text.rules:
            if rule in hits:
                hits[rule].add(number)
    shared: dict[tuple[str, str], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for entry in entries:
        for number in hits[entry.id]:
            shared[_cell(entry)][number] += 1
    return [_count(entry, hits[entry.id], shared[_cell(entry)], read) for entry in entries]


def _cell(entry: LexiconEntry) -> tuple[str, str]:
    return entry.language, entry.indicator.slug


def _count(entry: LexiconEntry, hits: set[int], shared: Mapping[int, int], read: Sequence[Text]) -> RuleCount:
    lures = sum(read[number].lure for number in hits)
    overlap = sum(shared[number] > 1 for number in hits) / len(hits) if hits else 0.0
    return RuleCount(entry, lures, len(hits) - lures, len({read[number].source for number in hits}), overlap, frozenset(hits))


def choose(counts: Sequence[RuleCount], read: Sequence[Text], most: int, points: Mapping[str, float]) -> set[str]:
    """Return the ids of the ``most`` rules worth keeping: the best of each indicator and language, then those that say of most
    texts what no kept rule says, weighed by the ``points`` of their indicator, then the others, general ones first."""
    few = _languages_of_few(read)
    said = _said_by_concepts(read, [item.entry for item in counts])
    cells: dict[tuple[str, str], list[RuleCount]] = defaultdict(list)
    for item in sorted(counts, key=_worth):
        cells[_cell(item.entry)].append(item)
    right: dict[str, int] = defaultdict(int)
    wrong: dict[str, int] = defaultdict(int)
    for item in counts:
        right[item.entry.indicator.slug] += item.right
        wrong[item.entry.indicator.slug] += item.wrong
    kept = {item.entry.id: item for cell, each in cells.items() if cell not in said for item in each[:CELL]}
    useful = [
        item
        for item in counts
        if item.right
        and not (item.wrong >= ASTRAY * item.right and wrong[item.entry.indicator.slug] < 2 * right[item.entry.indicator.slug])
    ]
    _cover(useful, kept, said, most, points)
    for item in sorted(useful, key=lambda item: (not _is_general(item, few), _worth(item))):
        if len(kept) < most:
            kept.setdefault(item.entry.id, item)
    return set(kept)


def _said_by_concepts(read: Sequence[Text], entries: Sequence[LexiconEntry]) -> dict[tuple[str, str], set[int]]:
    """Return the texts that concepts, whose ids are none of a rule, show each indicator in, by language."""
    known = {entry.id for entry in entries}
    slugs = {entry.indicator.slug.replace("_", "-"): entry.indicator.slug for entry in entries}
    said: dict[tuple[str, str], set[int]] = defaultdict(set)
    for number, text in enumerate(read):
        for rule in text.rules:
            language, _, name = rule.partition("-")
            start = max((start for start in slugs if name.startswith(f"{start}-")), key=len, default="")
            if start and rule not in known:
                said[language, slugs[start]].add(number)
    return said


def _cover(
    useful: Sequence[RuleCount],
    kept: dict[str, RuleCount],
    said: dict[tuple[str, str], set[int]],
    most: int,
    points: Mapping[str, float],
) -> None:
    """Keep the rules that say most of texts of which no concept and no kept rule says it, as long as there are any."""
    for item in kept.values():
        said[_cell(item.entry)] |= item.texts

    def gain(item: RuleCount) -> float:
        new = len(item.texts - said[_cell(item.entry)])
        return new * item.entry.strength * max(1.0, abs(points.get(item.entry.indicator.slug, 0.0)))

    queue = [(-gain(item), _worth(item), item) for item in useful if item.entry.id not in kept]
    heapify(queue)
    while queue and len(kept) < most:
        before, worth, item = heappop(queue)
        now = -gain(item)
        if now != before:  # a kept rule says it of some of them: it waits until others say more
            heappush(queue, (now, worth, item))
        elif now < 0:
            kept[item.entry.id] = item
            said[_cell(item.entry)] |= item.texts


def _worth(item: RuleCount) -> tuple[int, int, int, str]:
    return -item.right + item.wrong // 4, -item.sources, len(item.entry.phrase), item.entry.id


def _languages_of_few(read: Iterable[Text]) -> set[str]:
    sources: dict[str, set[str]] = defaultdict(set)
    for text in read:
        sources[text.language].add(text.source)
    return {language for language, names in sources.items() if len(names) <= FEW_SOURCES}


def _is_general(item: RuleCount, few: set[str]) -> bool:
    if item.entry.language in few:
        return len(item.texts) >= TEXTS - 1
    return len(item.texts) >= TEXTS and item.sources >= SOURCES


def _row(item: RuleCount, kept: set[str] | None) -> dict[str, Any]:
    spoken = item.entry.indicator.family == COUNTED  # no concept says who speaks, and each more cue says it surer
    verdict = "" if kept is None else "keep" if spoken or item.entry.id in kept else "retire"
    values = (*_cell(item.entry), item.lures, item.others, item.sources, round(item.overlap, 2), verdict)
    return dict(zip(COLUMNS, (item.entry.id, *values), strict=True))


def write_report(results: dict[str, Any], file: Path) -> None:
    """Write one line a rule, with tabs."""
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, COLUMNS, delimiter="\t", lineterminator="\n")
        writer.writeheader()
        writer.writerows(results["rules"])


def prune(results: dict[str, Any], folder: Path) -> int:
    """Delete the rules to retire from the files of ``seeds/lures``; return how many there were. Other lines stay as they are."""
    gone = {row["id"] for row in results["rules"] if row["verdict"] == "retire"}
    for file in sorted(file for file in folder.glob("*/*.yml") if file.name != WORDS):
        head, *blocks = _RULE.split(file.read_text(encoding="utf-8"))
        left = [block for block in blocks if (match := _ID.match(block)) and match[1] not in gone]
        if not left:
            file.unlink()
        elif len(left) < len(blocks):
            file.write_text((head + "".join(left)).rstrip() + "\n", encoding="utf-8")
    return len(gone)


@join_lines
def render(results: dict[str, Any]) -> Iterator[str]:
    """Return the sums by language: rules, those that fire, and those that are general."""
    yield f"{results['texts']} texts"
    yield f"{'language':10} {'rules':>6} {'fire':>6} {'>= 3 texts, 2 sources':>22} {'overlap':>8} {'keep':>6}"
    by_language: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in results["rules"]:
        by_language[row["language"]].append(row)
    for name, rows in [*sorted(by_language.items()), ("all", results["rules"])]:
        fire = [row for row in rows if row["lures"] + row["others"]]
        general = sum(row["lures"] + row["others"] >= TEXTS and row["sources"] >= SOURCES for row in fire)
        overlap = sum(row["overlap"] for row in fire) / max(1, len(fire))
        kept = sum(row["verdict"] == "keep" for row in rows)
        yield f"{name:10} {len(rows):6} {len(fire):6} {general:22} {overlap:8.2f} {kept:6}"
