"""`lurewatch run`: crawl, assess, load and link, source by source, with one summary line each."""

import json
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from crawlers.errors import CrawlError, PassportRefused
from crawlers.partition import Report
from crawlers.sources.source import Source
from enrichment.assess import Assessor
from index.base import Store, StoreError
from index.load import goes_on
from lurewatch import assessments
from lurewatch.app import pipeline
from lurewatch.app.sample import how_to_serve
from lurewatch.models import judges
from lurewatch.settings import Settings, load_settings
from lurewatch.store import store_of

Summary = dict[str, Any]


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
        sources = pipeline.chosen(settings, names)
    except (pipeline.UnknownSource, CrawlError) as exc:
        raise click.ClickException(str(exc)) from exc
    if not sources:
        raise click.ClickException("no source is enabled; `lurewatch sources list` shows all, `enabled: true` turns one on")
    try:
        store = store_of(settings)
    except StoreError as exc:
        raise click.ClickException(str(exc)) from exc
    console = Console(stderr=True)
    try:
        summaries = run_all(sources, settings, store, jobs, console, as_json)
    finally:
        store.close()
    if not as_json:
        console.print(table(summaries))
    if not all(map(green, summaries)):
        sys.exit(1)


def run_all(sources: list[Source], settings: Settings, store: Store, jobs: int, console: Console, as_json: bool) -> list[Summary]:
    """Crawl side by side; assess and load each as it comes in. Return one summary per source, in the order they ended."""
    assessor = judges.champion(settings)
    summaries = []
    done = TextColumn("{task.fields[done]}")
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), done, TimeElapsedColumn())
    with Progress(*columns, console=console, disable=as_json) as progress, ThreadPoolExecutor(jobs) as pool:
        futures: dict[Future[tuple[str, Report]], tuple[Source, TaskID, float]] = {}
        for source in sources:
            bar = progress.add_task(source.name, total=None, done="waiting")

            def show(count: dict[str, Any], bar: TaskID = bar) -> None:
                progress.update(bar, done=" · ".join(f"{value} {name}" for name, value in count.items()))

            futures[pool.submit(pipeline.fetch, source, settings, show)] = (source, bar, time.monotonic())
        for future in as_completed(futures):
            source, bar, started = futures[future]
            summary = finish(source, future, settings, store, assessor) | {"seconds": round(time.monotonic() - started, 1)}
            ended = f"refused: {summary['reason']}" if summary["state"] == "refused" else str(summary["state"])
            progress.update(bar, total=1, completed=1, done=escape(ended))
            summaries.append(summary)
    if as_json:
        for summary in summaries:
            click.echo(json.dumps(summary, ensure_ascii=False))
    return summaries


def finish(source: Source, crawled: Future[tuple[str, Report]], settings: Settings, store: Store, assessor: Assessor) -> Summary:
    """Assess, load and link one crawled source; an error of one source is its summary's reason and stops no other."""
    try:
        partition, report = crawled.result()
        seen: Summary = {"fetched": report.fetched, "parsed": report.parsed, "rejected": report.rejected, "pages": report.pages}
        nothing = not report.fetched and report.state not in pipeline.GREEN
        fix = how_to_serve(source, allow_loopback=settings.allow_loopback) if nothing else ""
        reason = "; ".join(filter(None, (report.reason, fix)))
        run: Summary = {"source": source.name, "state": report.state, "reason": reason, "partition": partition}
        if not goes_on(report):
            return run | seen
        assessed = pipeline.assess(partition, settings, assessor)
        outcome = pipeline.put(partition, assessed, store)
    except PassportRefused as exc:
        return {"source": source.name, "state": "refused", "reason": exc.reason}
    except (CrawlError, StoreError, OSError) as exc:
        return {"source": source.name, "state": "failed", "reason": str(exc)}
    flagged = sum(one.flagged for one in assessments.read(assessed))
    run["reason"] = "; ".join(filter(None, (reason, pipeline.refused(outcome))))
    return run | seen | pipeline.counts(outcome) | {"flagged": flagged}


def green(summary: Summary) -> bool:
    """Whether a source's run needs nobody: its state is a good one and the index took every document."""
    return summary["state"] in pipeline.GREEN and not summary.get("dead")


def table(summaries: list[Summary]) -> Table:
    """Return the table people read at the end."""
    made = Table(title="Run", title_justify="left")
    for heading in ("source", "state", "seen", "kept", "new", "changed", "same", "flagged", "s"):
        made.add_column(heading, justify="left" if heading in ("source", "state") else "right", no_wrap=heading == "source")
    for one in sorted(summaries, key=lambda summary: str(summary["source"])):
        colour = "green" if green(one) else "red"
        keys = ("fetched", "parsed", "inserted", "revised", "unchanged", "flagged", "seconds")
        made.add_row(one["source"], f"[{colour}]{one['state']}[/]", *(str(one.get(key, "")) for key in keys))
    if reasons := [f"{one['source']}: {one['reason']}" for one in summaries if one.get("reason")]:
        made.caption, made.caption_justify = escape("\n".join(reasons)), "left"
    return made
