"""Write the random secrets docker-compose.yml reads, one file each: ``python -m deploy.stack.secret_files FOLDER``.

A file that is there is left as it is, so the command may be run again after an upgrade names a new secret. The one exception are
addresses as release 0.2 wrote them, which name the superuser of PostgreSQL: they become those of a role for each database.
"""

import base64
import json
import os
import re
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from deploy.stack.airflow_accounts import ROLES

OBJECT_USERS = ("s3_work", "s3_render", "s3_desk")
"""Keys of the object store besides its root key, ``s3_credentials``."""


def secret_values(there: dict[str, str]) -> dict[str, str]:
    """Return file name -> content of every secret; ``there`` are those written before, which others are made of."""
    values = dict(there)

    def keep(name: str, fresh: str) -> str:
        return values.setdefault(name, fresh)

    keep("postgres_password", secrets.token_urlsafe(24))
    passwords = {service: keep(f"{service}_password", secrets.token_urlsafe(24)) for service in ("broker", "render_broker")}
    for role, driver in (("desk", "psycopg"), ("airflow", "psycopg2"), ("crawl", "psycopg")):
        if _names_superuser(values.get(f"{role}_database", "")):
            del values[f"{role}_database"]
        keep(f"{role}_database", f"postgresql+{driver}://{role}:{secrets.token_urlsafe(24)}@postgres/{role}")
    keep("door_database", f"postgresql+psycopg://door:{secrets.token_urlsafe(24)}@postgres/desk")  # a guest of the desk's
    if _names_superuser(values.get("celery_results", "")):
        del values["celery_results"]
    for prefix, service in (("celery", "broker"), ("render_celery", "render_broker")):
        server = f"redis://:{passwords[service]}@{service.replace('_', '-')}:6379"
        keep(f"{prefix}_broker", f"{server}/0")
        keep(f"{prefix}_results", f"{server}/1")
    keep("airflow_fernet_key", base64.urlsafe_b64encode(os.urandom(32)).decode())
    keep("airflow_jwt_secret", secrets.token_urlsafe(64))
    keep("airflow_api_secret", secrets.token_urlsafe(48))
    for account in ROLES:
        keep(f"airflow_{account}_password", secrets.token_urlsafe(24))
    keep("elastic_password", secrets.token_urlsafe(24))
    keep("grafana_admin_password", secrets.token_urlsafe(24))
    keep("restic_password", secrets.token_urlsafe(32))
    for name in ("s3_credentials", *OBJECT_USERS):
        keep(
            name,
            f"[default]\naws_access_key_id = {secrets.token_hex(10)}\naws_secret_access_key = {secrets.token_urlsafe(30)}",
        )
    values["s3_users"] = json.dumps({"accessAccounts": dict(_accounts(values[name] for name in OBJECT_USERS))}, indent=1)
    return values


def access_key(credentials: str) -> tuple[str, str]:
    """Return key and secret of an AWS credentials file; raise ValueError when one is not in it."""
    parts = dict(re.findall(r"^(aws_\w+) *= *(\S+)$", credentials, re.MULTILINE))
    try:
        return parts["aws_access_key_id"], parts["aws_secret_access_key"]
    except KeyError as exc:
        raise ValueError(f"no line {exc.args[0]} = …") from exc


def _accounts(credentials: Iterator[str]) -> Iterator[tuple[str, dict[str, str | int]]]:
    """Yield the accounts as versitygw's internal IAM keeps them (its ``auth/iam_internal.go`` and ``auth/iam.go``)."""
    for text in credentials:
        key, secret = access_key(text)
        yield key, {"access": key, "secret": secret, "role": "user", "userID": 0, "groupID": 0, "projectID": 0}


def _names_superuser(address: str) -> bool:
    """Whether an address is one that release 0.2 wrote: of PostgreSQL's superuser, in this stack."""
    return re.fullmatch(r"(db\+)?postgresql(\+\w+)?://lurewatch:[^@/]+@postgres/(desk|airflow)", address) is not None


def write_secrets(folder: Path) -> list[str]:
    """Write the secrets that are not there yet; return their names. Raises ValueError naming a file that cannot be used.

    The folder is closed to others; the files are open inside it, because a container's user is not the one who made them. They
    end without a line end: not every program takes it off.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    there = {path.name: path.read_text(encoding="utf-8").strip() for path in folder.iterdir() if path.is_file()}
    for name in set(OBJECT_USERS) & there.keys():
        try:
            access_key(there[name])
        except ValueError as exc:
            raise ValueError(f"{folder / name}: {exc}; correct it, or delete the file and run `make secrets` again") from exc
    written = []
    for name, value in secret_values(there).items():
        if there.get(name) != value:
            path = folder / name
            path.write_text(value, encoding="utf-8")
            path.chmod(0o644)
            written.append(name)
    return written


def main(folder: str) -> None:
    """Write what is missing and name it; end with one line when a file that is there cannot be used."""
    try:
        for name in write_secrets(Path(folder)):
            click.echo(f"wrote {Path(folder) / name}")
    except (OSError, ValueError) as exc:
        sys.exit(f"no secret is written: {exc}")


if __name__ == "__main__":
    main(sys.argv[1])
