"""``lurewatch sources try``: a real run of a source cut down to one list page and one detail page, in a folder thrown away; and
``verify``: the first contact with a site, shown check by check, and the file written as verified."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec
from rich.console import Console
from rich.markup import escape

from crawlers.items import Posting, Reject
from foundation.crawl_errors import CrawlError
from foundation.whole_files import replace_file
from lurewatch.cli.presenter import make_table, print_json
from lurewatch.cli.tune.sources_new import write_case
from lurewatch.settings import Settings

if TYPE_CHECKING:
    from crawlers.evidence.partition import Report
    from crawlers.fetch.scrapy_settings import CrawlOptions
    from crawlers.sources.source import Source

    Trying = tuple[list[Posting], list[Reject], Report | None, Mapping[str, int]]
    """Postings, rejects, the report of a run, and its counters."""
    from crawlers.discovery.source_verification import Verification


REQUESTS = (3, 6)
"""robots.txt aside: one list page and one page behind it; a few more when that one shows nothing or is forbidden."""
SHOWN = 5
"""Postings printed; all are counted."""


def attempt(settings: Settings, source: Source, url: str | None, *, as_json: bool, cases: Path | None = None) -> None:
    """Fetch, read and print; raise ClickException when nothing was read."""
    from crawlers.sources.expectations import FIELDS, fill_rates
    from crawlers.sources.source import refusal
    from lurewatch.app.crawl_inputs import crawl_options

    if (why := refusal(source, datetime.now(UTC).date())) and not as_json:
        click.echo(f"note: {source.name} may not run yet ({why}); two pages are looked at on your word", err=True)
    options = crawl_options(settings, look=True)
    postings, rejects, report, counters = _page(source, options, url, cases) if url else _walk(source, options, REQUESTS[0])
    if not postings and report:
        postings, rejects, report, counters = _walk(source, options, REQUESTS[1])
    rates = fill_rates(postings, (*FIELDS, *source.expect.min.fill_rate))
    if as_json:
        print_json(*postings)
    else:
        _show(postings, rejects, rates, source, report, counters)
    if not postings:
        reason = (
            f"{report.state}: {report.reason}" if report else "; ".join(f"{reject.reason} {reject.detail}" for reject in rejects)
        )
        reason = reason or "no posting on the page"
        raise click.ClickException(f"{source.name}: nothing was read ({reason}); correct start, follow or page")


def _walk(source: Source, options: CrawlOptions, requests: int) -> Trying:
    """Run the source itself for so many requests."""
    from crawlers.discovery.source_trials import trial_run

    run = trial_run(source, options, requests)
    return run.postings, run.rejects, run.report, run.report.counters


def _page(source: Source, options: CrawlOptions, url: str, cases: Path | None) -> Trying:
    """Read one page with the parser of the source; save it as its page case under ``cases`` when that is given."""
    from crawlers.discovery.guided_fetch import PageRequest, fetching
    from crawlers.discovery.page_case import case_from
    from crawlers.frontier.visits import FIRST
    from crawlers.pages import page_families
    from crawlers.pages.posting_fields.field_overrides import field_counters
    from crawlers.sources.page_steps import step_counters
    from crawlers.sources.source import Trial

    crawl = source.crawl
    role = FIRST[crawl.spider] if url in {crawl.start_at(start, 1) for start in crawl.start} else "detail"
    wanted = PageRequest(url=url, role=role, **crawl.rendering_on(role))
    with fetching(source, options, Trial.SOURCES_TRY) as fetcher:
        page = fetcher.fetch(wanted)
    if page.error:
        raise CrawlError(f"{page.url}: {page.error}")
    fields = {} if source.crawl.json_paths else source.crawl.fields.named_fields()
    read = page_families.parse(
        page.text, page.url, page=source.crawl.page, source=source.name, now=datetime.now(UTC), fields=fields
    )
    if cases:
        try:
            write_case(cases / source.name, case_from(page, datetime.now(UTC), fields))
        except FileExistsError as exc:
            raise CrawlError(f"{exc.filename} is there already and is not overwritten; remove it first") from exc
        click.echo(f"saved {cases / source.name}: look for names of people before you commit it", err=True)
    if not read.postings and read.links:
        click.echo(f"a list of {len(read.links)} links, the first {read.links[0]}", err=True)
    for result in page.steps:
        if result.problem:
            click.echo(f"step {result.number}: {result.problem}", err=True)
    return list(read.postings), list(read.rejected), None, field_counters(read) | step_counters(page.steps)


def _show(
    postings: Sequence[Posting],
    rejects: Sequence[Reject],
    rates: dict[str, float],
    source: Source,
    report: Report | None,
    counters: Mapping[str, int],
) -> None:
    from desk.highlighting import plain_line

    console = Console()
    for posting in postings[:SHOWN]:
        table = make_table("", escape(posting.url), whole=("",))
        for name, value in facts(posting):
            table.add_row(f"[dim]{name}[/]", escape(value))
        console.print(table)
    if len(postings) > SHOWN:
        console.print(f"... and {len(postings) - SHOWN} more postings")
    for reject in rejects[:SHOWN]:
        console.print(f"[yellow]rejected[/] {escape(plain_line(f'{reject.url}: {reject.reason} {reject.detail}'))}")
    console.print(f"{len(postings)} postings")
    filled = make_table("field", "filled", "expected", "read by")
    for name, rate in rates.items():
        least = source.expect.min.fill_rate.get(name)
        colour = "red" if least is not None and rate < least else "green" if rate else "dim"
        filled.add_row(
            name, f"[{colour}]{rate:.0%}[/]", "" if least is None else f"{least:.0%}", escape(origin(source, name, counters))
        )
    console.print(filled)
    for line in steps_told(source, report, counters):
        console.print(escape(plain_line(line)))
    if report:
        console.print(f"{report.requests} requests, {report.pages} pages, {report.robots_denied} forbidden by robots.txt")


def steps_told(source: Source, report: Report | None, counters: Mapping[str, int]) -> Iterator[str]:
    """Yield sentences about what each step of the source did, and why where it was not carried out."""
    from crawlers.sources.causes import STEP, describe_cause

    for number, step in enumerate(source.crawl.steps, 1):
        pages, missed, done = (counters.get(f"step/{number}/{name}", 0) for name in ("pages", "missed", "done"))
        yield f"step {number} {step.label} [{step.on}]: carried out on {pages} of {pages + missed} pages, done {done} times"
    for cause in report.causes if report else ():
        if cause.outcome.startswith(STEP):
            yield describe_cause(cause)


def origin(source: Source, name: str, counters: Mapping[str, int]) -> str:
    """Return where a field comes from: a selector with the pages it found anything on, a path, or the page parser."""
    crawl, name = source.crawl, name.removesuffix("_raw")
    if selector := crawl.fields.named_fields().get(name):
        if crawl.json_paths:
            return f"crawl.fields: {selector}"
        found, missed = (counters.get(f"field/{name}/{what}", 0) for what in ("selected", "missed"))
        return f"crawl.fields: {selector} (on {found} of {found + missed} pages)"
    if crawl.json_paths:
        path = getattr(crawl.json_paths, name, None)
        return f"crawl.json: {path}" if path else ""
    return f"page parser {crawl.page}" if crawl.page else "page parser"


def facts(posting: Posting) -> Iterator[tuple[str, str]]:
    """Yield the filled fields of a posting with their values in words that are safe to print."""
    from desk.highlighting import plain_line

    for name in Posting.__struct_fields__:
        value = getattr(posting, name)
        if value in (None, "", (), False, msgspec.UNSET) or name in ("id", "source", "capture", "fetched_at", "url"):
            continue
        if isinstance(value, datetime):
            value = value.isoformat(timespec="minutes")
        elif not isinstance(value, str):
            value = json.dumps(msgspec.to_builtins(value), ensure_ascii=False)
        value = value[:600] + ("..." if len(value) > 600 else "")
        yield name, "\n".join(plain_line(line) for line in value.splitlines())


PASSPORT_DAYS = 180
"""For how long terms that were read today are good."""
MARKS = {"passed": "[green]passed[/]   ", "attention": "[yellow]attention[/]", "failed": "[red]failed[/]   "}


def verify(settings: Settings, source: Source, *, terms_read: bool, yes: bool, as_json: bool) -> None:
    """Look, show, and write the verified file when asked to; raise ClickException when a check failed."""
    from crawlers.discovery.source_verification import verify_source
    from crawlers.sources.source_edit import checked_edit
    from lurewatch.app.crawl_inputs import crawl_options

    if why := settings.read_only_seeds:
        raise click.ClickException(why)
    today = datetime.now(UTC).date()
    path = settings.seeds / "sources" / f"{source.name}.yml"
    result = verify_source(
        crawl_options(settings), source, today, progress=lambda words: None if as_json else click.echo(words, err=True)
    )
    changes = _changes(result, terms_read, today)
    text = checked_edit(path, changes)[0] if changes else ""
    before = path.read_text(encoding="utf-8")
    if not as_json:
        _show_checks(result, before, text, path)
    written = bool(text) and (yes or (not as_json and click.confirm("Write this file?", default=False)))
    if written:
        replace_file(path, text)
    if as_json:
        values: dict[str, Any] = msgspec.to_builtins(result)
        print_json(values | {"changes": msgspec.to_builtins(changes), "passed": result.is_passed, "written": written})
    if not result.is_passed:
        raise click.ClickException(f"{source.name} is not verified: mend what failed, then verify again")
    if not as_json:
        click.echo(_next(source, written, terms_read))


def _changes(result: Verification, terms_read: bool, today: date) -> dict[str, Any]:
    if not result.changes or not terms_read:
        return result.changes
    passport = {"access.terms_checked": today, "access.review_by": today + timedelta(days=PASSPORT_DAYS)}
    return {**result.changes, **passport}


def _show_checks(result: Verification, before: str, text: str, path: Path) -> None:
    from desk.highlighting import plain_line

    console = Console()
    for check in result.checks:
        console.print(f"{MARKS[check.outcome]} [bold]{check.name}[/]  {escape(plain_line(check.message))}", soft_wrap=True)
        for quote in check.quotes:
            console.print(f"             [dim]“{escape(plain_line(quote))}”[/]", soft_wrap=True)
        if check.fix:
            console.print(f"             [dim]-> {escape(plain_line(check.fix))}[/]", soft_wrap=True)
    console.print(f"{result.requests} pages were asked for, robots.txt aside.")
    for line in unified_diff(before.splitlines(), text.splitlines(), str(path), "verified", lineterm="", n=1) if text else ():
        words = line.lstrip("-+ ")
        click.echo(line.removesuffix(words) + plain_line(words))


def _next(source: Source, written: bool, terms_read: bool) -> str:
    if not written:
        return "nothing written"
    if terms_read or source.access.terms_checked:
        return f"written. Next: look for what the note says; set enabled: true; `lurewatch crawl {source.name}`"
    return "written. Next: read the terms, then verify again with --terms-read; without it the source does not run"
