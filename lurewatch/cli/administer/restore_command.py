"""`lurewatch restore`: a backup into an empty stack."""

from pathlib import Path

import click

from lurewatch.app.backup.restore import restore
from lurewatch.cli.error_lines import one_line_errors
from lurewatch.settings import load_settings


@click.command()
@click.argument("source", type=click.Path(path_type=Path, dir_okay=False))
def command(source: Path) -> None:
    """Restore the backup SOURCE into an empty stack.

    Every digest is checked before anything is written. Refused when the database has rows, or when seeds, models or partitions
    are there that are not the backup's. Row counts, triggers and the audit log are checked before the database is committed.
    Killed or cut off, the same command completes it.
    """
    with one_line_errors():
        result = restore(load_settings(), source)
    click.echo(f"{result.rows} rows, {result.seeds} files of seeds, {result.models} of models, {result.partitions} partitions")
    click.echo(f"Audit head, as in the backup: {result.manifest.audit_head}")
    for fault in result.manifest.faults:
        click.echo(f"the audit log was BROKEN when this backup was made: {fault}", err=True)
    if result.missing:
        click.echo(
            f"{len(result.missing)} partitions are not under LUREWATCH_RUNS: copy them there; the first was {result.missing[0]}"
        )
    click.echo("Next: lurewatch index rebuild")
