"""Write the random secrets docker-compose.yml reads, one file each: ``python -m lurewatch.cli.setup.secret_files FOLDER``.

A file that is there is left as it is, so the command may be run again after an upgrade names a new secret.
"""

import base64
import os
import secrets
import sys
from pathlib import Path

import click


def secret_values(password: str, broker: str) -> dict[str, str]:
    """Return file name -> content; ``password`` is PostgreSQL's, which three of the addresses carry, ``broker`` the broker's."""
    return {
        "postgres_password": password,
        "broker_password": broker,
        "desk_database": f"postgresql+psycopg://lurewatch:{password}@postgres/desk",
        "airflow_database": f"postgresql+psycopg2://lurewatch:{password}@postgres/airflow",
        "celery_broker": f"redis://:{broker}@broker:6379/0",
        "celery_results": f"db+postgresql://lurewatch:{password}@postgres/airflow",
        "airflow_fernet_key": base64.urlsafe_b64encode(os.urandom(32)).decode(),
        "airflow_jwt_secret": secrets.token_urlsafe(64),
        "airflow_api_secret": secrets.token_urlsafe(48),
        "elastic_password": secrets.token_urlsafe(24),
        "s3_credentials": "[default]\n"
        f"aws_access_key_id = {secrets.token_hex(10)}\naws_secret_access_key = {secrets.token_urlsafe(30)}",
    }


def write_secrets(folder: Path) -> list[str]:
    """Write the secrets that are not there yet; return their names.

    The folder is closed to others; the files are open inside it, because a container's user is not the one who made them. They
    end without a line end: not every program takes it off.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    written = []
    for name, value in secret_values(_password(folder / "postgres_password"), _password(folder / "broker_password")).items():
        path = folder / name
        if not path.exists():
            path.write_text(value, encoding="utf-8")
            path.chmod(0o644)
            written.append(name)
    return written


def _password(kept: Path) -> str:
    """Return the password of an earlier call, or a new one."""
    return kept.read_text(encoding="utf-8").strip() if kept.exists() else secrets.token_urlsafe(24)


if __name__ == "__main__":
    for new in write_secrets(Path(sys.argv[1])):
        click.echo(f"wrote {Path(sys.argv[1]) / new}")
