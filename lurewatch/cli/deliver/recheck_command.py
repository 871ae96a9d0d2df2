"""`lurewatch takedown recheck`, `card`, `refused` and `transparency`: what became of notices."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from desk.people.roles import Right
from lurewatch.app.in_force import load_in_force
from lurewatch.cli.presenter import LateChoice, json_option, make_table, print_json, print_table, writing_to
from lurewatch.cli.sign_in import Signer, open_desk, require_signer

if TYPE_CHECKING:
    from desk.partners.answers import AnswerKind
    from desk.rechecks.report_card import ReportCard


@click.command("recheck")
@json_option
def ask_now(as_json: bool) -> None:
    """Ask whether reported adverts still stand, those that are due; keep every change with its proof.

    Run it every hour. An advert is asked for hourly on its first day, then after a twenty-fourth of the time since its notice
    left, at most a week; one that is gone five times more, to see whether it comes back. robots.txt, the address guard, the
    pauses and the access passport of its source hold, and one round takes at most a quarter of what a run of the source may.
    """
    from lurewatch.app.receivers.recheck import recheck  # loads the parsers of pages, which takes a second

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


@click.command("card")
@click.argument("platform", required=False, metavar="[PLATFORM]")
@click.option("--into", type=click.Path(dir_okay=False, path_type=Path), help="Take the card of PLATFORM out, into this file.")
@require_signer
@json_option
def show_cards(platform: str | None, into: Path | None, signer: Signer, as_json: bool) -> None:
    """Show what became of the notices to each platform; with PLATFORM and --into write its card, to be handed on to it.

    Taking a card out is noted: a week later the public report may name the platform.
    """
    from desk.rechecks.report_card import card_file, give_card, platform_cards
    from lurewatch.app.takedown_lists import platforms_of

    settings, now = load_in_force(), datetime.now(UTC)
    engine = open_desk(settings)
    user = signer.sign_in(engine, Right.LISTS, "reads no cards; ask an analyst")
    with engine.connect() as connection:
        known = platform_cards(connection, now)
        found = platforms_of(settings).platforms.get(platform or "")
        content = card_file(connection, platform, found.title if found else platform, now) if platform and into else b""
    if platform is not None and platform not in known:
        raise click.ClickException(f"no notice to {platform!r} has left; there are cards of: {', '.join(known) or 'nobody'}")
    cards = [card for key, card in known.items() if platform in (None, key)]
    if platform is not None and into is not None:
        with writing_to(into, "--into", "file"):
            into.write_bytes(content)
        give_card(engine, platform, content, actor=user.name, now=now)
    elif into is not None:
        raise click.UsageError("--into writes one card: name its PLATFORM")
    if as_json:
        print_json(*cards)
    else:
        _print_cards(cards)


def _answer_kinds() -> Iterable[str]:
    from desk.partners.answers import KINDS

    return KINDS


def _reasons() -> Iterable[str]:
    from desk.partners.answers import REASONS

    return REASONS


@click.command("reply")
@click.argument("platform")
@click.argument("item_id", metavar="ITEM")
@click.argument("answer", type=LateChoice("answer", _answer_kinds))
@click.option("--reason", type=LateChoice("reason", _reasons), default=None, help="Why it refuses.")
@click.option("--words", default="", help="What the platform writes, where it says more.")
@require_signer
def note_answer_to_item(platform: str, item_id: str, answer: AnswerKind, reason: str | None, words: str, signer: Signer) -> None:
    """Note what PLATFORM answered by mail to the notice about ITEM; what it answers at its door comes in by itself."""
    from desk.partners.answer_review import note_reply

    engine = open_desk(load_in_force())
    user = signer.sign_in(engine)
    note_reply(engine, platform, item_id, answer, reason=reason or "", words=words, by=user, now=datetime.now(UTC))
    click.echo(f"{item_id}: answer of {platform} noted")


@click.command("transparency")
@click.option(
    "--quarter", "name", default="", metavar="2026-Q4", help="Of which quarter; else the newest whose figures are fixed."
)
@click.option("--into", type=click.Path(dir_okay=False, path_type=Path), help="Write it as CSV into this file.")
@json_option
def show_transparency(name: str, into: Path | None, as_json: bool) -> None:
    """Show what was reported to platforms in a quarter and what came of it: numbers alone, those below five folded.

    A platform is named a week after its card was taken out, once the quarter was over (`lurewatch takedown card PLATFORM --into
    FILE`). Figures are fixed thirty days after the quarter; --into writes no others. The desk prints the same as PDF, at Lists,
    Transparency.
    """
    from desk.rechecks.transparency import Quarter, transparency_csv, transparency_report
    from lurewatch.app.takedown_lists import platforms_of

    settings, now = load_in_force(), datetime.now(UTC)
    with open_desk(settings).connect() as connection:
        try:
            report = transparency_report(connection, now, Quarter.parse(name) if name else None)
        except ValueError as exc:
            raise click.UsageError(str(exc)) from exc
    if into is not None and not report.fixed:
        raise click.ClickException(f"the figures of {report.quarter} are fixed on {report.quarter.fixed_at:%Y-%m-%d}")
    titles = platforms_of(settings).titles
    content = transparency_csv(report, titles, str)
    if into is not None:
        with writing_to(into, "--into", "file"):
            into.write_bytes(content)
    elif as_json:
        print_json(*map(msgspec.structs.asdict, report.rows))
    else:
        click.echo(content.decode("utf-8-sig"), nl=False)


def _print_cards(cards: list[ReportCard]) -> None:
    table = make_table("platform", "sent", "removed", "95 %", "hours", "refused", "taken back", "back", "elsewhere")
    for each in cards:
        hours = f"{each.hours.low:.1f} to {each.hours.high:.1f}" if each.hours else ""
        share = f"{each.share[0]:.0%} to {each.share[1]:.0%}"
        counts = map(str, (each.refused, each.withdrawn, each.back, each.elsewhere))
        table.add_row(each.platform, str(each.sent), str(each.removed), share, hours, *counts)
    print_table(table)
