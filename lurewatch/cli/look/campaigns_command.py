"""`lurewatch campaigns`: list and show campaigns, what people ruled about them at the desk, and where a contact stands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click
import msgspec
from rich.console import Console
from rich.text import Text

from lurewatch.app.in_force import load_in_force
from lurewatch.app.resources import index_opened
from lurewatch.cli.presenter import json_option, make_table, print_fact, print_json, print_table
from lurewatch.cli.sign_in import open_desk

if TYPE_CHECKING:
    from enrichment.campaigns.templates import Template
    from index.base import Record
    from index.campaigns.dossier import Dossier, Order, Pivot


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


LONGEST = 1000
"""Characters; no address, handle or number is longer."""


@command.command("contact", no_args_is_help=True)
@click.argument("typed", metavar="CONTACT")
@json_option
@click.option("--size", type=click.IntRange(0, 1000), default=10, show_default=True, help="Newest adverts shown.")
def contact_command(typed: str, as_json: bool, size: int) -> None:
    """Follow CONTACT through everything indexed: apps, weeks, campaigns, languages, and what stands beside it.

    CONTACT is a handle, link, number or address as anybody would paste it; a number may lack its country.

    \b
    lurewatch campaigns contact @some_handle
    lurewatch campaigns contact https://t.me/some_handle
    lurewatch campaigns contact '+84 50 000 0123'        lurewatch campaigns contact zalo.me/0500000123
    lurewatch campaigns contact line:some_handle         one app only
    """
    from desk.highlighting import plain_line
    from index.campaigns.dossier import pivot

    if len(typed) > LONGEST:
        raise click.BadParameter(f"{len(typed)} characters are no contact; give one of at most {LONGEST}", param_hint="CONTACT")
    with index_opened(load_in_force()) as store:
        result = pivot(store, typed)
    if as_json:
        line = msgspec.to_builtins(result) | {"records": [record.id for record in result.records]}
        line["weeks"] = [{"monday": week.monday.isoformat(), "adverts": week.adverts} for week in result.weeks]
        print_json(line)
    elif result.records:
        _print(result, size)
    else:
        click.echo(
            f"Nobody used {plain_line(result.value)}. A number without its country is found by its last eight digits.", err=True
        )


def _print(found: Pivot, size: int) -> None:
    from desk.highlighting import plain_line
    from index.campaigns.dossier import sparkline

    console = Console()
    newest, oldest = found.records[0], found.records[-1]
    console.print(Text(f"{plain_line(found.value)}: {len(found.records)} adverts, {found.flagged} flagged", "bold"))
    weeks = f"{sparkline(found.weeks)}  most in a week: {max(week.adverts for week in found.weeks)}"
    rows = [
        ("seen", f"{oldest.first_seen:%Y-%m-%d} to {newest.first_seen:%Y-%m-%d}"), ("weeks", weeks),
        *((name, _count_pairs(pairs)) for name, pairs in (
            ("written as", found.forms), ("beside it", found.beside), ("campaigns", found.campaigns),
            ("languages", found.languages), ("platforms", found.platforms), ("sources", found.sources),
        ) if pairs),
    ]  # fmt: skip
    for name, value in rows:
        print_fact(console, name, value)
    print_adverts(console, found.records[:size])
    if len(found.records) > size:
        click.echo(f"{len(found.records) - size} older ones: --size, or `lurewatch search --contact`", err=True)


def print_adverts(console: Console, records: Iterable[Record]) -> None:
    """Print a line for each advert: day, score, id, title."""
    from desk.highlighting import heading

    for record in records:
        title = heading(record.posting, 90)
        console.print(
            Text(f"{record.first_seen:%Y-%m-%d} {record.assessment.score:>3.0f} {record.id} ", "dim").append(title, "not dim")
        )


def _count_pairs(pairs: tuple[tuple[str, int], ...]) -> str:
    from desk.highlighting import plain_line

    text = ", ".join(f"{plain_line(value)} {count}" for value, count in pairs[:12])
    return text + (f", {len(pairs) - 12} more" if len(pairs) > 12 else "")
