"""Which texts are copies of one another: a decision on a text that was posted fifty times is one decision."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence

from enrichment.campaigns.linkage import COPY
from enrichment.text.fingerprint import fingerprint, likeness, shingles


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
        """Make one set of the sets of all ``keys``; the least of their representatives, as text, stands for it."""
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
