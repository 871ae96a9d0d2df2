"""`lurewatch index`: verify, migrate and rebuild the search index."""

import contextlib
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import fsspec
import msgspec

from crawlers.crawl_errors import PartitionError
from crawlers.evidence.partition import NotedReport, read_report, source_and_run
from index.base import Query, Store
from lurewatch.app.resources import index_opened, store_of
from lurewatch.cli.presenter import json_option, print_json, show_progress
from lurewatch.cli.sign_in import open_desk
from lurewatch.settings import Settings, load_settings


@click.group()
def command() -> None:
    """Verify, migrate or rebuild the search index. It can always be made again from the run partitions."""


@command.command()
@json_option
def verify(as_json: bool) -> None:
    """Check that every posting of every loaded partition is in the index, and that the index itself is sound.

    Exit code 0 only when nothing is missing, nothing is pending, no file of a partition is damaged and the store finds no fault
    with itself. Every file is read and compared with its report, and that with what the desk's ledger noted. The fingerprint is
    a hash over all fields: equal for equal content, on SQLite and on Elasticsearch.
    """
    from index.maintain import verify as verified
    from lurewatch.app.damaged_runs import noted_reports
    from lurewatch.app.retention.replay_guard import erasure_check

    settings = load_settings()
    try:
        with index_opened(settings) as store, show_progress("verify", store.count()) as tell:
            known = erasure_check(open_desk(settings), datetime.now(UTC))
            report = verified(store, settings.runs, progress=tell, erased=known, noted=noted_reports(settings))
    except OSError as exc:
        raise click.ClickException(str(exc)) from exc
    if as_json:
        print_json(report)
    else:
        click.echo(f"{report.records} records, fingerprint {report.fingerprint}")
        for what, names, fix in (
            ("pending partitions", report.pending, "`lurewatch load --pending`"),
            ("postings not in the index", report.missing, "`lurewatch load PARTITION`, or `lurewatch index rebuild`"),
            (
                f"damaged partitions, {report.unreadable} postings of them unreadable",
                report.damaged,
                "restore their files from a backup; `lurewatch load PARTITION` loads what can still be read",
            ),
            ("problems of the store", report.problems, "`lurewatch index rebuild`"),
        ):
            if names:
                more = [f"and {len(names) - 20} more (--json has all)"] if len(names) > 20 else []
                click.echo("\n    ".join([f"{len(names)} {what}; fix: {fix}", *names[:20], *more]))
        click.echo("whole" if report.is_whole else "not whole")
    sys.exit(0 if report.is_whole else 1)


@command.command()
@click.option("--force", is_flag=True, help="Also when the mapping is the newest: terms and keys are made again.")
def migrate(force: bool) -> None:
    """Move the index to the newest mapping: a new index beside the old one, copied, then swapped in one step.

    Elasticsearch: first makes the index when there is none; loads may go on meanwhile; the old index stays. SQLite: the file is
    replaced; restart the desk after. A migration that broke off is carried on by the same command.
    """
    from index.migrate import migrate_alias, migrate_file

    settings = load_settings()
    with show_progress("migrate") as tell:
        if _elastic(settings):
            alias, key, ca = settings.store_index, settings.store_api_key, settings.store_ca
            done = migrate_alias(settings.store, alias, api_key=key, ca=ca, force=force, progress=tell)
        else:
            done = migrate_file(_path(settings), force=force, progress=tell)
    moved = done.before != done.now or force
    click.echo(f"{done.records} records; " + (f"now in {done.now} (was {done.before})" if moved else f"{done.now} is up to date"))


@command.command()
@click.option("--check", is_flag=True, help="Only build beside and compare; change nothing.")
@click.option("--accept-loss", is_flag=True, help="Replace the index though records of it are in no partition any more.")
@json_option
def rebuild(check: bool, accept_loss: bool, as_json: bool) -> None:
    """Make the index again from the run partitions: assess, load and link all, compare, and put it in place.

    What people decided about campaigns is carried over, and what retention erased stays erased. With the lexicon unchanged the
    result equals the index it replaces, field by field, but for what stood in partitions erased since; the command names each
    difference. A rebuild that broke off is carried on by the same command.

    Of a damaged partition it takes what can still be read or derived from the kept pages, and what the index has of it besides;
    each is named and counted, and the exit code is 1.
    """
    from index.migrate import migrate_alias, migrate_file
    from index.sqlite.sqlite_store import SqliteStore

    settings = load_settings()
    beside = Path(f"{settings.state}/index.rebuilding") if _elastic(settings) else Path(f"{_path(settings)}.rebuilding")
    try:
        old = store_of(settings)
        fresh = SqliteStore(beside)
        fresh.put_rules(old.rules())
        damage = _fill(fresh, old, settings)
        values = _difference(old, fresh) | {"carried_over": damage.carried, "damaged": list(damage.named)}
        old.close()
        if check:
            fresh.close()
            _remove(beside)
        elif values["gone"] and not accept_loss:
            fresh.close()
            raise click.ClickException(
                f"{values['gone']} records of the index are in no partition under {settings.runs} and would "
                "be lost; bring the partitions back, or give --accept-loss"
            )
        elif _elastic(settings):
            migrate_alias(settings.store, settings.store_index, api_key=settings.store_api_key, ca=settings.store_ca, fresh=fresh)
            fresh.close()
            _remove(beside)
        else:
            migrate_file(_path(settings), force=True, fresh=fresh)
    except OSError as exc:
        raise click.ClickException(str(exc)) from exc
    if as_json:
        print_json(values | {"replaced": not check})
    else:
        click.echo(
            f"{values['records']} records rebuilt: {values['same']} as before, {values['changed']} changed, {values['new']} new, "
            f"{values['gone']} gone" + ("; nothing replaced" if check else "")
        )
        if damage.named:
            carried = f"; {damage.carried} records were carried over from the index that was" if damage.carried else ""
            fix = "restore their files from a backup and rebuild again"
            click.echo("\n    ".join([f"{len(damage.named)} damaged partitions{carried}; fix: {fix}", *damage.named]), err=True)
    sys.exit(1 if damage.named else 0)


