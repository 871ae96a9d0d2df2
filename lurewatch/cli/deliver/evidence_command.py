"""`lurewatch evidence`: the proof of one item, for the person who checks it."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from desk.people.roles import Right
from lurewatch.app.in_force import load_in_force
from lurewatch.app.resources import desk_and_index_opened
from lurewatch.cli.presenter import json_option, print_json, writing_to
from lurewatch.cli.sign_in import Signer, require_signer


@click.group()
def command() -> None:
    """Pack the evidence of an item into one archive that anybody can verify; compare an archive with the desk's ledger."""


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
            signers=settings.run_signers,
        )  # fmt: skip
        with writing_to(into, "--into", "folder"):
            path = write_pack(packed, into)
        if as_json:
            print_json({"item": item, "file": str(path), "sha256": packed.sha256, "warc_records": packed.records})
        else:
            click.echo(f"{path}  ({packed.records} WARC records)\nSHA-256 {packed.sha256}")


@command.command()
@click.argument("archive", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="ARCHIVE")
@json_option
def verify(archive: Path, as_json: bool) -> None:
    """Compare an evidence archive with this desk's ledger and with the runs it was made from.

    Exit 0 (verified) when the ledger knows exactly this archive and its runs say the same; 1 when anything differs; 3 (ledger
    only) when nothing differs but a run is not here, so that records and posting were not compared.

    The digests inside an archive can be computed again by whoever changes it; the ledger's cannot. Whoever appends to the ledger
    does not reach the runs. The ledger itself is checked as `lurewatch users audit` does.
    """
    from desk.custody.kept_records import EvidenceError
    from desk.custody.ledger_check import check_ledger
    from desk.custody.pack_verification import verify_pack
    from desk.database import DatabaseError, open_database, snapshot

    try:
        settings = load_in_force()
        engine = open_database(settings.database, settings.state)
        with snapshot(engine) as connection:
            report = verify_pack(connection, archive.read_bytes(), runs=settings.runs)
            ledger = check_ledger(connection, runs=settings.runs)
    except (DatabaseError, EvidenceError, OSError) as exc:
        raise click.ClickException(f"{archive}: {exc}") from exc
    faults = [*report.faults, *(f"the ledger itself is broken: {fault}" for fault in ledger.faults)]
    result = "not verified" if faults else "verified" if report.compared else "ledger only"
    if as_json:
        print_json({**msgspec.to_builtins(report), "faults": faults, "result": result})
    elif not faults:
        click.echo(f"{archive}: packed here on {report.packed_at:%Y-%m-%d %H:%M} UTC by {report.packed_by}")
        click.echo(f"item {report.item_id}, SHA-256 {report.sha256}")
        click.echo(
            "VERIFIED: the runs it was made from say the same"
            if report.compared
            else f"LEDGER ONLY: a run it was made from is not under {settings.runs}, so records and posting were not compared "
            "with it; bring it back from a backup and ask again, unless it was erased"
        )
    for fault in [] if as_json else faults:
        click.echo(f"NOT VERIFIED: {fault}", err=True)
    sys.exit({"verified": 0, "not verified": 1, "ledger only": 3}[result])
