"""Compares a changed lexicon with the one in use: which stored texts would be newly flagged or spared."""

import logging
from collections.abc import Callable, Iterable, Iterator
from itertools import tee
from typing import Any

import msgspec

from crawlers.evidence.partition import partitions, read_postings
from enrichment.assess import Assessor
from enrichment.assessment import Assessment
from enrichment.lexicon.lexicon import LexiconEntry
from enrichment.lexicon.matches import LexiconMatch
from enrichment.text_lines import TextLine

LOG = logging.getLogger("lurewatch.app.lures.replay")


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A text the two lexicons judge differently."""

    id: str
    title: str
    url: str
    turned: str
    """``flagged`` or ``spared`` when the change takes it over the threshold, ``moved`` when only its score changes."""
    before: float
    after: float
    tag: str
    """What it is flagged as, before or after."""
    signals: tuple[dict[str, Any], ...]
    """Indicators whose points changed: ``{"indicator", "before", "after"}``, the largest difference first."""
    entries: tuple[dict[str, str], ...]
    """Entries only one lexicon finds in the text: ``{"id", "place", "phrase", "indicator", "text", "in"}``,
    ``in`` is old or new."""


def postings(runs: str, countries: Callable[[str], tuple[str, ...]]) -> Iterator[TextLine]:
    """Yield every stored posting once, as it was seen last, from all sealed partitions under ``runs``, with the ``countries`` of
    its source."""
    seen: set[str] = set()
    for partition in reversed(partitions(runs)):
        for posting in read_postings(partition):
            if posting.id not in seen:
                seen.add(posting.id)
                yield TextLine(
                    id=posting.id,
                    title=posting.title,
                    text=posting.text,
                    url=posting.url,
                    source=posting.source,
                    countries=countries(posting.source),
                    contacts=posting.contacts,
                )


def changes(
    lines: Iterable[TextLine], old: Assessor, new: Assessor, progress: Callable[[], None] = lambda: None
) -> Iterator[Change]:
    """Yield the texts whose score differs by half a point or more, in their order; those that cannot be judged are logged."""
    lines, item, other = tee(lines, 3)
    judged = (assessor.assess_all(map(TextLine.to_posting_text, some)) for assessor, some in ((old, item), (new, other)))
    for line, before, after in zip(lines, *judged, strict=True):
        progress()
        if unjudged := before.unjudged or after.unjudged:
            LOG.warning("text %s is not judged %s; the replay leaves it out", line.id, unjudged)
            continue
        if before.flagged == after.flagged and abs(before.score - after.score) < 0.5:
            continue
        turned = "moved" if before.flagged == after.flagged else "flagged" if after.flagged else "spared"
        yield Change(
            id=str(line.id),
            title=line.title or "",
            url=line.url or "",
            turned=turned,
            before=before.score,
            after=after.score,
            tag=after.tag if after.flagged else before.tag,
            signals=tuple(_signals(before, after)),
            entries=tuple(_entries(old.evidence(line.raw), new.evidence(line.raw), line.raw)),
        )


def _signals(before: Assessment, after: Assessment) -> list[dict[str, Any]]:
    old, new = ({signal.indicator: signal.weight for signal in judged.signals} for judged in (before, after))
    moved = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    moved.sort(key=lambda name: (-abs(new.get(name, 0.0) - old.get(name, 0.0)), name))
    return [{"indicator": name, "before": old.get(name, 0.0), "after": new.get(name, 0.0)} for name in moved]


def rule_key(entry: LexiconEntry) -> tuple[str, str, str, float]:
    """Return what makes two rules of two lexicons the same."""
    return entry.id, entry.phrase, entry.status, entry.strength


def _entries(old: list[LexiconMatch], new: list[LexiconMatch], raw: str) -> Iterator[dict[str, str]]:
    known = ({rule_key(item.entry) for item in old}, {rule_key(item.entry) for item in new})
    for name, lexicon_matches, other in (("old", old, known[1]), ("new", new, known[0])):
        for item in lexicon_matches:
            if rule_key(item.entry) not in other:
                yield {
                    "in": name,
                    "id": item.entry.id,
                    "place": item.entry.place,
                    "phrase": item.entry.phrase,
                    "indicator": item.entry.indicator.slug,
                    "text": raw[item.start : item.end],
                }