class _Damage(msgspec.Struct, frozen=True, kw_only=True):
    named: tuple[str, ...]
    carried: int


def _fill(fresh: Store, old: Store, settings: Settings) -> _Damage:
    """Assess and load every partition that the fresh index does not have yet, leave out what was erased, then link.

    Return which partitions are damaged, and how many records stand in the fresh index only because the old one had them.
    """
    from crawlers.evidence.salvage import damaged_partitions
    from index.campaigns.relink import link_all
    from index.load import LoadError, load, pending
    from lurewatch import assessments
    from lurewatch.app import pipeline
    from lurewatch.app.damaged_runs import load_saved, noted_reports
    from lurewatch.app.pipeline import judge_in_force
    from lurewatch.app.retention.replay_guard import leave_out

    noted = noted_reports(settings)
    damaged = {check.address: check for check in damaged_partitions(settings.runs, noted, old.loaded_partitions())}
    named = {address: str(check) for address, check in damaged.items() if _is_there(address)}
    todo = pending(settings.runs, fresh)
    known, done = old.loaded_partitions(), fresh.loaded_partitions()
    todo += [address for address in named if address in known and address not in done and address not in todo]
    assessor = judge_in_force(settings) if todo else None
    saved: dict[str, set[str]] = {}
    with show_progress("rebuild", len(todo)) as tell:
        for number, address in enumerate(sorted(todo, key=lambda address: _ended_at(address, noted)), 1):
            if address in damaged and not damaged[address].loadable:
                saved[address] = set()
                with contextlib.suppress(PartitionError, LoadError):
                    run = load_saved(address, settings, fresh, assessor or judge_in_force(settings), noted)
                    saved[address] = {posting.id for posting in run.saved.postings}
                    named[address] += f": {run}"
            else:
                text = pipeline.assess(address, settings, assessor)
                load(address, {assessment.id: assessment for assessment in assessments.read(text)}, fresh)
            tell(number)
        carried = _carry_over(old, fresh, saved)
        leave_out(fresh, old, open_desk(settings), datetime.now(UTC))
        tell(len(todo), description="link")
        link_all(fresh)
    return _Damage(named=tuple(named.values()), carried=carried)


def _carry_over(old: Store, fresh: Store, saved: dict[str, set[str]]) -> int:
    """Copy the records whose newest evidence is in the unreadable part of a damaged partition; return how many."""
    lost = [
        record
        for record in old.scan(Query())
        if record.partition in saved and record.id not in saved[record.partition]
    ] if saved else []  # fmt: skip
    there = fresh.get_many(record.id for record in lost)
    newest = {record.id: there[record.id].revision for record in lost if record.id in there}
    fresh.put(msgspec.structs.replace(each, revision=max(each.revision, newest.get(each.id, 0) + 1)) for each in lost)
    return len(lost)


def _ended_at(address: str, noted: Mapping[str, NotedReport]) -> datetime:
    """Return when a run ended, as its report or the ledger says; one of which nothing is known comes first."""
    try:
        return read_report(address).finished_at
    except PartitionError:
        known = noted.get("/".join(source_and_run(address)))
        return known.report.finished_at if known else datetime.min.replace(tzinfo=UTC)


def _is_there(address: str) -> bool:
    fs, folder = fsspec.url_to_fs(address)
    return bool(fs.exists(folder))


def _difference(old: Store, fresh: Store) -> dict[str, Any]:
    """Return how many records of two stores are the same, changed, new and gone."""
    from index.maintain import field_hash

    before = {record.id: field_hash(record) for record in old.scan(Query())}
    same = new = count = 0
    for record in fresh.scan(Query()):
        count += 1
        hashed = before.pop(record.id, None)
        new += hashed is None
        same += hashed == field_hash(record)
    return {"records": count, "same": same, "changed": count - same - new, "new": new, "gone": len(before)}


def _remove(path: Path) -> None:
    for tail in ("", "-wal", "-shm"):
        Path(f"{path}{tail}").unlink(missing_ok=True)


def _elastic(settings: Settings) -> bool:
    return settings.store.startswith(("http://", "https://"))


def _path(settings: Settings) -> Path:
    return Path(settings.store.removeprefix("sqlite:///"))
