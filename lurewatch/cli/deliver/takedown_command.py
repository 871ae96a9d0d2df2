"""`lurewatch takedown`: lists of confirmed items for the platforms that carry them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from desk.people.roles import Right
from lurewatch.app.in_force import load_in_force
from lurewatch.app.resources import index_opened
from lurewatch.cli.deliver.partners_command import ask_now, note_answer_to_item, partners, show_outcomes
from lurewatch.cli.presenter import json_option, make_table, print_json, print_table, writing_to
from lurewatch.cli.sign_in import Signer, open_desk, require_signer

if TYPE_CHECKING:
    from desk.cases.approvals import ReviewedEntry
    from desk.list_maker import WithheldItem
    from desk.platforms import Platforms
    from desk.takedown import repository
    from desk.takedown.repository import OpenRetraction, TakedownList
    from lurewatch.app import takedown_lists


@click.group()
def command() -> None:
    """Build, approve, send and take back lists of confirmed items.

    Only what a person confirmed gets on a list; a second person approves it; an undone decision is taken back by its own letter.
    Receivers, formats and the rules each kind of lure breaks stand in seeds/platforms.yml.

    \b
    Formats of a list (`formats` of a receiver):
      csv    list.csv             a spreadsheet; no cell is a formula
      json   list.json            machines; its schema is published
      xarf   reports.xarf.jsonl   abuse desks: XARF v4, one report a line
      stix   notices.stix.json    threat intelligence: STIX 2.1, TLP 2.0
      html   notice.html          people, in the receiver's language
      pdf    notice.pdf           the same, printed by Chromium
    """


for subcommand in (partners, ask_now, note_answer_to_item):
    command.add_command(subcommand)


@command.command("build")
@click.argument("platforms", nargs=-1, metavar="[PLATFORM]...")
@click.option(
    "--max-age-days", type=click.IntRange(1, 3650), default=7, show_default=True,
    help="Hold back items not seen on their page for longer.",
)  # fmt: skip
@require_signer
@json_option
def build_(platforms: tuple[str, ...], max_age_days: int, signer: Signer, as_json: bool) -> None:
    """Build a list for each enabled platform that has something new, updated or withdrawn; show what is held back and why.

    Each list is written in every format its receiver takes (`lurewatch takedown --help` names them). A file over 6 MB is written
    in numbered parts; nothing is left out. `lurewatch takedown show LIST --into FOLDER` writes the files to look at.
    """
    from lurewatch.app import takedown_lists

    settings = load_in_force()
    engine = open_desk(settings)
    user, oldest = signer.sign_in(engine), timedelta(days=max_age_days)
    with index_opened(settings) as store:
        results, unroutable = takedown_lists.build(settings, engine, store, user, frozenset(platforms), oldest)
    if as_json:
        print_json(*results)
        return
    if not results:
        click.echo("No platform is enabled in seeds/platforms.yml.")
    receivers = takedown_lists.platforms_of(settings)
    for item in results:
        if item.fault:
            click.echo(f"{item.platform}: {item.fault}")
            continue
        what = f"list {item.list_id} (number {item.number})" if item.list_id else "nothing to tell"
        click.echo(
            f"{item.platform} ({recipient_of(receivers, item.platform)}): {what}: {item.new} new, {item.updated} updated, "
            f"{item.withdrawn} withdrawn, {item.unchanged} unchanged"
        )
        print_withheld(item.held)
    print_withheld(unroutable)
    if any(entry.list_id and not entry.withdrawn for entry in results):
        click.echo("A second person approves: lurewatch takedown approve LIST --as NAME")
    if any(entry.fault for entry in results):
        sys.exit(1)


@command.command()
@click.argument("list_id", type=int, metavar="LIST")
@require_signer
def approve(list_id: int, signer: Signer) -> None:
    """Approve a list: as somebody who neither built it nor decided an item on it.

    A retraction too, where one person takes back more than three notices in 24 hours. Shows each notice with the text it is about
    and asks whether it is right (y on standard input); an item nobody opened at the desk, or one answer that is not y, keeps the
    list in the house.
    """
    from desk.cases import approvals
    from desk.cases.approvals import check_review
    from desk.takedown import repository
    from lurewatch.app import takedown_lists

    settings = load_in_force()
    engine = open_desk(settings)
    with engine.connect() as connection:
        takedown_list = repository.one_list(connection, list_id)
    recipient = approvals.receiver(takedown_lists.platforms_of(settings), takedown_list).recipient
    notifier = takedown_lists.notifier_of(settings)
    click.echo(f"list {list_id} for {takedown_list.platform} goes to {recipient}, as {notifier.byline}")
    user = signer.sign_in(engine)
    with engine.connect() as connection:
        receivers = takedown_lists.platforms_of(settings)
        approvals.check_approver(connection, takedown_list, user)
        notices = check_review(connection, receivers, list_id)
        back = [entry for entry in repository.entries(connection, list_id) if entry.change == "withdrawn"]
    ticked = [each.entry.item_id for each in notices if _ask_agreement(each, receivers)]
    for entry in back:
        click.confirm(f"{entry.item_id} {entry.body['url']}\nIs it right to take this notice back?", abort=True)
    approvals.approve(
        engine, receivers, list_id, by=user, now=datetime.now(UTC), recipient=recipient, ticked=ticked, notifier=notifier,
        code=signer.ask_code(engine),
    )  # fmt: skip
    click.echo(f"list {list_id} is approved for {recipient}; `lurewatch takedown send {list_id}` sends it")


def _ask_agreement(notice: ReviewedEntry, receivers: Platforms) -> bool:
    """Show a notice and ask whether it is right."""
    from desk.highlighting import plain_line

    body, decision = notice.entry.body, notice.decision
    click.echo(f"\n{notice.entry.change} {notice.entry.item_id} {body['url']}")
    click.echo(f"{body['kind']}, {body['severity']}, breaks: {body['clause']['title']}; decided by {decision.by}")
    if not receivers.clauses[body["clause"]["key"]].fits(decision.tag):
        click.echo(f"This rule does not follow from the kind. Reason given: {plain_line(decision.note)}")
    click.echo(f"{body['explanation']}\n\n{body['title'] or ''}\n{body['text_excerpt']}\n")
    return click.confirm("Is this notice right?")


@command.command()
@click.argument("list_ids", nargs=-1, type=int, metavar="[LIST]...")
@json_option
def send(list_ids: tuple[int, ...], as_json: bool) -> None:
    """Send approved lists, all of them when none is named; exit 1 when one was refused or still waits.

    What platforms answered at their door is taken in first.
    Notices nobody stands behind any more are taken back first, each platform's by a letter of its own, which a second person
    approves where one person takes back more than three in 24 hours. A retraction that nobody answered is asked about again after
    7, 14 and 28 days. A list over 10 MB leaves in several mails, each with the manifest that names all files.
    One that the mail server refused for good is sent again only when it is named.
    """
    from lurewatch.app import partner_door, takedown_lists

    settings, stuck = load_in_force(), 0
    if answers := partner_door.take_answers_in(settings):
        click.echo(f"{answers} answers of platforms taken in", err=True)
    built, unsaid = ([], ()) if list_ids else takedown_lists.take_back(settings, takedown_lists.SENDER)
    ids = list(list_ids) or takedown_lists.waiting(settings)
    untold = [each.fault for each in built if each.fault] + [f"{each.item_id}: {each.reason}" for each in unsaid]
    for words in untold:
        click.echo(words, err=True)
    for sending in takedown_lists.send(settings, ids):
        stuck += bool(sending.refusal or sending.outcome.failed or sending.outcome.waiting)
        if as_json:
            fields = {"list": sending.list_id, **msgspec.structs.asdict(sending.outcome), "refusal": sending.refusal}
            print_json(fields | {"interruption": sending.interruption})
        else:
            click.echo(_words_of(sending))
    if not ids and not as_json:
        click.echo("No list is approved and unsent.")
    for words in [] if list_ids else takedown_lists.ask_again(settings):
        click.echo(words, err=True)
    if stuck and not as_json:
        click.echo(f"{stuck} of {len(ids)} lists did not leave", err=True)
    if stuck or untold:
        sys.exit(1)


def _words_of(sending: takedown_lists.SendResult) -> str:
    """Print the result of one list."""
    list_id, outcome = sending.list_id, sending.outcome
    if sending.refusal:
        return f"list {list_id} does not leave: {sending.refusal}"
    words = f"list {list_id} to {sending.recipient}: {outcome.sent} sent, {outcome.failed} refused, {outcome.waiting} waiting"
    if outcome.failed:
        words += (
            "\n  the mail server refused it for good; correct the contact in seeds/platforms.yml, then"
            f" `lurewatch takedown approve {list_id} --as NAME` and `lurewatch takedown send {list_id}`"
        )
    return f"{words}\n  {sending.interruption}" if sending.interruption else words


@command.command()
@click.argument("item_id", metavar="ITEM")
@click.option("--why", required=True, help="Why the decision is taken back; kept in the item's history.")
@require_signer
def retract(item_id: str, why: str, signer: Signer) -> None:
    """Undo the confirmation of an item and build the list that withdraws it wherever it was sent."""
    from desk.cases.case_decisions import cases, undo
    from desk.takedown import repository
    from lurewatch.app import takedown_lists

    settings = load_in_force()
    engine = open_desk(settings)
    user = signer.sign_in(engine)
    with engine.connect() as connection:
        case = cases(connection, [item_id])[item_id]
    if case.state != "confirmed":
        raise click.ClickException(f"{item_id} is {case.state}; only a confirmed item can be retracted")
    undo(engine, [item_id], by=user, now=datetime.now(UTC), seen={item_id: case.last_seq}, note=why)
    with index_opened(settings) as store:
        results, _ = takedown_lists.build(settings, engine, store, user)
    click.echo(f"{item_id}: decision undone")
    for item in results:
        if item.withdrawn and item.list_id:
            with engine.connect() as connection:
                waits = repository.one_list(connection, item.list_id).second_person
            then = f"it leaves with the next sending, or now: lurewatch takedown send {item.list_id}"
            then = repository.too_many_alone(item.list_id) if waits else then
            click.echo(f"{item.platform}: list {item.list_id} takes {item.withdrawn} back; {then}")


@command.command("answered")
@click.argument("list_id", type=int, metavar="LIST")
@click.option("--refused", is_flag=True, help="They will not undo it.")
@require_signer
def note_answer(list_id: int, refused: bool, signer: Signer) -> None:
    """Note that a platform answered a retraction: it put back what it removed, or (--refused) it will not. Nobody asks again."""
    from desk.database import writing
    from desk.takedown import repository

    engine = open_desk(load_in_force())
    user = signer.sign_in(engine, Right.LISTS, "notes no answers; ask an analyst")
    with writing(engine) as connection:
        repository.note_answer(connection, list_id, "refused" if refused else "undone", by=user, now=datetime.now(UTC))
    click.echo(f"list {list_id}: answer noted")


@command.command()
@click.argument("list_id", type=int, required=False, metavar="[LIST]")
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), help="Write the list's files into this folder.")
@click.option(
    "--outcomes", is_flag=False, flag_value="", metavar="[PLATFORM]",
    help="Instead what became of the notices to each platform, as CSV; docs/takedown.md explains its columns.",
)  # fmt: skip
@json_option
def show(list_id: int | None, into: Path | None, outcomes: str | None, as_json: bool) -> None:
    """Show all lists, or the entries of one; with --into write its files, in every format of its receiver.

    Retractions that nobody answered stand below, with the day on which the platform is asked again.
    """
    from desk.takedown import repository
    from lurewatch.app import takedown_lists

    settings = load_in_force()
    engine = open_desk(settings)
    receivers = takedown_lists.platforms_of(settings)
    if outcomes is not None:
        show_outcomes(engine, receivers, outcomes, into, as_json=as_json)
        return
    with engine.connect() as connection:
        if list_id is None:
            results: list[Any] = repository.all_lists(connection)
            shown: Callable[[], None] = partial(_print_lists, results, receivers, repository.open_retractions(connection))
        else:
            takedown_list = repository.one_list(connection, list_id)
            results = list(repository.entries(connection, list_id))
            shown = partial(_print_entries, takedown_list, results, recipient_of(receivers, takedown_list.platform))
            if into:
                _write(repository.files(connection, list_id), into)
    if as_json:
        print_json(*results)
    else:
        shown()


def recipient_of(receivers: Platforms, key: str) -> str:
    """Return where the lists of a receiver go, or that nobody has accepted an address yet."""
    platform = receivers.platforms.get(key)
    return (platform.recipient if platform else "") or "no recipient"


def print_withheld(withheld_items: tuple[WithheldItem, ...]) -> None:
    """Print what is held back."""
    for withheld_item in withheld_items:
        click.echo(f"  held back {withheld_item.item_id} ({withheld_item.field}): {withheld_item.reason}")


def _write(files: dict[str, bytes], into: Path) -> None:
    with writing_to(into, "--into", "folder"):
        into.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (into / name).write_bytes(content)


def _print_lists(takedown_lists: list[TakedownList], receivers: Platforms, unanswered: list[OpenRetraction]) -> None:
    table = make_table("list", "platform", "number", "state", "built", "approved by", "recipient")
    for each in takedown_lists:
        built = f"{each.built_at:%Y-%m-%d} {each.built_by}"
        recipient = recipient_of(receivers, each.platform)
        table.add_row(str(each.id), each.platform, str(each.number), each.state, built, each.approved_by or "", recipient)
    print_table(table)
    for silent in unanswered:
        told = silent.takedown_list
        then = f"asked again on {silent.next_at:%Y-%m-%d}" if silent.next_at else "call them"
        click.echo(
            f"List {told.id}: {told.platform} has not answered the retraction of {told.sent_at:%Y-%m-%d}; {then}."
            f" Note an answer: lurewatch takedown answered {told.id} --as NAME"
        )


def _print_entries(takedown_list: TakedownList, list_entries: list[repository.ListEntry], recipient: str) -> None:
    """Print what stands on a list; ids and addresses on lines of their own, as they are copied."""
    from desk.highlighting import plain_line

    click.echo(f"List {takedown_list.id}: {takedown_list.platform} {takedown_list.number}, {takedown_list.state}, to {recipient}")
    click.echo(f"Manifest SHA-256 {takedown_list.manifest_sha256}")
    for entry in list_entries:
        body = entry.body
        click.echo("  ".join(filter(None, (entry.change, body.get("kind"), body.get("severity")))))
        click.echo(f"  {entry.item_id}\n  {plain_line(body['url'])}")
