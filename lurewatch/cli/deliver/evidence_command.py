"""`lurewatch evidence`: the proof of one item, for the person who checks it."""

from datetime import UTC, datetime
from pathlib import Path

import click

from desk.people.roles import Right
from lurewatch.app.in_force import load_in_force
from lurewatch.app.resources import desk_and_index_opened
from lurewatch.cli.presenter import json_option, print_json, writing_to
from lurewatch.cli.sign_in import Signer, require_signer


@click.group()
def command() -> None:
    """Pack the evidence of an item into one archive that anybody can verify."""


@command.command("pack")
@click.argument("item_ids", nargs=-1, required=True, metavar="ITEM...")
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("data/evidence"),
    show_default=True,
    help="Folder for the archives.",
)
@require_signer
@json_option
def pack_(item_ids: tuple[str, ...], into: Path, signer: Signer, as_json: bool) -> None:
    """Write one archive an item: WARC records, posting, assessment, revisions, decisions, audit entries, how to verify."""
    from desk.custody.evidence_pack import pack, write_pack

    settings = load_in_force()
    with desk_and_index_opened(settings) as (engine, store):
        records = store.get_many(item_ids)
    if missing := [item for item in item_ids if item not in records]:
        raise click.ClickException(f"not in the index: {', '.join(missing)}; `lurewatch search` shows the ids there are")
    who = signer.person_with(settings, Right.EVIDENCE).name
    for item in item_ids:
        source = settings.source_if_right(records[item].posting.source)  # it says how the item's pages are read
        packed = pack(
            engine, records[item], now=datetime.now(UTC), by=who, source=source, seeds=settings.commit,
            signers=settings.run_signers, sign_list=settings.sign_pack,
        )  # fmt: skip
        with writing_to(into, "--into", "folder"):
            path = write_pack(packed, into)
        if as_json:
            print_json({"item": item, "file": str(path), "sha256": packed.sha256, "warc_records": packed.records})
        else:
            click.echo(f"{path}  ({packed.records} WARC records)\nSHA-256 {packed.sha256}")
