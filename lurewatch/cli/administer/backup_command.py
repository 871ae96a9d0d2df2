"""`lurewatch backup`: the desk's database as one dump for restic, and the check of a restored one."""

from datetime import UTC, datetime
from pathlib import Path

import click

from lurewatch.cli.sign_in import open_desk
from lurewatch.settings import load_settings

DUTY = "service:backup"
"""Whom the audit log names: a dump is made each night, by nobody's hand, and changes nothing that is told or kept."""


@click.command(no_args_is_help=True)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--verify", is_flag=True, help="Compare the database in LUREWATCH_DATABASE with what FOLDER says it held.")
def command(folder: Path, verify: bool) -> None:
    """Dump the desk's database into FOLDER while it runs, with its row counts and the audit head; restic keeps FOLDER.

    \b
    lurewatch backup /backups/desk && restic backup /backups/desk seeds data/runs
    lurewatch backup --verify /backups/desk

    The dump holds addresses of people and hashes of passwords: restic encrypts what it keeps, FOLDER is not encrypted.
    docs/backup.md has the service of compose and chart, and how to restore.
    """
    from desk.custody.erasure import note_backup
    from lurewatch.app.backup import back_up, verify_restored

    settings, now = load_settings(), datetime.now(UTC)
    record = verify_restored(settings, folder) if verify else back_up(settings, folder, now=now)
    if not verify:
        note_backup(open_desk(settings), folder.name, by=DUTY, now=now)
    done = "as in the dump" if verify else f"dumped into {folder}"
    click.echo(f"{sum(record.rows.values())} rows in {len(record.rows)} tables {done}. Audit head: {record.audit_head}")
    for fault in record.faults:
        click.echo(f"the audit log was BROKEN when this dump was made: {fault}", err=True)
    if verify:
        click.echo("Next: lurewatch index rebuild")
