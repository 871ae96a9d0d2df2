"""`lurewatch backup`: what cannot be made again, in one file."""

import getpass
from datetime import UTC, datetime
from pathlib import Path

import click

from desk.custody.erasure import note_backup
from lurewatch.app.backup.folders import digest_of
from lurewatch.app.backup.write_backup import back_up
from lurewatch.cli.administer.sign_in import open_desk
from lurewatch.cli.error_lines import one_line_errors
from lurewatch.settings import load_settings


@click.command()
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--with-partitions", is_flag=True, help="Put the run partitions in too, not only their list. They are most of the size."
)
def command(target: Path, with_partitions: bool) -> None:
    """Write database, seeds, learned models and the list of run partitions to TARGET, a new tar file.

    It is made whole or not at all, while the desk runs on; its owner alone can read it. It holds addresses of people and hashes
    of passwords: keep it as you keep the database. `lurewatch restore` reads it; docs/backup.md says what is in it.
    """
    with one_line_errors():
        settings, now = load_settings(), datetime.now(UTC)
        manifest = back_up(settings, target, now=now, with_partitions=with_partitions)
        note_backup(open_desk(settings), target.name, partitions=with_partitions, by=f"shell:{getpass.getuser()}", now=now)
    rows = sum(member.rows or 0 for member in manifest.members)
    click.echo(f"{target}: {rows} rows and {len(manifest.members)} files. Audit head: {manifest.audit_head}")
    click.echo(f"SHA-256: {digest_of(target)}")
    for fault in manifest.faults:
        click.echo(f"the audit log was BROKEN when this backup was made: {fault}", err=True)
