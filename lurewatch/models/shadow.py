"""What a challenger would have said: scored beside the champion and kept apart; only ``shadow_report`` shows it.

One file a run and model, beside the run's assessments, so that retention erases both; it holds ids, scores and tags, no text.
"""

from collections.abc import Iterable, Iterator

import fsspec
import msgspec

from enrichment.assessment import Assessment, Tag
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


def write(address: str, shadow_scores: Iterable[ShadowScore]) -> None:
    """Write rows as ``lurewatch.assessments.write`` writes assessments."""
    assessments.write(address, shadow_scores)


def read(root: str, version: str) -> list[ShadowScore]:
    """Return all texts a challenger judged in shadow, each as judged in its newest run."""
    fs, path = fsspec.url_to_fs(root)
    newest: dict[str, ShadowScore] = {}
    for file in sorted(fs.glob(f"{path.rstrip('/')}/*/*/{version}{SUFFIX}"), key=lambda name: name.split("/")[-2]):
        newest |= {text.id: text for text in assessments.rows(fs.unstrip_protocol(file), ShadowScore)}
    return list(newest.values())
