"""The search index and the desk's database that the settings name, opened for one use case and closed after it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from lurewatch.app.app_errors import typed_errors
from lurewatch.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from index.base import Store


def store_of(settings: Settings) -> Store:
    """Open the search index the settings name; raise StoreError as ``index.open.open_store`` does."""
    from index.open import open_store  # a crawl starts without it

    return open_store(settings.store, api_key=settings.store_api_key, ca=str(settings.store_ca or ""), index=settings.store_index)


@contextmanager
def index_opened(settings: Settings) -> Iterator[Store]:
    """Yield the search index; it is closed afterwards.

    What the stages raise on purpose while it is open becomes PermanentError or TransientError.
    """
    with typed_errors(), closing(store_of(settings)) as store:
        yield store


@contextmanager
def desk_and_index_opened(settings: Settings) -> Iterator[tuple[Engine, Store]]:
    """Yield the desk's database and the search index, as ``index_opened`` does."""
    from desk.database import open_database  # a search starts without it

    with typed_errors():
        engine = open_database(settings.database, settings.state)
        with index_opened(settings) as store:
            yield engine, store


@contextmanager
def desk_if_made(settings: Settings) -> Iterator[Engine | None]:
    """Yield the desk's database; None where there is none yet, or one of another release. Nothing is made or migrated.

    Raises DatabaseError and DatabaseUnavailable.
    """
    from desk.database import open_database, revision

    here, newest = revision(settings.database)
    if here != newest:
        yield None
        return
    engine = open_database(settings.database, settings.state)
    try:
        yield engine
    finally:
        engine.dispose()
