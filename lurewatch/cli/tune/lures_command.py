"""`lurewatch lures`: check the lexicon, try it on a text, replay a change before it is saved, and what people decided by rule."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn
from rich.table import Table
from rich.text import Text

from desk.highlighting import plain_line
from lurewatch.app.texts import BadLine, TextLine, encode_line
from lurewatch.cli.stages.text_files import texts
from lurewatch.settings import Settings, load_settings

if TYPE_CHECKING:
    from enrichment.assess import Assessor
    from lurewatch.app.lures.replay import Change

_SEEDS = click.Path(path_type=Path, exists=True, file_okay=False)


@click.group(no_args_is_help=True)
def command() -> None:
    """Check, try and replay the lure lexicon in seeds/lures (docs/lures.md teaches its language)."""


@command.command()
@click.option("--seeds", type=_SEEDS, help="Folder with lures/ to check; default: the seeds in use.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line: version, counts per language, faults.")
def check(seeds: Path | None, as_json: bool) -> None:
    """Read every lexicon file strictly and prove each rule.

    Each rule must catch its examples (catches:; a phrase itself; for a pattern without examples, a text made from it), leave
    alone what it spares (spares:), be accepted by RE2 and match no more than a bounded stretch. Exit code 1 with file, line and
    fix of every fault.
    """
    from enrichment.lexicon.lexicon import LexiconError, lexicon
    from enrichment.model import load
    from lurewatch.app.lures.lexicon_check import faults, summary

    try:
        read = lexicon((seeds or load_settings().seeds) / "lures")
    except LexiconError as exc:
        _faulty({"faults": str(exc).splitlines()}, as_json=as_json)
    with _progress("rules", len(read.entries)) as (progress, task):

        def note_proved(done: int) -> None:
            progress.update(task, completed=done)
            if not progress.console.is_terminal:
                click.echo(f"{done} of {len(read.entries)} rules proved", err=True)

        results = list(faults(read, note_proved))
    values = summary(read, load().weights) | {"faults": results}
    if results:
        _faulty(values, as_json=as_json)
    if as_json:
        click.echo(encode_line(values))
        return
    table = Table(box=None, pad_edge=False)
    columns = ("entries", "phrases", "patterns", "catches", "spares", "own", "reviewed", "waiting", "retired")
    for heading in ("language", *columns):
        table.add_column(heading, justify="left" if heading == "language" else "right")
    for name, row in values["languages"].items():
        table.add_row(name, *(str(row[column]) for column in columns))
    table.add_row("all", *(str(sum(row[column] for row in values["languages"].values())) for column in columns))
    console = Console()
    console.print(table)
    said = f"lexicon {values['version']}: {values['entries']} rules of {values['indicators']} indicators hold what they promise"
    console.print(said, soft_wrap=True)
    if values["weightless"]:
        console.print(f"no points yet (python -m evaluation train): {', '.join(values['weightless'])}", soft_wrap=True)
    if values["unused"]:
        console.print(f"indicators without a rule: {', '.join(values['unused'])}", soft_wrap=True)


def _faulty(values: dict[str, Any], *, as_json: bool) -> NoReturn:
    if as_json:
        click.echo(encode_line(values))
    else:
        for fault in values["faults"]:
            click.echo(fault, err=True)
        click.echo(f"{len(values['faults'])} faults; nothing was changed", err=True)
    sys.exit(1)


@command.command(name="try", no_args_is_help=True)
@click.argument("text")
@click.option("--title", help="Title of the text.")
@click.option("--seeds", type=_SEEDS, help="Folder with lures/ and places.yml to try; default: the seeds in use.")
@click.option("--json", "as_json", is_flag=True, help='One JSON line a text: {"assessment", "entries"}.')
def attempt(text: str, title: str | None, seeds: Path | None, as_json: bool) -> None:
    """Show what the lexicon sees in TEXT: the words, their points, what argued against, and the id and line of each rule.

    TEXT is the text itself, a file that holds it (in a .jsonl file each line is {"id", "title", "text"}), or - (standard input).
    An edited lexicon is read as it stands: nothing is compiled, nothing is stored.

    \b
    lurewatch lures try "Free flight, the boss keeps your passport"
    lurewatch lures try post.txt --seeds draft/
    """
    assessor = _assessor(seeds or load_settings().seeds)
    for line in _read_given(text, title):
        judged = assessor.assess(id=str(line.id), title=line.title, text=line.text, countries=line.countries, links=line.contacts)
        if judged.unjudged:
            raise click.ClickException(f"{line.id!r} is not judged {judged.unjudged}; report it with its text")
        entries = [
            {
                "id": item.entry.id,
                "status": item.entry.status,
                "place": item.entry.place,
                "phrase": item.entry.phrase,
                "indicator": item.entry.indicator.slug,
                "strength": item.entry.strength,
                "value": item.value,
                "start": item.start,
                "end": item.end,
                "text": line.raw[item.start : item.end],
                "disguise": item.disguise,
            }
            for item in assessor.evidence(line.raw)
        ]
        if as_json:
            click.echo(encode_line({"assessment": judged, "entries": entries}))
        else:
            _show(line, judged, entries)


def _show(line: TextLine, judged: Any, entries: list[dict[str, Any]]) -> None:
    from lurewatch.cli.look.reason_lines import mark_text, reasons, verdict

    console = Console()
    console.print(verdict(judged))
    console.print(mark_text(line.raw, judged.signals))
    if judged.signals:
        console.print(reasons(judged.signals))
    if not entries:
        console.print("No rule of the lexicon occurs in it.")
        return
    console.print()
    table = Table(box=None, pad_edge=False)
    for heading in ("value", "rule", "words", "written as"):
        table.add_column(heading, justify="right" if heading == "value" else "left", overflow="fold")
    for entry in entries:
        hidden = f" ({entry['disguise']} undone)" if entry["disguise"] else ""
        weighs = "shadow" if entry["status"] == "shadow" else f"{entry['value']:.1f}"
        table.add_row(
            weighs,
            Text(f"{entry['id']} {entry['place']}"),
            Text(plain_line(entry["text"])),
            Text(plain_line(entry["phrase"]) + hidden),
        )
    console.print(table)


def _read_given(text: str, title: str | None) -> Iterator[TextLine]:
    if text == "-":
        yield TextLine(id="-", title=title, text=sys.stdin.buffer.read().decode("utf-8", "replace"))
        return
    path = Path(text)
    try:
        is_file = len(text) < 1000 and path.is_file()
    except (OSError, ValueError):  # too long or no name at all: then it is the text itself
        is_file = False
    if not is_file:
        yield TextLine(id="text", title=title, text=text)
    elif path.suffix == ".jsonl":
        yield from _good(path)
    else:
        yield TextLine(id=path.name, title=title, text=path.read_text(encoding="utf-8", errors="replace"))


def _good(path: Path) -> Iterator[TextLine]:
    for line in texts(path):
        if isinstance(line, BadLine):
            raise click.ClickException(line.reason)
        yield line


@command.command(no_args_is_help=True)
@click.argument("file", required=False, type=click.Path(path_type=Path, allow_dash=True, dir_okay=False, exists=True))
@click.option("--seeds", type=_SEEDS, required=True, help="Folder with the changed lures/ and places.yml.")
@click.option("--runs", metavar="ADDRESS", help="Run partitions to replay over; default: the runs setting.")
@click.option("--moved", is_flag=True, help="Also list texts whose score moves without crossing the threshold.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line a changed text, then one with the counts.")
def replay(file: Path | None, seeds: Path, runs: str | None, moved: bool, as_json: bool) -> None:
    """Show what a changed lexicon would newly flag or spare, before it is saved.

    Every stored posting (or the texts of FILE, JSON Lines {"id", "title", "text"}) is judged with the seeds in use and with those
    of --seeds, from the text and the countries of its source (of the seeds in use); nothing is stored. For each new rule: hits a
    week, overlap with other rules, decided and authored texts it fires on; for the draft: minutes it adds to the queue.

    \b
    cp -r seeds draft            then edit draft/lures/vi/job.yml
    lurewatch lures replay --seeds draft
    lurewatch lures replay --seeds draft benchmarks/texts/training/listings-dev.jsonl
    """
    from lurewatch.app.lures.draft_rules import estimate
    from lurewatch.app.lures.replay import changes
    from lurewatch.app.lures.replay_estimate import Arrivals, arrivals
    from lurewatch.cli.error_lines import one_line_errors
    from lurewatch.cli.tune.lures_estimate import render

    settings = load_settings()
    if file and runs:
        raise click.UsageError("give FILE or --runs, not both")
    old, new = _assessor(settings.seeds, portable=False), _assessor(seeds)
    counts = {"texts": 0, "flagged": 0, "spared": 0, "moved": 0}
    crossed: list[Change] = []

    typed = list(_good(file)) if file and str(file) == "-" else []  # standard input can be read once only

    def lines() -> Iterator[TextLine]:
        if file:
            return iter(typed) if str(file) == "-" else _good(file)
        return _read_stored(runs or settings.runs, settings)

    with _progress("texts", None) as (progress, task):
        for change in changes(lines(), old, new, lambda: progress.advance(task)):
            counts[change.turned] += 1
            crossed += [change] if change.turned != "moved" else []
            if moved or change.turned != "moved":
                if as_json:
                    click.echo(encode_line(change))
                else:
                    _print(change)
        counts["texts"] = int(progress.tasks[0].completed)
    with one_line_errors():
        watched = Arrivals(frozenset(), 0.0) if file else arrivals(runs or settings.runs)
        draft_estimate = estimate(settings, seeds, lines, crossed, watched, old)
    if as_json:
        versions = {"old": old.lexicon_version, "new": new.lexicon_version}
        click.echo(encode_line(counts | versions | {"rules": draft_estimate.rules, "queue": draft_estimate.queue}))
    elif not counts["texts"]:
        click.echo("no stored postings to replay; crawl first, or give a FILE of texts", err=True)
    else:
        click.echo(
            f"{counts['texts']} texts: {counts['flagged']} newly flagged, {counts['spared']} newly spared, "
            f"{counts['moved']} moved without crossing the threshold" + ("" if moved else " (--moved lists them)")
        )
    if counts["texts"] and not as_json:
        click.echo(render(draft_estimate))


@command.command()
@click.option("--least", type=click.IntRange(1), default=5, show_default=True, help="Leave out rules with fewer decided texts.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line an indicator, then one a rule.")
def outcomes(least: int, as_json: bool) -> None:
    """Show what analysts decided about the texts each indicator and rule fires on: confirmed, dismissed, precision, proposals.

    Counted are decisions on opened texts, copies of one text once; the rules are those of the lexicon in use. A rule is proposed
    to promote when its precision lies above the share of all decided texts by more than chance, to retire when below. Proposals
    need ten texts and two people, and stand with any one person's decisions left out. Nothing is changed: a person edits the
    lexicon. One in forty rules without any worth comes above by chance.
    """
    from lurewatch.app.decisions import outcomes as counted
    from lurewatch.cli.error_lines import one_line_errors
    from lurewatch.models.text_tables import tallies

    with one_line_errors():
        result = counted(load_settings())
    if not as_json:
        click.echo(tallies(result, least=least))
        return
    for tally in (*result.indicators, *result.rules):
        click.echo(encode_line(tally))


def _print(change: "Change") -> None:
    out = Console()
    head = Text(f"{change.turned:<8}", {"flagged": "red", "spared": "green"}.get(change.turned, "dim"))
    head.append(f"{change.before:5.1f} -> {change.after:5.1f}  {change.tag}  {plain_line(change.id)}  ", "not dim")
    head.append(plain_line(change.title)[:80], "not dim")
    out.print(head)
    if change.url:
        out.print(Text(f"         {plain_line(change.url)}", "dim"))
    for entry in change.entries:
        out.print(
            Text(
                f"         {'+' if entry['in'] == 'new' else '-'} {entry['id']} {entry['place']}: "
                f"{plain_line(entry['text'])} ({plain_line(entry['phrase'])})"
            )
        )
    message = ", ".join(f"{signal['indicator']} {signal['before']:+.1f} -> {signal['after']:+.1f}" for signal in change.signals)
    out.print(Text(f"         {message}", "dim"))


def _read_stored(runs: str, settings: Settings) -> Iterator[TextLine]:
    from crawlers.crawl_errors import CrawlError
    from lurewatch.app.lures.replay import postings
    from lurewatch.app.pipeline import countries_of

    try:
        yield from postings(runs, cache(lambda name: countries_of(name, settings)))
    except CrawlError as exc:
        raise click.ClickException(str(exc)) from exc


def _assessor(seeds: Path, *, portable: bool = True) -> "Assessor":
    from enrichment.assess import Assessor
    from lurewatch.models.judges import folder_of

    try:
        return Assessor(seeds, portable=portable, model=folder_of(load_settings()))
    except OSError as exc:
        raise click.ClickException(f"{exc}") from exc


@contextmanager
def _progress(what: str, total: int | None) -> Iterator[tuple[Progress, TaskID]]:
    """Give a progress bar on standard error; it shows only on a terminal."""
    columns = (SpinnerColumn(), TextColumn(what), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield progress, progress.add_task(what, total=total)
