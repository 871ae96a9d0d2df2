"""The index as one person may see it: without the items that are escalated, for whoever has no right to victims' items."""

from collections.abc import Iterable, Iterator
from typing import Any, cast

from msgspec.structs import replace

from index.base import Query, Record, ResultPage, Store


class VisibleStore:
    """A store that answers every look at a hidden item as if it were not there; all else goes to the store behind it."""

    def __init__(self, store: Store, hidden: frozenset[str]) -> None:
        self._store, self._hidden = store, hidden

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def get(self, record_id: str) -> Record | None:
        """Return one record, or None."""
        return None if record_id in self._hidden else self._store.get(record_id)

    def get_many(self, ids: Iterable[str]) -> dict[str, Record]:
        """Return those of ``ids`` that are stored and not hidden."""
        return self._store.get_many(name for name in ids if name not in self._hidden)

    def search(self, query: Query) -> ResultPage:
        """Return a page of results; one that would hold a hidden item is shorter, and its total counts it no more."""
        page = self._store.search(query)
        hits = tuple(hit for hit in page.hits if hit.record.id not in self._hidden)
        return replace(page, hits=hits, total=page.total - (len(page.hits) - len(hits)))

    def scan(self, query: Query) -> Iterator[Record]:
        """Yield every match that is not hidden."""
        return (record for record in self._store.scan(query) if record.id not in self._hidden)

    def find_alike(self, bands: Iterable[str], contacts: Iterable[str], *, flagged_only: bool = False) -> dict[str, Record]:
        """Return records sharing any band or contact that are not hidden."""
        found = self._store.find_alike(bands, contacts, flagged_only=flagged_only)
        return {name: record for name, record in found.items() if name not in self._hidden}


def visible(store: Store, hidden: frozenset[str]) -> Store:
    """Return the store without what is hidden."""
    return cast(Store, VisibleStore(store, hidden)) if hidden else store
