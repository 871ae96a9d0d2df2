"""`lurewatch campaigns`: list and show campaigns, and what people ruled about them at the desk."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click
import msgspec
from rich.console import Console
from rich.text import Text

from lurewatch.app.in_force import load_in_force
from lurewatch.app.resources import index_opened
from lurewatch.cli.look.campaigns_contact import contact_command, print_adverts
from lurewatch.cli.presenter import json_option, make_table, print_fact, print_json, print_table
from lurewatch.cli.sign_in import open_desk

if TYPE_CHECKING:
    from enrichment.campaigns.templates import Template
    from index.campaigns.dossier import Dossier, Order


_VALUES = 6
"""Values of a slot printed; the JSON line has all."""


@click.group()
def command() -> None:
    """List and show campaigns and what people ruled about them; follow a contact.

    A campaign is the adverts of one crew. What people rule about one at the desk survives every linking. An ID is a campaign's
    (c-…) or that of any advert in it.

    \b
    lurewatch campaigns list --sort size
    lurewatch campaigns show c-1f2e3d4c5b6a
    """


command.add_command(contact_command)


@command.command("list")
@click.option("--sort", type=click.Choice(["growth", "size", "newest"]), default="growth", show_default=True, help="Order.")
@click.option("--size", type=click.IntRange(1, 10_000), default=25, show_default=True, help="Campaigns shown.")
@click.option("--rulings", is_flag=True, help="Instead all that people ruled about campaigns, with what was undone.")
@json_option
def list_(sort: Order, size: int, rulings: bool, as_json: bool) -> None:
    """List campaigns, the fastest growing first; those without a new advert for two weeks stand behind."""
    from desk.highlighting import plain_line
    from index.campaigns.dossier import rank_campaigns

    if rulings:
        _list_rulings(as_json=as_json)
        return
    with index_opened(load_in_force()) as store:
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

    with index_opened(load_in_force()) as store:
        record = store.get(campaign)
        name = record.campaign if record and record.campaign else campaign
        result = dossier(store, name)
    if result is None:
        raise click.ClickException(f"no campaign {plain_line(campaign)[:80]}; `lurewatch campaigns list` shows those there are")
    if as_json:
        print_json(_as_line(result))
    else:
        _print_dossier(Console(), result)


def _list_rulings(*, as_json: bool) -> None:
    from desk.cases.campaign_rulings import SENTENCES, all_rulings
    from desk.highlighting import plain_line

    with open_desk(load_in_force()).connect() as connection:
        results = all_rulings(connection)
    for ruling in results:
        if as_json:
            print_json(ruling)
            continue
        adverts = f"{len(ruling.ids)} adverts" + (f" / {len(ruling.others)}" if ruling.others else "")
        head = f"{ruling.id}  {ruling.at:%Y-%m-%d}  {ruling.by}  {ruling.campaign}  {SENTENCES[ruling.kind]} "
        head += f"({plain_line(ruling.contact) or adverts}): {plain_line(ruling.note)}"
        Console().print(Text(head + (f" [undone by {ruling.undone}]" if ruling.undone else "")), soft_wrap=True)
    if not results and not as_json:
        click.echo("Nobody ruled on any campaign.", err=True)


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
