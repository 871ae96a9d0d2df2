"""``lurewatch sample``: the sample sites on this machine, to try everything without touching the web."""

import json
import sys
import threading
from pathlib import Path

import click

from lurewatch.app.sample import SampleError, ports_of, seeds_for, serve
from lurewatch.settings import load_settings


@click.command()
@click.option("--free-ports", is_flag=True, help="Take any free ports instead of 8101-8107, when one of those is taken.")
@click.option(
    "--seeds-into",
    type=click.Path(path_type=Path, file_okay=False),
    help="Also write a seeds folder whose sources point at the addresses served (needed with --free-ports).",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line {site: address} when all are up.")
def command(free_ports: bool, seeds_into: Path | None, as_json: bool) -> None:
    """Serve the sample sites on 127.0.0.1 until Ctrl-C.

    In another window: `LUREWATCH_ALLOW_LOOPBACK=true lurewatch run`. The sites are invented; see seeds/sample/README.md.
    """
    seeds = load_settings().seeds
    try:
        with serve(seeds / "sample", {} if free_ports else ports_of(seeds)) as urls:
            if seeds_into:
                seeds_for(urls, seeds_into, seeds)
            if as_json:
                click.echo(json.dumps(urls))
            else:
                for name, url in urls.items():
                    click.echo(f"{url}/  {name}")
                click.echo("Ctrl-C ends them.")
            sys.stdout.flush()
            threading.Event().wait()
    except SampleError as exc:
        raise click.ClickException(str(exc)) from exc
    except KeyboardInterrupt:
        click.echo("ended", err=True)
