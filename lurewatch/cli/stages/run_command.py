"""`lurewatch run`: crawl, assess, load and link, source by source, with one summary line each."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from lurewatch.app.in_force import InForce, load_in_force
from lurewatch.app.resources import index_opened
from lurewatch.cli.presenter import json_option, make_table, print_json

if TYPE_CHECKING:
    from crawlers.sources.source import Source
    from index.base import Store
    from lurewatch.app.source_runs import Summary


@click.command()
@click.argument("names", nargs=-1, metavar="[SOURCE]...")
@click.option(
    "--jobs", type=click.IntRange(min=1), default=4, show_default=True,
    help="Sources crawled at the same time; each is polite on its own.",
)  # fmt: skip
@json_option
def command(names: tuple[str, ...], jobs: int, as_json: bool) -> None:
    """Crawl, assess, load and link the enabled sources, or those named.

    Exit code 0 only when every source ended ok, empty where nothing was promised, or partial, and all its postings are in the
    index. Run it again at any time: a run that was killed is carried on, what has not changed is not fetched again, and nothing
    is stored twice.
    """
    from lurewatch.app import pipeline
    from lurewatch.app.source_runs import green

    settings = load_in_force()
    sources = pipeline.choose_sources(settings, names)
    if not sources:
        if resting := [source.name for source in settings.sources if source.enabled]:
            raise click.ClickException(
                f"all {len(resting)} enabled sources rest, as said above; name one to run it: `lurewatch run {resting[0]}`"
            )
        raise click.ClickException("no source is enabled; `lurewatch sources list` shows all, `enabled: true` turns one on")
    console = Console(stderr=True, quiet=settings.log_format == "json")
    with index_opened(settings) as store:
        summaries = run_all(sources, settings, store, jobs, console, as_json)
    if not as_json:
        console.print(table(summaries))
    if not all(map(green, summaries)):
        sys.exit(1)


def run_all(sources: list[Source], settings: InForce, store: Store, jobs: int, console: Console, as_json: bool) -> list[Summary]:
    """Run the sources with a bar each. Return one summary per source, in the order they ended."""
    from lurewatch.app.source_runs import run_sources

    summaries = []
    with crawl_bars([source.name for source in sources], console, hidden=as_json) as tell:
        for summary in run_sources(sources, settings, store, jobs, lambda name, counts: tell(name, describe_counts(counts))):
            ended = f"refused: {summary['reason']}" if summary["state"] == "refused" else str(summary["state"])
            tell(summary["source"], escape(ended))
            summaries.append(summary)
    if as_json:
        print_json(*summaries)
    return summaries


@contextmanager
def crawl_bars(names: list[str], console: Console, *, hidden: bool) -> Iterator[Callable[[str, str], None]]:
    """Show a line for each source while the block runs; give what says, by name, how far one is."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.fields[done]}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=hidden) as bars:
        tasks = {name: bars.add_task(name, total=None, done="waiting") for name in names}
        yield lambda name, words: bars.update(tasks[name], done=words) if name in tasks else None


def describe_counts(counts: dict[str, Any]) -> str:
    """Return progress for one line: numbers with their names."""
    return " · ".join(f"{value} {name}" for name, value in counts.items() if isinstance(value, int))


def table(summaries: list[Summary]) -> Table:
    """Return the table people read at the end."""
    from lurewatch.app.source_runs import green

    figures = ("seen", "kept", "new", "changed", "same", "flagged", "s")
    result = make_table("source", "state", *figures, right=figures, whole=("source",))
    for item in sorted(summaries, key=lambda summary: str(summary["source"])):
        colour = "green" if green(item) else "red"
        keys = ("fetched", "parsed", "inserted", "revised", "unchanged", "flagged", "seconds")
        result.add_row(item["source"], f"[{colour}]{item['state']}[/]", *(str(item.get(key, "")) for key in keys))
    if reasons := [f"{summary['source']}: {summary['reason']}" for summary in summaries if summary.get("reason")]:
        result.caption, result.caption_justify = escape("\n".join(reasons)), "left"
    return result
