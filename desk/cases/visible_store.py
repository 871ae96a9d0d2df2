"""The index as one person or one message may see it: without escalated items, for whoever has no right to them, and without the
reasons that people struck, for what leaves the house."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, cast

from msgspec.structs import replace

from desk.cases.reason_marks import Reason, without_struck
from index.base import Query, Record, ResultPage, Store

Struck = Mapping[str, frozenset[Reason]]
"""Item -> the reasons of it that are struck."""


class VisibleStore:
    """A store that answers every look at a hidden item as if it were not there, and gives no struck reason; all else goes to the
    store behind it."""

    def __init__(self, store: Store, hidden: frozenset[str], struck: Struck) -> None:
        self._store, self._hidden, self._struck = store, hidden, struck

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def _keep(self, record: Record) -> Record:
        return without_struck(record, self._struck.get(record.id, ()))

    def get(self, record_id: str) -> Record | None:
        """Return one record, or None."""
        record = None if record_id in self._hidden else self._store.get(record_id)
        return None if record is None else self._keep(record)

    def get_many(self, ids: Iterable[str]) -> dict[str, Record]:
        """Return those of ``ids`` that are stored and not hidden."""
        found = self._store.get_many(name for name in ids if name not in self._hidden)
        return {name: self._keep(record) for name, record in found.items()}

    def search(self, query: Query) -> ResultPage:
        """Return a page of results; one that would hold a hidden item is shorter, and its total counts it no more."""
        page = self._store.search(query)
        hits = tuple(replace(hit, record=self._keep(hit.record)) for hit in page.hits if hit.record.id not in self._hidden)
        return replace(page, hits=hits, total=page.total - (len(page.hits) - len(hits)))

    def scan(self, query: Query) -> Iterator[Record]:
        """Yield every match that is not hidden."""
        return (self._keep(record) for record in self._store.scan(query) if record.id not in self._hidden)

    def matching(self, query: Query, ids: Iterable[str]) -> frozenset[str]:
        """Return those of ``ids`` that match and are not hidden."""
        return self._store.matching(query, ids) - self._hidden

    def find_alike(self, bands: Iterable[str], contacts: Iterable[str], *, flagged_only: bool = False) -> dict[str, Record]:
        """Return records sharing any band or contact that are not hidden."""
        found = self._store.find_alike(bands, contacts, flagged_only=flagged_only)
        return {name: self._keep(record) for name, record in found.items() if name not in self._hidden}


def visible(store: Store, hidden: frozenset[str], struck: Struck = MappingProxyType({})) -> Store:
    """Return the store without what is hidden or struck."""
    return cast(Store, VisibleStore(store, hidden, struck)) if hidden or struck else store
