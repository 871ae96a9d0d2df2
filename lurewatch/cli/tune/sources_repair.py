"""``lurewatch sources repair``: each lost field's old and new place side by side, and the files to write."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.markup import escape

from foundation.whole_files import replace_file
from lurewatch.cli.presenter import make_table, print_json, print_table
from lurewatch.settings import Settings

if TYPE_CHECKING:
    from crawlers.sources.source import Source
    from lurewatch.app.seeds.source_repair import SourceRepair


def repair(settings: Settings, source: Source, cases: Path, *, yes: bool, as_json: bool) -> None:
    """Compare, show, and write when asked to; raise ClickException when a lost field was not found again."""
    from crawlers.sources.source_edit import checked_edit
    from lurewatch.app.seeds.source_repair import repair_source

    if why := settings.read_only_seeds:
        raise click.ClickException(why)
    path, folder = settings.seeds / "sources" / f"{source.name}.yml", cases / source.name
    result = repair_source(settings, source, folder, datetime.now(UTC), progress=lambda words: click.echo(words, err=True))
    text = checked_edit(path, result.changes)[0] if result.changes else ""
    if not as_json:
        _show(result)
    written = bool(text) and (yes or (not as_json and click.confirm(f"Write {path} and the page case {folder}?", default=False)))
    if written:
        _write(path, text, folder, result)
    if as_json:
        line = {"source": result.source, "pages": result.pages, "written": written}
        print_json(line | {"repairs": result.repairs})
    if missing := [entry.field for entry in result.repairs if not entry.selector]:
        raise click.ClickException(
            f"{', '.join(missing)}: not found again on today's pages; look at one with a browser and write crawl.fields by hand"
        )
    if written and not as_json:
        click.echo(f"written. Look for names of people in {folder}; `lurewatch sources try {source.name}`")


def _write(path: Path, text: str, folder: Path, result: SourceRepair) -> None:
    """Replace the source file last: a stop in between leaves a case that its test reports, never a file without one."""
    assert result.case
    for page in folder.glob("page.*"):
        if page.name != result.case.name:
            page.unlink()
    for name, content in ((result.case.name, result.case.text), ("case.json", result.case.facts)):
        (folder / name).touch()
        replace_file(folder / name, content)
    replace_file(path, text)


def _show(result: SourceRepair) -> None:
    if not result.repairs:
        click.echo(f"{result.source}: every field is read on {len(result.pages)} pages of today; nothing to repair")
        return
    click.echo(f"{result.source}: {len(result.pages)} pages of today")
    table = make_table("field", "saved page", "today", "found by")
    for entry in result.repairs:
        today = "\n".join([entry.selector or "not found", *(value[:60] for value in entry.values)])
        saved = f"{entry.old_place}\n{entry.old_value[:60]}"
        table.add_row(entry.field, escape(_lines(saved)), escape(_lines(today)), entry.reason)
    print_table(table)


def _lines(text: str) -> str:
    from desk.highlighting import plain_line

    return "\n".join(plain_line(line) for line in text.splitlines())
