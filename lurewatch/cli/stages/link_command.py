"""`lurewatch link`: group texts into campaigns, without a store."""

import sys
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from enrichment.text_lines import FIX, BadLine, TextLine
from lurewatch.app.in_force import load_in_force
from lurewatch.cli.presenter import print_json, read_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from enrichment.campaigns.linkage import Campaign


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True, dir_okay=False, exists=True), default="-")
@click.option("--json", "as_json", is_flag=True, help="One JSON line a text, in order; campaign is null when alone.")
@click.option("--why", is_flag=True, help="With --json, also the reasons; without, one line a reason.")
def command(file: Path, as_json: bool, why: bool) -> None:
    """Group the texts of FILE ("-", the default, is standard input) into campaigns.

    FILE holds JSON Lines as `lurewatch assess` reads them; each is assessed first, so that a warning which names a crew's contact
    is not taken for one of its adverts. A line that holds no text is named, the rest goes on, the exit code is 1.

    \b
    lurewatch link listings.jsonl --json
    """
    from enrichment.campaigns.linkage import item, link
    from lurewatch.app.pipeline import judge_in_force

    lines, bad = _unique_texts(file)
    assessor = judge_in_force(load_in_force())
    judged = assessor.assess_all(line.to_posting_text() for line in lines)
    items = []
    for line, assessment in zip(lines, judged, strict=True):
        items.append(item(assessment, line.raw))
        if assessment.unjudged:
            bad = True
            click.echo(f"{line.id!r} is not judged {assessment.unjudged}; it is linked to nothing", err=True)
    campaigns = link(items)
    of = {member: campaign for campaign in campaigns for member in campaign.members}
    if as_json:
        print_json(*(_json_line(line, of.get(str(line.id)), why=why) for line in lines))
    else:
        _print(campaigns, why=why)
        click.echo(f"{len(campaigns)} campaigns, {len(of)} of {len(lines)} texts", err=True)
    if bad:
        sys.exit(1)


def _json_line(line: TextLine, campaign: "Campaign | None", *, why: bool) -> dict[str, Any]:
    """Return what the JSON line of a text says."""
    values: dict[str, Any] = {"id": line.id, "campaign": campaign.id if campaign else None}
    if why:
        name = str(line.id)
        edges = [edge for edge in campaign.links if name in (edge.one, edge.two)] if campaign else []
        values["why"] = [{"with": edge.two if edge.one == name else edge.one, "why": edge.why} for edge in edges]
    return values


def _print(campaigns: "Sequence[Campaign]", *, why: bool) -> None:
    for campaign in campaigns:
        click.echo(f"{campaign.id}  {len(campaign.members)} texts, {', '.join(campaign.languages)}: {' '.join(campaign.members)}")
        for edge in campaign.links if why else ():
            click.echo(f"    {edge.one} - {edge.two}: {edge.why}")


def _unique_texts(file: Path) -> tuple[list[TextLine], bool]:
    """Return the texts and whether any line was none; those are named. Raises ClickException for an id that stands twice."""
    lines: dict[str, TextLine] = {}
    bad = False
    for line in chain.from_iterable(read_texts(file)):
        if isinstance(line, BadLine):
            click.echo(line.reason, err=True)
            bad = True
        elif str(line.id) in lines:
            raise click.ClickException(f"id {str(line.id)!r} stands twice; ids must be unique")
        else:
            lines[str(line.id)] = line
    if not lines and not bad:
        raise click.ClickException(f"no texts given; {FIX}")
    return list(lines.values()), bad
