"""Opens the store of a settings value: a file is SQLite, an http address is Elasticsearch."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from index.base import Store, StoreError, StoreUnavailable


def open_store(address: str, *, api_key: str = "", ca: str | Path | None = None, index: str = "lurewatch") -> Store:
    """Return the store at ``address``: a path of a SQLite file, or ``http(s)://host:port`` of Elasticsearch.

    Raises StoreError when the file or the SQLite library must not be used, StoreUnavailable when the store does not answer.
    """
    if address.startswith(("http://", "https://")):
        from index.elastic.elastic_store import ElasticStore

        return ElasticStore(address, index=index, api_key=api_key, ca=ca)
    from index.sqlite.sqlite_store import SqliteStore

    return SqliteStore(address.removeprefix("sqlite:///"))


def open_copies(
    address: str, *, api_key: str = "", ca: str | Path | None = None, index: str = "lurewatch", rebuilding: Path | None = None
) -> Iterator[Store]:
    """Yield what else has records of the index: older versions in Elasticsearch, files of a migration or rebuild that broke off.

    ``rebuilding``: where a rebuild for Elasticsearch keeps its file. A file that cannot be read is removed: it is made again.
    """
    beside = [rebuilding] if rebuilding else []
    if address.startswith(("http://", "https://")):
        from index.elastic.elastic_store import older_versions

        yield from older_versions(address, index=index, api_key=api_key, ca=ca)
    else:
        path = Path(address.removeprefix("sqlite:///"))
        beside += [path.with_name(f"{path.name}{tail}") for tail in (".migrating", ".rebuilding")]
    for path in beside:
        if path.is_file():
            yield from _readable(path)


def _readable(path: Path) -> Iterator[Store]:
    from index.sqlite.sqlite_store import SqliteStore

    try:
        store = SqliteStore(path)
    except StoreUnavailable:
        raise
    except StoreError:
        for tail in ("", "-wal", "-shm"):
            Path(f"{path}{tail}").unlink(missing_ok=True)
        return
    with closing(store):
        yield store
