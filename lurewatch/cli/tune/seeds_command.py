"""`lurewatch seeds`: what a commit of sources, rules, places and receivers does that is not in force; its acceptance."""

from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import click

from desk.highlighting import plain_line
from lurewatch.cli.presenter import json_option, print_json
from lurewatch.cli.sign_in import Signer, open_desk, require_reason
from lurewatch.settings import load_settings

if TYPE_CHECKING:
    from desk.cases.accepted_seeds import SeedChange


@click.group()
def command() -> None:
    """Show what a commit of the seeds does, and accept one that somebody else signed (docs/sources.md)."""


@command.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path("seeds"))
def prepare(folder: Path) -> None:
    """Make FOLDER (default: seeds) a git repository with the seeds of this release, or bring them onto its branch `release`.

    What the release ships is merged by people: `git merge -S release`, then `lurewatch seeds accept`.
    """
    from lurewatch.app.seeds.seed_commits import prepare_seeds

    click.echo(prepare_seeds(folder, version("lurewatch")))


@command.command()
@json_option
def diff(as_json: bool) -> None:
    """Show what waits: the newest signed commit, what it changes, and what that does over the kept runs.

    What finds, keeps or tells fewer adverts, or sends lists elsewhere, is named first.
    """
    change = _waiting()
    if as_json:
        print_json(*([change] if change else []))
    elif change is None:
        click.echo("nothing waits: the newest commit is in force")
    else:
        _show(change)
        click.echo(change.diff)


@command.command()
@require_reason("why", "Why it is right; kept in the audit log.")
def accept(why: str, signer: Signer) -> None:
    """Put what waits in force, as the second person: shows what it does, then asks for the password."""
    from lurewatch.app.seeds.seed_acceptance import accept_change

    settings = load_settings()
    change = _waiting()
    if change is None:
        raise click.ClickException("nothing waits: the newest commit is in force")
    _show(change)
    if change.refusal:
        raise click.ClickException("it cannot be accepted; mend what is named above, then commit and sign")
    engine = open_desk(settings)
    accept_change(settings, engine, change, by=signer.sign_in(engine), reason=why)
    click.echo(f"{change.commit[:12]} is in force")


def _waiting() -> "SeedChange | None":
    from lurewatch.app.seeds.seed_acceptance import waiting_change

    settings = load_settings()
    return waiting_change(settings, open_desk(settings))


def _show(change: "SeedChange") -> None:
    signed = f"signed by {change.signed_by}" if change.signed_by else "signed by nobody who may"
    click.echo(f"{change.commit[:12]} {plain_line(change.subject)} ({plain_line(change.author)}, {change.at[:10]}; {signed})")
    for title, lines in (("finds, keeps or tells less, or elsewhere", change.reduces), ("what else changes", change.other)):
        if lines:
            click.echo("\n  - ".join([f"{title}:", *map(plain_line, lines)]))
    for line in change.refusal.splitlines():
        click.echo(f"cannot be accepted: {plain_line(line)}", err=True)
