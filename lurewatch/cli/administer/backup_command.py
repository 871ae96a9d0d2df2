"""`lurewatch backup`: what cannot be made again, in one file, and back from it into an empty stack."""

from datetime import UTC, datetime
from pathlib import Path

import click

from desk.custody.erasure import note_backup
from lurewatch.app.backup.archive import BackupManifest
from lurewatch.app.backup.backup_parts import digest_of
from lurewatch.app.backup.restore import restore
from lurewatch.app.backup.write_backup import back_up
from lurewatch.cli.sign_in import open_desk, whoami
from lurewatch.settings import Settings, load_settings


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--with-partitions", is_flag=True, help="Put the run partitions in too, not only their list. They are most of the size."
)
@click.option("--restore", "back", is_flag=True, help="Restore FILE into an empty stack instead of writing it.")
def command(file: Path, with_partitions: bool, back: bool) -> None:
    """Write database, seeds, learned models and the list of run partitions to FILE, a new tar file.

    It is made whole or not at all, while the desk runs on; its owner alone can read it. It holds addresses of people and hashes
    of passwords: keep it as you keep the database. docs/backup.md says what is in it.

    With --restore every digest of FILE is checked before anything is written. Refused when the database has rows, or when seeds,
    models or partitions are there that are not the backup's. Row counts, triggers and the audit log are checked before the
    database is committed. Killed or cut off, the same command completes it.
    """
    settings = load_settings()
    if back:
        if with_partitions:
            raise click.UsageError("--restore brings back what is in FILE; --with-partitions is for writing it")
        _restore(settings, file)
        return
    now = datetime.now(UTC)
    manifest = back_up(settings, file, now=now, with_partitions=with_partitions)
    note_backup(open_desk(settings), file.name, partitions=with_partitions, by=whoami(), now=now)
    rows = sum(member.rows or 0 for member in manifest.members)
    click.echo(f"{file}: {rows} rows and {len(manifest.members)} files. Audit head: {manifest.audit_head}")
    click.echo(f"SHA-256: {digest_of(file)}")
    _warn(manifest)


def _restore(settings: Settings, file: Path) -> None:
    result = restore(settings, file)
    click.echo(f"{result.rows} rows, {result.seeds} files of seeds, {result.models} of models, {result.partitions} partitions")
    click.echo(f"Audit head, as in the backup: {result.manifest.audit_head}")
    _warn(result.manifest)
    if result.missing:
        first = result.missing[0]
        click.echo(f"{len(result.missing)} partitions are not under LUREWATCH_RUNS: copy them there; the first was {first}")
    click.echo("Next: lurewatch index rebuild")


def _warn(manifest: BackupManifest) -> None:
    for fault in manifest.faults:
        click.echo(f"the audit log was BROKEN when this backup was made: {fault}", err=True)
