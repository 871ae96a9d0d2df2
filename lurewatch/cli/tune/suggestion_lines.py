"""Suggested sources and probes as lines of text or JSON."""

from collections.abc import Iterable, Iterator, Sequence

import click
import msgspec
from rich.console import Console
from rich.text import Text

from desk.highlighting import plain_line
from lurewatch.app.venues import words
from lurewatch.app.venues.inspect_venue import ProbeReport
from lurewatch.app.venues.suggest import Suggestion


def show(results: Sequence[Suggestion], total: int, *, every: bool, as_json: bool) -> None:
    """Print suggestions, and what to do next."""
    for suggestion in results:
        if as_json:
            click.echo(msgspec.json.encode(suggestion).decode())
        else:
            _print(_lines(suggestion))
    if as_json:
        return
    if not total:
        click.echo(
            "No lure in the index leads to a venue that is no source yet."
            if every
            else "No source is suggested: no lures lead anywhere new. `--all` shows where any lead and why that is not listed",
            err=True,
        )
        return
    click.echo(
        f"{len(results)} of {total}. Next: `lurewatch sources suggest probe NAME`, then accept, refuse or block it", err=True
    )


def show_probe(report: ProbeReport, *, as_json: bool) -> None:
    """Print what a look at a venue showed."""
    if as_json:
        click.echo(msgspec.json.encode(report).decode())
        return
    lines = [f"{report.venue}: {report.outcome} - {report.words} ({words.count_noun(report.requests, 'page')} asked for)"]
    if report.posts:
        lines.append(f"{report.flagged} of the {report.posts} postings on that page are flagged")
    lines += [relative.sentence for relative in report.relatives]
    _print(lines)
    if report.yaml:
        click.echo(f"--- the source file it leads to; nothing is written\n{report.yaml}")
    if report.outcome == "readable":
        click.echo(f"Next: lurewatch sources suggest accept {report.venue} --as NAME --reason WHY", err=True)


def _print(lines: Iterable[str]) -> None:
    """Print the first line as it is and the others below it."""
    shown = "\n    ".join(map(plain_line, lines))
    Console().print(Text(shown), soft_wrap=True)


def _lines(suggestion: Suggestion) -> Iterator[str]:
    yield f"{suggestion.rank.points:.1f} {suggestion.venue} - {suggestion.what}"
    counts, *others = words.facts(suggestion)
    yield counts
    if suggestion.hidden:
        yield f"not suggested: {suggestion.hidden}"
    elif suggestion.ruling:
        yield f"{suggestion.ruling.sentence}, and new lures lead there since"
    yield from others
    yield from (f"- {mention.item[:12]} {words.lure(mention)}" for mention in suggestion.rank.reasons)
