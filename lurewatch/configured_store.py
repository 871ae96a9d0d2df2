"""The search index the settings name, opened without loading the crawler: a search starts quickly."""

from index.base import Store
from index.open import open_store
from lurewatch.settings import Settings


def store_of(settings: Settings) -> Store:
    """Open the search index the settings name; raise StoreError as ``index.open.open_store`` does."""
    return open_store(settings.store, api_key=settings.store_api_key, ca=str(settings.store_ca or ""), index=settings.store_index)
