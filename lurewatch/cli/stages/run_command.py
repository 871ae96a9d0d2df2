"""`lurewatch run`: crawl, assess, load and link, source by source, with one summary line each."""

import json
import sys
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from crawlers.crawl_errors import CrawlError
from crawlers.sources.source import Source
from index.base import Store, StoreError
from lurewatch.app import pipeline
from lurewatch.app.source_runs import Summary, green, run_sources
from lurewatch.configured_store import store_of
from lurewatch.settings import Settings, load_settings


@click.command()
@click.argument("names", nargs=-1, metavar="[SOURCE]...")
@click.option(
    "--jobs", type=click.IntRange(min=1), default=4, show_default=True,
    help="Sources crawled at the same time; each is polite on its own.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="One JSON line a source on standard output.")
def command(names: tuple[str, ...], jobs: int, as_json: bool) -> None:
    """Crawl, assess, load and link the enabled sources, or those named.

    Exit code 0 only when every source ended ok, empty where nothing was promised, or partial, and all its postings are in the
    index. Run it again at any time: a run that was killed is carried on, what has not changed is not fetched again, and nothing
    is stored twice.
    """
    settings = load_settings()
    try:
        sources = pipeline.choose_sources(settings, names)
    except (pipeline.UnknownSource, CrawlError) as exc:
        raise click.ClickException(str(exc)) from exc
    if not sources:
        raise click.ClickException("no source is enabled; `lurewatch sources list` shows all, `enabled: true` turns one on")
    try:
        store = store_of(settings)
    except StoreError as exc:
        raise click.ClickException(str(exc)) from exc
    console = Console(stderr=True, quiet=settings.log_format == "json")
    try:
        summaries = run_all(sources, settings, store, jobs, console, as_json)
    finally:
        store.close()
    if not as_json:
        console.print(table(summaries))
    if not all(map(green, summaries)):
        sys.exit(1)


def run_all(sources: list[Source], settings: Settings, store: Store, jobs: int, console: Console, as_json: bool) -> list[Summary]:
    """Run the sources with a bar each. Return one summary per source, in the order they ended."""
    summaries = []
    done = TextColumn("{task.fields[done]}")
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), done, TimeElapsedColumn())
    with Progress(*columns, console=console, disable=as_json) as progress:
        bars = {source.name: progress.add_task(source.name, total=None, done="waiting") for source in sources}

        def show(name: str, count: dict[str, Any]) -> None:
            progress.update(bars[name], done=" · ".join(f"{value} {key}" for key, value in count.items()))

        for summary in run_sources(sources, settings, store, jobs, show):
            ended = f"refused: {summary['reason']}" if summary["state"] == "refused" else str(summary["state"])
            progress.update(bars[summary["source"]], total=1, completed=1, done=escape(ended))
            summaries.append(summary)
    if as_json:
        for summary in summaries:
            click.echo(json.dumps(summary, ensure_ascii=False))
    return summaries


def table(summaries: list[Summary]) -> Table:
    """Return the table people read at the end."""
    result = Table(title="Run", title_justify="left")
    for heading in ("source", "state", "seen", "kept", "new", "changed", "same", "flagged", "s"):
        result.add_column(heading, justify="left" if heading in ("source", "state") else "right", no_wrap=heading == "source")
    for item in sorted(summaries, key=lambda summary: str(summary["source"])):
        colour = "green" if green(item) else "red"
        keys = ("fetched", "parsed", "inserted", "revised", "unchanged", "flagged", "seconds")
        result.add_row(item["source"], f"[{colour}]{item['state']}[/]", *(str(item.get(key, "")) for key in keys))
    if reasons := [f"{summary['source']}: {summary['reason']}" for summary in summaries if summary.get("reason")]:
        result.caption, result.caption_justify = escape("\n".join(reasons)), "left"
    return result
