"""`lurewatch digest`: the weekly e-mail."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from foundation.messages import LANGUAGES
from lurewatch.app.in_force import load_in_force
from lurewatch.cli.presenter import json_option, print_json, writing_to

if TYPE_CHECKING:
    from desk.outbox import DeliveryReport


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
    from desk.digest import render
    from desk.languages.reader_locale import ReaderLocale
    from lurewatch.app.mails import digest_mail

    settings = load_in_force()
    edition = digest_mail.draft(settings, week)
    house = settings.public_url, settings.organisation, ReaderLocale(language)
    if html_file:
        with writing_to(html_file, "--html"):
            html_file.write_text(render.html(edition, *house), encoding="utf-8")
    if as_json:
        print_json(edition)
    else:
        click.echo(render.text(edition, *house))


@command.command()
@week_option
@click.option(
    "--subscribed", is_flag=True, help="The daily mails and alerts that are due, not the weekly mail; run it every hour."
)
@json_option
def send(week: str | None, subscribed: bool, as_json: bool) -> None:
    """Build unless built, then send what is queued; exit 1 when a message was refused or still waits.

    An alert is built at most once an hour and only with news, a daily mail once a day.
    """
    from lurewatch.app.mails import digest_mail

    settings = load_in_force()
    _report_delivery(digest_mail.send_own(settings) if subscribed else digest_mail.send(settings, week), as_json=as_json)


def _report_delivery(outcome: DeliveryReport, *, as_json: bool) -> None:
    """Tell what became of mails; exit 1 when one was refused or still waits."""
    if as_json:
        print_json(outcome)
    else:
        click.echo(f"{outcome.sent} sent, {outcome.failed} refused, {outcome.waiting} waiting")
        if outcome.repeated:
            again = "a run ended before it noted the answer; who has two copies finds one Message-ID in both"
            click.echo(f"{outcome.repeated} of them once more: {again}")
    if outcome.failed or outcome.waiting:
        sys.exit(1)


@command.command()
@click.argument("folder", type=click.Path(file_okay=False, exists=True, path_type=Path))
def bounces(folder: Path) -> None:
    """Read notifications about mails that came back from a Maildir: an address that does not exist gets no more mails.

    Only notifications that return the headers of a mail of this desk count; each file read is moved from new to cur.
    """
    from lurewatch.app.mails import digest_mail

    report = digest_mail.read_bounces(load_in_force(), folder)
    click.echo(f"{report.noted} noted, {report.other} others")
