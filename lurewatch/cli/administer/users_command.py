"""`lurewatch users`: the people who work at the desk, and the log of what they did."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click
import msgspec

from desk.people.roles import RIGHTS, SENTENCES, Right
from lurewatch.cli.presenter import json_option, make_table, print_json, print_table
from lurewatch.cli.sign_in import Signer, open_desk, require_signer, stdin_option
from lurewatch.settings import load_settings

if TYPE_CHECKING:
    from sqlalchemy import Engine


by_option = click.option(
    "--as", "by", metavar="NAME",
    help="Who does this; `add` needs it once two people may approve. The password is asked for (first, with --password-stdin).",
)  # fmt: skip
MOST_FAULTS = 20
"""Faults of the log printed one by one; the rest is counted."""
OWN = ("text_only", "calm")
"""How somebody reads is nobody else's business."""
ROLES = "\n\n".join(f"{role}: {sentence}." for role, sentence in SENTENCES.items())


@click.group(help=f"Add, list, change and disable people; check the audit log.\n\nRoles:\n\n{ROLES}")
def command() -> None:
    """Group of the subcommands below."""


@command.command()
@click.argument("name")
@click.option(
    "--role", type=click.Choice(list(RIGHTS)), required=True, help="What this person may do; see `lurewatch users --help`."
)
@click.option("--email", required=True, help="Where this person is reached.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking twice.")
@by_option
def add(name: str, role: str, email: str, password_stdin: bool, by: str | None) -> None:
    """Add a person. The password is asked for, or read from standard input; it never stands on the command line.

    Until two people may approve, each adds the own account and the log says so; from then on a colleague does (--as NAME).
    Until somebody else has vouched for the account (`lurewatch users vouch`), it and whoever made it count as one person.
    """
    from desk.people import accounts

    engine = database()
    with engine.connect() as connection:
        founded = len(accounts.ever_approving(connection)) > 1
    actor = actor_of(engine, by, password_stdin) if by or founded else name
    accounts.add_user(
        engine, name=name, email=email, role=role, password=password_of(password_stdin), now=datetime.now(UTC), actor=actor
    )
    click.echo(f"{name} ({role}) may log in.")


@command.command("list")
@json_option
def list_(as_json: bool) -> None:
    """List everybody."""
    from desk.people import accounts

    with database().connect() as connection:
        people = accounts.all_users(connection)
    if as_json:
        print_json(*({name: value for name, value in msgspec.to_builtins(user).items() if name not in OWN} for user in people))
        return
    if not people:
        click.echo("Nobody yet: lurewatch users add NAME --role admin --email NAME@example.org")
        return
    table = make_table("name", "role", "e-mail", "state")
    for user in people:
        table.add_row(user.name, user.role, user.email, "disabled" if user.disabled else "active")
    print_table(table)


@command.command()
@click.argument("name")
@click.argument("role", type=click.Choice(list(RIGHTS)), required=False)
@click.option("--disable/--enable", "disabled", default=None, help="Open sessions end at once, what the person decided stays.")
@click.option("--no-factor", is_flag=True, help="Take away the second factor of somebody who lost it.")
@by_option
@stdin_option
def change(name: str, role: str | None, disabled: bool | None, no_factor: bool, by: str | None, password_stdin: bool) -> None:
    """Give a person another role; disable a person, or let a disabled one in again; take away a lost second factor."""
    from desk.people import accounts, second_factor

    if (role is not None) + (disabled is not None) + no_factor != 1:
        raise click.UsageError("give one change: ROLE, --disable, --enable or --no-factor")
    if no_factor:
        carry_out(by, password_stdin, second_factor.remove_factor, name=name)
        click.echo(f"{name} logs in with the password alone.")
    elif role is not None:
        carry_out(by, password_stdin, accounts.set_role, name=name, role=role)
        click.echo(f"{name} is {role}.")
    else:
        carry_out(by, password_stdin, accounts.set_disabled, name=name, disabled=disabled)
        click.echo(f"{name} is disabled." if disabled else f"{name} may log in.")


