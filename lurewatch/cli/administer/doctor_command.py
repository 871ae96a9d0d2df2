"""`lurewatch doctor`: what is used, what is missing, and how to correct it; the figures for a monitoring system."""

import os
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.markup import escape

from lurewatch.app.in_force import load_in_force
from lurewatch.cli.presenter import json_option, make_table, print_json, print_table, writing_to
from lurewatch.settings import Settings, read_settings

SECRET = ("store_api_key", "smtp", "database", "crawl_state", "metrics_token", "notify_webhook", "notify_heartbeat")
"""Shown only as set. Of an address of Elasticsearch only user and password are left out."""
COLOURS = {"ok": "green", "warn": "yellow", "missing": "red"}


@click.group(invoke_without_command=True)
@json_option
@click.option("--settings", "show_settings", is_flag=True, help="Also list every setting, its value and where it was given.")
@click.pass_context
def command(ctx: click.Context, as_json: bool, show_settings: bool) -> None:
    """Check every part LureWatch needs, by using it, and name the fix for what is missing. Exit 1 when something is.

    \b
    lurewatch doctor metrics               the figures, for a monitoring system
    lurewatch doctor notify --every 5      tells operators by mail and webhook, until it is stopped
    """
    from lurewatch.app.doctor.checks import findings, healthy

    if ctx.invoked_subcommand is not None:
        return
    settings = load_in_force()
    results = findings(settings)
    if as_json:
        print_json(*results)
    else:
        table = make_table("", "", "")
        table.show_header = False
        for finding in results:
            table.add_row(f"[{COLOURS[finding.status]}]{finding.status}[/]", finding.part, escape(finding.detail))
            if finding.fix:
                table.add_row("", "", f"[bold]fix:[/] {escape(finding.fix)}")
        print_table(table)
    if show_settings:
        _print_settings(settings)
    sys.exit(0 if healthy(results) else 1)


def _print_settings(settings: Settings) -> None:
    """Print every setting, its value and where it was given; of a secret only that it is set."""
    _, origin = read_settings(os.environ, Path("lurewatch.toml"))
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if name in SECRET and value:
            value = "(set)"
        elif name == "store" and "://" in value:
            from index.elastic.client import without_credentials  # 0.3 s to import, and only for this

            value = without_credentials(value)
        click.echo(f"{name} = {value}  [{origin.get(name, 'default')}]")


@command.command()
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Replace this file in one step, in the format of node_exporter's textfile collector (its name must end in .prom).",
)
def metrics(output: Path | None) -> None:
    """Write every series as OpenMetrics text. A part that does not answer is `lurewatch_up 0`, not an error.

    With LUREWATCH_METRICS_TOKEN set the desk gives the same at /metrics. docs/monitoring.md lists the series.
    """
    from foundation.whole_files import replace_file
    from lurewatch.app.monitoring.collect import MetricsCollector
    from lurewatch.app.monitoring.exposition import openmetrics_text, textfile

    samples = MetricsCollector(load_in_force()).samples(datetime.now(UTC))
    if output is None:
        click.echo(openmetrics_text(samples), nl=False)
        return
    with writing_to(output, "--output"):
        replace_file(output, textfile(samples))


@command.command("notify")
@click.option("--dry-run", is_flag=True, help="Show what is open; send nothing and keep nothing.")
@click.option(
    "--every",
    type=click.FloatRange(min=0, min_open=True),
    metavar="MINUTES",
    help="Do not end: evaluate and tell again after so many minutes, until SIGTERM.",
)
@json_option
def notify_(dry_run: bool, every: float | None, as_json: bool) -> None:
    """Send one message for each condition that opened and one when it is cured; run it every five minutes, or with --every 5.

    Run it beside what it watches, not in it: it asks runs, index, database and desk, and misses the schedule's heartbeat.
    By mail to LUREWATCH_NOTIFY_RECIPIENTS, as JSON to LUREWATCH_NOTIFY_WEBHOOK. Sources with one cause are one message.
    What is valid of the seeds is accepted: it stays in force while a file is broken.
    A service that calls you when it hears nothing is told at LUREWATCH_NOTIFY_HEARTBEAT.
    Exit 1 while a message waits or when one was refused. docs/monitoring.md lists the conditions.
    """
    from lurewatch.app.lures.lexicon_in_force import accept_seeds
    from lurewatch.app.notifications.notify import keep_notifying, notify, preview, samples_of

    settings, now = load_in_force(), datetime.now(UTC)
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
