"""Facet counts without reading a record: each record points at its combination of values, and combinations are few.

Combinations are only ever added, so what is known of them stays true; counting is three passes of numpy over numbers.
"""

import json
import threading

import numpy as np

from index.base import FACETS
from index.sqlite_file import Connection

Counts = dict[str, tuple[tuple[str, int], ...]]


class FacetCounter:
    """Knows the combinations of one file; shared by all threads that read it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: dict[tuple[str, str], int] = {}
        self._known = 0
        self._lengths = np.zeros(1, np.int64)
        self._flat = np.empty(0, np.int64)

    def counts(self, connection: Connection, sql: str, values: tuple[object, ...]) -> Counts:
        """Return each facet's values with counts, most first; ``sql`` selects one column ``combination``."""
        text = connection.execute(f"SELECT group_concat(combination) FROM ({sql})", values).fetchone()[0]  # noqa: S608 - ours
        with self._lock:
            numbers = np.fromstring(text or "", dtype=np.int64, sep=",")
            if len(numbers) and int(numbers.max()) > self._known:
                self._learn(connection)
            per_combination = np.bincount(numbers, minlength=len(self._lengths))
            weights = np.repeat(per_combination, self._lengths)
            totals = np.bincount(self._flat, weights=weights, minlength=len(self._values)).astype(np.int64).tolist()
            found: dict[str, list[tuple[str, int]]] = {name: [] for name in FACETS}
            for (name, value), place in self._values.items():
                if totals[place]:
                    found[name].append((value, totals[place]))
        return {name: tuple(sorted(counted, key=lambda item: (-item[1], item[0]))) for name, counted in found.items()}

    def _learn(self, connection: Connection) -> None:
        """Read the combinations added since."""
        rows = connection.execute("SELECT id, facets FROM combinations WHERE id > ? ORDER BY id", (self._known,)).fetchall()
        lengths, flat = [], []
        for number, text in rows:
            lengths += [0] * (number - self._known - 1)
            pairs = [(name, value) for name, held in zip(FACETS, json.loads(text), strict=True) for value in held]
            places = [self._values.setdefault(pair, len(self._values)) for pair in pairs]
            lengths.append(len(places))
            flat += places
            self._known = number
        self._lengths = np.concatenate((self._lengths, np.array(lengths, np.int64)))
        self._flat = np.concatenate((self._flat, np.array(flat, np.int64)))
