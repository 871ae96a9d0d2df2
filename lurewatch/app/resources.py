"""The search index and the desk's database that the settings name, opened for one use case and closed after it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from desk.database import open_database
from index.base import Store
from lurewatch.app.typed_errors import typed_errors
from lurewatch.configured_store import store_of
from lurewatch.settings import Settings


@contextmanager
def index_opened(settings: Settings) -> Iterator[Store]:
    """Yield the search index; it is closed afterwards.

    What the stages raise on purpose while it is open becomes PermanentError or TransientError.
    """
    with typed_errors():
        store = store_of(settings)
        try:
            yield store
        finally:
            store.close()


@contextmanager
def desk_and_index_opened(settings: Settings) -> Iterator[tuple[Engine, Store]]:
    """Yield the desk's database and the search index, as ``index_opened`` does."""
    with typed_errors():
        engine = open_database(settings.database)
        with index_opened(settings) as store:
            yield engine, store
