"""How a challenger that ran in shadow differs from the champion, and what people decided about those texts meanwhile."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec

from index.base import CaseState
from lurewatch.models.shadow import ShadowScore


class ShadowCounts(msgspec.Struct, frozen=True, kw_only=True):
    """How two models differ over some texts."""

    texts: int
    both: int
    flagged: int
    """Only the challenger flags them."""
    spared: int
    """Only the champion does."""
    moved: float
    """Mean distance of the two scores, 0 to 100."""


class ShadowOutcome(NamedTuple):
    """Of the texts only one model flags, what people decided meanwhile."""

    confirmed: int
    dismissed: int
    undecided: int


class ShadowReport(msgspec.Struct, frozen=True, kw_only=True):
    """The shadow run of one challenger."""

    model: str
    all: ShadowCounts
    sources: dict[str, ShadowCounts]
    languages: dict[str, ShadowCounts]
    flagged: ShadowOutcome
    spared: ShadowOutcome


def report(model: str, texts: Iterable[ShadowScore], decided: Mapping[str, CaseState]) -> ShadowReport:
    """Return how a challenger differs; ``decided`` says how people decided about texts since."""
    judged = list(texts)
    sources: dict[str, list[ShadowScore]] = defaultdict(list)
    languages: dict[str, list[ShadowScore]] = defaultdict(list)
    for text in judged:
        sources[text.source].append(text)
        languages[text.language].append(text)
    return ShadowReport(
        model=model,
        all=_counts(judged),
        sources={name: _counts(some) for name, some in sorted(sources.items())},
        languages={name: _counts(some) for name, some in sorted(languages.items())},
        flagged=_outcome((text for text in judged if text.challenger_flags > text.champion_flags), decided),
        spared=_outcome((text for text in judged if text.challenger_flags < text.champion_flags), decided),
    )


def _counts(texts: list[ShadowScore]) -> ShadowCounts:
    pairs = Counter((text.champion_flags, text.challenger_flags) for text in texts)
    distance = sum(abs(text.champion - text.challenger) for text in texts)
    return ShadowCounts(
        texts=len(texts),
        both=pairs[True, True],
        flagged=pairs[False, True],
        spared=pairs[True, False],
        moved=distance / len(texts) if texts else 0.0,
    )


def _outcome(texts: Iterable[ShadowScore], decided: Mapping[str, CaseState]) -> ShadowOutcome:
    states = Counter(decided.get(text.id, "open") for text in texts)
    return ShadowOutcome(states["confirmed"], states["dismissed"], states["open"])
