"""`lurewatch digest`: the weekly e-mail."""

import sys
from pathlib import Path

import click

from crawlers.text.messages import LANGUAGES
from desk.digest import render
from desk.languages.reader_locale import ReaderLocale
from lurewatch.app import digest_mail
from lurewatch.cli.presenter import json_option, print_json, writing_to
from lurewatch.settings import load_settings

week_option = click.option("--week", metavar="YYYY-Www", help="ISO week, for instance 2026-W48; this week when left out.")


@click.group()
def command() -> None:
    """Preview, build and send the weekly e-mail.

    What it tells: what is taken back; what changed and what was not covered; confirmed apart from unreviewed; campaigns that
    are new, growing, moved, back or quiet; what platforms did. A week is built once and sent once to each recipient, however
    often this is run.
    """


@command.command()
@week_option
@click.option(
    "--html", "html_file", type=click.Path(dir_okay=False, path_type=Path), help="Also write the HTML form to this file."
)
@click.option("--language", type=click.Choice(list(LANGUAGES)), default="en", show_default=True, help="Language of the mail.")
@json_option
def preview(week: str | None, html_file: Path | None, language: str, as_json: bool) -> None:
    """Show what would be sent now; stores and sends nothing."""
    settings = load_settings()
    edition = digest_mail.draft(settings, week)
    house = settings.public_url, settings.organisation, ReaderLocale(language)
    if html_file:
        with writing_to(html_file, "--html"):
            html_file.write_text(render.html(edition, *house), encoding="utf-8")
    if as_json:
        print_json(edition)
    else:
        click.echo(render.text(edition, *house))


@command.command("build")
@week_option
@json_option
def build_(week: str | None, as_json: bool) -> None:
    """Build this week's digest and queue its messages; a week that was built before stays as it was."""
    edition, queued = digest_mail.build(load_settings(), week)
    if as_json:
        print_json(edition)
    else:
        click.echo(f"{edition.week}: {render.subject(edition)}; {queued} messages queued")


@command.command()
@week_option
@json_option
def send(week: str | None, as_json: bool) -> None:
    """Build unless built, then send what is queued; exit 1 when a message was refused or still waits."""
    outcome = digest_mail.send(load_settings(), week)
    if as_json:
        print_json(outcome)
    else:
        click.echo(f"{outcome.sent} sent, {outcome.failed} refused, {outcome.waiting} waiting")
    if outcome.failed or outcome.waiting:
        sys.exit(1)
