"""`python -m evaluation detection`: how often lures are flagged and everything else is spared, on labelled listings."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from enrichment.assess import Assessor, PostingText
from enrichment.scoring import FLAGGED
from evaluation.labelled_listings import Listing, folds, listings
from evaluation.learning import examples, judged, learn
from evaluation.measures import DataError, average_precision, json_lines, share, sum_rows
from evaluation.text_tables import join_lines

LISTINGS = "listings-dev.jsonl"
SPLITS = {
    "listings-dev.jsonl": "development set: phrases were written and points trained with most of it in sight; optimistic",
    "listings-own.jsonl": "points and wording are trained on it; optimistic",
    "listings-grown.jsonl": "once unseen; phrases were mended for it, points and wording are trained on it since; optimistic",
    "listings-close.jsonl": "subtle lures and texts close to lures; points and wording are trained on them; optimistic",
    "listings-messages.jsonl": "short messages; phrases were mended for them, points and wording are trained on them; optimistic",
    "unseen.jsonl": "held out: written blind by other hands, not trained on, no phrase mended for it",
    "unseen-messages.jsonl": "held out: short messages written blind by other hands, not trained on, no phrase mended for them",
    "unseen-languages.jsonl": "held out: the languages that were added later, written before and apart from their rules",
}
"""What each file of benchmarks/texts is good for (its README says more)."""
FOLDS = 8
REPORTS = ("warning", "news", "testimony")
HONEST = ("overseas_legit_job", "benign_job")
PLAIN: Mapping[str, Callable[[Mapping[str, Any]], bool]] = {
    "jobs_vi_legit.jsonl": lambda _: True,
    "jobs_id_legit.jsonl": lambda _: True,
    "jobs_zh_legit.jsonl": lambda _: True,
    "emscad.jsonl": lambda row: row.get("label") != "fraud",
}
"""Real advertisements of honest employers in ``texts/``, and which lines of each are honest."""
_FIELDS = ("company", "location", "company_profile", "description", "requirements", "benefits")

Judged = tuple[float, str]
"""Score and tag."""


def report(data: Path, *, seeds: Path = Path("seeds"), cross_validate: bool = False) -> dict[str, Any]:
    """Return the figures of a labelled JSON Lines file, or of ``listings-dev.jsonl`` in a folder; raise DataError, ListingError.

    With ``cross_validate`` points and wording are learned anew for each of eight folds from the texts outside it; a campaign is
    never on both sides. The lexicon stays as it is. Honest advertisements in ``data/texts/`` are counted with the shipped points.
    """
    path = data / LISTINGS if data.is_dir() else data
    if not path.exists():
        raise DataError(f"{path}: not there; give a folder that holds {LISTINGS}, or a labelled file")
    items = listings(path)
    if not items:
        raise DataError(f"{path}: no listings")
    assessor = Assessor(seeds)
    card = assessor.model.card
    judgements = _crossed(items, assessor) if cross_validate else _judged(items, assessor)
    folder = data / "texts" if data.is_dir() else data.parent / "texts"
    return {
        "file": str(path),
        "split": SPLITS.get(path.name, "not described here: say yourself whether it was tuned on"),
        "points": f"points and wording learned anew in each of {FOLDS} folds, campaigns kept whole; shipped lexicon"
        if cross_validate
        else f"shipped (model {card.version}, learned from {', '.join(card.trained_on)})",
        "lexicon": assessor.lexicon_version,
        **scores(items, judgements),
        "plain": {name: _plain(folder / name, honest, assessor) for name, honest in PLAIN.items() if (folder / name).exists()},
    }


def scores(items: Sequence[Listing], judgements: Sequence[Judged]) -> dict[str, Any]:
    """Return average precision, precision and recall, the tables, and each mistake."""
    points = [value for value, _ in judgements]
    flagged = [point >= FLAGGED for point in points]
    languages = {
        name: _counts(items, flagged, lambda item, name=name: item.lang == name)  # type: ignore[misc]  # mypy: lambda default
        for name in sorted({item.lang for item in items})
    }
    classes: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    evasions: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    tags: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    mistakes = []
    for item, (value, named), hit in zip(items, judgements, flagged, strict=True):
        classes[item.kind][0] += hit
        classes[item.kind][1] += 1
        if item.label:
            evasions[item.evasion][0] += hit
            evasions[item.evasion][1] += 1
            tags[item.kind][named if hit else "not flagged"] += 1
        if hit != bool(item.label):
            mistakes.append({"id": item.id, "class": item.kind, "evasion": item.evasion, "score": value})
    return {
        "texts": len(items),
        "lures": sum(item.label for item in items),
        "threshold": FLAGGED,
        "average_precision": average_precision([item.label for item in items], points),
        "all": _counts(items, flagged, lambda _: True),
        "languages": languages,
        "classes": dict(sorted(classes.items())),
        "evasions": dict(sorted(evasions.items())),
        "tags": {kind: dict(row) for kind, row in sorted(tags.items())},
        "evaded": sum_rows(row for name, row in evasions.items() if name != "none"),
        "open": evasions.get("none", [0, 0]),
        "reports": sum_rows(classes[name] for name in REPORTS if name in classes),
        "honest": sum_rows(classes[name] for name in HONEST if name in classes),
        "mistakes": sorted(mistakes, key=lambda entry: -entry["score"]),
    }


def _judged(items: Sequence[Listing], assessor: Assessor) -> list[Judged]:
    postings = (PostingText(item.id, item.title, item.text) for item in items)
    return [(assessment.score, assessment.tag) for assessment in assessor.assess_all(postings)]


def _crossed(items: Sequence[Listing], assessor: Assessor) -> list[Judged]:
    known = examples(items, assessor)
    sides = folds(items, FOLDS)
    judgements: list[Judged] = [(0.0, "none")] * len(items)
    for side in sorted({*sides}):
        learned_score = learn([item for item, other in zip(known, sides, strict=True) if other != side])
        for number, example in enumerate(known):
            if sides[number] == side:
                judgements[number] = judged(example, learned_score)
    return judgements


def _plain(file: Path, honest: Callable[[Mapping[str, Any]], bool], assessor: Assessor) -> dict[str, Any]:
    """Return how many honest advertisements of ``file`` are flagged, and their ids."""
    posting_texts = (
        PostingText(str(row["id"]), row.get("title"), "\n".join(str(row[name]) for name in _FIELDS if row.get(name)))
        for row in json_lines(file)
        if honest(row)
    )
    entries = [(assessment.id, assessment.flagged) for assessment in assessor.assess_all(posting_texts)]
    wrong = [name for name, flagged in entries if flagged]
    return {"texts": len(entries), "flagged": len(wrong), "ids": wrong}


def _counts(items: Sequence[Listing], flagged: Sequence[bool], wanted: Callable[[Listing], bool]) -> dict[str, int]:
    chosen = [(item.label, hit) for item, hit in zip(items, flagged, strict=True) if wanted(item)]
    right = sum(hit and label for label, hit in chosen)
    lures = sum(label for label, _ in chosen)
    return {"right": right, "flagged": sum(hit for _, hit in chosen), "lures": lures, "texts": len(chosen)}


@join_lines
def render(results: dict[str, Any]) -> Iterator[str]:
    """Return ``found`` as tables; shares stand with their 95 % Wilson intervals."""
    yield f"{results['texts']} texts of {results['file']}, {results['lures']} of them lures; lexicon {results['lexicon']}"
    yield f"split: {results['split']}"
    yield f"points: {results['points']}"
    yield ""
    row = results["all"]
    yield (
        f"average precision {results['average_precision']:.4f}   at score {results['threshold']:.0f}: precision "
        f"{share(row['right'], row['flagged'])}   recall {share(row['right'], row['lures'])}"
    )
    evaded, openly = results["evaded"], results["open"]
    yield f"recall of evaded texts {share(*evaded)}, of open ones {share(*openly)}"
    yield f"flagged of warnings, news and testimonies {share(*results['reports'])}; of honest jobs {share(*results['honest'])}"
    yield f"\n{'language':12} {'precision':>22} {'recall':>22}"
    for name, row in results["languages"].items():
        yield f"{name:12} {share(row['right'], row['flagged']):>22} {share(row['right'], row['lures']):>22}"
    for title in ("classes", "evasions"):
        yield f"\n{title[:-2] if title == 'classes' else 'evasion of lures':22} flagged"
        for name, (hits, total) in results[title].items():
            yield f"{name:22} {share(hits, total)}"
    yield f"\n{'class of lures':22} tagged"
    for kind, tags in results["tags"].items():
        yield f"{kind:22} " + ", ".join(f"{name} {count}" for name, count in sorted(tags.items(), key=lambda pair: -pair[1]))
    if results["plain"]:
        yield "\nhonest advertisements (shipped points) flagged"
        for name, value in results["plain"].items():
            yield f"{name:22} {share(value['flagged'], value['texts'])}" + (
                f"  {', '.join(value['ids'])}" if value["ids"] else ""
            )
    if results["mistakes"]:
        yield "\nmistakes"
        yield from (
            f"  {item['id']}  {item['class']}  {item['evasion']}  score {item['score']:.1f}" for item in results["mistakes"]
        )
