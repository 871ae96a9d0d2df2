"""Log-in at the command line, by password, throttled and audited as at the desk.

It imports the desk's modules only at log-in, so that help stays fast.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from desk.people.accounts import User
    from desk.people.roles import Right
    from lurewatch.settings import Settings

stdin_option = click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")


@dataclass(frozen=True)
class Signer:
    """Who does something, as the options of a command name them."""

    name: str
    password_stdin: bool

    def sign_in(self, engine: Engine, needed: Right | None = None, without: str = "") -> User:
        """Return the person after asking for the password; the throttle and the audit log are those of the desk.

        ``without`` says what a role lacking the right ``needed`` does not do, and whom to ask.
        """
        from desk.people.accounts import authenticate

        asked = f"Password of {self.name}"
        password = sys.stdin.readline().rstrip("\r\n") if self.password_stdin else click.prompt(asked, hide_input=True)
        code = self.ask_code(engine)
        user = authenticate(engine, name=self.name, password=password, address="shell", now=datetime.now(UTC), code=code)
        if needed and not user.may(needed):
            raise click.ClickException(f"the role {user.role} {without}")
        return user

    def ask_code(self, engine: Engine) -> str:
        """Return a code of the second factor, from LUREWATCH_CODE or asked for; empty for somebody who has none."""
        from desk.people.accounts import all_users

        with engine.connect() as connection:
            has = any(each.second_factor for each in all_users(connection) if each.name == self.name)
        return os.environ.get("LUREWATCH_CODE") or str(click.prompt(f"Code of {self.name}")) if has else ""

    def person_with(self, settings: Settings, needed: Right) -> User:
        """Return the person, who must have a right; the desk's database is opened for it."""
        return self.sign_in(open_desk(settings), needed, "has no right to do so; ask a lead")


def require_signer(function: Callable[..., None]) -> Any:
    """Give a command the options of who does it, as one ``signer``."""

    @functools.wraps(function)
    def run(by: str, password_stdin: bool, **values: Any) -> None:
        function(signer=Signer(by, password_stdin), **values)

    who = click.option("--as", "by", metavar="NAME", required=True, help="Who does this; the password is asked for.")
    return who(stdin_option(run))


def require_reason(option: str, sentence: str) -> Callable[[Callable[..., None]], Any]:
    """Give a command who does it and why: the required ``option``, explained by ``sentence``."""
    why = click.option(f"--{option}", required=True, help=sentence)
    return lambda function: why(require_signer(function))


def open_desk(settings: Settings) -> Engine:
    """Open the desk's database."""
    from desk.database import open_database

    return open_database(settings.database, settings.state)
