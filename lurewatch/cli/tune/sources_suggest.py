"""``lurewatch sources suggest``: venues that lures lead to, and an operator's rulings. Nothing is crawled before that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.text import Text

from lurewatch.app.in_force import load_in_force
from lurewatch.cli.presenter import json_option, print_json
from lurewatch.cli.sign_in import Signer, open_desk, require_reason

if TYPE_CHECKING:
    from desk.cases.source_rulings import SourceRuling
    from desk.venues.probe import ProbeReport
    from desk.venues.suggest import Suggestion

require_signed_reason = require_reason("reason", "One sentence, kept with your name in the audit log.")


@click.group(invoke_without_command=True)
@click.option(
    "--all", "every", is_flag=True, help="Also what is not suggested, with the reason: too little, refused, blocked, gone."
)
@click.option("--size", type=click.IntRange(1, 10_000), default=20, show_default=True, help="Suggestions shown.")
@click.option("--probe", "probed", metavar="NAME", help="Look at one once; the outcome is kept in the audit log.")
@click.option("--rulings", is_flag=True, help="List what was accepted, refused and blocked, by whom and why.")
@json_option
@click.pass_context
def suggest(ctx: click.Context, every: bool, size: int, probed: str | None, rulings: bool, as_json: bool) -> None:
    """Show where confirmed and flagged lures lead: channels, boards and groups that are no source yet.

    Each posting in the index tells where it points: the channel it was forwarded from, the channels and groups it names, the
    sites it links to. Listed is what more lures point to than other adverts; who warns of a lure counts on neither side. Looking
    at the list asks nobody anything. --probe asks for one page, as robots.txt allows: what the venue is, how many of its posts
    are flagged, its source file. Groups and networks that cannot be read without joining or logging in are never asked.

    \b
    lurewatch sources suggest
    lurewatch sources suggest --probe telegram:sample_jobs
    lurewatch sources suggest rule refuse site:jobs.example --as lan --reason "an honest board"
    lurewatch sources suggest rule block @sample_friends --as lan --reason "a private person"
    lurewatch sources new https://t.me/s/sample_jobs

    A NAME is what the list shows (telegram:NAME, site:HOST), @NAME or an address. `lurewatch sources new` makes a source of one.
    A refused one stays away until new lures lead there, a blocked one for good; `undo` takes either back.
    """
    if ctx.invoked_subcommand is not None:
        return
    if probed:
        from lurewatch.app.suggested_venues import inspect

        _show_probe(inspect(load_in_force(), probed), as_json=as_json)
        return
    if rulings:
        _show_rulings(as_json=as_json)
        return
    from lurewatch.app.suggested_venues import suggestions

    results = suggestions(load_in_force(), every=every)
    _show(results[:size], len(results), every=every, as_json=as_json)


@suggest.command("rule")
@click.argument("step", type=click.Choice(["refuse", "block", "undo"]))
@click.argument("venue", metavar="NAME")
@require_signed_reason
@json_option
def rule_(step: str, venue: str, reason: str, signer: Signer, as_json: bool) -> None:
    """Rule on NAME: off the list until new lures lead there (refuse), for good (block), or take that back (undo)."""
    from lurewatch.app import suggested_venues

    settings = load_in_force()
    by = signer.sign_in(open_desk(settings))
    if step == "undo":
        _say(suggested_venues.undo(settings, venue, by=by, reason=reason), "that is undone", as_json)
        return
    ruling = suggested_venues.turn_down(settings, "refused" if step == "refuse" else "blocked", venue, by=by, reason=reason)
    _say(
        ruling, "it stays off the list until new lures lead there" if step == "refuse" else "it is never suggested again", as_json
    )


def _show_rulings(*, as_json: bool) -> None:
    from lurewatch.app import suggested_venues

    results = suggested_venues.standing_rulings(load_in_force())
    for ruling in results:
        _say(ruling, "", as_json)
    if not results and not as_json:
        click.echo("Nobody ruled on any suggested source: `lurewatch sources suggest` lists them.", err=True)


def _say(ruling: SourceRuling, then: str, as_json: bool) -> None:
    from desk.highlighting import plain_line

    if as_json:
        print_json(ruling)
    else:
        line = f"{ruling.venue}: {ruling.sentence}"
        click.echo(plain_line(f"{line}; {then}" if then else line))


def _show(results: Sequence[Suggestion], total: int, *, every: bool, as_json: bool) -> None:
    """Print suggestions, and what to do next."""
    if as_json:
        print_json(*results)
        return
    for suggestion in results:
        _print(_lines(suggestion))
    if not total:
        click.echo(
            "No lure in the index leads to a venue that is no source yet."
            if every
            else "No source is suggested: no lures lead anywhere new. `--all` shows where any lead and why that is not listed",
            err=True,
        )
        return
    click.echo(
        f"{len(results)} of {total}. Next: `lurewatch sources suggest --probe NAME`, then `sources new`, or rule on it", err=True
    )


def _show_probe(report: ProbeReport, *, as_json: bool) -> None:
    """Print what a look at a venue showed."""
    if as_json:
        print_json(report)
        return
    from desk.venues.suggest import describe_probe

    _print(describe_probe(report))
    if report.yaml:
        click.echo(f"--- the source file it leads to; nothing is written\n{report.yaml}")
    if report.outcome == "readable":
        click.echo("Next: `lurewatch sources new` with its address", err=True)


def _print(lines: Iterable[str]) -> None:
    """Print the first line as it is and the others below it."""
    from desk.highlighting import plain_line

    shown = "\n    ".join(map(plain_line, lines))
    Console().print(Text(shown), soft_wrap=True)


def _lines(suggestion: Suggestion) -> Iterator[str]:
    from desk.venues.suggest import describe_counts, describe_lure

    yield f"{suggestion.venue} - {suggestion.what}"
    yield describe_counts(suggestion.counts)
    if suggestion.hidden:
        yield f"not suggested: {suggestion.hidden}"
    elif suggestion.ruling:
        yield f"{suggestion.ruling.sentence}, and new lures lead there since"
    yield from (f"- {mention.item[:12]} {describe_lure(mention)}" for mention in suggestion.reasons)
