"""Shipped model and challenger on real texts, under attack, on authored texts and on decisions not trained on."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from enrichment.assess import Assessor, PostingText
from enrichment.scoring import FLAGGED
from evaluation import attack_report, real_report
from evaluation.attacks import Attacks
from evaluation.comparison import SLACK, Figure, Section
from evaluation.labelled_listings import Listing, listings
from evaluation.measures import average_precision, sum_rows
from evaluation.real_texts import real_texts
from evaluation.text_sets import TextSets

REWRITTEN = 2
"""Lures, reports and honest adverts of each language that are rewritten: a tenth of what `python -m evaluation attacks` takes."""
Progress = Callable[[str], None]
Judges = Sequence[Assessor]
"""The shipped model and the challenger."""
Scores = Callable[[Sequence[Listing]], Sequence[float]]


def sections(
    judges: Judges, *, texts: TextSets, data: Path | None, held_out: Sequence[Listing], progress: Progress
) -> tuple[Section, ...]:
    """Return all sections; what is not there to judge with is a section without figures. Raise DataError."""
    scores = [_scores(judge) for judge in judges]
    progress("judging on real texts")
    real = _real(scores, data, texts.text_labels)
    progress("judging under attack")
    attacked = _attacked(judges, texts)
    progress("judging on authored texts and decisions")
    unseen = [item for file in texts.unseen() for item in listings(file)]
    return (
        real,
        attacked,
        section("authored", unseen, scores, "held-out texts"),
        section("decisions", held_out, scores, "a fifth of the decisions on opened texts, campaigns kept whole, not trained on"),
    )


def _scores(judge: Assessor) -> Scores:
    return lambda items: [
        assessment.score for assessment in judge.assess_all(PostingText(item.id, item.title, item.text) for item in items)
    ]


def _real(scores: Sequence[Scores], data: Path | None, corrections: Path) -> Section:
    if data is None:
        return Section(name="real texts", note="not given (--data)")
    items = real_texts(data, corrections).decided
    read = [real_report.figures(items, score(items)) for score in scores]
    lures = sum(item.label for item in items)
    return Section(
        name="real texts", texts=len(items), note="the shipped model has learned from some of them", figures=(
            figure("average precision", lures, (item["average_precision"] for item in read)),
            figure("recall at 0.5 % flagged", lures, (_share([item["recall"]["0.5%"]["found"]]) for item in read)),
            figure("recall at score 50", lures, (_share([item["recall"]["score 50"]["found"]]) for item in read)),
            figure("others spared", len(items) - lures, (1 - _share([item["recall"]["score 50"]["others"]]) for item in read)),
        ),
    )  # fmt: skip


def _attacked(judges: Judges, carried: TextSets) -> Section:
    if not carried.additions().exists():
        return Section(name="attacks", note=f"not given ({carried.additions()})")
    attacks = Attacks(carried.additions())
    items = [item for file in carried.unseen() for item in listings(file)]
    results = [attack_report.figures(items, attacks, judge.assess_all, most=REWRITTEN) for judge in judges]
    texts = min(item["rewritten"] for item in results)
    if not texts:
        return Section(name="attacks", note="no lure to rewrite is flagged by all")
    kept_by = [item["kept"] for item in results]
    return Section(
        name="attacks", texts=texts, note="recall kept of lures that are flagged as they are, and others spared", figures=(
            figure("recall kept, one rewrite", texts, (_share(_rows(item["kept"])) for item in results)),
            figure("recall kept, worst rewrite", texts, (min(_share(row.values()) for row in kept.values()) for kept in kept_by)),
            figure("recall kept, two combined", texts, (_share(_rows(item["pairs"])) for item in results)),
            figure("others spared", texts, (1 - _share(_rows(item["alarms"])) for item in results)),
        ),
    )  # fmt: skip


def _rows(table: dict[str, dict[str, list[int]]]) -> list[list[int]]:
    return [row for by_group in table.values() for row in by_group.values()]


def _share(rows: Iterable[Any]) -> float:
    hits, total = sum_rows(rows)
    return hits / (total or 1)


def section(name: str, items: Sequence[Listing], judges: Sequence[Scores], note: str) -> Section:
    """Return average precision, recall and share of others spared on ``items``, as the judges (shipped model,
    challenger) score them; none where a label is missing."""
    lures = sum(item.label for item in items)
    if not 0 < lures < len(items):
        return Section(name=name, texts=len(items), note=f"{note}: no figures without lures and others")
    scores = [judge(items) for judge in judges]
    labels = [item.label for item in items]
    figures = [figure("average precision", lures, (average_precision(labels, score) for score in scores))]
    flagged = [[score >= FLAGGED for score in item] for item in scores]
    results = [sum(hit for hit, label in zip(hits, labels, strict=True) if label) for hits in flagged]
    wrong = [sum(hit for hit, label in zip(hits, labels, strict=True) if not label) for hits in flagged]
    others = len(items) - lures
    figures.append(figure("recall", lures, (count / lures for count in results)))
    figures.append(figure("others spared", others, (1 - count / others for count in wrong)))
    return Section(name=name, texts=len(items), figures=tuple(figures), note=note)


def figure(name: str, texts: int, values: Iterable[float]) -> Figure:
    """Return a measure over ``texts`` texts by shipped model and challenger."""
    shipped, challenger = values
    return Figure(name=name, shipped=shipped, challenger=challenger, slack=max(SLACK, 1 / texts))
