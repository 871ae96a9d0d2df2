"""`lurewatch digest`: the weekly e-mail."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from desk.digest import render
from desk.languages.reader_locale import ReaderLocale
from desk.outbox import DeliveryReport
from desk.people.saved_searches import find_named
from desk.subscribers import subscriptions
from desk.subscribers.search_feed import feed_token
from desk.subscribers.subscriptions import SCHEDULES
from enrichment.harm import LEVELS
from foundation.messages import LANGUAGES
from lurewatch.app.mails import digest_mail
from lurewatch.cli.presenter import json_option, make_table, print_json, print_table, writing_to
from lurewatch.cli.sign_in import Signer, open_desk, require_signer
from lurewatch.settings import load_settings

week_option = click.option("--week", metavar="YYYY-Www", help="ISO week, for instance 2026-W48; this week when left out.")


@click.group()
def command() -> None:
    """Preview, build and send the weekly e-mail.

    What it tells: what is taken back; what changed and what was not covered; confirmed apart from unreviewed; campaigns that
    are new, growing, moved, back or quiet; what platforms did. A week is built once and sent once to each recipient, however
    often this is run.
    """


@command.command()
@week_option
@click.option(
    "--html", "html_file", type=click.Path(dir_okay=False, path_type=Path), help="Also write the HTML form to this file."
)
@click.option("--language", type=click.Choice(list(LANGUAGES)), default="en", show_default=True, help="Language of the mail.")
@json_option
def preview(week: str | None, html_file: Path | None, language: str, as_json: bool) -> None:
    """Show what would be sent now; stores and sends nothing."""
    settings = load_settings()
    edition = digest_mail.draft(settings, week)
    house = settings.public_url, settings.organisation, ReaderLocale(language)
    if html_file:
        with writing_to(html_file, "--html"):
            html_file.write_text(render.html(edition, *house), encoding="utf-8")
    if as_json:
        print_json(edition)
    else:
        click.echo(render.text(edition, *house))


@command.command("build")
@week_option
@json_option
def build_(week: str | None, as_json: bool) -> None:
    """Build this week's digest and queue its messages; a week that was built before stays as it was."""
    edition, queued = digest_mail.build(load_settings(), week)
    if as_json:
        print_json(edition)
    else:
        click.echo(f"{edition.week}: {render.subject(edition)}; {queued} messages queued")


@command.command()
@week_option
@json_option
def send(week: str | None, as_json: bool) -> None:
    """Build unless built, then send what is queued; exit 1 when a message was refused or still waits."""
    _report_delivery(digest_mail.send(load_settings(), week), as_json=as_json)


@command.command()
@json_option
def alert(as_json: bool) -> None:
    """Send the daily mails and alerts that are due; exit 1 when one was refused or still waits.

    Run it every hour: an alert is built at most once an hour and only with news, a daily mail once a day.
    """
    _report_delivery(digest_mail.send_own(load_settings()), as_json=as_json)


def _report_delivery(outcome: DeliveryReport, *, as_json: bool) -> None:
    """Tell what became of mails; exit 1 when one was refused or still waits."""
    if as_json:
        print_json(outcome)
    else:
        click.echo(f"{outcome.sent} sent, {outcome.failed} refused, {outcome.waiting} waiting")
        if outcome.repeated:
            again = "a run ended before it noted the answer; who has two copies finds one Message-ID in both"
            click.echo(f"{outcome.repeated} of them once more: {again}")
    if outcome.failed or outcome.waiting:
        sys.exit(1)


@command.command()
@click.argument("folder", type=click.Path(file_okay=False, exists=True, path_type=Path))
def bounces(folder: Path) -> None:
    """Read notifications about mails that came back from a Maildir: an address that does not exist gets no more mails.

    Only notifications that return the headers of a mail of this desk count; each file read is moved from new to cur.
    """
    report = digest_mail.read_bounces(load_settings(), folder)
    click.echo(f"{report.noted} noted, {report.other} others")


@command.command()
@click.argument("address")
@click.option("--search", metavar="NAME", help="A saved search, by its name or owner/name; everything when left out.")
@click.option("--lang", "languages", multiple=True, metavar="CODE", help="Only adverts in this language; may be repeated.")
@click.option("--least-score", type=click.IntRange(0, 100), default=0, show_default=True, help="Only from this score on.")
@click.option(
    "--least-harm", type=click.Choice(list(LEVELS)), default="unstated", show_default=True, help="Only from this harm on."
)
@click.option("--schedule", type=click.Choice(list(SCHEDULES)), default="weekly", show_default=True, help="How often.")
@click.option("--language", type=click.Choice(list(LANGUAGES)), default="en", show_default=True, help="Language of the mails.")
@click.option("--zone", default="UTC", show_default=True, metavar="ZONE", help="Time zone of the reader: Asia/Ho_Chi_Minh.")
@require_signer
def subscribe(
    address: str, search: str | None, languages: tuple[str, ...], least_score: int, least_harm: str, schedule: str, language: str,
    zone: str, signer: Signer,
) -> None:  # fmt: skip
    """Send mails of what is new to ADDRESS: one's own, or as who administers people anybody's.

    With --schedule feed nothing is mailed: the address of an Atom feed is shown, once (of an RSS feed with .rss behind it);
    `digest unsubscribe` ends it.
    """
    settings = load_settings()
    engine = open_desk(settings)
    by = signer.sign_in(engine)
    if search:
        with engine.connect() as connection:
            chosen = find_named(connection, search).id
    number = subscriptions.subscribe(
        engine, by=by, now=datetime.now(UTC), address=address, search_id=chosen if search else None, languages=languages,
        least_score=least_score, least_harm=least_harm, schedule=schedule, language=language, zone=zone,
    )  # fmt: skip
    click.echo(f"subscription {number}: {address}, {schedule}")
    with engine.connect() as connection:
        made = next(one for one in subscriptions.active_subscriptions(connection) if one.id == number)
    if made.schedule == "feed":
        click.echo(f"its address, shown this once: {settings.public_url.rstrip('/')}/feed/{feed_token(made)}")


@command.command()
@click.argument("number", type=int)
@require_signer
def unsubscribe(number: int, signer: Signer) -> None:
    """End a subscription of one's own, or as who administers people any."""
    engine = open_desk(load_settings())
    subscriptions.end_subscription(engine, number, by=signer.sign_in(engine), now=datetime.now(UTC))
    click.echo(f"subscription {number} has ended")


@command.command()
@json_option
def subscribers(as_json: bool) -> None:
    """List who gets which mails."""
    with open_desk(load_settings()).connect() as connection:
        found = subscriptions.active_subscriptions(connection)
    if as_json:
        print_json([{name: value for name, value in msgspec.to_builtins(one).items() if name != "key"} for one in found])
        return
    table = make_table("number", "address", "what", "how often", "language")
    for one in found:
        table.add_row(str(one.id), one.address, one.search or "everything", one.schedule, one.language)
    print_table(table)
