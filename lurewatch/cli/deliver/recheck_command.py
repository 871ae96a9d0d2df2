"""`lurewatch takedown recheck` and `reply`: what became of notices."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lurewatch.app.in_force import load_in_force
from lurewatch.cli.presenter import LateChoice, json_option, print_json, writing_to
from lurewatch.cli.sign_in import Signer, open_desk, require_signer

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from desk.partners.answers import AnswerKind
    from desk.platforms import Platforms


@click.command("recheck")
@json_option
def ask_now(as_json: bool) -> None:
    """Ask whether reported adverts still stand, those that are due; keep every change with its proof.

    Run it every hour. An advert is asked for hourly on its first day, then after a twenty-fourth of the time since its notice
    left, at most a week; one that is gone five times more, to see whether it comes back. robots.txt, the address guard, the
    pauses and the access passport of its source hold, and one round takes at most a quarter of what a run of the source may.
    """
    from lurewatch.app.takedown_lists import recheck

    done = recheck(load_in_force())
    if as_json:
        print_json(done)
        return
    states = ", ".join(f"{count} {state}" for state, count in sorted(done.states.items()))
    click.echo(
        f"{done.asked} asked for ({states or 'none was due'}), {done.changed} changed, {done.later} left for the next hour"
    )
    if done.reappeared:
        click.echo(f"{done.reappeared} adverts carry on one that was taken down; the page of each item names them")


def show_outcomes(engine: Engine, receivers: Platforms, platform: str, into: Path | None, *, as_json: bool) -> None:
    """Print what became of the notices to each platform, or to one; with ``into`` write ``outcomes.csv`` into that folder."""
    from desk.rechecks.platform_outcomes import outcomes_csv, platform_outcomes

    with engine.connect() as connection:
        known = platform_outcomes(connection, datetime.now(UTC))
    if platform and platform not in known:
        raise click.ClickException(f"no notice to {platform!r} has left; some left to: {', '.join(known) or 'nobody'}")
    found = [each for key, each in known.items() if platform in ("", key)]
    content = outcomes_csv(found, receivers.titles)
    if into is not None:
        with writing_to(into, "--into", "folder"):
            into.mkdir(parents=True, exist_ok=True)
            (into / "outcomes.csv").write_bytes(content)
    elif as_json:
        print_json(*found)
    else:
        click.echo(content.decode("utf-8-sig"), nl=False)


def _answer_kinds() -> Iterable[str]:
    from desk.partners.answers import KINDS

    return KINDS


def _reasons() -> Iterable[str]:
    from desk.partners.answers import REASONS

    return REASONS


@click.command("reply")
@click.argument("platform")
@click.argument("named", metavar="NOTICE")
@click.argument("answer", type=LateChoice("answer", _answer_kinds))
@click.option("--reason", type=LateChoice("reason", _reasons), default=None, help="Why it refuses.")
@click.option("--words", default="", help="What the platform writes, where it says more.")
@require_signer
def note_answer_to_item(platform: str, named: str, answer: AnswerKind, reason: str | None, words: str, signer: Signer) -> None:
    """Note what PLATFORM answered by mail to NOTICE: its number, or its item's address or id.

    What the platform answers at its door comes in by itself.
    """
    from desk.partners.answer_review import note_reply

    engine = open_desk(load_in_force())
    user = signer.sign_in(engine)
    note_reply(engine, platform, named, answer, reason=reason or "", words=words, by=user, now=datetime.now(UTC))
    click.echo(f"{named}: answer of {platform} noted")
