"""`lurewatch lures`: check the lexicon, try it on a text, replay a change before it is saved, and what people decided by rule."""

import sys
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from enrichment.text_lines import BadLine, TextLine
from lurewatch.app.in_force import load_in_force
from lurewatch.cli.presenter import json_option, make_table, print_json, read_texts, show_progress
from lurewatch.settings import Settings, load_settings

if TYPE_CHECKING:
    from enrichment.assess import Assessor
    from enrichment.lexicon.concept_matrix import Cell
    from enrichment.lexicon.lexicon import Lexicon
    from lurewatch.app.lures.draft_rules import DraftEstimate, RuleEstimate
    from lurewatch.app.lures.replay import Change

_SEEDS = click.Path(path_type=Path, exists=True, file_okay=False)


@click.group(no_args_is_help=True)
def command() -> None:
    """Check, try and replay the lure lexicon in seeds/lures (docs/lures.md teaches its language)."""


@command.command()
@click.option("--seeds", type=_SEEDS, help="Folder with lures/ to check; default: the files as they stand.")
@click.option(
    "--matrix", is_flag=True, help="Instead show what is proven of each concept in each language; - is a cell without words."
)
@click.option(
    "--language", "code", metavar="CODE", help="The matrix of one language, each concept with a sentence that shows it."
)
@json_option
def check(seeds: Path | None, matrix: bool, code: str | None, as_json: bool) -> None:
    """Read every lexicon file strictly and prove each rule and each concept.

    Each concept must catch and spare its examples, and be shown by sentences made of its words in every language. Each rule must
    catch its examples (catches:; a phrase itself; for a pattern without examples, a text made from it), leave alone what it
    spares (spares:), be accepted by RE2 and match no more than a bounded stretch. Exit code 1 with file, line and fix of every
    fault.
    """
    from enrichment.lexicon.concept_matrix import cell_faults, cells, example_faults
    from enrichment.lexicon.lexicon import LexiconError, lexicon
    from enrichment.lexicon.lexicon_check import faults, summary
    from enrichment.model import load

    try:
        read = lexicon((seeds or load_settings().seeds) / "lures")
    except LexiconError as exc:
        _faulty({"faults": str(exc).splitlines()}, as_json=as_json)
    if matrix or code:
        _show_matrix(read, code, as_json=as_json)
        return
    with show_progress("rules", len(read.entries)) as tell:

        def note_proved(done: int) -> None:
            tell(done)
            if not sys.stderr.isatty():
                click.echo(f"{done} of {len(read.entries)} rules proved", err=True)

        results = [*example_faults(read), *cell_faults(list(cells(read))), *faults(read, note_proved)]
    values = summary(read, load().weights) | {"faults": results}
    if results:
        _faulty(values, as_json=as_json)
    if as_json:
        print_json(values)
        return
    columns = ("entries", "phrases", "patterns", "catches", "spares", "own", "reviewed", "waiting", "retired")
    table = make_table("language", *columns, right=columns)
    for name, row in values["languages"].items():
        table.add_row(name, *(str(row[column]) for column in columns))
    table.add_row("all", *(str(sum(row[column] for row in values["languages"].values())) for column in columns))
    console = Console()
    console.print(table)
    said = (
        f"lexicon {values['version']}: {values['entries']} rules of {values['indicators']} indicators and "
        f"{values['concepts']} concepts hold what they promise"
    )
    console.print(said, soft_wrap=True)
    if values["weightless"]:
        console.print(f"no points yet (python -m evaluation train): {', '.join(values['weightless'])}", soft_wrap=True)
    if values["unused"]:
        console.print(f"indicators without a rule: {', '.join(values['unused'])}", soft_wrap=True)


@command.command()
def draft() -> None:
    """Print the phrases and receivers that people proposed at the desk, as their files would have them."""
    from lurewatch.app.seeds.desk_seeds import proposed_seeds

    for lines in proposed_seeds(load_settings(), "phrase", "receiver"):
        click.echo(f"{lines}\n")


