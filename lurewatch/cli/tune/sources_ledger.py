"""``lurewatch sources ledger`` and ``lurewatch sources schedule``: what sources cost and bring, and how often they should run."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click
import msgspec
from rich.console import Console

from lurewatch.cli.presenter import json_option, make_table, print_json
from lurewatch.settings import load_settings

if TYPE_CHECKING:
    from lurewatch.app.cost_ledger import LedgerRow, ScheduleProposal

FIGURES = ("runs", "requests", "MB", "browser s", "new", "flagged", "confirmed", "per 1,000", "campaigns")
WIDTH = 110
"""Columns of the table; a narrow terminal breaks its lines, and no figure is cut off."""


@click.command("ledger")
@click.argument("names", nargs=-1, metavar="[SOURCE]...")
@click.option("--weeks", type=click.IntRange(1, 104), default=4, show_default=True, help="The newest ISO weeks (UTC).")
@json_option
def ledger_command(names: tuple[str, ...], weeks: int, as_json: bool) -> None:
    """Show what each source cost and brought, week by week.

    Requests, bytes and browser seconds come from the reports of its runs; adverts first seen in the week that are flagged,
    confirmed or began a campaign from index and desk. Runs that retention has erased are not counted.
    """
    from lurewatch.app.cost_ledger import ledger  # index and desk load slowly and only this command needs them

    rows = ledger(load_settings(), datetime.now(UTC), weeks)
    rows = [row for row in rows if not names or row.source in names]
    if as_json:
        print_json(*(msgspec.to_builtins(row) | {"confirmed_per_1000": row.confirmed_per_1000} for row in rows))
        return
    table = make_table("source", "week", *FIGURES, right=FIGURES, whole=("source", "week", *FIGURES))
    for row in rows:
        table.add_row(*_cells(row))
    Console(width=max(Console().width, WIDTH)).print(table)
    click.echo(f"{len(rows)} rows; flagged: nobody has decided them yet; per 1,000: confirmed lures per 1,000 requests")


def _cells(row: LedgerRow) -> tuple[str, ...]:
    share = row.confirmed_per_1000
    return (
        row.source, row.week, f"{row.runs}", f"{row.requests:,}", f"{row.bytes / 1e6:,.1f}", f"{row.browser_seconds:,.0f}",
        f"{row.new_adverts:,}", f"{row.flagged:,}", f"{row.confirmed:,}", "" if share is None else f"{share:.1f}",
        f"{row.new_campaigns:,}",
    )  # fmt: skip


@click.command("schedule")
@click.argument("name", required=False, metavar="[SOURCE]")
@click.option("--accept", "accepted", is_flag=True, help="Write the proposed schedule into the source's file.")
@json_option
def schedule_command(name: str | None, accepted: bool, as_json: bool) -> None:
    """Propose schedules: quicker for sources that bring confirmed lures, slower for those that bring nothing.

    One step at a time, and never more often than the access passport bears: a run with all its requests and pauses fills a
    quarter of the time between two runs at most. Nothing changes before --accept, which takes one SOURCE.
    """
    # index and desk load slowly and only this command needs them
    from lurewatch.app.cost_ledger import WEEKS, accept_schedule, ledger, proposals
    from lurewatch.app.seeds.sources_in_force import all_sources

    if accepted and not name:
        raise click.UsageError("--accept writes one source's file; name it")
    settings, now = load_settings(), datetime.now(UTC)
    entries = proposals(all_sources(settings), ledger(settings, now, WEEKS), now)
    entries = [entry for entry in entries if name in (None, entry.source)]
    if accepted and not entries:
        raise click.ClickException(f"nothing is proposed for {name}; `lurewatch sources schedule` lists all proposals")
    written = [str(accept_schedule(settings, entry)) for entry in entries] if accepted else []
    if as_json:
        print_json(*entries)
        return
    for entry in entries:
        click.echo(_line(entry))
    for path in written:
        click.echo(f"{path} is written")
    if not written:
        click.echo(f"{len(entries)} proposals; `lurewatch sources schedule SOURCE --accept` writes one")


def _line(entry: ScheduleProposal) -> str:
    return f"{entry.source}: {entry.direction}, {entry.schedule!r} -> {entry.proposed!r}: {entry.reason}"
