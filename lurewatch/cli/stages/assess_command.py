"""`lurewatch assess`: texts in, their assessments out, one line each."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec
from rich.console import Console
from rich.text import Text

from enrichment.text_lines import FIX, BadLine, TextLine
from lurewatch.app.in_force import load_in_force
from lurewatch.cli.presenter import print_fact, print_json, read_texts

if TYPE_CHECKING:
    from enrichment.assessment import Assessment


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True, dir_okay=False, exists=True), default="-")
@click.option("--json", "as_json", is_flag=True, help="Print JSON Lines: one assessment a text, in the order of the texts.")
@click.option("--portable", is_flag=True, help="Match without Hyperscan: slower, but an edited lexicon needs no compiling.")
def command(file: Path, as_json: bool, portable: bool) -> None:
    """Score the texts of FILE ("-", the default, is standard input) and explain each point.

    FILE holds JSON Lines {"id", "title", "text"}; "url", "source", "countries" (ISO 3166 codes that help to read telephone
    numbers) and "contacts" (links published beside the text: https://t.me/..., tel:...) may be given, other keys are ignored.

    \b
    lurewatch assess listings.jsonl --json
    echo '{"id": "1", "title": "Typists", "text": "Free flight, passport kept by the boss"}' | lurewatch assess

    With --json each line is {"id", "language", "stance", "score", "flagged", "tag", "signals", "contacts", "places", "pay",
    "fingerprint", "campaign_key", "lexicon_version", "model_version", "harm", "unjudged", "rules"}, and "voice", the earlier
    name of "stance", for this version; offsets count code points of title + newline + text.

    Lines are written as they are read. A line that holds no text is named on standard error with its number, the rest goes on,
    the exit code is 1; so it is for a text that cannot be judged ("unjudged" says where that failed, nothing else of the line
    counts), and when there is no text at all.
    """
    from lurewatch.app.pipeline import judge_in_force  # 0.3 s to import: `--help` stays quick

    assessor = judge_in_force(load_in_force(), portable=portable)
    bad = good = unjudged = 0
    console = Console()
    for lines in read_texts(file):
        read = [line for line in lines if isinstance(line, TextLine)]
        for line in lines:
            if isinstance(line, BadLine):
                click.echo(line.reason, err=True)
        good += len(read)
        bad += len(lines) - len(read)
        for line, judged in zip(read, assessor.assess_all(line.to_posting_text() for line in read), strict=True):
            unjudged += bool(judged.unjudged)
            _tell(console, line, judged, as_json=as_json)
    if bad:
        click.echo(f"{bad} of {bad + good} lines could not be read; they are named above", err=True)
    if unjudged:
        click.echo(f"{unjudged} of {good} texts could not be judged; they are named above", err=True)
    if bad or unjudged:
        sys.exit(1)
    if not good:
        raise click.ClickException(f"no texts given; {FIX}")


def _tell(console: Console, line: TextLine, judged: "Assessment", *, as_json: bool) -> None:
    if judged.unjudged:
        click.echo(f"{line.id!r} is not judged {judged.unjudged}; report it with its text", err=True)
    if as_json:
        print_json({**msgspec.to_builtins(judged), "id": line.id, "stance": judged.stance})
    elif not judged.unjudged:
        _print(console, line, judged)


def _print(console: Console, line: TextLine, judged: "Assessment") -> None:
    from desk.highlighting import plain_line
    from lurewatch.cli.look.reason_lines import assessment_facts, print_reasons

    console.print(Text(plain_line(str(line.id)), "dim"))
    print_reasons(console, line.raw, judged)
    for name, value in assessment_facts(judged):
        print_fact(console, name, value)
    console.print()
