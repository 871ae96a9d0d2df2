"""Counts facets without reading records: each record refers to its combination of values, and combinations are few.

Each combination holds the number of its records, counted at every write, so that a query of facets alone is answered exactly
from the combinations. What is read of them stays known; what changed since is read again by its number of change.
"""

import json
import threading

import numpy as np
from numpy.typing import NDArray

from index.fields import NAMES
from index.query.plan import Plan
from index.sqlite.database_file import Connection
from index.terms.record_terms import key

Counts = dict[str, tuple[tuple[str, int], ...]]


def changes(connection: Connection) -> int:
    """Return the number of the newest write: each that changes a record has a greater one."""
    return int(connection.execute("SELECT coalesce(max(changed), 0) FROM combinations").fetchone()[0])


class FacetCounter:
    """Knows the combinations of one file; shared by all threads that read it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: dict[tuple[str, str], int] = {}
        self._keys: dict[str, list[int]] = {}
        """Key of a query -> the values that have it: they may differ in case."""
        self._changed = 0
        self._held = np.zeros(1, np.int64)
        self._lengths = np.zeros(1, np.int64)
        self._flat = np.empty(0, np.int64)

    def facet_counts(self, connection: Connection, plan: Plan) -> tuple[int, Counts] | None:
        """Return how many records match a plan of facets alone, and the counts of all facets over them; ``None`` when another
        thread has read what is newer than this transaction sees."""
        with self._lock:
            if not self._learn(connection):
                return None
            fits = np.ones(len(self._held), np.bool_)
            for group in plan.keys:
                fits &= self._having(group)
            if plan.without_keys:
                fits &= ~self._having(plan.without_keys)
            held = self._held * fits
            return int(held.sum()), self._count_values(held)

    def counts(self, connection: Connection, combinations: list[int]) -> Counts:
        """Return each facet's values with counts, most first, over records of these combinations."""
        with self._lock:
            if max(combinations, default=0) >= len(self._held):
                self._learn(connection)
            return self._count_values(np.bincount(combinations or [0], minlength=len(self._held)) * bool(combinations))

    def _having(self, keys: tuple[str, ...]) -> NDArray[np.bool_]:
        """Return of each combination whether it has a value of any of the keys."""
        wanted = np.zeros(len(self._values), np.bool_)
        wanted[[place for name in keys for place in self._keys.get(name, ())]] = True
        result = np.zeros(len(self._held), np.bool_)
        result[np.repeat(np.arange(len(self._held)), self._lengths)[wanted[self._flat]]] = True
        return result

    def _count_values(self, held: NDArray[np.int64]) -> Counts:
        totals = np.bincount(self._flat, weights=np.repeat(held, self._lengths), minlength=len(self._values)).astype(np.int64)
        results: dict[str, list[tuple[str, int]]] = {name: [] for name in NAMES}
        for (name, value), total in zip(self._values, totals.tolist(), strict=True):
            if total:
                results[name].append((value, total))
        return {name: tuple(sorted(counted, key=lambda item: (-item[1], item[0]))) for name, counted in results.items()}

    def _learn(self, connection: Connection) -> bool:
        """Read the combinations that are new or count otherwise since; return whether no newer ones are known already."""
        newest = changes(connection)
        if newest <= self._changed:
            return bool(newest == self._changed)
        sql = "SELECT id, facets, held FROM combinations WHERE changed > ? ORDER BY id"
        rows = connection.execute(sql, (self._changed,)).fetchall()
        known = len(self._held)
        more = max(0, rows[-1][0] + 1 - known)
        lengths, flat = np.zeros(more, np.int64), []
        for number, text, _ in rows:
            if number >= known:
                pairs = [(name, value) for name, result in zip(NAMES, json.loads(text), strict=True) for value in result]
                flat += [self._place(pair) for pair in pairs]
                lengths[number - known] = len(pairs)
        self._held = np.concatenate((self._held, np.zeros(more, np.int64)))
        self._held[[number for number, _, _ in rows]] = [value for _, _, value in rows]
        self._lengths = np.concatenate((self._lengths, lengths))
        self._flat = np.concatenate((self._flat, np.array(flat, np.int64)))
        self._changed = newest
        return True

    def _place(self, pair: tuple[str, str]) -> int:
        place = self._values.get(pair)
        if place is None:
            place = self._values[pair] = len(self._values)
            self._keys.setdefault(key(*pair), []).append(place)
        return place
