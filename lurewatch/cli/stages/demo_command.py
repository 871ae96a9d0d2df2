"""`lurewatch demo`: the whole pipeline on the sample sites of this checkout, then the desk."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from crawlers.process import require
from desk.cases.top_reasons import learned_share, telling
from desk.highlighting import heading
from lurewatch.app.resources import store_of
from lurewatch.cli.presenter import make_table, print_json
from lurewatch.cli.stages.run_command import run_all, table
from lurewatch.settings import Settings, load_settings

if TYPE_CHECKING:
    from index.base import RecordStore
    from lurewatch.app.source_runs import Summary


@click.group(invoke_without_command=True)
@click.option("--once", is_flag=True, help="End after the run; do not open the desk.")
@click.option(
    "--folder", type=click.Path(path_type=Path), default=Path("data/demo"), show_default=True, help="Where the demo's data goes."
)
@click.option("--fresh", is_flag=True, help="Throw the demo's earlier data away first.")
@click.pass_context
def command(ctx: click.Context, once: bool, folder: Path, fresh: bool) -> None:
    """Serve the sample sites on this machine, crawl them over HTTP, assess, load and link what is found, and open the desk.

    Where another program holds a sample site's port, a free one is taken. `source data/demo/settings.sh` lets every other command
    work on the demo's data.
    Nothing leaves this machine. The second run fetches only what has changed. Exit code 0 only when every sample source ended
    well and every public listing of the sample was found. `lurewatch demo sites` only serves the sample sites.
    """
    from crawlers.sample_sites import free_ports, ports_of, serve
    from lurewatch.app import pipeline
    from lurewatch.app.in_force import read_in_force
    from lurewatch.app.source_runs import green

    if ctx.invoked_subcommand is not None:
        return
    require("scrapy")
    if fresh and folder.exists():
        shutil.rmtree(folder)
    settings = demo_settings(folder)
    console = Console(stderr=True)
    started = time.monotonic()
    sample = settings.seeds / "sample"
    with serve(sample, free_ports(sample, ports_of(folder / "seeds") or {})) as urls:
        settings = _at_home(settings, folder, urls, console)
        in_force = read_in_force(settings)
        sources = [source for source in pipeline.choose_sources(in_force, ()) if source.name.startswith("sample_")]
        store = store_of(settings)
        summaries = run_all(sources, in_force, store, len(sources), console, as_json=False)
    console.print(table(summaries))
    lacking, forbidden, wanted = compare_found(settings, summaries, sample, urls)
    console.print(
        f"{wanted - len(lacking)} of {wanted} public listings found, {len(forbidden)} that robots.txt forbids, "
        f"in {time.monotonic() - started:.0f} s"
    )
    console.print(ranking(store))
    store.close()
    file = _settings_file(settings, folder)
    console.print(f"All this is in {folder}. To work on it with any command: source {file}", soft_wrap=True)
    if lacking or forbidden or not all(map(green, summaries)):
        sys.exit(1)
    if not once:
        from lurewatch.cli.administer.serve_command import open_demo_desk

        open_demo_desk(settings, console)


@command.command()
@click.option("--free-ports", "anywhere", is_flag=True, help="Take any free ports instead of 8101-8107, when one is taken.")
@click.option(
    "--seeds-into", type=click.Path(path_type=Path, file_okay=False),
    help="Also write a seeds folder whose sources point at the addresses served (needed with --free-ports).",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line {site: address} when all are up.")
def sites(anywhere: bool, seeds_into: Path | None, as_json: bool) -> None:
    """Serve the sample sites on 127.0.0.1 until Ctrl-C.

    In another window: `LUREWATCH_ALLOW_LOOPBACK=true lurewatch run`. The sites are invented; see seeds/sample/README.md.
    """
    from crawlers.sample_sites import ports_of, seeds_for, serve

    seeds = load_settings().seeds
    try:
        with serve(seeds / "sample", {} if anywhere else ports_of(seeds)) as urls:
            if seeds_into:
                seeds_for(urls, seeds_into, seeds)
            if as_json:
                print_json(urls)
            else:
                click.echo("\n".join([*(f"{url}/  {name}" for name, url in urls.items()), "Ctrl-C ends them."]))
            sys.stdout.flush()
            threading.Event().wait()
    except KeyboardInterrupt:
        click.echo("ended", err=True)


def demo_settings(folder: Path) -> Settings:
    """Return the settings in force, with everything that is written moved into ``folder`` and loopback allowed."""
    from crawlers.sample_sites import original_seeds

    settings = load_settings()
    return settings.model_copy(
        update={"seeds": original_seeds(settings.seeds)}
        | {
            "runs": str(folder / "runs"),
            "assessed": str(folder / "assessed"),
            "state": folder / "state",
            "store": str(folder / "index.sqlite"),
            "database": f"sqlite:///{folder / 'desk.sqlite'}",
            "allow_loopback": True,
            "contact_email": settings.contact_email or "demo@example.org",  # else the desk could build no list
        }
    )


def _at_home(settings: Settings, folder: Path, urls: dict[str, str], console: Console) -> Settings:
    """Return the settings with seeds that lead to where the sample sites are served; say which could not have their port."""
    from crawlers.sample_sites import moved_seeds

    usual = json.loads((settings.seeds / "sample" / "ports.json").read_text(encoding="utf-8"))
    moved = {name: url for name, url in urls.items() if url.rpartition(":")[2] != str(usual[name])}
    for name, url in moved.items():
        console.print(f"port {usual[name]} is held by another program: {name} is at {url} this time", soft_wrap=True)
    return settings.model_copy(update={"seeds": moved_seeds(urls, folder / "seeds", settings.seeds)}) if moved else settings


def _settings_file(settings: Settings, folder: Path) -> Path:
    """Write the demo's settings as a file for the shell; return its path."""
    values = {name: str(Path(getattr(settings, name)).resolve()) for name in ("seeds", "runs", "assessed", "state", "store")}
    values |= {
        "database": f"sqlite:///{(folder / 'desk.sqlite').resolve()}", "allow_loopback": "true",
        "contact_email": settings.contact_email,
    }  # fmt: skip
    file = folder / "settings.sh"
    lines = [f"export LUREWATCH_{name.upper()}={shlex.quote(value)}\n" for name, value in values.items()]
    file.write_text("# Makes `lurewatch` work on the demo's data in this shell: source it.\n" + "".join(lines), encoding="utf-8")
    return file


