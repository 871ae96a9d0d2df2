"""From a settings value to a store: a file is SQLite, an http address is Elasticsearch."""

from pathlib import Path

from index.base import Store


def open_store(address: str, *, api_key: str = "", ca: str | Path | None = None, index: str = "lurewatch") -> Store:
    """Return the store at ``address``: a path of a SQLite file, or ``http(s)://host:port`` of Elasticsearch.

    Raises StoreError when the file or the SQLite library must not be used, StoreUnavailable when the store does not answer.
    """
    if address.startswith(("http://", "https://")):
        from index.elastic.store import ElasticStore

        return ElasticStore(address, index=index, api_key=api_key, ca=ca)
    from index.sqlite.store import SqliteStore

    return SqliteStore(address.removeprefix("sqlite:///"))
