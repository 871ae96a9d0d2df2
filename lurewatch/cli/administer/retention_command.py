"""`lurewatch retention`: what is past its source's retention, its erasure, and what must stay all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click
import msgspec

from desk.people.roles import Right
from lurewatch.app.in_force import load_in_force
from lurewatch.app.resources import desk_and_index_opened
from lurewatch.cli.presenter import json_option, make_table, print_json, print_table, show_progress
from lurewatch.cli.sign_in import Signer, open_desk, require_reason, stdin_option
from lurewatch.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from index.base import Store
    from lurewatch.app.retention.due import DueItems


_WHY = require_reason("why", "Who asked, under which reference; it is kept in the audit log.")


@click.group(no_args_is_help=True)
def command() -> None:
    """Erase what is past its source's retention_days; hold what must stay.

    Due is what no run has seen for so long. It goes from the index, its partition and what was made of it; never what a person
    confirmed, a platform was informed of, or somebody holds; docs/privacy.md says what is kept and where.
    """


@command.command("due")
@click.option(
    "--certificate", type=int, is_flag=False, flag_value=0, metavar="[NUMBER]",
    help="Instead print a certificate of erasure, or the newest, as the audit log has it; its head is the log's anchor.",
)  # fmt: skip
@json_option
def show_due(certificate: int | None, as_json: bool) -> None:
    """Show what is due, per source and class, and what stays though it is as old. Changes nothing."""
    from lurewatch.app.retention.due import list_due

    if certificate is not None:
        _print_certificate(certificate)
        return
    with _all() as (settings, engine, store):
        with _progress() as tell:
            results = list_due(settings, engine, store, datetime.now(UTC), tell)
        _show(results, as_json=as_json)


@command.command("purge")
@click.option("--yes", is_flag=True, help="Erase; without it only show what would be erased.")
@click.option("--override", default="", metavar="TEXT", help="Why to erase though it was refused; kept in the audit log.")
@click.option("--as", "by", metavar="NAME", default="", help="Who erases, needed with --yes; the password is asked for.")
@stdin_option
@json_option
def purge_(yes: bool, override: str, by: str, password_stdin: bool, as_json: bool) -> None:
    """Erase what is due from every place that has words of it, search them all, and certify it; without --yes only show it.

    Refused, with nothing erased, when the clock has made a jump. Of a source that would lose more than a quarter of its records
    or partitions at once nothing is erased, and the others go on: look at its file, then say with --override why it is right.

    Killed or cut off, the same command completes it. While a place still has some of it (the source is being crawled, a server is
    away, a process reads the index file), the erasure stays open: the command names the place and is run again.
    """
    from lurewatch.app.retention.due import list_due
    from lurewatch.app.retention.plausibility import doubts
    from lurewatch.app.retention.purge import halt_reason, purge

    with _all() as (settings, engine, store):
        now = datetime.now(UTC)
        if not yes:
            with _progress() as tell:
                results = list_due(settings, engine, store, now, tell)
            _show(results, as_json=as_json)
            for doubt in doubts(settings, engine, store, results, now):
                click.echo(f"--yes would be refused: {doubt}", err=True)
            click.echo("nothing was erased; --yes erases it", err=True)
            return
        if not by:
            raise click.UsageError("say who erases with --as NAME; the password is asked for")
        who = Signer(by, password_stdin).person_with(settings, Right.APPROVE).name
        with _progress() as tell:
            done = purge(settings, engine, store, by=who, now=now, override=override, progress=tell)
        if as_json:
            print_json(done)
        elif done.certificate is None:
            click.echo("nothing is due" if not done.refused else "nothing was erased")
        else:
            message = f"certificate: lurewatch retention due --certificate {done.certificate}"
            click.echo(f"{done.items} items and {done.partitions} partitions erased; {message}")
        if done.refused:
            raise click.ClickException(halt_reason(done.refused))


@command.command("hold")
@click.argument("items", nargs=-1, required=True, metavar="ITEM...")
@click.option(
    "--days", type=click.IntRange(1, 3650), default=None, show_default="90 days",
    help="Until the hold is to be looked at again.",
)  # fmt: skip
@click.option("--release", is_flag=True, help="End the hold instead: their retention counts again.")
@_WHY
def hold_(items: tuple[str, ...], days: int | None, release: bool, why: str, signer: Signer) -> None:
    """Keep items and their evidence, whatever their retention says, until somebody releases them.

    The days only say when to look at it again: a hold never ends by the clock alone. Holding again sets a new date.
    """
    from desk.custody import erasure

    if release:
        in_force = load_in_force()
        who = signer.person_with(in_force, Right.APPROVE).name
        erasure.release(open_desk(in_force), items, why=why, by=who, now=datetime.now(UTC))
        click.echo(f"{len(items)} items are held no more")
        return
    with _all() as (settings, engine, store):
        there = store.get_many(items)
        if missing := [item for item in items if item not in there]:
            raise click.ClickException(f"not in the index: {', '.join(missing)}; `lurewatch search` shows the ids there are")
        who = signer.person_with(settings, Right.EVIDENCE).name
        until = erasure.hold(engine, items, days=days or erasure.HOLD_DAYS, why=why, by=who, now=datetime.now(UTC))
        click.echo(f"{len(items)} items held until they are released; look at it again by {until:%Y-%m-%d}")


def _print_certificate(number: int) -> None:
    from desk.custody import audit, erasure

    with open_desk(load_in_force()).connect() as connection:
        certificates = erasure.certificates(connection)
        head = audit.head(connection)
    wanted = [item for item in certificates if number in (0, item.closing.seq)]
    if not wanted:
        there = ", ".join(str(item.closing.seq) for item in certificates[-10:]) or "none"
        raise click.ClickException(f"no such certificate; there are: {there}")
    click.echo(msgspec.json.format(msgspec.json.encode(msgspec.to_builtins(wanted[-1]) | {"head": head}), indent=1).decode())


@contextmanager
def _all() -> Iterator[tuple[Settings, Engine, Store]]:
    """Give settings, database and index; their errors are one line."""
    settings = load_in_force()
    with desk_and_index_opened(settings) as (engine, store):
        yield settings, engine, store


@contextmanager
def _progress() -> Iterator[Callable[[str, int], None]]:
    """Give what shows how far it is; only on a terminal."""
    with show_progress("") as tell:
        yield lambda what, count: tell(description=f"{what} {count}")


def _show(results: list[DueItems], *, as_json: bool) -> None:
    if as_json:
        print_json(*(msgspec.to_builtins(item) | {"items": sorted(item.items)} for item in results))
        return
    if not any(entry.items or entry.partitions for entry in results):
        click.echo("nothing is due")
    numbers = ("days", "partitions due", "that stay")
    table = make_table("source", "days", "due", "stays though as old", *numbers[1:], right=numbers)
    for item in results:
        told_of = [", ".join(f"{count} {name}" for name, count in counts.items()) or "-" for counts in (item.due, item.kept)]
        table.add_row(item.source, str(item.days), *told_of, str(len(item.partitions)), str(item.waiting))
    if results:
        print_table(table)
