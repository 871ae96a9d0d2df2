"""Analysts' decisions as labelled texts to learn from and to judge with.

Each text carries what was decided, by whom, and whether they had opened it. Left out, and counted: decisions taken back, texts
two people decided differently (or one person, on copies), "too little to accuse anybody", and texts that are no longer stored.
Copies of one text are one label. A text decided with its campaign, and never opened, is a weak label.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Literal, NamedTuple

import msgspec

from desk.cases.case_decisions import Case, Decision
from enrichment.campaigns.linkage import COPY
from enrichment.text.fingerprint import fingerprint, likeness, shingles
from evaluation.labelled_listings import Listing
from index.base import Record
from index.history import text_sha256


class Groups:
    """Disjoint sets of keys, joined pair by pair (union by path halving)."""

    def __init__(self) -> None:
        """Begin with every key apart."""
        self._parent: dict[Hashable, Hashable] = {}

    def of(self, key: Hashable) -> Hashable:
        """Return the key that stands for the whole set of ``key``."""
        parent = self._parent
        parent.setdefault(key, key)
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    def join(self, keys: Iterable[Hashable]) -> None:
        """Join the sets of all ``keys``; the least of their representatives, as text, represents it."""
        results = sorted({self.of(key) for key in keys}, key=str)
        for other in results[1:]:
            self._parent[other] = results[0]


def copies(texts: Sequence[str]) -> list[int]:
    """Return for each text the number of the first of ``texts`` it is a copy of, itself where there is none before it.

    A copy shares ``enrichment.campaigns.linkage.COPY`` of its five-letter pieces (contacts, digits, case and accents left out); a
    text too short for that must have the same ones.
    """
    groups = Groups()
    seen: dict[Hashable, int] = {}
    buckets: dict[Hashable, list[int]] = defaultdict(list)
    pieces = []
    for number, text in enumerate(texts):
        groups.of(number)
        result = shingles(text)
        pieces.append(result)
        exact = result.tobytes() or text
        if (earlier := seen.setdefault(exact, number)) != number:
            groups.join((earlier, number))
            continue
        for band in fingerprint(text).bands:
            near = [bucket for bucket in buckets[band] if likeness(pieces[bucket], result)[0] >= COPY]
            groups.join((number, *near))
            if not near:
                buckets[band].append(number)
    first: dict[Hashable, int] = {}
    return [first.setdefault(groups.of(number), number) for number in range(len(texts))]


CLASSES: Mapping[str, str] = {
    "honest_employer": "benign_job",
    "warning_or_news": "warning",
    "testimony": "testimony",
    "seeker": "other",
    "other_harm": "other",
    "misread": "other",
}
"""Class of a dismissed text by the reason; ``not_enough`` says nothing about what it is."""
READ, UNREAD = 3.0, 1.0
"""How many authored texts a decision counts as: the least a real lure counts (``evaluation.real_texts.LEAST``) when the person
had opened it, a third of that when it was decided with its campaign alone. Both are choices, not measured."""
TWICE = 2 * READ
"""The same when a second person, who was not shown the decision, came to the same."""
Strength = Literal["read", "unread"]
Opinions = Mapping[int, tuple[str, str]]
"""Second opinions: by the number of the decision, who gave it and the kind of lure (``none``: no lure)."""


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """One text, and what analysts decided about it."""

    listing: Listing
    analysts: tuple[str, ...]
    """Everybody who decided so, by name."""
    strength: Strength
    """``unread`` marks a weak label: nobody who decided had opened the text."""
    items: tuple[str, ...]
    """Ids of all copies decided about."""


class Labels(NamedTuple):
    """What the decisions say, and what of them says nothing."""

    labels: tuple[Label, ...]
    left_out: Mapping[str, int]
    """Items by reason."""
    disputes: Mapping[str, int]
    """Texts each analyst decided otherwise than somebody else."""


class _Vote(NamedTuple):
    record: Record
    title: str | None
    text: str
    decision: Decision
    second: str = ""
    """Who gave a second opinion that is the same."""


def labels_of(
    cases: Iterable[Case], records: Mapping[str, Record], without: Collection[str] = (), opinions: Opinions = MappingProxyType({})
) -> Labels:
    """Return the labels in ``cases``; ``records`` holds the items decided about that are still stored, ``opinions`` what second
    people made of them.

    Decisions and opinions of the people named in ``without`` are passed over, as if they had never been given.
    """
    left_out: Counter[str] = Counter()
    disputes: Counter[str] = Counter()
    votes: list[_Vote] = []
    for case in cases:
        reason, cast = _votes(case, records.get(case.item_id), without)
        doubts = [name for vote in cast if (name := _doubt(vote, opinions, without))]
        if doubts:
            disputes.update([*doubts, *(vote.decision.by for vote in cast)])
            reason, cast = "decided differently", []
        votes += [vote._replace(second=_second(vote, opinions, without)) for vote in cast]
        if reason:
            left_out[reason] += 1
    texts: dict[int, list[_Vote]] = defaultdict(list)
    for vote, number in zip(votes, copies([f"{vote.title or ''}\n{vote.text}" for vote in votes]), strict=True):
        texts[number].append(vote)
    agreed: list[Sequence[_Vote]] = []
    for same in texts.values():
        if len({vote.decision.kind for vote in same}) == 1:
            agreed.append(same)
            continue
        left_out["decided differently"] += len({vote.record.id for vote in same})
        disputes.update({vote.decision.by for vote in same})
    return Labels(tuple(_labels(agreed)), dict(sorted(left_out.items())), dict(sorted(disputes.items())))


def _second(vote: _Vote, opinions: Opinions, without: Collection[str]) -> str:
    """Return who gave a second opinion on a decision; nobody: an empty name."""
    name, _ = opinions.get(vote.decision.id, ("", ""))
    return "" if name in without else name


def _doubt(vote: _Vote, opinions: Opinions, without: Collection[str]) -> str:
    """Return who gave a second opinion that differs on whether it is a lure."""
    name = _second(vote, opinions, without)
    return name if name and (opinions[vote.decision.id][1] != "none") != (vote.decision.kind == "confirm") else ""


def _votes(case: Case, record: Record | None, without: Collection[str]) -> tuple[str, list[_Vote]]:
    """Return why a case says nothing, or the last decision of each person that nobody took back."""
    if case.in_force is None:
        return "taken back", []
    if record is None:
        return "no longer stored", []
    last = {decision.by: decision for decision in case.standing if decision.by not in without}
    if not last:
        return "by people left out", []
    if any(decision.reason == "not_enough" for decision in last.values()):
        return "too little to tell", []
    results = [(decision, _text(record, decision.text_sha256)) for decision in last.values()]
    votes = [_Vote(record, *text, decision) for decision, text in results if text is not None]
    return ("" if votes else "text changed and no longer stored"), votes


def _text(record: Record, digest: str) -> tuple[str | None, str] | None:
    """Return title and text as the person read them."""
    versions = [(record.posting.title, record.posting.text), *((revision.title, revision.text) for revision in record.revisions)]
    return next((version for version in versions if text_sha256(*version) == digest), None)


def _labels(texts: Sequence[Sequence[_Vote]]) -> Iterator[Label]:
    groups = Groups()
    for same in texts:
        groups.join((_first(same), *(f"campaign {vote.record.campaign}" for vote in same if vote.record.campaign)))
    for same in texts:
        newest = max(same, key=lambda vote: vote.decision.id)
        confirmed = newest.decision.kind == "confirm"
        strength: Strength = "read" if any(vote.decision.opened_at for vote in same) else "unread"
        seconds = {vote.second for vote in same if vote.second}
        listing = Listing(
            id=newest.record.id,
            lang=newest.record.assessment.language.code,
            label=int(confirmed),
            kind=str(newest.decision.tag) if confirmed else CLASSES[str(newest.decision.reason)],
            title=newest.title,
            text=newest.text,
            campaign=f"desk {groups.of(_first(same))}",
            source=newest.record.posting.source,
            weight=TWICE if seconds else READ if strength == "read" else UNREAD,
        )
        yield Label(
            listing=listing,
            analysts=tuple(sorted({vote.decision.by for vote in same} | seconds)),
            strength=strength,
            items=tuple(sorted({vote.record.id for vote in same})),
        )


def _first(same: Sequence[_Vote]) -> str:
    return min(vote.record.id for vote in same)
