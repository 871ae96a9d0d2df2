"""Airflow's accounts have their roles and the passwords of their files, once more after each change."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest
from werkzeug.security import check_password_hash

from deploy.stack.airflow_accounts import ROLES, SHORTEST, main, rights_of

MANAGER = "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager"
FIRST = {account: f"first pass phrase of {account}" for account in ROLES}
TWICE = """
import pathlib, sqlite3, sys
from deploy.stack.airflow_accounts import main
files = [pathlib.Path(file) for file in sys.argv[2:]]
main(*map(str, files))
with sqlite3.connect(sys.argv[1]) as database:
    database.execute("DELETE FROM ab_user_role WHERE user_id = (SELECT id FROM ab_user WHERE username = 'viewer')")
    database.execute("UPDATE ab_user SET active = 0 WHERE username = 'viewer'")
    database.execute('''
        INSERT INTO ab_permission_view_role (id, permission_view_id, role_id)
        SELECT 10000 + permission_view_id, permission_view_id, (SELECT id FROM ab_role WHERE name = 'LureWatch viewer')
        FROM ab_permission_view_role WHERE role_id = (SELECT id FROM ab_role WHERE name = 'Op') AND permission_view_id NOT IN
        (SELECT permission_view_id FROM ab_permission_view_role JOIN ab_role n ON n.id = role_id AND name = 'LureWatch viewer')
    ''')
files[1].write_text("second pass phrase of operator\\n")
print("-- again")
main(*map(str, files))
"""
"""Makes the accounts; spoils the viewer's role, gives the operator another password, makes them again."""


class Outcome(NamedTuple):
    """What is there after both times."""

    database: sqlite3.Connection
    output: str


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """Return Airflow's database after both times, and all that was printed."""
    folder = tmp_path_factory.mktemp("airflow")
    for account, password in FIRST.items():
        (folder / account).write_text(f"{password}\n")
    database = folder / "airflow.db"
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(folder), "AIRFLOW_HOME": str(folder), "AIRFLOW__CORE__AUTH_MANAGER": MANAGER,
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{database}", "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    }  # fmt: skip
    words = [sys.executable, "-c", TWICE, database, *(folder / account for account in ROLES)]
    process = subprocess.run(words, capture_output=True, text=True, check=False, env=environment)
    assert process.returncode == 0, process.stdout[-1500:] + process.stderr[-1500:]
    return Outcome(sqlite3.connect(database), process.stdout + process.stderr)


def test_each_account_has_its_role_and_the_password_of_its_file(outcome: Outcome) -> None:
    """What a person changed in between is put right."""
    query = """
        SELECT username, name, active, password FROM ab_user u
        JOIN ab_user_role m ON m.user_id = u.id JOIN ab_role r ON r.id = role_id
    """
    accounts = {account: (role, active, hashed) for account, role, active, hashed in outcome.database.execute(query)}
    assert {account: role for account, (role, _, _) in accounts.items()} == ROLES
    assert all(active for _, active, _ in accounts.values())
    now = FIRST | {"operator": "second pass phrase of operator"}
    assert [account for account, password in now.items() if not check_password_hash(accounts[account][2], password)] == []


def test_only_a_password_that_changed_is_set_and_none_is_printed(outcome: Outcome) -> None:
    """A password that is set ends its account's sessions."""
    first, again = outcome.output.split("-- again")
    assert [account for account in ROLES if f"account {account} has the password" in first] == [*ROLES]
    assert [account for account in ROLES if f"account {account} has the password" in again] == ["operator"]
    assert "pass phrase" not in outcome.output


def test_the_viewer_looks_the_operator_runs_and_only_the_admin_sees_what_is_secret(outcome: Outcome) -> None:
    """By the manager's own rules, over the rights in the database; what was given to a role by hand is taken again."""
    from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity
    from airflow.providers.fab.auth_manager.fab_auth_manager import FabAuthManager

    query = """
        SELECT r.name, a.name, w.name FROM ab_permission_view_role g
        JOIN ab_role r ON r.id = g.role_id JOIN ab_permission_view p ON p.id = permission_view_id
        JOIN ab_permission a ON a.id = permission_id JOIN ab_view_menu w ON w.id = view_menu_id
    """
    manager, pairs = FabAuthManager(), list(outcome.database.execute(query))
    rights = {}
    for account, role in ROLES.items():
        user = SimpleNamespace(perms={(action, resource) for name, action, resource in pairs if name == role})
        may = {
            "see Dags": manager.is_authorized_dag(method="GET", user=user),
            "read logs": manager.is_authorized_dag(method="GET", access_entity=DagAccessEntity.TASK_LOGS, user=user),
            "pause Dags": manager.is_authorized_dag(method="PUT", user=user),
            "start runs": manager.is_authorized_dag(method="POST", access_entity=DagAccessEntity.RUN, user=user),
            "clear tasks": manager.is_authorized_dag(method="PUT", access_entity=DagAccessEntity.TASK_INSTANCE, user=user),
            "delete Dags": manager.is_authorized_dag(method="DELETE", user=user),
            "delete runs": manager.is_authorized_dag(method="DELETE", access_entity=DagAccessEntity.RUN, user=user),
            "change pools": manager.is_authorized_pool(method="PUT", user=user),
            "read connections": manager.is_authorized_connection(method="GET", user=user),
            "read variables": manager.is_authorized_variable(method="GET", user=user),
            "read settings": manager.is_authorized_configuration(method="GET", user=user),
            "change passwords": ("can_edit", "My Password") in user.perms,
            "change accounts": ("can_edit", "Users") in user.perms,
        }
        rights[account] = {right for right, given in may.items() if given}
    looks = {"see Dags", "read logs"}
    assert rights == {"admin": set(may), "operator": looks | {"pause Dags", "start runs", "clear tasks"}, "viewer": looks}


def test_a_viewer_changes_nothing() -> None:
    """Whatever FAB's own Viewer may in a later release."""
    reads: Mapping[str, list[tuple[str, str]]] = rights_of(
        [("can_read", "DAGs"), ("can_edit", "My Password"), ("can_edit", "Roles")]
    )
    assert reads["viewer"] == [("can_read", "DAGs")]


def test_a_password_that_is_too_short_is_refused_with_its_file(tmp_path: Path) -> None:
    """Before anything is changed."""
    for account in ROLES:
        (tmp_path / account).write_text("x" * SHORTEST)
    (tmp_path / "operator").write_text("x" * (SHORTEST - 1) + "\n")
    with pytest.raises(SystemExit, match=r"operator: a password of fewer than 12 characters; write a longer one, or delete"):
        main(*(str(tmp_path / account) for account in ROLES))
    with pytest.raises(SystemExit, match="No such file"):
        main(*(str(tmp_path / account) for account in ("admin", "nobody", "viewer")))
