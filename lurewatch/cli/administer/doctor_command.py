"""`lurewatch doctor`: what is used, what is missing, and how to mend it."""

import os
import sys
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from lurewatch.app.doctor.checks import findings, healthy
from lurewatch.settings import SettingsError, load_settings, read_settings

SECRET = ("store_api_key", "smtp", "database", "crawl_state", "metrics_token", "notify_webhook", "notify_heartbeat")
"""Shown as set, no more. Of an address of Elasticsearch only user and password are left out."""
COLOURS = {"ok": "green", "warn": "yellow", "missing": "red"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON line a part.")
@click.option("--settings", "show_settings", is_flag=True, help="Also list every setting, its value and where it was given.")
def command(as_json: bool, show_settings: bool) -> None:
    """Check every part LureWatch needs, by using it, and name the fix for what is missing. Exit 1 when something is."""
    try:
        settings = load_settings()
    except SettingsError as exc:
        raise click.ClickException(str(exc)) from exc
    results = findings(settings)
    if as_json:
        for finding in results:
            click.echo(msgspec.json.encode(finding).decode())
    else:
        table = Table(show_header=False, box=None, pad_edge=False)
        for finding in results:
            table.add_row(f"[{COLOURS[finding.status]}]{finding.status}[/]", finding.part, escape(finding.detail))
            if finding.fix:
                table.add_row("", "", f"[bold]fix:[/] {escape(finding.fix)}")
        Console().print(table)
    if show_settings:
        _, origin = read_settings(os.environ, Path("lurewatch.toml"))
        for name in type(settings).model_fields:
            value = getattr(settings, name)
            if name in SECRET and value:
                value = "(set)"
            elif name == "store" and "://" in value:
                from index.elastic.client import without_credentials  # 0.3 s to import, and only for this

                value = without_credentials(value)
            click.echo(f"{name} = {value}  [{origin.get(name, 'default')}]")
    sys.exit(0 if healthy(results) else 1)
