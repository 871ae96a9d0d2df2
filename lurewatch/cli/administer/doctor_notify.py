"""`lurewatch doctor notify`: tell operators what is wrong and what is well again."""

import signal
import sys
import threading
from datetime import UTC, datetime

import click

from lurewatch.cli.presenter import json_option, print_json
from lurewatch.settings import load_settings


@click.command("notify")
@click.option("--dry-run", is_flag=True, help="Show what is open; send nothing and keep nothing.")
@click.option(
    "--every",
    type=click.FloatRange(min=0, min_open=True),
    metavar="MINUTES",
    help="Do not end: evaluate and tell again after so many minutes, until SIGTERM.",
)
@json_option
def notify_command(dry_run: bool, every: float | None, as_json: bool) -> None:
    """Send one message for each condition that opened and one when it is cured; run it every five minutes, or with --every 5.

    Run it beside what it watches, not in it: it asks runs, index, database and desk, and misses the schedule's heartbeat.
    By mail to LUREWATCH_NOTIFY_RECIPIENTS, as JSON to LUREWATCH_NOTIFY_WEBHOOK. Sources with one cause are one message.
    What is valid of the seeds is accepted: it stays in force while a file is broken.
    A service that calls you when it hears nothing is told at LUREWATCH_NOTIFY_HEARTBEAT.
    Exit 1 while a message waits or when one was refused. docs/monitoring.md lists the conditions.
    """
    from lurewatch.app.lures.lexicon_in_force import accept_seeds
    from lurewatch.app.notifications.notify import keep_notifying, notify, preview, samples_of

    settings, now = load_settings(), datetime.now(UTC)
    if every is not None and (dry_run or as_json):
        raise click.UsageError("--every goes with neither --dry-run nor --json")
    if every is not None:
        stopped = threading.Event()
        before = signal.signal(signal.SIGTERM, lambda *_: stopped.set())
        try:
            keep_notifying(settings, every * 60, stopped)
        finally:
            signal.signal(signal.SIGTERM, before)
        return
    if not dry_run:
        accept_seeds(settings)
    samples = samples_of(settings, now)
    report = preview(settings, samples, now) if dry_run else notify(settings, samples, now)
    if as_json:
        print_json(report)
    else:
        for incident in report.incidents:
            click.echo(" ".join(filter(None, (incident.condition, "/".join(incident.subject), incident.detail))))
        click.echo(f"{len(report.incidents)} open; {report.sent} sent, {report.waiting} waiting, {report.refused} refused")
        if not dry_run and not report.channels:
            click.echo("no channel is set: give LUREWATCH_NOTIFY_RECIPIENTS or LUREWATCH_NOTIFY_WEBHOOK", err=True)
    if report.waiting or report.refused:
        sys.exit(1)
