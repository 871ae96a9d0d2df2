"""Make Elasticsearch's API keys, one for each use: ``python -m deploy.stack.index_keys PASSWORD_FILE FOLDER``.

``FOLDER`` holds one folder for each use, so that a service is handed the key it needs and no other. The password is that of the
superuser ``elastic``. A key that still works is left as it is; one that the cluster no longer knows is made anew.
"""

import sys
import time
from pathlib import Path

import click
from elasticsearch import ApiError, AuthenticationException, Elasticsearch

from index.base import StoreError
from index.elastic.client import asking, client, rights
from lurewatch.settings import Settings, SettingsError, load_settings

USES: dict[str, dict[str, bool]] = {"daily": {}, "erase": {"erase": True}, "manage": {"manage": True}}
"""Name of the key -> what it may do besides reading and writing: see ``index.elastic.client.rights``."""
PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0)
"""Seconds between the tries of a password."""


def write_keys(settings: Settings, password: str, folder: Path) -> list[str]:
    """Write ``folder/<use>/<use>`` where there is no key that works; return the uses. Raises StoreError."""
    admin = client(settings.store, ca=settings.store_ca).options(basic_auth=("elastic", password))
    written = []
    with asking(settings.store):
        for use, more in USES.items():
            path = folder / use / use
            if path.exists() and is_valid(admin, path.read_text(encoding="utf-8").strip()):
                continue
            encoded = _create_key(admin, settings.store_index, use, more)
            part = path.with_name(f"{use}.part")
            part.write_text(encoded, encoding="utf-8")
            part.chmod(0o644)  # its service runs as another user; the folder is handed to that service only
            part.replace(path)
            written.append(use)
    return written


def _create_key(admin: Elasticsearch, alias: str, use: str, more: dict[str, bool]) -> str:
    """Return a new key, encoded.

    The first key makes the index that holds passwords too, and until its shard has started every password is refused: so one
    that is refused is tried again.
    """
    roles = {alias: rights(alias, **more)}
    for pause in PAUSES:
        try:
            return str(admin.security.create_api_key(name=f"{alias}-{use}", role_descriptors=roles)["encoded"])
        except AuthenticationException:
            time.sleep(pause)
    return str(admin.security.create_api_key(name=f"{alias}-{use}", role_descriptors=roles)["encoded"])


def is_valid(admin: Elasticsearch, key: str) -> bool:
    """Whether the cluster knows the key."""
    try:
        admin.options(api_key=key).security.authenticate()
    except ApiError as exc:
        if exc.status_code == 401:
            return False
        raise
    return True


def main(password_file: str, folder: str) -> None:
    """Write the keys; end with one line that names the fault when they cannot be made."""
    try:
        password = Path(password_file).read_text(encoding="utf-8").strip()
        for use in write_keys(load_settings(), password, Path(folder)):
            click.echo(f"wrote the index key {use}")
    except (OSError, SettingsError, StoreError) as exc:
        sys.exit(f"no index key is made: {exc}")


if __name__ == "__main__":
    main(*sys.argv[1:])
