"""Make Airflow's three accounts: ``python -m deploy.stack.airflow_accounts ADMIN_FILE OPERATOR_FILE VIEWER_FILE``.

Each FILE holds a password. Run at every start, after ``airflow db migrate``: rights are those of this file again, a password that
changed is set and ends its account's sessions, and one that did not change leaves them. No password is printed.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click
from sqlalchemy.exc import SQLAlchemyError

if TYPE_CHECKING:
    from airflow.providers.fab.auth_manager.models import Role
    from airflow.providers.fab.auth_manager.security_manager.override import FabAirflowSecurityManagerOverride

Rights = list[tuple[str, str]]
"""(action, resource), as FAB names them."""
SHORTEST = 12
"""Characters of a password. ``make secrets`` writes 32 random ones; this is for those an operator chooses."""
ROLES = {"admin": "Admin", "operator": "LureWatch operator", "viewer": "LureWatch viewer"}
"""Account -> its role. FAB's own Viewer changes its password and its name, its own User deletes Dags and runs."""
SHOWING = ("can_read", "menu_access")
OWN_PAGES = ("My Password", "My Profile")
"""Passwords come from the files: one that is changed here would be back at the next start."""
RUNS: Rights = [("can_edit", "DAGs"), ("can_create", "DAG Runs"), ("can_edit", "DAG Runs"), ("can_edit", "Task Instances")]
"""Pause, start, clear and mark: what the operator may besides looking."""


class AirflowAccountError(Exception):
    """The accounts cannot be made; the message names the file or the account, and the fix."""


def password_in(file: Path) -> str:
    """Return the password of a file, without its line end; raise AirflowAccountError when it is too short, OSError."""
    password = file.read_text(encoding="utf-8").strip()
    if len(password) < SHORTEST:
        fix = "write a longer one, or delete the file and run `make secrets`"
        raise AirflowAccountError(f"{file}: a password of fewer than {SHORTEST} characters; {fix}")
    return password


def rights_of(viewer: Rights) -> dict[str, Rights]:
    """Return account -> rights of the roles that are ours, made of those that FAB gives its Viewer: what only shows of them."""
    reads = [(action, resource) for action, resource in viewer if action in SHOWING and resource not in OWN_PAGES]
    return {"operator": [*reads, *RUNS], "viewer": reads}


def set_accounts(passwords: Mapping[str, str]) -> list[str]:
    """Make or correct the accounts with their roles; return those that are new or have another password than before.

    One process for all: starting FAB is nearly all that ``airflow users create`` costs. Raises AirflowAccountError and
    SQLAlchemyError.
    """
    from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder

    accounts: list[str] = []
    with get_application_builder() as builder:
        manager = builder.sm
        for account, rights in rights_of(manager.VIEWER_PERMISSIONS).items():
            role = manager.add_role(ROLES[account])
            role.permissions = [manager.create_permission(*right) for right in rights]
            manager.session.commit()
        for account, password in passwords.items():
            if _set_account(manager, account, password, manager.find_role(ROLES[account])):
                accounts.append(account)
    return accounts


def _set_account(manager: "FabAirflowSecurityManagerOverride", account: str, password: str, role: "Role") -> bool:
    """Make or correct one account; return whether its password is another than before."""
    user = manager.find_user(username=account)
    if user is None:
        manager.add_user(account, "LureWatch", account, f"{account}@airflow.invalid", role, password)
        return True
    user.roles, user.groups, user.active = [role], [], True
    other = not manager.check_password(account, password)
    if not (manager.reset_password(user.id, password) if other else manager.update_user(user)):
        raise AirflowAccountError(f"{account}: Airflow's database refused the change; its log above says why")
    return other


def main(*files: str) -> None:
    """Make the accounts and name those that changed; end with one line that names the fault when they cannot be made."""
    try:
        passwords = {account: password_in(Path(file)) for account, file in zip(ROLES, files, strict=True)}
        for account in set_accounts(passwords):
            click.echo(f"Airflow's account {account} has the password of its file")
    except (AirflowAccountError, OSError, SQLAlchemyError, ValueError) as exc:
        sys.exit(f"not every account of Airflow is made: {exc}")


if __name__ == "__main__":
    main(*sys.argv[1:])