@command.command()
@click.argument("name")
@click.option("--password-stdin", is_flag=True, help="Read the new password from standard input.")
@by_option
def password(name: str, password_stdin: bool, by: str | None) -> None:
    """Give a person a new password; open sessions end. With --as the same NAME it is one's own."""
    from desk.people import accounts

    def change(engine: Engine, **who: Any) -> None:
        accounts.set_password(engine, name, password_of(password_stdin), **who)

    carry_out(by, password_stdin, change, own=name)
    click.echo(f"{name} has a new password.")


@command.command()
@click.argument("name")
@click.option("--why", required=True, help="How you know who uses the account; kept in the audit log.")
@require_signer
def vouch(name: str, why: str, signer: Signer) -> None:
    """Say that a person of its own uses an account; whoever made it cannot.

    Two people answer for a list, a receiver, a place to begin and a retention. An account that somebody made, enabled or gave a
    password to counts as that person's second one until a third person has vouched for it.
    """
    from desk.people import accounts

    engine = database()
    person = signer.sign_in(engine)
    accounts.vouch(engine, name, by=person, reason=why, now=datetime.now(UTC))
    click.echo(f"{person.name} vouches for {name}.")


@command.command("audit")
@click.option(
    "--anchor",
    "heads",
    multiple=True,
    metavar="NUMBER:HASH",
    help="A head of the log from outside: the foot of a weekly mail, a list's manifest, an evidence pack. May be repeated.",
)
@json_option
def audit_(heads: tuple[str, ...], as_json: bool) -> None:
    """Check the audit log and what it tells of: exit 0 when nothing was changed, removed, added or moved.

    Every head the desk gave out (mails, lists, evidence packs, reports of runs) is compared with the log, the triggers that
    refuse changes are checked, and decisions, approvals, lists, mails, packs and people are compared with their entries.
    Somebody who owns the database can rewrite the copies in it, and somebody who owns the storage those in the reports: give
    heads kept elsewhere as --anchor.
    """
    from desk.custody import audit
    from desk.custody.ledger_check import check_ledger
    from desk.database import snapshot

    runs = load_settings().runs
    with snapshot(database()) as connection:
        try:
            report = check_ledger(connection, [audit.anchor_of(head, "--anchor") for head in heads], runs=runs)
        except ValueError as exc:
            raise click.ClickException(str(exc)) from exc
        except OSError as exc:
            raise click.ClickException(f"{runs}: the reports of runs cannot be read ({exc}); start the storage") from exc
    if as_json:
        print_json(report)
    elif not report.faults:
        click.echo(f"{report.entries} entries, whole; {report.heads} heads given out stand in it. Head: {report.head}")
        if later := report.entries - report.newest_head:
            click.echo(
                f"The last {later} entries are younger than every head given out: nothing outside the log vouches for them yet."
            )
    for fault in () if as_json else report.faults[:MOST_FAULTS]:
        click.echo(f"BROKEN at {fault}", err=True)
    if not as_json and len(report.faults) > MOST_FAULTS:
        click.echo(f"and {len(report.faults) - MOST_FAULTS} more; --json gives all", err=True)
    if report.faults:
        sys.exit(1)


def database() -> Engine:
    """Open the desk's database."""
    return open_desk(load_settings())


def carry_out(by: str | None, password_stdin: bool, change: Callable[..., object], own: str | None = None, **values: Any) -> None:
    """Carry out a change of an account as somebody."""
    engine = database()
    change(engine, actor=actor_of(engine, by, password_stdin, own), now=datetime.now(UTC), **values)


def password_of(from_stdin: bool) -> str:
    """Return the password asked for twice at the terminal, or one line of standard input."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    secret: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return secret


def actor_of(engine: Engine, by: str | None, password_stdin: bool, own: str | None = None) -> str:
    """Return who changes an account: a person, by password.

    ``own`` is the account that its own person may change. Where nobody may change people, whoever approves may.
    """
    from desk.people import accounts

    with engine.connect() as connection:
        active = [user for user in accounts.all_users(connection) if user.may(Right.APPROVE)]
    admins = [user for user in active if user.may(Right.USERS)]
    if by is None:
        names = ", ".join(user.name for user in admins or active)
        raise click.ClickException(f"say who changes an account with --as NAME ({names})")
    person = Signer(by, password_stdin).sign_in(engine)
    if person.name != own and not (person.may(Right.USERS) or (not admins and person.may(Right.APPROVE))):
        raise click.ClickException(f"the role {person.role} changes no accounts; ask an admin")
    return person.name
