"""Secrets are written once; addresses that name PostgreSQL's superuser become those of a role for each service."""

import json
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from deploy.stack.secret_files import OBJECT_USERS, access_key, write_secrets


def test_the_addresses_of_release_0_2_become_those_of_a_role_for_each_database(tmp_path: Path) -> None:
    """Everything else stays, and an operator's own server is left alone."""
    written = {
        "postgres_password": "pw", "broker_password": "bp",
        "desk_database": "postgresql+psycopg://lurewatch:pw@postgres/desk",
        "airflow_database": "postgresql+psycopg2://lurewatch:pw@db.example.org/airflow",
        "celery_results": "db+postgresql://lurewatch:pw@postgres/airflow",
        "s3_credentials": "[default]\naws_access_key_id = k\naws_secret_access_key = s",
    }  # fmt: skip
    for name, text in written.items():
        (tmp_path / name).write_text(f"{text}\n")
    changed = write_secrets(tmp_path)
    assert {"desk_database", "celery_results"} <= set(changed)
    assert {"postgres_password", "airflow_database", "s3_credentials"}.isdisjoint(changed)
    assert make_url((tmp_path / "desk_database").read_text()).username == "desk"
    assert (tmp_path / "celery_results").read_text() == "redis://:bp@broker:6379/1"
    assert write_secrets(tmp_path) == []


def test_the_object_stores_accounts_are_those_of_the_keys(tmp_path: Path) -> None:
    """A key that was replaced is replaced there, too; the root key has no account."""
    write_secrets(tmp_path)
    (tmp_path / "s3_desk").unlink()
    assert set(write_secrets(tmp_path)) == {"s3_desk", "s3_users"}
    keys = dict(access_key((tmp_path / name).read_text()) for name in OBJECT_USERS)
    accounts = json.loads((tmp_path / "s3_users").read_text())["accessAccounts"]
    assert {name: account["secret"] for name, account in accounts.items()} == keys
    assert {account["role"] for account in accounts.values()} == {"user"}


def test_a_key_file_without_a_key_is_refused_by_name(tmp_path: Path) -> None:
    """With the fix, and nothing is written."""
    (tmp_path / "s3_work").write_text("aws_access_key_id = k")
    with pytest.raises(ValueError, match=r"s3_work: no line aws_secret_access_key.*make secrets"):
        write_secrets(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["s3_work"]
