"""`lurewatch doctor`: what is used, what is missing, and how to correct it; the figures for a monitoring system."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.markup import escape

from lurewatch.cli.presenter import json_option, make_table, print_json, print_table, writing_to
from lurewatch.settings import Settings, load_settings, read_settings

SECRET = ("store_api_key", "smtp", "database", "crawl_state", "metrics_token", "notify_webhook", "notify_heartbeat", "broker",
          "render_broker")  # fmt: skip
"""Shown only as set. Of an address of Elasticsearch only user and password are left out."""
COLOURS = {"ok": "green", "warn": "yellow", "missing": "red"}


@click.group(invoke_without_command=True)
@json_option
@click.option("--settings", "show_settings", is_flag=True, help="Also list every setting, its value and where it was given.")
@click.pass_context
def command(ctx: click.Context, as_json: bool, show_settings: bool) -> None:
    """Check every part LureWatch needs, by using it, and name the fix for what is missing. Exit 1 when something is.

    \b
    lurewatch doctor metrics --serve 127.0.0.1:9464   the figures, for Prometheus
    lurewatch doctor rules FOLDER                     the files of Prometheus and Alertmanager
    """
    from lurewatch.app.doctor.checks import findings, healthy

    if ctx.invoked_subcommand is not None:
        return
    settings = load_settings()
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
@click.option("--serve", metavar="HOST:PORT", help="Do not end: answer Prometheus there, measuring anew at each request.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Replace this file in one step, in the format of node_exporter's textfile collector (its name must end in .prom).",
)
def metrics(serve: str | None, output: Path | None) -> None:
    """Write every series as OpenMetrics text. A part that does not answer is `lurewatch_up 0`, not an error.

    With --serve it is the exporter that Prometheus asks. docs/monitoring.md lists the series.
    """
    from foundation.whole_files import replace_file
    from lurewatch.app.monitoring.collect import MetricsCollector, openmetrics_text, serve_samples, textfile

    collector = MetricsCollector(load_settings())
    if serve is not None:
        serve_samples(lambda: collector.samples(datetime.now(UTC)), serve)
        return
    samples = collector.samples(datetime.now(UTC))
    if output is None:
        click.echo(openmetrics_text(samples), nl=False)
        return
    with writing_to(output, "--output"):
        replace_file(output, textfile(samples))


@command.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--exporter", default="127.0.0.1:9464", show_default=True, help="Where Prometheus reaches `metrics --serve`.")
@click.option("--alertmanager", default="127.0.0.1:9093", show_default=True, help="Where Prometheus reaches Alertmanager.")
def rules(folder: Path, exporter: str, alertmanager: str) -> None:
    """Write prometheus.yml, alerts.yml and alertmanager.yml into FOLDER, from the conditions and the settings.

    Mail goes to LUREWATCH_NOTIFY_RECIPIENTS, JSON to LUREWATCH_NOTIFY_WEBHOOK, a sign of life to LUREWATCH_NOTIFY_HEARTBEAT.
    """
    from lurewatch.app.monitoring.alert_files import write_alert_files

    for path in write_alert_files(load_settings(), folder, exporter=exporter, alertmanager=alertmanager):
        click.echo(path)
