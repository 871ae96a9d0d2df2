"""`lurewatch evidence`: the proof of one item, for whoever has to check it."""

import getpass
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from desk.database import DatabaseError, open_database
from desk.evidence.pack import EvidenceError, pack, written
from index.base import StoreError
from lurewatch.settings import load_settings
from lurewatch.store import store_of


@click.group()
def command() -> None:
    """Pack the evidence of an item into one archive that anybody can verify with sha256sum, gzip and warcio."""


@command.command("pack")
@click.argument("item_ids", nargs=-1, required=True, metavar="ITEM...")
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("data/evidence"),
    show_default=True,
    help="Folder for the archives.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON line an archive.")
def pack_(item_ids: tuple[str, ...], into: Path, as_json: bool) -> None:
    """Write one archive an item: WARC records, posting, assessment, revisions, decisions, audit entries, how to verify."""
    settings = load_settings()
    try:
        engine, store = open_database(settings.database), store_of(settings)
    except (DatabaseError, StoreError) as exc:
        raise click.ClickException(str(exc)) from exc
    records = store.get_many(item_ids)
    if missing := [item for item in item_ids if item not in records]:
        raise click.ClickException(f"not in the index: {', '.join(missing)}; `lurewatch search` shows the ids there are")
    for item in item_ids:
        try:
            packed = pack(engine, records[item], now=datetime.now(UTC), by=f"shell:{getpass.getuser()}")
        except EvidenceError as exc:
            raise click.ClickException(str(exc)) from exc
        try:
            path = written(packed, into)
        except OSError as exc:
            raise click.ClickException(f"{into}: cannot be written ({exc.strerror}); give another folder with --into") from exc
        line = {"item": item, "file": str(path), "sha256": packed.sha256, "warc_records": packed.records}
        click.echo(
            msgspec.json.encode(line).decode() if as_json else f"{path}  ({packed.records} WARC records)\nSHA-256 {packed.sha256}"
        )
