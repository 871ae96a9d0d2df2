"""``lurewatch sources verify``: the first contact with a site, shown check by check, and the file written as verified."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec
from rich.console import Console
from rich.markup import escape

from foundation.whole_files import replace_file
from lurewatch.cli.presenter import print_json
from lurewatch.settings import Settings

if TYPE_CHECKING:
    from crawlers.discovery.source_verification import Verification
    from crawlers.sources.source import Source


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
        _show(result, before, text, path)
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


def _show(result: Verification, before: str, text: str, path: Path) -> None:
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
