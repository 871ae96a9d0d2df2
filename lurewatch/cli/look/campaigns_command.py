"""`lurewatch campaigns`: list and show campaigns; split, merge, lock and undo as a person of the desk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click
import msgspec
from rich.console import Console
from rich.text import Text

from lurewatch.app.resources import desk_and_index_opened, index_opened
from lurewatch.cli.look.campaigns_contact import contact_command, print_adverts
from lurewatch.cli.presenter import json_option, make_table, print_fact, print_json, print_table
from lurewatch.cli.sign_in import Signer, open_desk, require_reason, require_signer
from lurewatch.settings import load_settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from desk.cases.campaign_rulings import Ruling
    from desk.people.accounts import User
    from enrichment.campaigns.templates import Template
    from index.base import Store
    from index.campaigns.dossier import Dossier, Order


_VALUES = 6
"""Values of a slot printed; the JSON line has all."""
require_signed_reason = require_reason("why", "One sentence, kept with your name in the audit log.")


@click.group()
def command() -> None:
    """List and show campaigns; follow a contact; split, merge, lock and undo.

    A campaign is the adverts of one crew. What people rule about one survives every linking, is in the audit log with who and
    why, and can be undone. An ID is a campaign's (c-…) or that of any advert in it.

    \b
    lurewatch campaigns list --sort size
    lurewatch campaigns show c-1f2e3d4c5b6a
    lurewatch campaigns merge c-1f2e3d4c5b6a c-0a1b2c3d4e5f --as minh --why "same bank account"
    """


command.add_command(contact_command)


@command.command("list")
@click.option("--sort", type=click.Choice(["growth", "size", "newest"]), default="growth", show_default=True, help="Order.")
@click.option("--size", type=click.IntRange(1, 10_000), default=25, show_default=True, help="Campaigns shown.")
@json_option
def list_(sort: Order, size: int, as_json: bool) -> None:
    """List campaigns, the fastest growing first; those without a new advert for two weeks stand behind."""
    from desk.highlighting import plain_line
    from index.campaigns.dossier import rank_campaigns

    with index_opened(load_settings()) as store:
        campaign_records = rank_campaigns(store.campaigns(), sort, datetime.now(UTC))
    if as_json:
        print_json(*campaign_records[:size])
        return
    table = make_table("campaign", "members", "newest week", "languages", "platforms", "seen", whole=("campaign",))
    for each in campaign_records[:size]:
        campaign = each.campaign
        seen = f"{campaign.first_seen:%Y-%m-%d} to {campaign.last_seen:%Y-%m-%d}" if campaign.first_seen else "-"
        platforms = plain_line(", ".join(each.platforms[:3]))
        numbers = str(len(campaign.members)), f"+{each.growth}"
        table.add_row(campaign.id, *numbers, ", ".join(campaign.languages), platforms, seen)
    if campaign_records:
        print_table(table)
    click.echo(
        f"{min(size, len(campaign_records))} of {len(campaign_records)} campaigns"
        if campaign_records
        else "No campaigns yet: `lurewatch run`",
        err=True,
    )


@command.command()
@click.argument("campaign", metavar="ID")
@json_option
def show(campaign: str, as_json: bool) -> None:
    """Show one: members, the reason of each link, weeks, shared text against its slots, what people ruled."""
    from desk.highlighting import plain_line
    from index.campaigns.dossier import dossier

    with index_opened(load_settings()) as store:
        record = store.get(campaign)
        name = record.campaign if record and record.campaign else campaign
        result = dossier(store, name)
    if result is None:
        raise click.ClickException(f"no campaign {plain_line(campaign)[:80]}; `lurewatch campaigns list` shows those there are")
    if as_json:
        print_json(_as_line(result))
    else:
        _print_dossier(Console(), result)


@command.command()
@click.argument("campaign", metavar="ID")
@click.argument("adverts", nargs=-1, required=True, metavar="ADVERT...")
@click.option("--out", is_flag=True, help="Not this crew: take each out, instead of making a campaign of them.")
@require_signed_reason
def split(campaign: str, adverts: tuple[str, ...], out: bool, why: str, signer: Signer) -> None:
    """Split ADVERTs off campaign ID as a campaign of their own; with --out each goes wherever it belongs."""
    from desk.cases import campaign_rulings

    with _signed_in(signer) as (engine, store, user, now):
        _print_ruling(campaign_rulings.split(engine, store, campaign, adverts, own=not out, by=user, now=now, why=why))


@command.command()
@click.argument("campaign", metavar="ID")
@click.argument("other", metavar="OTHER")
@require_signed_reason
def merge(campaign: str, other: str, why: str, signer: Signer) -> None:
    """Make one campaign of ID and OTHER; OTHER may be a single advert."""
    from desk.cases import campaign_rulings

    with _signed_in(signer) as (engine, store, user, now):
        _print_ruling(campaign_rulings.merge(engine, store, campaign, other, by=user, now=now, why=why))


@command.command()
@click.argument("campaign", metavar="ID")
@require_signed_reason
def lock(campaign: str, why: str, signer: Signer) -> None:
    """Keep ID exactly as it is now: linking neither adds nor removes."""
    from desk.cases import campaign_rulings

    with _signed_in(signer) as (engine, store, user, now):
        size = len(campaign_rulings.members(store, campaign))
        _print_ruling(campaign_rulings.lock(engine, store, campaign, size=size, by=user, now=now, why=why))


@command.command()
@click.argument("campaign", metavar="ID")
@click.argument("contact", metavar="CONTACT")
@require_signed_reason
def unlink(campaign: str, contact: str, why: str, signer: Signer) -> None:
    """Let CONTACT (type:value, as `show` prints it) link nobody any more: a help desk, an agency, a board's own."""
    from desk.cases import campaign_rulings

    with _signed_in(signer) as (engine, store, user, now):
        _print_ruling(campaign_rulings.unlink(engine, store, campaign, contact, by=user, now=now, why=why))


