"""``lurewatch sources accept``: the signatures of two people on a changed receiver, place to begin or retention."""

import click

from desk.cases.signed_settings import describe_value
from lurewatch.app.seeds.settings_in_force import observe_files, pending_at, sign
from lurewatch.cli.administer.sign_in import as_option, open_desk, signed_in, stdin_option
from lurewatch.cli.error_lines import one_line_errors
from lurewatch.settings import load_settings


@click.command()
@click.argument("place", metavar="SOURCE|platform:KEY|lexicon:files")
@click.option("--why", required=True, help="Why it is right; kept in the audit log.")
@as_option
@stdin_option
def accept(place: str, why: str, name: str, password_stdin: bool) -> None:
    """Sign a changed receiver, place to begin, retention or lexicon; it is in force when two people have.

    A changed file alone changes none of them. Whoever edits it at the desk has signed; a file edited on disk was signed by
    nobody, so two people do. Each sees what waits before the password is asked for. A signature waits 14 days for the second.
    To refuse a change, put the value in force back into the file.
    """
    settings = load_settings()
    engine = open_desk(settings)
    with one_line_errors():
        observe_files(settings, engine)
        wanted = pending_at(settings, place)
    for setting in wanted:
        signed = f", signed by {setting.by}" if setting.by else ""
        click.echo(
            f"{setting.place}: {setting.field}: {describe_value(setting.before)} -> {describe_value(setting.value)}{signed}"
        )
    user = signed_in(engine, name, password_stdin)
    with one_line_errors():
        for line in sign(settings, engine, wanted, by=user, reason=why):
            click.echo(line)
