"""`lurewatch models`: the champion, the challenger, and the history of changes."""

import click

from index.base import Record
from lurewatch.app import challengers
from lurewatch.cli.presenter import json_option, print_json
from lurewatch.cli.sign_in import Signer, open_desk, require_reason, whoami
from lurewatch.models import text_tables
from lurewatch.models.model_registry import SHIPPED, Event
from lurewatch.models.uncertain import WEEKLY
from lurewatch.settings import load_settings

require_signed_reason = require_reason("reason", "Why; kept with the change and in the audit log.")


@click.group(no_args_is_help=True)
def command() -> None:
    """Follow a challenger from its training to its promotion, and go back. `python -m evaluation challenger train` of
    the source code makes one."""


@command.command("list")
@json_option
def list_(as_json: bool) -> None:
    """Show the champion, what runs in shadow, all models, and who changed what."""
    result = challengers.state(load_settings())
    if as_json:
        print_json(result)
        return
    for name in (SHIPPED, *result.models):
        champion, tried = name == result.registry.champion, name == result.registry.shadow
        click.echo(f"{name:14} {'champion' if champion else 'shadow' if tried else ''}".rstrip())
    for event in result.registry.history:
        click.echo(_event_line(event))
    if result.unfinished:
        click.echo(result.unfinished, err=True)


@command.command()
@click.argument("version")
@json_option
def report(version: str, as_json: bool) -> None:
    """Show the comparison of VERSION with the champion, and how its scores differed in shadow."""
    known = challengers.challenger_report(load_settings(), version)
    if as_json:
        print_json(known)
        return
    click.echo(text_tables.comparison(known.comparison, known.findings))
    click.echo("\n" + text_tables.shadow(known.shadow))


@command.command()
@click.argument("version", required=False)
@click.option("--end", is_flag=True, help="Let no model run in shadow.")
@click.option("--stored", is_flag=True, help="Judge all stored runs at once that the champion assessed.")
def shadow(version: str | None, end: bool, stored: bool) -> None:
    """Let VERSION judge beside the champion from now on.

    Its scores are kept apart; only `lurewatch models report` shows them.
    """
    if end == bool(version):
        raise click.UsageError("give a VERSION or --end")
    runs = challengers.run_in_shadow(load_settings(), version, by=whoami(), stored=stored)
    judged = f"; it judged {runs} stored runs" if stored else ""
    click.echo("nothing runs in shadow" if end else f"{version} runs in shadow{judged}")


@command.command()
@click.argument("version")
@click.option("--override", is_flag=True, help="Promote it although something speaks against it; what, is kept with the reason.")
@require_signed_reason
def promote(version: str, reason: str, override: bool, signer: Signer) -> None:
    """Let VERSION judge from now on, as a lead or an admin.

    Refused when a figure lies below its floor, when it was not judged on real texts or enough decisions, ran too little in
    shadow, or one person's decisions differ from all others' by more than chance; --override promotes it all the same. What was
    assessed before keeps its score until it is assessed again (`lurewatch index rebuild`).
    """
    settings = load_settings()
    user = signer.sign_in(open_desk(settings))
    event = challengers.promote(settings, version, by=user, reason=reason, override=override)
    click.echo(_event_line(event))


@command.command()
@require_signed_reason
def rollback(reason: str, signer: Signer) -> None:
    """Let the model judge again that judged before the last promotion, as a lead or an admin."""
    settings = load_settings()
    user = signer.sign_in(open_desk(settings))
    event = challengers.rollback(settings, by=user, reason=reason)
    click.echo(_event_line(event))


@command.command()
@click.option("--most", type=click.IntRange(1), default=WEEKLY, show_default=True, help="How many items.")
@json_option
def uncertain(most: int, as_json: bool) -> None:
    """List the uncertain items of this week: what two people decide of them teaches a challenger most.

    \b
    lurewatch models uncertain
    lurewatch models uncertain --most 10 --json

    Undecided, within 8 points of the threshold, first seen before this week; a campaign once, languages in turn. Decide on them
    at the desk (its queue "Uncertain" holds all); a colleague then gives a second opinion without seeing the first. Where both
    agree the text counts twice in training, where they differ it is left out.
    """
    records = challengers.uncertain(load_settings(), most=most)
    if as_json:
        print_json([_uncertain_row(record) for record in records])
        return
    for record in records:
        row = _uncertain_row(record)
        click.echo(f"{row['score']:5.1f}  {row['language']:8} {row['source']:20} {row['id']}  {row['campaign']}".rstrip())
    click.echo(f"{len(records)} items" if records else "nothing is uncertain this week", err=True)


def _uncertain_row(record: Record) -> dict[str, str | float]:
    judged = record.assessment
    return {
        "id": record.id, "score": judged.score, "language": judged.language.code, "source": record.posting.source,
        "campaign": record.campaign or "",
    }  # fmt: skip


def _event_line(event: Event) -> str:
    message = f"{event.at:%Y-%m-%d %H:%M} {event.model} {event.what} by {event.by}"
    message += f", before {event.before}" if event.before else ""
    message += f": {event.reason}" if event.reason else ""
    return message + "".join(f"\n    overrode: {value}" for value in event.overrode)
