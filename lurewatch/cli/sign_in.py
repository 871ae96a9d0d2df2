"""Log-in at the command line, by password, throttled and audited as at the desk.

It imports the desk's modules only at log-in, so that help stays fast.
"""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from desk.people.accounts import User
    from lurewatch.settings import Settings

as_option = click.option("--as", "name", metavar="NAME", required=True, help="Who does this; the password is asked for.")
stdin_option = click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")


def signed_options(reason: str, sentence: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options of a signed decision: why (named ``reason``, explained by ``sentence``) and who."""

    def add(function: Any) -> Any:
        why = click.option(f"--{reason}", required=True, help=sentence)
        return why(as_option(stdin_option(function)))

    return add


def open_desk(settings: Settings) -> Engine:
    """Open the desk's database."""
    from desk.database import open_database

    return open_database(settings.database, settings.state)


def signed_in(engine: Engine, name: str, password_stdin: bool) -> User:
    """Return the person after asking for the password; the throttle and the audit log are those of the desk."""
    from desk.people.accounts import authenticate

    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else click.prompt(f"Password of {name}", hide_input=True)
    return authenticate(engine, name=name, password=password, address="shell", now=datetime.now(UTC))


def whoami() -> str:
    """Return the operating-system user, as the audit log names somebody at the command line."""
    return f"shell:{getpass.getuser()}"
