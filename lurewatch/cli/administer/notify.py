"""`lurewatch notify`: tell operators what is wrong and what is well again."""

import sys
from datetime import UTC, datetime

import click
import msgspec

from lurewatch.app.notifications.notify import notify, preview, samples_of
from lurewatch.app.seeds.seed_acceptance import accept_seeds
from lurewatch.cli.errors import one_line_errors
from lurewatch.settings import load_settings


@click.command()
@click.option("--dry-run", is_flag=True, help="Show what is open; send nothing and keep nothing.")
@click.option("--json", "as_json", is_flag=True, help="JSON on standard output.")
def command(dry_run: bool, as_json: bool) -> None:
    """Send one message for each condition that opened and one when it is cured; run it every five minutes.

    By mail to LUREWATCH_NOTIFY_RECIPIENTS, as JSON to LUREWATCH_NOTIFY_WEBHOOK. Sources with one cause are one message.
    What is valid of the seeds is accepted: it stays in force while a file is broken.
    Exit 1 while a message waits or when one was refused. docs/monitoring.md lists the conditions.
    """
    settings, now = load_settings(), datetime.now(UTC)
    with one_line_errors():
        if not dry_run:
            accept_seeds(settings)
        samples = samples_of(settings, now)
        report = preview(settings, samples, now) if dry_run else notify(settings, samples, now)
    if as_json:
        click.echo(msgspec.json.encode(report).decode())
    else:
        for incident in report.incidents:
            click.echo(" ".join(filter(None, (incident.condition, "/".join(incident.subject), incident.detail))))
        click.echo(f"{len(report.incidents)} open; {report.sent} sent, {report.waiting} waiting, {report.refused} refused")
        if not dry_run and not report.channels:
            click.echo("no channel is set: give LUREWATCH_NOTIFY_RECIPIENTS or LUREWATCH_NOTIFY_WEBHOOK", err=True)
    if report.waiting or report.refused:
        sys.exit(1)
