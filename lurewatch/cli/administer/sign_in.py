"""Log-in at the command line, by password, throttled and audited as at the desk.

It imports the desk's modules only at log-in, so that help stays fast.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from desk.people.accounts import User
    from lurewatch.settings import Settings

as_option = click.option("--as", "name", metavar="NAME", required=True, help="Who does this; the password is asked for.")
stdin_option = click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")


def open_desk(settings: Settings) -> Engine:
    """Open the desk's database; raise ClickException saying what is wrong."""
    from desk.database import DatabaseError, open_database

    try:
        return open_database(settings.database)
    except DatabaseError as exc:
        raise click.ClickException(str(exc)) from exc


def signed_in(engine: Engine, name: str, password_stdin: bool) -> User:
    """Return the person after asking for the password; the throttle and the audit log are those of the desk."""
    from desk.people.accounts import LoginRefused, authenticate

    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else click.prompt(f"Password of {name}", hide_input=True)
    try:
        return authenticate(engine, name=name, password=password, address="shell", now=datetime.now(UTC))
    except LoginRefused as exc:
        raise click.ClickException(str(exc)) from exc
