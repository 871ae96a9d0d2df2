"""`lurewatch index`: verify, migrate and rebuild the search index; translate titles of the queue."""

import sys
from datetime import UTC, datetime

import click

from foundation.messages import LANGUAGES
from lurewatch.app.in_force import load_in_force
from lurewatch.app.resources import desk_and_index_opened, index_opened
from lurewatch.cli.presenter import flag_lines, json_option, print_json, show_progress
from lurewatch.cli.sign_in import open_desk


@click.group()
def command() -> None:
    """Verify, migrate or rebuild the search index, which can always be made again from the run partitions; translate titles."""


@command.command()
@json_option
def verify(as_json: bool) -> None:
    """Check that every posting of every loaded partition is in the index, and that the index itself is sound.

    Exit code 0 only when nothing is missing, pending or damaged and the store finds no fault with itself. Every file is read and
    compared with its report, and that with the desk's ledger. The fingerprint is a hash over all fields, the same in each store.
    """
    from index.maintain import verify as verified
    from lurewatch.app.doctor.run_files import noted_reports
    from lurewatch.app.index_rebuild import erasure_check

    settings = load_in_force()
    try:
        with index_opened(settings) as store, show_progress("verify", store.count()) as tell:
            known = erasure_check(open_desk(settings), datetime.now(UTC))
            report = verified(
                store, settings.runs, progress=tell, erased=known, noted=noted_reports(settings), signers=settings.run_signers
            )
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

    Elasticsearch: loads may go on meanwhile, and the old index stays. SQLite: the file is replaced; restart the desk after.
    """
    from lurewatch.app.index_rebuild import migrate as move

    with show_progress("migrate") as tell:
        done = move(load_in_force(), force=force, progress=tell)
    moved = done.before != done.now or force
    click.echo(f"{done.records} records; " + (f"now in {done.now} (was {done.before})" if moved else f"{done.now} is up to date"))


@command.command()
@click.option("--check", is_flag=True, help="Only build beside and compare; change nothing.")
@click.option("--accept-loss", is_flag=True, help="Replace the index though records of it are in no partition any more.")
@json_option
def rebuild(check: bool, accept_loss: bool, as_json: bool) -> None:
    """Make the index again from the run partitions: assess, load and link all, compare, and put it in place.

    What people decided about campaigns is carried over, and what retention erased stays erased. With the lexicon unchanged the
    result equals the index it replaces, field by field, but for what stood in partitions erased since; the command counts the
    differences and names each flag that fell or rose. A rebuild that broke off is carried on by the same command.

    Of a damaged partition it takes what can still be read or derived from the kept pages, and what the index has of it besides;
    each is named and counted, and the exit code is 1.
    """
    from lurewatch.app.index_rebuild import rebuild as make_again

    try:
        with show_progress("rebuild") as tell:
            report = make_again(load_in_force(), check=check, accept_loss=accept_loss, progress=tell)
    except OSError as exc:
        raise click.ClickException(str(exc)) from exc
    if as_json:
        print_json(report)
    else:
        click.echo(
            f"{report.records} records rebuilt: {report.same} as before, {report.changed} changed, {report.new} new, "
            f"{report.gone} gone" + ("; nothing replaced" if check else "")
        )
        for line in flag_lines(report.flags):
            click.echo(line)
        if report.damaged:
            carried = f"; {report.carried_over} records were carried over from the index that was" if report.carried_over else ""
            fix = "restore their files from a backup and rebuild again"
            click.echo(
                "\n    ".join([f"{len(report.damaged)} damaged partitions{carried}; fix: {fix}", *report.damaged]), err=True
            )
    sys.exit(1 if report.damaged else 0)


@command.command()
@click.option("--most", type=click.IntRange(1, 100_000), default=500, show_default=True, help="Items of the queue, from its top.")
@click.option(
    "--into", "languages", type=click.Choice(list(LANGUAGES)), multiple=True,
    help="Language; may be repeated. Without it those that the people of the desk read.",
)  # fmt: skip
@click.option("--forget", is_flag=True, help="Delete every kept translation first, as after a change of the service's models.")
@json_option
def translate(most: int, languages: tuple[str, ...], forget: bool, as_json: bool) -> None:
    """Translate the titles of undecided items ahead, so that the queue can be read.

    They go to the service of LUREWATCH_TRANSLATION_URL alone, with contacts and names masked, and are kept; what is kept is not
    sent again. An item in which a victim speaks is never sent. Broken off, the same command carries on.

    \b
    lurewatch index translate --most 2000 --into vi
    """
    from lurewatch.app.translate import translate_ahead

    settings = load_in_force()
    with desk_and_index_opened(settings) as (engine, store), show_progress("titles", most) as tell:
        done = translate_ahead(settings, engine, store, most=most, languages=languages, forget=forget, progress=tell)
    if as_json:
        print_json(done)
        return
    click.echo(f"{done.titles} titles translated of {done.looked_at} items, into {', '.join(done.languages)}")
    for sentence in done.without:
        click.echo(sentence)
