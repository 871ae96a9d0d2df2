"""The scores of a challenger in shadow, stored apart from the champion's; only ``shadow_report`` shows them.

One file a run and model, beside the run's assessments, so that retention erases both; it holds ids, scores and tags, no text.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import fsspec
import msgspec

from enrichment.assessment import Assessment, Tag
from index.base import CaseState
from lurewatch import assessments

SUFFIX = ".shadow.jsonl.zst"


class ShadowScore(msgspec.Struct, frozen=True, kw_only=True):
    """One text as champion and challenger judge it."""

    id: str
    source: str
    language: str
    champion: float
    """The champion's score; the one that counts."""
    challenger: float
    champion_flags: bool
    challenger_flags: bool
    tag: Tag
    """What the challenger would tag it as."""


def shadow_address(assessed: str, version: str) -> str:
    """Return where a challenger's scores go, by the address of the champion's assessments."""
    return f"{assessed.rpartition('/')[0]}/{version}{SUFFIX}"


def rows(source: str, champion: Iterable[Assessment], challenger: Iterable[Assessment]) -> Iterator[ShadowScore]:
    """Yield both judgements of each text that both could judge; both iterables are in the same order."""
    for assessment, other in zip(champion, challenger, strict=True):
        if assessment.unjudged or other.unjudged:
            continue
        yield ShadowScore(
            id=assessment.id,
            source=source,
            language=assessment.language.code,
            champion=assessment.score,
            challenger=other.score,
            champion_flags=assessment.flagged,
            challenger_flags=other.flagged,
            tag=other.tag,
        )


def read(root: str, version: str) -> list[ShadowScore]:
    """Return all texts a challenger judged in shadow, each as judged in its newest run."""
    fs, path = fsspec.url_to_fs(root)
    newest: dict[str, ShadowScore] = {}
    for file in sorted(fs.glob(f"{path.rstrip('/')}/*/*/{version}{SUFFIX}"), key=lambda name: name.split("/")[-2]):
        newest |= {text.id: text for text in assessments.rows(fs.unstrip_protocol(file), ShadowScore)}
    return list(newest.values())


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