def compare_found(
    settings: Settings, summaries: list[Summary], sample: Path, urls: dict[str, str]
) -> tuple[list[str], list[str], int]:
    """Return (addresses of public listings not found, addresses found that robots.txt forbids, number of public listings).

    All partitions of the demo count: a second run does not fetch again what has not changed.
    """
    from crawlers.evidence.partition import partitions, read_postings

    expected = [json.loads(line) for line in (sample / "expected.jsonl").read_text(encoding="utf-8").splitlines()]
    counts = Counter(
        posting.url
        for summary in summaries
        for partition in partitions(settings.runs, summary["source"])
        for posting in read_postings(partition)
    )
    lacking, forbidden = [], []
    for entry in expected:
        url = urls[entry["site"]] + entry["url_path"]
        if post := re.search(r"/s/(\w+)/#(\d+)$", url):
            url = f"https://t.me/{post[1]}/{post[2]}"  # a preview's posts keep the address they have on t.me
        if entry.get("robots_allowed", True):
            lacking += [] if url in counts else [url]
        elif url in counts:
            forbidden.append(url)
    return lacking, forbidden, sum(entry.get("robots_allowed", True) for entry in expected)


RANKED = 8
"""Listings that are shown at the end."""


def ranking(store: RecordStore) -> Table:
    """Return the highest-scored listings and the first reasons why."""
    from index.base import Query

    result = make_table("score", "tag", "language", "listing", "why", right=("score",))
    result.title, result.title_justify = "Ranked first (`lurewatch search` and the desk show all, with every reason)", "left"
    for hit in store.search(Query(filters={"flagged": ("true",)}, sort="score", size=RANKED)).hits:
        assessment = hit.record.assessment
        share = learned_share(assessment.signals)
        why = "; ".join([*([share.sentence] if share and share.points > 0 else []), *telling(assessment.signals)[:3]])
        title = heading(hit.record.posting, 60)
        result.add_row(f"{assessment.score:.0f}", assessment.tag, assessment.language.code, escape(title), why)
    return result
