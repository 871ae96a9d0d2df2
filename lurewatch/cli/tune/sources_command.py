"""``lurewatch sources``: the places that are crawled - which there are, whether their files are right, how they are doing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.markup import escape

from foundation.crawl_errors import CrawlError
from lurewatch.app.in_force import InForce, load_in_force, read_in_force
from lurewatch.cli.presenter import json_option, make_table, print_json, print_table
from lurewatch.cli.tune.sources_init import init_command
from lurewatch.cli.tune.sources_suggest import suggest
from lurewatch.settings import Settings, load_settings

if TYPE_CHECKING:
    from crawlers.sources.health import Health
    from crawlers.sources.source import Source


CASES = click.option(
    "--cases",
    default=Path("tests/sources"),
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the page cases.",
)
COLOURS = {"ok": "green", "partial": "yellow", "empty": "yellow", "changed": "red", "blocked": "red", "failed": "red"}


@click.group()
def command() -> None:
    """List, check, add, verify, try and watch sources; `init` copies the seeds of this release.

    A source is one file, seeds/sources/NAME.yml: who runs the site, why it may be fetched, how it is walked and what a healthy
    run brings. docs/sources.md explains each line; CONTRIBUTING.md adds one in ten minutes.
    """


@command.command("list")
@click.option("--enabled", "only_enabled", is_flag=True, help="Leave out the disabled ones.")
@json_option
def list_(only_enabled: bool, as_json: bool) -> None:
    """Show the sources: state, schedule, how long the access passport is good, and the last run."""
    from crawlers.sources.health import health
    from crawlers.sources.source import refusal

    settings = load_in_force()
    sources = [source for source in _sources(settings) if source.enabled or not only_enabled]
    if not sources:
        raise click.ClickException(f"no source in {settings.seeds}/sources; add one with `lurewatch sources new URL`")
    now = datetime.now(UTC)
    table = make_table("source", "spider", "state", "verified", "schedule", "passport", "last run", whole=("source", "state"))
    for source in sources:
        how = health(source, settings.runs, now)
        refused = refusal(source, now.date())
        state = "disabled" if not source.enabled else "refused" if refused else "enabled"
        if as_json:
            print_json(_line(source, how, state, refused))
            continue
        last = f"[{COLOURS[how.last_state]}]{how.last_state}[/] {how.last_run:%m-%d %H:%M}" if how.last_state else "never"
        colour = {"enabled": "green", "refused": "red", "disabled": "dim"}[state]
        spider = source.crawl.spider + ("*" if source.crawl.render else "")
        until = str(source.access.review_by or "none")
        verified = str(source.verified) if source.verified else "[yellow]never[/]"
        table.add_row(source.name, spider, f"[{colour}]{state}[/]", verified, source.schedule, until, last)
    if not as_json:
        print_table(table)
        enabled = sum(source.enabled for source in sources)
        never = sum(source.verified is None for source in sources)
        click.echo(f"{len(sources)} sources, {enabled} enabled; * rendered. A disabled one has a note of what to confirm first.")
        click.echo(f"in force: {settings.sentence}")
        if never:
            click.echo(
                f"{never} were never verified: their addresses, selectors and bounds were written without a fetch. "
                "`lurewatch sources verify SOURCE` makes the first contact."
            )


def _line(source: Source, how: Health, state: str, refused: str | None) -> dict[str, Any]:
    return {
        "source": source.name,
        "title": source.title,
        "kind": source.kind,
        "spider": source.crawl.spider,
        "languages": source.languages,
        "countries": source.countries,
        "state": state,
        "verified": str(source.verified) if source.verified else None,
        "refusal": refused,
        "schedule": source.schedule,
        "terms_checked": str(source.access.terms_checked) if source.access.terms_checked else None,
        "passport_until": str(source.access.review_by) if source.access.review_by else None,
        "last_state": how.last_state,
        "last_run": how.last_run.isoformat() if how.last_run else None,
    }


@command.command()
@json_option
def check(as_json: bool) -> None:
    """Read every source file as it stands and say all that is wrong, as file:line: problem; fix. Exit code 1 when anything is.

    Where a commit is in force, its files are, whatever these say: it is named. A source whose adverts nobody takes notices about
    without a reason (`operator.takedown.no_route`) is named; that is no problem.
    """
    from crawlers.sources.source import read_sources, refusal

    settings = load_settings()
    seeds, in_force = settings.seeds, read_in_force(settings)
    sources, problems = read_sources(seeds)
    today = datetime.now(UTC).date()
    for source in sources:
        if source.enabled and (why := refusal(source, today)):
            problems.append(f"{seeds / 'sources' / source.name}.yml: enabled, but may not run: {why}")
    unrouted = _list_unrouted(settings, sources)
    if as_json:
        found = {"sources": len(sources), "problems": problems, "checked": str(seeds), "in_force": in_force.commit}
        print_json(found | {"unrouted": unrouted})
    else:
        for line in problems:
            click.echo(line, err=True)
        enabled = sum(source.enabled for source in sources)
        for name in unrouted:
            click.echo(f"{name}: nobody takes notices about its adverts; write why as operator.takedown.no_route", err=True)
        click.echo(f"{len(sources) - len(unrouted)} of {len(sources)} have a receiver of notices, or the reason why not")
        click.echo(f"{len(sources)} sources are right ({enabled} enabled), {len(problems)} problems")
        click.echo(f"in force: {in_force.sentence}")
    if problems or not sources:
        sys.exit(1)


def _list_unrouted(settings: Settings, sources: list[Source]) -> list[str]:
    """Return the sources without receiver and reason; none while the receivers themselves are faulty, which the doctor says."""
    from desk.platforms import load_platforms, unrouted_sources

    try:
        return unrouted_sources(sources, load_platforms(settings.seeds))
    except CrawlError:
        return []


@command.command("health")
@click.argument("names", nargs=-1, metavar="[SOURCE]...")
@json_option
def health_(names: tuple[str, ...], as_json: bool) -> None:
    """Say which enabled sources need attention, why, and what to do. Exit code 1 when any does.

    Read from the reports of the last runs: blocked, empty, changed, partial and failed runs in a row, fields that are filled
    less than before, fewer postings than usual, a missed schedule, a passport about to run out, and silence that the source's
    own past makes implausible (docs/monitoring.md).
    """
    from crawlers.sources.health import health

    settings = load_in_force()
    now = datetime.now(UTC)
    results = [health(source, settings.runs, now) for source in _named_sources(_sources(settings), names)]
    ailing = [how for how in results if how.findings]
    if as_json:
        print_json(*results)
    else:
        console = Console()
        for how in results:
            console.print(_health_lines(how), soft_wrap=True)
        if not results:
            click.echo("no source is enabled; `lurewatch sources list` shows all, `enabled: true` turns one on")
        else:
            click.echo(f"{len(ailing)} of {len(results)} sources need attention")
        click.echo(f"in force: {settings.sentence}")
    if ailing:
        sys.exit(1)


def _health_lines(how: Health) -> str:
    from crawlers.sources.setting_types import BY_HAND
    from desk.highlighting import plain_line

    quiet = f", last new posting {how.last_new:%Y-%m-%d}" if how.last_new else ""
    quiet += f", {how.silence.state.replace('_', ' ')}" if how.silence.state != "ok" else ""
    last = f"last run {how.last_run:%Y-%m-%d %H:%M} {how.last_state}{quiet}" if how.last_run else "never run"
    last += ", runs by hand only" if how.schedule == BY_HAND else ""
    mark = "[red]attention[/]" if how.findings else "[green]fine[/]"
    lines = [f"{mark} [bold]{how.source}[/] - {last}"]
    lines += [
        f"    {escape(plain_line(finding.problem))}\n    [dim]-> {escape(plain_line(finding.fix))}[/]" for finding in how.findings
    ]
    return "\n".join(lines)


@command.command()
@click.argument("url", required=False)
@click.option("--name", help="Name of the source (file name, a-z 0-9 _); made from the address when not given.")
@click.option("--yes", is_flag=True, help="Write the files without asking.")
@click.option("--dry-run", is_flag=True, help="Show what would be written, write nothing.")
@CASES
@json_option
def new(url: str | None, name: str | None, yes: bool, dry_run: bool, cases: Path, as_json: bool) -> None:
    """Look at a site politely and propose a complete source file for it.

    URL is the page that lists adverts, a feed, a public channel preview or a forum section. At most twelve requests are made,
    as robots.txt allows and with a pause between them. The file is written disabled: read the site's terms first.
    Without a URL it prints the sites that people proposed at the desk.
    """
    if url is None:
        from lurewatch.app.seeds.desk_seeds import proposed_seeds

        for lines in proposed_seeds(load_settings(), "site"):
            click.echo(lines)
        return
    from lurewatch.cli.tune.sources_new import add  # the crawler's parts load slowly and only this command needs them

    add(load_settings(), url, name, yes=yes, dry_run=dry_run, cases=cases, as_json=as_json)


@command.command("try")
@click.argument("name", metavar="SOURCE")
@click.option("--url", help="Read this page of the site instead of its list and first detail page.")
@click.option(
    "--save-case",
    type=click.Path(path_type=Path, file_okay=False),
    help="With --url: save the page, after its steps, as a page case SAVE_CASE/SOURCE.",
)
@json_option
def try_(name: str, url: str | None, save_case: Path | None, as_json: bool) -> None:
    """Fetch one list page and one detail page and print what is read from them, and what each step did.

    Says where each field came from. Nothing is kept but the page case asked for.
    """
    from lurewatch.cli.tune.sources_try import attempt  # the crawler's parts load slowly and only this command needs them

    settings = load_settings()
    source = _written_source(settings, name)
    if save_case and not url:
        raise click.UsageError("--save-case saves one page; name it with --url")
    attempt(settings, source, url, as_json=as_json, cases=save_case)


@command.command("verify")
@click.argument("name", metavar="SOURCE")
@click.option("--terms-read", is_flag=True, help="You have read the site's terms and they allow this: write today's passport.")
@click.option("--yes", is_flag=True, help="Write the file without asking.")
@json_option
def verify_(name: str, terms_read: bool, yes: bool, as_json: bool) -> None:
    """Make the first contact with a site and bring its source file up to what the site shows.

    Looks at robots.txt, the terms, one list and some adverts behind it, runs the source's own spider over one page of the list,
    and learns the bounds of a healthy run. When the file's selectors read nothing, those that a look at the site proposes are
    tried. At most 24 pages are asked for, with the source's pauses. Shows every change before it is written; never enables a
    source. Exit code 1 when a check failed.
    """
    from lurewatch.cli.tune.sources_try import verify  # the crawler's parts load slowly and only this command needs them

    settings = load_settings()
    source = _written_source(settings, name)
    verify(settings, source, terms_read=terms_read, yes=yes, as_json=as_json)


command.add_command(init_command)
command.add_command(suggest)


def _sources(in_force: InForce) -> list[Source]:
    """Return the sources in force; say on standard error which files are faulty."""
    for fault in in_force.files.faults:
        click.echo("\n".join([*fault.problems, f"{fault.file}: this source does not run"]), err=True)
    return list(in_force.files.sources)


def _written_source(settings: Settings, name: str) -> Source:
    """Return a source as its file has it, for a person who works on that file: a faulty file is an error, whatever is in
    force."""
    from crawlers.sources.source_folder import source_named

    try:
        source = source_named(settings.seeds, name)
    except CrawlError as exc:
        raise click.ClickException(f"{exc}\n`lurewatch sources check` lists every problem") from exc
    if source is None:
        raise click.ClickException(f"no source {name}; `lurewatch sources list` shows those there are")
    return source


def _named_sources(sources: list[Source], names: tuple[str, ...]) -> Iterator[Source]:
    by_name = {source.name: source for source in sources}
    if missing := [name for name in names if name not in by_name]:
        raise click.ClickException(f"no source {', '.join(missing)}; `lurewatch sources list` shows those there are")
    return iter([by_name[name] for name in names] if names else [source for source in sources if source.enabled])
