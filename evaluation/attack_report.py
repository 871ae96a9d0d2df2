"""`python -m evaluation attacks`: what of recall is kept when lures are rewritten, and what is flagged wrongly when others are.

Only lures that are flagged as they are are rewritten: the share still flagged is the recall kept.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from enrichment.assess import Assessor, PostingText
from enrichment.assessment import Assessment
from evaluation.attacks import COMBINED, REWRITES, Attacks, Lure, combined
from evaluation.detection import HONEST, REPORTS
from evaluation.labelled_listings import Listing, listings
from evaluation.measures import DataError, share, sum_rows
from evaluation.real_texts import real_texts
from evaluation.text_sets import TextSets, learned_files
from evaluation.text_tables import join_lines

BAR, PAIR_BAR = 0.9, 0.8
"""Recall to keep under one rewrite, and under two."""
Judge = Callable[[Iterable[PostingText]], Iterable[Assessment]]
Progress = Callable[[str], None]


def report(
    data: Sequence[Path], *, seeds: Path, texts: TextSets, held_out: bool, language: str | None, most: int, progress: Progress
) -> dict[str, Any]:
    """Return the figures of labelled files, of the authored texts of a folder, or of real texts in ``texts/`` below it.

    At most ``most`` lures, reports and honest adverts of each language are rewritten, the same each time. Raise DataError.
    """
    attacks = Attacks(texts.additions(held_out=held_out))
    items = [item for path in data for item in _items(path, texts.text_labels) if language in (None, attacks.language(item.lang))]
    if not items:
        raise DataError(f"{', '.join(map(str, data))}: no listings; give labelled files or folders")
    results = figures(items, attacks, Assessor(seeds).assess_all, most=most, progress=progress)
    return {"files": [str(path) for path in data], "wordings": "held out" if held_out else "tuning", "most": most, **results}


def figures(
    items: Sequence[Listing], attacks: Attacks, judge: Judge, *, most: int, progress: Progress = lambda _: None
) -> dict[str, Any]:
    """Return recall kept per rewrite and language and per pair, and what else is flagged per rewrite, as ``judge`` judges."""
    sampled = [item for item in items if attacks.language(item.lang)]
    lures = _sample([item for item in sampled if item.label], attacks, 4 * most)
    others = _sample([item for item in sampled if item.kind in (*REPORTS, *HONEST) and not item.label], attacks, most)
    progress(f"judging {len(lures) + len(others)} texts as they are")
    first = dict(zip([*lures, *others], judge(_posted(item, item.text) for item in [*lures, *others]), strict=True))
    caught = _sample([item for item in lures if first[item].flagged], attacks, most)
    ready = {item: _lure(item, first[item], attacks) for item in (*caught, *others)}
    alarms = {"as they are": _alarms(others, [first[item].flagged for item in others])}
    kept: dict[str, dict[str, list[int]]] = {}
    for name, rewrite in REWRITES.items():
        progress(name)
        kept[name] = _by_language(caught, _flagged(caught, [rewrite(ready[item]) for item in caught], judge), attacks)
        alarms[name] = _alarms(others, _flagged(others, [rewrite(ready[item]) for item in others], judge))
    pairs: dict[str, dict[str, list[int]]] = {}
    for value, other in combinations(COMBINED, 2):
        progress(f"{value} + {other}")
        flags = _flagged(caught, [combined(ready[item], value, other) for item in caught], judge)
        pairs[f"{value} + {other}"] = _by_language(caught, flags, attacks)
    return {
        "lures": [sum(first[item].flagged for item in lures), len(lures)],
        "rewritten": len(caught),
        "others": len(others),
        "left_out": len(items) - len(sampled),
        "kept": kept,
        "pairs": pairs,
        "alarms": alarms,
    }


def _items(path: Path, corrections: Path) -> list[Listing]:
    if path.is_file():
        return listings(path)
    if (path / "texts").is_dir() or path.name == "texts":
        return real_texts(path, corrections).decided
    return [item for file in learned_files(path) for item in listings(file)]


def _sample(items: Sequence[Listing], attacks: Attacks, most: int) -> list[Listing]:
    """Return at most ``most`` of each language, by the digest of their ids."""
    by_language: dict[str | None, list[Listing]] = defaultdict(list)
    for item in sorted(items, key=lambda item: hashlib.sha256(item.id.encode()).digest()):
        by_language[attacks.language(item.lang)].append(item)
    return [item for some in by_language.values() for item in some[:most]]


def _lure(item: Listing, judged: Assessment, attacks: Attacks) -> Lure:
    before = len(item.raw) - len(item.text)
    spans = [
        (contact.start - before, contact.end - before)
        for contact in judged.contacts
        if contact.start >= before and not contact.link
    ]
    return attacks.lure(item.id, item.text, attacks.language(item.lang) or "", spans)


def _posted(item: Listing, text: str) -> PostingText:
    return PostingText(item.id, item.title, text)


def _flagged(items: Sequence[Listing], posts: Sequence[Sequence[str]], judge: Judge) -> list[bool]:
    """Return for each text whether one of the posts it became is flagged."""
    flags = iter(judge([_posted(item, text) for item, texts in zip(items, posts, strict=True) for text in texts]))
    return [max([next(flags).flagged for _ in texts]) for texts in posts]


def _by_language(items: Sequence[Listing], flags: Sequence[bool], attacks: Attacks) -> dict[str, list[int]]:
    return _counts((str(attacks.language(item.lang)) for item in items), flags)


def _alarms(items: Sequence[Listing], flags: Sequence[bool]) -> dict[str, list[int]]:
    return _counts(("reports" if item.kind in REPORTS else "honest jobs" for item in items), flags)


def _counts(names: Iterable[str], flags: Sequence[bool]) -> dict[str, list[int]]:
    results: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for name, flag in zip(names, flags, strict=True):
        results[name][0] += flag
        results[name][1] += 1
    return dict(sorted(results.items()))


@join_lines
def render(results: dict[str, Any]) -> Iterator[str]:
    """Return ``found`` as tables; shares stand with their 95 % Wilson intervals."""
    hits, total = results["lures"]
    yield f"{', '.join(results['files'])}; wordings: {results['wordings']}; at most {results['most']} of a language"
    yield f"{hits}/{total} lures flagged as they are; {results['rewritten']} of these rewritten, {results['others']} others"
    for title, bar in (("kept", BAR), ("pairs", PAIR_BAR)):
        yield f"\n{'recall kept' if title == 'kept' else 'two combined':44} {'all':>24}   languages under {bar:.2f}"
        for name, row in results[title].items():
            low = [f"{code} {hits}/{total}" for code, (hits, total) in row.items() if hits < bar * total]
            yield f"{name:44} {share(*sum_rows(row.values())):>24}   {', '.join(low) or '-'}"
    yield f"\n{'language':44} {'one rewrite':>24}   {'two combined':>24}"
    for code in next(iter(results["kept"].values())):
        item, two = (sum_rows(row[code] for row in results[title].values()) for title in ("kept", "pairs"))
        yield f"{code:44} {share(*item):>24}   {share(*two):>24}"
    yield f"\n{'flagged wrongly':44} {'reports':>24}   {'honest jobs':>24}"
    for name, row in results["alarms"].items():
        yield f"{name:44} {share(*row.get('reports', [0, 0])):>24}   {share(*row.get('honest jobs', [0, 0])):>24}"