@command.command()
@click.argument("ruling", type=int)
@click.option("--why", default="", help="One sentence, kept in the audit log.")
@require_signer
def undo(ruling: int, why: str, signer: Signer) -> None:
    """Take back RULING (a number of `lurewatch campaigns rulings`); its adverts are linked as if it had never been."""
    from desk.cases import campaign_rulings

    with _signed_in(signer) as (engine, store, user, now):
        campaign_rulings.undo(engine, store, ruling, by=user, now=now, why=why)
    click.echo(f"ruling {ruling} is undone")


@command.command()
@click.option("--all", "every", is_flag=True, help="Also those undone, and the undoing.")
@json_option
def rulings(every: bool, as_json: bool) -> None:
    """List what people ruled about campaigns and is in force."""
    from desk.cases.campaign_rulings import SENTENCES, all_rulings, rulings_in_force
    from desk.highlighting import plain_line

    with open_desk(load_settings()).connect() as connection:
        results = all_rulings(connection)
    entries = results if every else rulings_in_force(results)
    for ruling in entries:
        if as_json:
            print_json(ruling)
        else:
            about = plain_line(ruling.contact) or f"{len(ruling.ids)} adverts" + (
                f" / {len(ruling.others)}" if ruling.others else ""
            )
            head = f"{ruling.id}  {ruling.at:%Y-%m-%d}  {ruling.by}  {ruling.campaign}  "
            head += f"{SENTENCES[ruling.kind]} ({about}): {plain_line(ruling.note)}"
            Console().print(Text(head + (f" [undone by {ruling.undone}]" if ruling.undone else "")), soft_wrap=True)
    if not entries and not as_json:
        click.echo("Nobody ruled on any campaign.", err=True)


@command.command()
def relink() -> None:
    """Bring the index to what people ruled: after an index was lost, or when a ruling could not be linked at once."""
    from desk.cases import campaign_rulings

    with desk_and_index_opened(load_settings()) as (engine, store):
        done = campaign_rulings.settle(engine, store, datetime.now(UTC))
    click.echo(f"{done.changed} adverts changed their campaign" if done else "the index is at what people ruled already")


def _print_ruling(ruling: Ruling) -> None:
    from desk.cases.campaign_rulings import SENTENCES

    click.echo(f"ruling {ruling.id}: {SENTENCES[ruling.kind]}; take it back with: lurewatch campaigns undo {ruling.id} --as NAME")


@contextmanager
def _signed_in(signer: Signer) -> Iterator[tuple[Engine, Store, User, datetime]]:
    """Give database, index, the person who rules and the time of the ruling."""
    with desk_and_index_opened(load_settings()) as (engine, store):
        yield engine, store, signer.sign_in(engine), datetime.now(UTC)


def _as_line(dossier: Dossier) -> dict[str, Any]:
    """Return a dossier as JSON holds it: members by id, slots as objects between strings."""
    line: dict[str, Any] = msgspec.to_builtins(dossier)
    line["members"] = list(dossier.campaign.members)
    line["weeks"] = [{"monday": week.monday.isoformat(), "adverts": week.adverts} for week in dossier.weeks]
    return line


def _print_dossier(console: Console, dossier: Dossier) -> None:
    """Print a dossier; what pages said is shown without control characters."""
    from desk.highlighting import plain_line
    from index.campaigns.dossier import sparkline

    campaign = dossier.campaign
    console.print(Text(f"{campaign.id}: {len(dossier.members)} adverts, +{dossier.growth} in the newest week", "bold"))
    seen = f"{dossier.members[0].first_seen:%Y-%m-%d} to {dossier.members[-1].first_seen:%Y-%m-%d}"
    rows = [("seen", seen), ("weeks", f"{sparkline(dossier.weeks)}  most: {max(week.adverts for week in dossier.weeks)}")]
    pairs = [("languages", dossier.languages), ("platforms", dossier.platforms), ("sources", dossier.sources)]
    pairs.append(("contacts", dossier.contacts))
    rows += [(name, ", ".join(f"{plain_line(value)} {count}" for value, count in counted)) for name, counted in pairs if counted]
    for name, value in rows:
        print_fact(console, name, value)
    console.print()
    for reason in dossier.reasons:
        console.print(Text(f"{plain_line(reason.why)}: {len(reason.links)} links"))
    for template in dossier.templates:
        console.print()
        console.print(Text(f"{len(template.members)} copies, {template.shared:.0%} the same", "bold"))
        console.print(_draw_template(template))
    console.print()
    print_adverts(console, dossier.members)


def _draw_template(template: Template) -> Text:
    from desk.highlighting import plain_line
    from enrichment.campaigns.templates import Slot

    text = Text()
    for part in template.parts:
        if isinstance(part, Slot):
            entries = [plain_line(value) for value, _ in part.values[:_VALUES]] + (["(left out)"] if part.empty else [])
            more = f" | {len(part.values) - _VALUES} more" if len(part.values) > _VALUES else ""
            text.append(f" ⟨{part.kind}: {' | '.join(entries)}{more}⟩ ", "cyan")
        else:
            text.append(plain_line(part))
    return text
