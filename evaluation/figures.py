"""The figures of two models on one kind of texts, each model asked once."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

from enrichment.scoring import FLAGGED
from evaluation.measures import average_precision
from lurewatch.models.comparison import SLACK, Figure, Section
from lurewatch.models.labelled_listings import Listing

Scores = Callable[[Sequence[Listing]], Sequence[float]]
Judge = TypeVar("Judge", bound=Hashable)
Made = TypeVar("Made")


def once_each(judges: Sequence[Judge], measure: Callable[[Judge], Made]) -> list[Made]:
    """Return what ``measure`` makes of each judge, the same one asked once: the champion may be the shipped model."""
    results = {judge: measure(judge) for judge in dict.fromkeys(judges)}
    return [results[judge] for judge in judges]


def section(name: str, items: Sequence[Listing], judges: Sequence[Scores], note: str) -> Section:
    """Return average precision, recall and share of others spared on ``items``, as the judges (champion, challenger,
    shipped) score them; none where a label is missing."""
    lures = sum(item.label for item in items)
    if not 0 < lures < len(items):
        return Section(name=name, texts=len(items), note=f"{note}: no figures without lures and others")
    scores = once_each(judges, lambda judge: judge(items))
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
    """Return a measure over ``texts`` texts by champion, challenger and shipped model."""
    champion, challenger, shipped = values
    return Figure(name=name, champion=champion, challenger=challenger, shipped=shipped, slack=max(SLACK, 1 / texts))
