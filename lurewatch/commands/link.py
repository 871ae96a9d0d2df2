"""`lurewatch link`: group texts into campaigns, without a store."""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

import click

from lurewatch.settings import load_settings


@click.command(no_args_is_help=True)
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--json", "as_json", is_flag=True, help="One JSON line a text, in order; campaign is null when alone.")
@click.option("--why", is_flag=True, help="With --json, also the reasons; without, one line a reason.")
def command(file: BinaryIO, as_json: bool, why: bool) -> None:
    """Group the texts of FILE ("-" is standard input) into campaigns.

    FILE holds JSON Lines {"id", "title", "text"}; each is assessed first, so that a warning which names a crew's contact is not
    taken for one of its adverts.

    \b
    lurewatch link listings.jsonl --json
    """
    from enrichment.assess import Assessor
    from enrichment.campaigns import item, link

    rows = list(_rows(file))
    if not rows:
        raise click.ClickException('no texts given; each line is {"id": …, "title": …, "text": …}')
    assessor = Assessor(load_settings().seeds)
    items = [
        item(assessor.assess(id=row["id"], title=row["title"], text=row["text"], url=row["url"], source=row["source"]),
             f"{row['title'] or ''}\n{row['text']}")
        for row in rows
    ]
    campaigns = link(items)
    of = {member: campaign for campaign in campaigns for member in campaign.members}
    if as_json:
        for row in rows:
            campaign = of.get(row["id"])
            line: dict[str, Any] = {"id": row["id"], "campaign": campaign.id if campaign else None}
            if why:
                edges = [edge for edge in campaign.links if row["id"] in (edge.one, edge.two)] if campaign else []
                line["why"] = [{"with": edge.two if edge.one == row["id"] else edge.one, "why": edge.why} for edge in edges]
            click.echo(json.dumps(line, ensure_ascii=False))
        return
    for campaign in campaigns:
        click.echo(f"{campaign.id}  {len(campaign.members)} texts, {', '.join(campaign.languages)}: {' '.join(campaign.members)}")
        for edge in campaign.links if why else ():
            click.echo(f"    {edge.one} - {edge.two}: {edge.why}")
    click.echo(f"{len(campaigns)} campaigns, {len(of)} of {len(rows)} texts", err=True)


def _rows(file: BinaryIO) -> Iterator[dict[str, Any]]:
    """Yield the texts; a line that is none is named with its number."""
    seen: set[str] = set()
    for number, line in enumerate(file, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as exc:
            raise click.ClickException(f"line {number} is not JSON ({exc}); give one object a line") from exc
        if not isinstance(row, dict) or not isinstance(row.get("id"), str) or not isinstance(row.get("text"), str):
            raise click.ClickException(f'line {number} lacks "id" or "text" (both strings); "title" may be null')
        title = row.get("title")
        if title is not None and not isinstance(title, str):
            raise click.ClickException(f'line {number}: "title" is neither a string nor null')
        if row["id"] in seen:
            raise click.ClickException(f"line {number}: id {row['id']!r} stands twice; ids must be unique")
        seen.add(row["id"])
        more = {name: str(row.get(name) or "") for name in ("url", "source")}
        yield {"id": row["id"], "title": title, "text": row["text"], **more}


