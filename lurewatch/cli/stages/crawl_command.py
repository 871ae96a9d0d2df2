"""`lurewatch crawl`: stage 1 alone, one sealed run partition per source."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click
import msgspec
from rich.console import Console
from rich.markup import escape

from foundation.crawl_errors import CrawlError, PassportRefused
from lurewatch.app.in_force import InForce, load_in_force
from lurewatch.cli.presenter import json_option, print_json
from lurewatch.cli.stages.run_command import crawl_bars, describe_counts

if TYPE_CHECKING:
    from crawlers.sources.source import Source


COLOURS = {"ok": "green", "empty": "yellow", "partial": "yellow", "changed": "yellow"}


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--runs", metavar="ADDRESS", help="Folder or fsspec address for the partitions, instead of LUREWATCH_RUNS.")
@click.option("--seconds", type=click.IntRange(min=1), help="Time limit per source, instead of its crawl.limits.seconds.")
@json_option
def command(names: tuple[str, ...], runs: str | None, seconds: int | None, as_json: bool) -> None:
    """Crawl each SOURCE into a sealed run partition and print its address and what the run amounts to.

    A run that was killed carries on where it was. Exit code 0 when every run ended ok, empty (nothing there, nothing promised)
    or partial (a limit was met; the reason names it); 1 when one ended changed (fewer or emptier postings than the source
    expects), blocked, failed, or was refused for its access passport.
    """
    from lurewatch.app import pipeline

    settings = load_in_force()
    if runs is not None:
        settings = settings.model_copy(update={"runs": runs})
    sources = pipeline.choose_sources(settings, names)
    console = Console(stderr=True, quiet=settings.log_format == "json")
    entries = [_crawl_source(source, settings, seconds, console, as_json) for source in sources]
    if any(item["state"] not in pipeline.GREEN for item in entries):
        sys.exit(1)


def _crawl_source(source: Source, settings: InForce, seconds: int | None, console: Console, as_json: bool) -> dict[str, Any]:
    """Crawl one source, print the result, and return it."""
    from lurewatch.app import pipeline

    values: dict[str, Any]
    with crawl_bars([source.name], console, hidden=as_json) as tell:

        def show(counts: dict[str, Any]) -> None:
            tell(source.name, describe_counts(counts))

        try:
            address, report = pipeline.fetch(source, settings, show, seconds=seconds)
            values = {"partition": address, **msgspec.to_builtins(report)}
        except PassportRefused as exc:
            values = {"source": source.name, "state": "refused", "reason": exc.reason}
        except CrawlError as exc:
            values = {"source": source.name, "state": "failed", "reason": str(exc)}
    if as_json:
        print_json(values)
    else:
        if "partition" in values:
            click.echo(values["partition"])
        colour = COLOURS.get(values["state"], "red")
        console.print(
            f"[{colour}]{values['state']}[/] {escape(source.name)}: {escape(_describe_values(values))}", highlight=False
        )
    return values


def _describe_values(values: dict[str, Any]) -> str:
    from crawlers.evidence.partition import Report

    if "partition" not in values:
        return str(values["reason"])
    report = msgspec.convert(values, Report, strict=False)
    rejected = sum(report.rejected.values())
    words = f"{report.parsed} postings from {report.pages} pages ({report.duplicate} seen twice, {rejected} rejected)"
    if report.robots_denied:
        words += f", {report.robots_denied} addresses left alone for robots.txt"
    if report.resumed:
        words += f", carried on {report.resumed} times"
    return "; ".join([words, *([report.reason] if report.reason else []), *report.warnings])