def _faulty(values: dict[str, Any], *, as_json: bool) -> NoReturn:
    if as_json:
        print_json(values)
    else:
        for fault in values["faults"]:
            click.echo(fault, err=True)
        click.echo(f"{len(values['faults'])} faults; nothing was changed", err=True)
    sys.exit(1)


def _show_matrix(read: "Lexicon", code: str | None, *, as_json: bool) -> None:
    """Show how many of the sentences made of the words of each concept's classes show it, and how many denied ones do not."""
    from enrichment.lexicon.concept_matrix import cells, proven

    found = [cell for cell in cells(read) if code in (None, cell.language)]
    if not found:
        known = ", ".join(sorted({cell.language for cell in cells(read)})) or "none"
        raise click.ClickException(f"no concepts in {code or 'any language'}; languages with words.yml: {known}")
    if as_json:
        print_json(*(cell._asdict() for cell in found))
        return
    Console().print(_matrix_of(found, code))
    for name, (count, good, spared) in proven(found).items():
        click.echo(f"{name}: {good} of {count} concepts proven; {spared} of them spared in every denied sentence")


def _matrix_of(found: "Sequence[Cell]", code: str | None) -> Table:
    """Return the cells as a table: a language a column, or the examples of one language."""
    from desk.highlighting import plain_line

    if code is not None:
        table = make_table("concept", "indicator", "shown", "denied", "sentence that shows it", right=("shown", "denied"))
        for cell in found:
            numbers = f"{cell.found}/{cell.made}", f"{cell.denied}/{cell.made}"
            table.add_row(cell.concept, cell.indicator, *numbers, Text(plain_line(cell.example)))
        return table
    languages = list(dict.fromkeys(cell.language for cell in found))
    table = make_table("concept", *languages, right=languages)
    rows: dict[str, list[str]] = {}
    for cell in found:
        rows.setdefault(cell.concept, []).append(str(cell.found) if cell.made else "-")
    for concept, row in rows.items():
        table.add_row(concept, *row)
    return table


@command.command(name="try", no_args_is_help=True)
@click.argument("text")
@click.option("--title", help="Title of the text.")
@click.option("--seeds", type=_SEEDS, help="Folder with lures/ and places.yml to try; default: the seeds in force.")
@json_option
def attempt(text: str, title: str | None, seeds: Path | None, as_json: bool) -> None:
    """Show what the lexicon sees in TEXT: the words, their points, what argued against, and the id and line of each rule.

    TEXT is the text itself, a file that holds it (in a .jsonl file each line is {"id", "title", "text"}), or - (standard input).
    The lexicon of --seeds is read as it stands: nothing is compiled, nothing is stored.

    \b
    lurewatch lures try "Free flight, the boss keeps your passport"
    lurewatch lures try post.txt --seeds draft/
    """
    assessor = _assessor(seeds or load_in_force().seeds)
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
            print_json({"assessment": judged, "entries": entries})
        else:
            _show(line, judged, entries)


def _show(line: TextLine, judged: Any, entries: list[dict[str, Any]]) -> None:
    from desk.highlighting import plain_line
    from lurewatch.cli.look.reason_lines import print_reasons

    console = Console()
    print_reasons(console, line.raw, judged)
    if not entries:
        console.print("No rule of the lexicon occurs in it.")
        return
    console.print()
    table = make_table("value", "rule", "words", "written as", right=("value",))
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
    for line in chain.from_iterable(read_texts(path)):
        if isinstance(line, BadLine):
            raise click.ClickException(line.reason)
        yield line


