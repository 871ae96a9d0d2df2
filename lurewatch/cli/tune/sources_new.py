"""``lurewatch sources new``: look at a site, propose a source file, save a page case; nothing is ever overwritten."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from foundation.crawl_errors import CrawlError
from foundation.whole_files import create_file
from lurewatch.cli.presenter import print_json
from lurewatch.settings import Settings

if TYPE_CHECKING:
    from crawlers.discovery.guided_fetch import FetchedPage, PageRequest
    from crawlers.discovery.page_case import PageCase
    from crawlers.discovery.proposal import Proposal


def add(settings: Settings, url: str, name: str | None, *, yes: bool, dry_run: bool, cases: Path, as_json: bool) -> None:
    """Look at ``url``, show what would be written and write it when asked to; raise ClickException saying what to do."""
    from crawlers.discovery.page_case import case_of
    from crawlers.discovery.page_signs import channel_preview
    from crawlers.discovery.proposal import propose
    from crawlers.sources.setting_types import NAME
    from crawlers.sources.source_edit import draft_source

    if (why := settings.read_only_seeds) and not dry_run:
        raise click.ClickException(why)
    url = channel_preview(url if "://" in url else f"https://{url}")
    now = datetime.now(UTC)
    if name and not re.fullmatch(NAME, name):
        raise click.ClickException(f"{name!r} cannot be the name of a source; use 2 to 63 of a-z, 0-9 and _, a letter first")
    try:
        pages = _looked_at(settings, url, quiet=as_json)
        proposal = propose(url, pages, name=name, today=now.date())
        draft_source(proposal.name, proposal.yaml)
    except (CrawlError, ValueError) as exc:
        raise click.ClickException(str(exc)) from exc
    case = case_of(proposal.look, now)
    source = settings.seeds / "sources" / f"{proposal.name}.yml"
    folder = cases / proposal.name
    for path in (source, folder):
        if path.exists():
            raise click.ClickException(f"{path} is there already and is not overwritten; give another name with --name")
    if not as_json:
        click.echo(f"\nIt speaks: {'; '.join(proposal.speaks)}.\n\n--- {source}\n{proposal.yaml}")
        click.echo(f"--- {folder}: a page, and what must be read from it" if case else "(an API has no page case)")
    written = not dry_run and (yes or (not as_json and click.confirm("Write these files?", default=True)))
    if written:
        _write(source, proposal, folder, case)
    if as_json:
        print_json(
            {
                "name": proposal.name, "speaks": proposal.speaks, "source": str(source), "yaml": proposal.yaml,
                "written": written, "pages": [_page_summary(page) for page in pages],
            }
        )  # fmt: skip
        return
    if not written:
        click.echo("nothing written")
        return
    click.echo(
        f"written. Next: look for names of people in {folder}; read the terms; `lurewatch sources try {proposal.name}`; "
        "fill in terms_checked and review_by; set enabled: true"
        if case
        else f"written. Next: read the terms; `lurewatch sources try {proposal.name}`; fill in the passport; set enabled: true"
    )


def _looked_at(settings: Settings, url: str, *, quiet: bool) -> list[FetchedPage]:
    """Return the pages that tell what the site speaks; say each on standard error unless ``quiet``."""
    from crawlers.discovery.source_trials import look_at
    from lurewatch.app.crawl_inputs import crawl_options

    options = crawl_options(settings)
    return look_at(options, url) if quiet else look_at(options, url, before=say_request, after=say_error)


def say_request(want: PageRequest) -> None:
    """Say on standard error which page is looked at."""
    click.echo(f"looking at {want.url}{' (rendered)' if want.render else ''}", err=True)


def say_error(page: FetchedPage) -> None:
    """Say on standard error why a page did not come."""
    from desk.highlighting import plain_line

    if page.error:
        click.echo(f"    {plain_line(page.error[:300])}", err=True)


def _write(source: Path, proposal: Proposal, folder: Path, case: PageCase | None) -> None:
    source.parent.mkdir(parents=True, exist_ok=True)
    if case:
        write_case(folder, case)
    create_file(source, proposal.yaml)


def write_case(folder: Path, case: PageCase) -> None:
    """Write a page case into a folder that is not there yet; raise FileExistsError when it is."""
    folder.mkdir(parents=True)
    create_file(folder / case.name, case.text)
    create_file(folder / "case.json", case.facts)


def _page_summary(page: FetchedPage) -> dict[str, object]:
    return {"url": page.url, "rendered": page.wanted.render, "status": page.status, "robots": page.robots, "error": page.error}
