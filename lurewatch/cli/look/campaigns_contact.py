"""`lurewatch campaigns contact`: from any written form of a contact to everything that used it, on any app."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click
import msgspec
from rich.console import Console
from rich.text import Text

from lurewatch.app.in_force import load_in_force
from lurewatch.app.resources import index_opened
from lurewatch.cli.presenter import json_option, print_fact, print_json

if TYPE_CHECKING:
    from index.base import Record
    from index.campaigns.dossier import Pivot


LONGEST = 1000
"""Characters; no address, handle or number is longer."""


@click.command("contact", no_args_is_help=True)
@click.argument("typed", metavar="CONTACT")
@json_option
@click.option("--size", type=click.IntRange(0, 1000), default=10, show_default=True, help="Newest adverts shown.")
def contact_command(typed: str, as_json: bool, size: int) -> None:
    """Follow CONTACT through everything indexed: apps, weeks, campaigns, languages, and what stands beside it.

    CONTACT is a handle, link, number or address as anybody would paste it; a number may lack its country.

    \b
    lurewatch campaigns contact @some_handle
    lurewatch campaigns contact https://t.me/some_handle
    lurewatch campaigns contact '+84 50 000 0123'        lurewatch campaigns contact zalo.me/0500000123
    lurewatch campaigns contact line:some_handle         one app only
    """
    from desk.highlighting import plain_line
    from index.campaigns.dossier import pivot

    if len(typed) > LONGEST:
        raise click.BadParameter(f"{len(typed)} characters are no contact; give one of at most {LONGEST}", param_hint="CONTACT")
    with index_opened(load_in_force()) as store:
        result = pivot(store, typed)
    if as_json:
        line = msgspec.to_builtins(result) | {"records": [record.id for record in result.records]}
        line["weeks"] = [{"monday": week.monday.isoformat(), "adverts": week.adverts} for week in result.weeks]
        print_json(line)
    elif result.records:
        _print(result, size)
    else:
        click.echo(
            f"Nobody used {plain_line(result.value)}. A number without its country is found by its last eight digits.", err=True
        )


def _print(found: Pivot, size: int) -> None:
    from desk.highlighting import plain_line
    from index.campaigns.dossier import sparkline

    console = Console()
    newest, oldest = found.records[0], found.records[-1]
    console.print(Text(f"{plain_line(found.value)}: {len(found.records)} adverts, {found.flagged} flagged", "bold"))
    weeks = f"{sparkline(found.weeks)}  most in a week: {max(week.adverts for week in found.weeks)}"
    rows = [
        ("seen", f"{oldest.first_seen:%Y-%m-%d} to {newest.first_seen:%Y-%m-%d}"), ("weeks", weeks),
        *((name, _count_pairs(pairs)) for name, pairs in (
            ("written as", found.forms), ("beside it", found.beside), ("campaigns", found.campaigns),
            ("languages", found.languages), ("platforms", found.platforms), ("sources", found.sources),
        ) if pairs),
    ]  # fmt: skip
    for name, value in rows:
        print_fact(console, name, value)
    print_adverts(console, found.records[:size])
    if len(found.records) > size:
        click.echo(f"{len(found.records) - size} older ones: --size, or `lurewatch search --contact`", err=True)


def print_adverts(console: Console, records: Iterable[Record]) -> None:
    """Print a line for each advert: day, score, id, title."""
    from desk.highlighting import heading

    for record in records:
        title = heading(record.posting, 90)
        console.print(
            Text(f"{record.first_seen:%Y-%m-%d} {record.assessment.score:>3.0f} {record.id} ", "dim").append(title, "not dim")
        )


def _count_pairs(pairs: tuple[tuple[str, int], ...]) -> str:
    from desk.highlighting import plain_line

    text = ", ".join(f"{plain_line(value)} {count}" for value, count in pairs[:12])
    return text + (f", {len(pairs) - 12} more" if len(pairs) > 12 else "")