@command.command(no_args_is_help=True)
@click.argument("file", required=False, type=click.Path(path_type=Path, allow_dash=True, dir_okay=False, exists=True))
@click.option("--seeds", type=_SEEDS, required=True, help="Folder with the changed lures/ and places.yml.")
@click.option("--runs", metavar="ADDRESS", help="Run partitions to replay over; default: the runs setting.")
@click.option("--moved", is_flag=True, help="Also list texts whose score moves without crossing the threshold.")
@json_option
def replay(file: Path | None, seeds: Path, runs: str | None, moved: bool, as_json: bool) -> None:
    """Show what a changed lexicon would newly flag or spare, before it is saved.

    Every stored posting (or the texts of FILE, JSON Lines {"id", "title", "text"}) is judged with the seeds in force and with
    those of --seeds, from the text and the countries of its source; nothing is stored. For each new rule: hits a week, overlap
    with other rules, decided texts it fires on; for the draft: minutes it adds to the queue.

    \b
    cp -r seeds draft            then edit draft/lures/vi/job.yml
    lurewatch lures replay --seeds draft
    lurewatch lures replay --seeds draft benchmarks/texts/training/listings-dev.jsonl
    """
    from lurewatch.app.lures.draft_rules import Arrivals, arrivals, estimate
    from lurewatch.app.lures.replay import changes

    settings = load_in_force()
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

    with show_progress("texts") as tell:

        def note_judged() -> None:
            counts["texts"] += 1
            tell(counts["texts"])

        for change in changes(lines(), old, new, note_judged):
            counts[change.turned] += 1
            crossed += [change] if change.turned != "moved" else []
            if moved or change.turned != "moved":
                (print_json if as_json else _print)(change)
    watched = Arrivals(frozenset(), 0.0) if file else arrivals(runs or settings.runs)
    draft_estimate = estimate(settings, seeds, lines, crossed, watched, old)
    if as_json:
        versions = {"old": old.lexicon_version, "new": new.lexicon_version}
        print_json(counts | versions | {"rules": draft_estimate.rules, "queue": draft_estimate.queue})
    else:
        click.echo("\n".join(_replay_lines(counts, draft_estimate, moved=moved)), err=not counts["texts"])


def _replay_lines(counts: dict[str, int], draft_estimate: "DraftEstimate", *, moved: bool) -> Iterator[str]:
    """Yield the lines of a replay's result."""
    if not counts["texts"]:
        yield "no stored postings to replay; crawl first, or give a FILE of texts"
        return
    yield (
        f"{counts['texts']} texts: {counts['flagged']} newly flagged, {counts['spared']} newly spared, "
        f"{counts['moved']} moved without crossing the threshold" + ("" if moved else " (--moved lists them)")
    )
    yield from _estimate_lines(draft_estimate)


def _print(change: "Change") -> None:
    from desk.highlighting import plain_line

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
    from lurewatch.app.lures.replay import postings
    from lurewatch.app.pipeline import countries_of

    return postings(runs, cache(lambda name: countries_of(name, settings)))


def _assessor(seeds: Path, *, portable: bool = True) -> "Assessor":
    from enrichment.assess import Assessor

    try:
        return Assessor(seeds, portable=portable)
    except OSError as exc:
        raise click.ClickException(f"{exc}") from exc


def _estimate_lines(draft_estimate: "DraftEstimate") -> Iterator[str]:
    """Yield what a draft's new rules and its queue come to."""
    for rule in draft_estimate.rules:
        yield from _rule_lines(rule)
    queue = draft_estimate.queue
    source = "the desk's median" if queue.measured else "assumed; fewer than 20 decisions were timed"
    each = f"{queue.minutes_each:.1f} minutes a decision ({source})"
    if queue.minutes_per_week is None:
        yield (
            f"queue: {queue.flagged:+d} texts of all, {queue.flagged * queue.minutes_each:+.0f} minutes once, at {each}; "
            "one run only, so it cannot be told how many come a week"
        )
    else:
        yield (
            f"queue: {queue.minutes_per_week:+.1f} minutes a week, from {queue.flagged:+d} texts in {queue.weeks:.1f} weeks "
            f"at {each}"
        )


def _rule_lines(rule: "RuleEstimate") -> Iterator[str]:
    from desk.highlighting import plain_line

    yield f"new rule {rule.place} {rule.indicator}: {plain_line(rule.phrase)}"
    week = "" if rule.per_week is None else f", {rule.per_week:.1f} new ones a week"
    yield f"    fires on {rule.hits} texts{week}; {rule.flagged} of them are flagged without it"
    others = "; ".join(f"{place} on {count}" for place, count in rule.overlaps)
    yield f"    {rule.same_indicator} show {rule.indicator} without it" + (f"; same words: {others}" if others else "")
    yield f"    known: {rule.confirmed} confirmed, {rule.dismissed} dismissed"
