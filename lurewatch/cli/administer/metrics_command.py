"""`lurewatch metrics`: the figures of sources, index, desk and disk, for a monitoring system."""

from datetime import UTC, datetime
from pathlib import Path

import click

from crawlers.evidence.whole_files import replace_file
from lurewatch.app.monitoring.collect import collector_of
from lurewatch.app.monitoring.exposition import openmetrics_text, textfile
from lurewatch.cli.error_lines import one_line_errors
from lurewatch.settings import load_settings


@click.command()
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Replace this file in one step, in the format of node_exporter's textfile collector (its name must end in .prom).",
)
def command(output: Path | None) -> None:
    """Write every series as OpenMetrics text. A part that does not answer is `lurewatch_up 0`, not an error.

    With LUREWATCH_METRICS_TOKEN set the desk gives the same at /metrics. docs/monitoring.md lists the series.
    """
    settings = load_settings()
    with one_line_errors():
        samples = collector_of(settings).samples(datetime.now(UTC))
    if output is None:
        click.echo(openmetrics_text(samples), nl=False)
        return
    try:
        replace_file(output, textfile(samples))
    except OSError as exc:
        raise click.ClickException(f"{output}: cannot be written ({exc.strerror}); give another file with --output") from exc
