"""`lurewatch load`: sealed partitions into the index, those named or all that are not in it yet."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from foundation.crawl_errors import CrawlError, PartitionDamaged
from lurewatch.app.in_force import InForce, load_in_force
from lurewatch.app.resources import index_opened
from lurewatch.cli.presenter import flag_lines, json_option, print_json, show_progress
from lurewatch.settings import Settings

if TYPE_CHECKING:
    from index.base import Store, WriteReport


@click.command(no_args_is_help=True)
@click.argument("partitions", nargs=-1, metavar="[PARTITION]...")
@click.option("--pending", "all_pending", is_flag=True, help="All sealed partitions that are not loaded yet.")
@click.option("--assessed", metavar="ADDRESS", help="Assessments to use for the one PARTITION, instead of assessing it now.")
@json_option
def command(partitions: tuple[str, ...], all_pending: bool, assessed: str | None, as_json: bool) -> None:
    """Assess and load partitions, then link what they touch into campaigns.

    \b
    lurewatch load --pending
    lurewatch load data/runs/some_board/20260301T120000Z

    Partitions that are not loaded are the queue: nothing else is kept while the index is away. Loading one again changes nothing.
    Of a damaged partition what can still be read, or derived from the kept pages, is loaded; it is named and stays pending.

    Exit code 0 only when every posting of every partition is in the index and the counts reconcile; a document the index refused
    and a text that could not be judged are named, and the rest is loaded. --pending tries such a text again with the next version
    of LureWatch, lexicon or model. A failed run is not loaded and is not pending.
    """
    from desk.database import DatabaseError
    from index.base import StoreError
    from index.load import pending, unjudged_partitions
    from lurewatch.app.pipeline import judge_in_force
    from lurewatch.app.rescore import unjudged_runs

    settings = load_in_force()
    if assessed and len(partitions) != 1:
        raise click.UsageError("--assessed goes with exactly one PARTITION")
    failed = damaged = refused = 0
    with index_opened(settings) as store:
        todo = list(partitions) + (pending(settings.runs, store) if all_pending else [])
        tried_before = unjudged_partitions(store) if all_pending else []
        assessor = None if assessed or not (todo or tried_before) else judge_in_force(settings)
        if assessor and tried_before:
            todo += unjudged_runs(settings, store, assessor)
        if not todo:
            click.echo("nothing is pending" if all_pending else "no partition given; name some or use --pending", err=True)
            sys.exit(0 if all_pending else 2)
        for address in dict.fromkeys(todo):
            try:
                line = _load_any(address, assessed, settings, assessor, store)
            except (CrawlError, StoreError, DatabaseError, OSError) as exc:
                line = {"partition": address, "state": "failed", "reason": str(exc)}
            failed += line["state"] in ("failed", "saved")
            damaged += "damaged" in line
            refused += bool(line.get("dead"))
            _tell(line, as_json=as_json)
    _end(len(todo), failed, damaged, refused)


def _end(total: int, failed: int, damaged: int, refused: int) -> None:
    """Say what is left to do; end with exit code 1 when anything is."""
    if failed:
        click.echo(
            f"{failed} of {total} partitions are not loaded; `lurewatch load --pending` tries again what is a sealed run",
            err=True,
        )
    if refused:
        click.echo(f"documents of {refused} partitions, named above, are not in the index: nobody finds them there", err=True)
    if damaged:
        click.echo(f"{damaged} partitions, named above, are damaged; restore their files from a backup", err=True)
    if failed or damaged or refused:
        sys.exit(1)


def _load_any(address: str, assessed: str | None, settings: InForce, assessor: Any, store: Store) -> dict[str, Any]:
    """Load a partition, or the readable part of a damaged one; name its damage."""
    from crawlers.evidence.partition import source_and_run
    from crawlers.evidence.salvage import check_partition
    from index.campaigns.relink import link_new
    from index.load import canonical
    from lurewatch.app.doctor.run_files import load_saved, noted_reports

    try:
        line = _load(address, assessed, settings, assessor, store)
    except PartitionDamaged as exc:
        if assessed:
            raise
        run = load_saved(canonical(address), settings, store, assessor, link_new)
        return {"partition": address, "state": "saved", **_counts(run.outcome), "damaged": str(exc), "reason": str(run)}
    noted = noted_reports(settings).get("/".join(source_and_run(address)))
    found = check_partition(address, noted, signers=settings.run_signers)
    return line | ({"damaged": "; ".join(found.faults)} if found.faults else {})


def _load(address: str, assessed: str | None, settings: Settings, assessor: Any, store: Store) -> dict[str, Any]:
    """Assess, load and link one partition, with progress for people."""
    from crawlers.evidence.partition import read_postings, read_report
    from index.campaigns.relink import link_new
    from index.load import load
    from lurewatch import assessments
    from lurewatch.app import pipeline

    total = read_report(address).parsed
    with show_progress("assess", total) as tell:
        if assessed:
            pipeline.note(settings, address)
        text = assessed or pipeline.assess(address, settings, assessor)
        judged = {assessment.id: assessment for assessment in assessments.read(text)}
        tell(description="load")
        outcome = load(address, judged, store, progress=tell)
        tell(description="link")
        linked = link_new(store, (posting.id for posting in read_postings(address)), progress=tell)
    return {
        "partition": address,
        "state": "loaded",
        **_counts(outcome),
        "campaigns": linked.campaigns,
        "relinked": linked.changed,
    }


def _counts(outcome: WriteReport) -> dict[str, Any]:
    dead = [{"id": name, "reason": reason} for name, reason in outcome.dead]
    counts = {"inserted": outcome.inserted, "revised": outcome.revised, "unchanged": outcome.unchanged}
    return {**counts, "dead": dead, "flags": outcome.flags}


def _tell(line: dict[str, Any], *, as_json: bool) -> None:
    for dead in line.get("dead", ()):
        click.echo(f"not in the index: {dead['id']}: {dead['reason']}", err=True)
    if as_json:
        print_json(line)
    elif line["state"] == "failed":
        click.echo(f"failed  {line['partition']}: {line['reason']}", err=True)
    else:
        counts = f"{line['inserted']} new, {line['revised']} revised, {line['unchanged']} unchanged, {len(line['dead'])} left out"
        more = f"{line['campaigns']} campaigns touched" if line["state"] == "loaded" else line["reason"]
        click.echo("\n".join([f"{line['state']:7} {line['partition']}: {counts}; {more}", *flag_lines(line["flags"])]))
        if "damaged" in line:
            click.echo(f"damaged {line['partition']}: {line['damaged']}", err=True)
