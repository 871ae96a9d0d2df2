"""`lurewatch explain`: why a stored posting was or was not flagged, down to the words."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.text import Text

from enrichment.assessment import Assessment
from lurewatch.app.in_force import load_in_force
from lurewatch.app.resources import index_opened
from lurewatch.cli.look.reason_lines import assessment_facts, mark_text, reasons, verdict
from lurewatch.cli.presenter import print_fact, print_json

if TYPE_CHECKING:
    from index.base import CampaignRecord, Record, RecordStore


_LONGEST = 2000
"""Words up to which an edit is shown word by word."""


@click.command(no_args_is_help=True)
@click.argument("record_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="The whole record and its campaign as one JSON line.")
def command(record_id: str, as_json: bool) -> None:
    """Show every reason for a posting's score with the words it rests on, its contacts, history, evidence and campaign.

    ID is the one `lurewatch search` prints.
    """
    from desk.highlighting import plain_line

    settings = load_in_force()
    try:
        with index_opened(settings) as store:
            record = store.get(record_id)
            if record is None:
                raise click.ClickException(_unknown(store, record_id))
            campaign = store.campaign(record.campaign) if record.campaign else None
    except UnicodeEncodeError as exc:  # bytes on the command line that are no text
        raise click.BadParameter(f"{plain_line(record_id)[:80]!r} is no id; `lurewatch search` prints those there are") from exc
    if as_json:
        print_json({"record": record, "campaign": campaign})
        return
    console = Console()
    _print_head(console, record)
    _print_signals(console, record.assessment)
    _print_network(console, record)
    _print_facts(console, record)
    _print_history(console, record)
    if campaign:
        _print_campaign(console, record, campaign)


def _unknown(store: RecordStore, record_id: str) -> str:
    from desk.highlighting import plain_line

    if not store.count():
        return "the index is empty; `lurewatch run` or `lurewatch load --pending` fills it"
    return f"no posting {plain_line(record_id)[:80]!r} in the index; `lurewatch search` prints the ids of what it finds"


def _print_head(console: Console, record: Record) -> None:
    from desk.highlighting import heading, plain_line
    from index.terms.record_terms import raw_text

    posting, judged = record.posting, record.assessment
    console.print(Text(heading(posting), "bold"))
    console.print(
        Text(
            f"{plain_line(posting.url)}\n{plain_line(posting.source)}, first seen {record.first_seen:%Y-%m-%d %H:%M} UTC, "
            f"last {record.last_seen:%Y-%m-%d %H:%M}" + (", deleted since" if posting.deleted else "")
        )
    )
    console.print(verdict(judged))
    console.print(Text.assemble("\n", mark_text(raw_text(record), judged.signals), "\n"))


def _print_signals(console: Console, judged: Assessment) -> None:
    from enrichment.model import load
    from enrichment.scoring import score

    if not judged.signals:
        console.print("No signal: nothing in it counts for or against.")
        return
    console.print(reasons(judged.signals))
    message = f"lexicon {judged.lexicon_version or 'unknown'}, model {judged.model_version or 'unknown'}"
    if (model := load()).version != judged.model_version:
        console.print(f"The model that judged is not here, so the score cannot be made again; {message}.\n")
        return
    console.print(f"From these alone the score is {score(judged.signals, model.weights):.1f}; {message}.\n")


def _print_network(console: Console, record: Record) -> None:
    from desk.highlighting import plain_line

    for reason in record.network.reasons:
        print_fact(console, "network", f"{reason.points:+.1f} {plain_line(reason.why)}")
    if record.network.reasons:
        console.print(f"With its network it ranks at {record.rank:.1f} in the queue.\n")


def _print_facts(console: Console, record: Record) -> None:
    from desk.highlighting import plain_line

    judged, posting = record.assessment, record.posting
    capture = posting.capture.record_id if posting.capture else "(no capture)"
    facts = [*assessment_facts(judged), ("evidence", f"{record.partition} {capture}")]
    if posting.capture:
        facts.append(("sha256", posting.capture.sha256))
    for name, value in facts:
        print_fact(console, name, plain_line(value))


def _print_history(console: Console, record: Record) -> None:
    from desk.highlighting import plain_line

    before = ""
    for revision in record.revisions:
        console.print(Text(f"{revision.at:%Y-%m-%d %H:%M} {revision.change} (run {plain_line(revision.run_id)})", "dim"))
        if revision.change == "edited":
            console.print(_edit(before, revision.text))
        before = revision.text


def _edit(before: str, after: str) -> Text:
    """Return what an edit took out and put in, word by word."""
    from desk.highlighting import plain_line

    old, new = before.split(), after.split()
    text = Text("    ")
    if max(len(old), len(new)) > _LONGEST:
        return text.append(f"{len(old)} words before, {len(new)} after; `--json` has both texts")
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            text.append("… ")
            continue
        text.append(plain_line(" ".join(old[a:b])), "red strike").append(" ")
        text.append(plain_line(" ".join(new[c:d])), "green").append(" ")
    return text


def _print_campaign(console: Console, record: Record, kept: CampaignRecord) -> None:
    from desk.highlighting import plain_line

    campaign: Any = kept.campaign
    console.print(
        Text(
            f"\ncampaign {campaign.id}: {len(campaign.members)} postings, {', '.join(campaign.languages)}, on "
            f"{', '.join(kept.platforms)}, {kept.growth} in its newest week",
            "bold",
        )
    )
    for edge in campaign.links:
        if record.id in (edge.one, edge.two):
            console.print(Text(f"  with {edge.two if edge.one == record.id else edge.one}: {plain_line(edge.why)}"))
