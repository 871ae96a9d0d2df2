"""`lurewatch search`: what a person would type on the desk, on the command line."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click
import msgspec
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from lurewatch.app.in_force import load_in_force
from lurewatch.app.resources import index_opened
from lurewatch.cli.presenter import LateChoice, json_option, print_json, writing_to
from lurewatch.settings import Settings

if TYPE_CHECKING:
    from index.base import Hit, Record, ResultPage


FIELDS = {
    "lang": "Language code (vi, zh, …).",
    "tag": "scam_compound, organ_trade, surrogacy_or_egg, …",
    "harm": "taken, confinement, body_trade, money, unstated.",
    "source": "Source name.",
    "stance": "offer, warning, news, testimony, seeker, other.",
    "place": "Place named in the text.",
    "country": "Country of such a place.",
    "app": "Kind of contact (telegram, zalo, …).",
    "platform": "Host it stands on.",
    "contact": "Any form of a contact: @name, t.me/name, +84…, an address.",
    "campaign": "Campaign id.",
}
WIDTH = 160


def _add_field_options(function: Any) -> Any:
    for name, text in reversed(FIELDS.items()):
        names = [f"--{name}", "--voice"] if name == "stance" else [f"--{name}"]  # its name until release 0.2
        function = click.option(*names, name, multiple=True, metavar="VALUE", help=text)(function)
    return function


def _sorts() -> Iterable[str]:
    from index.base import Sort

    return get_args(Sort)


@click.command()
@click.argument("words", nargs=-1, metavar="[QUERY]...")
@_add_field_options
@click.option("--since", metavar="DAY", help="First seen on that day or later (2026-01-31), or in the last 7d, 4w, 6m.")
@click.option("--until", metavar="DAY", help="First seen on that day or before.")
@click.option("--score", metavar="BOUND", help="'>70', '40..60'.")
@click.option("--flagged/--not-flagged", default=None, help="Only what is flagged, or is not.")
@click.option("--sort", type=LateChoice("order", _sorts), help="Default: score.")
@click.option("--size", type=click.IntRange(1, 1000), default=20, show_default=True, help="Hits a page.")
@click.option("--after", metavar="CURSOR", help="The next page: the cursor the page before ended with.")
@click.option("--facets", is_flag=True, help="Also count the matches by tag, language, source and so on.")
@click.option("--saved", metavar="NAME", help="Start from a search shared at the desk: its name, or owner/name.")
@json_option
@click.option("--export", type=click.Path(path_type=Path), help="Write all matches to FILE.csv or FILE.jsonl.")
def command(
    words: tuple[str, ...],
    size: int,
    after: str | None,
    facets: bool,
    saved: str | None,
    as_json: bool,
    export: Path | None,
    **more: Any,
) -> None:
    """Search the index.

    \b
    lurewatch search lương cao -"cảnh báo" --lang vi --since 7d
    lurewatch search 'telegarm~ recruit* tag:scam_compound score:>70 sort:newest'
    lurewatch search --contact @some_handle --sort newest
    lurewatch search --flagged --export flagged.csv
    lurewatch search --saved "Vietnamese, gravest" --since 7d
    lurewatch search 5f0c9d9e-0000-5000-8000-000000000001   (a notice's number, or the address in it)

    Words must all occur; "phrases" as they stand; -word must not occur; word~ forgives typos; word* is a beginning.
    Write -- before a query that begins with a minus. docs/search.md has the whole language.
    """
    from desk.takedown.repository import UNTOLD, read_named
    from index.base import Hit, Query, ResultPage
    from index.query.parse import parse, place_names
    from index.query.values import absent

    settings = load_in_force()
    typed = " ".join(filter(None, (_shared_query(settings, saved) if saved else "", _typed_query(words, more))))
    named = read_named(typed)
    with index_opened(settings) as store:
        records = list(store.get_many(_told_items(settings, named)).values()) if named else []
        query = Query() if records else parse(typed, places=place_names(settings.seeds / "places.yml"))
        query = msgspec.structs.replace(query, size=size, after=after, count_facets=facets)
        if export:
            _export(records or store.scan(query), typed, export)
            return
        hits = tuple(Hit(record=record) for record in records)
        page = ResultPage(hits=hits, total=len(hits)) if hits else store.search(query)
        stored = store.count()
        missing = [] if page.total else [*([UNTOLD] if named else ()), *absent(store, query)]
    _print(page, typed, stored, missing, as_json=as_json)


def _told_items(settings: Settings, named: str) -> list[str]:
    """Return the items of notices, by a number or an address."""
    from desk.takedown.repository import told_items
    from lurewatch.cli.sign_in import open_desk

    with open_desk(settings).connect() as connection:
        return told_items(connection, named)


def _shared_query(settings: Settings, name: str) -> str:
    """Return the query of a search shared at the desk."""
    from desk.people.saved_searches import find_named
    from lurewatch.cli.sign_in import open_desk

    with open_desk(settings).connect() as connection:
        return find_named(connection, name).typed


def _typed_query(words: tuple[str, ...], more: dict[str, Any]) -> str:
    """Return words and options as one typed query: what is shown, recorded and parsed is the same."""
    parts = [_word(word) for word in words]
    parts += [f'{name}:"{value}"' if " " in value else f"{name}:{value}" for name in FIELDS for value in more[name]]
    since, until = more["since"], more["until"]
    if since and until:
        parts.append(f"first_seen:{since}..{until}")
    elif since or until:
        parts.append(f"first_seen:>={since}" if since else f"first_seen:<={until}")
    parts += [f"{name}:{more[name]}" for name in ("score", "sort") if more[name]]
    if more["flagged"] is not None:
        parts.append(f"flagged:{str(more['flagged']).lower()}")
    return " ".join(parts)


def _word(word: str) -> str:
    """Return an argument as typed; the shell took the quotes of a phrase away, so they are put back."""
    phrase = " " in word and '"' not in word and ":" not in word and "~" not in word and "*" not in word
    return word if not phrase else f'-"{word[1:]}"' if word.startswith("-") else f'"{word}"'


def _export(records: Iterable[Record], typed: str, target: Path) -> None:
    from index.export import csv_lines, json_lines

    lines = {".csv": csv_lines, ".jsonl": json_lines}.get(target.suffix)
    if lines is None:
        raise click.BadParameter(f"{target} is neither .csv nor .jsonl", param_hint="--export")
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    count = -1  # the first line is no record: it says what was asked, or names the columns
    with writing_to(target, "--export"):
        try:
            with part.open("wb") as file:
                for line in lines(records, typed, datetime.now(UTC)):
                    file.write(line)
                    count += 1
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)
    click.echo(f"{count} records written to {target}", err=True)


def _print(page: ResultPage, typed: str, stored: int, missing: Sequence[str], *, as_json: bool) -> None:
    from desk.highlighting import plain_line

    text = " ".join(plain_line(typed).split()) or "everything"
    if as_json:
        print_json(*map(as_line, page.hits))
    else:
        console = Console()
        for hit in page.hits:
            _print_hit(console, hit)
        for name, counts in page.facets.items():
            if counts:
                listed = ", ".join(f"{plain_line(value)} {n}" for value, n in counts[:12])
                console.print(Text(f"{name}: ", "bold").append(listed, "not bold"))
    if page.facets and page.facets_over < page.total:
        click.echo(f"counts are of the newest {page.facets_over} matches", err=True)
    click.echo(f"{len(page.hits)} of {page.total} for: {text}", err=True)
    if page.cursor:
        click.echo(f"next page: --after '{page.cursor}'", err=True)
    if not page.total:
        click.echo("\n".join([*missing, _nothing(typed, stored)]), err=True)


def _nothing(typed: str, stored: int) -> str:
    if not stored:
        return "The index is empty. `lurewatch run` crawls and loads the enabled sources; `lurewatch load --pending` loads alone."
    tips = ["fewer words", "word~ to forgive typos"]
    if ":" in typed:
        tips.append("without one of the fields")
    return f"Nothing among {stored} records. Try {', '.join(tips)}."


def as_line(hit: Hit) -> dict[str, Any]:
    """Return a hit as one JSON line."""
    from index.export import row

    return row(hit.record) | {"highlights": hit.highlights}


def _print_hit(console: Console, hit: Hit) -> None:
    """Print one hit: what it is, its id on a line of its own, as it is copied, and what it says."""
    from desk.highlighting import plain_line

    record, judged = hit.record, hit.record.assessment
    score = Text(f"{judged.score:3.0f}", "bold red" if judged.flagged else "dim")
    tag = judged.tag if judged.tag != "none" else "-"
    harm = judged.harm.level if judged.harm.reasons else "-"
    facts = (tag, harm, judged.language.code, f"{record.first_seen:%Y-%m-%d}", plain_line(record.posting.source))
    console.print(score.append("  " + "  ".join(facts), "not bold default"), soft_wrap=True)
    console.print(Text(f"     {record.id}", "dim"), soft_wrap=True)
    console.print(Padding(_excerpt(hit), (0, 0, 0, 5)))


def _excerpt(hit: Hit) -> Text:
    """Return the text around the first words found, marked; control characters cannot steer the terminal."""
    from desk.word_edges import edge_before
    from index.terms.record_terms import raw_text

    raw = raw_text(hit.record)
    start = max(0, hit.highlights[0][0] - WIDTH // 4) if hit.highlights and hit.highlights[0][0] > WIDTH // 2 else 0
    start = edge_before(raw, start, WIDTH // 4)
    end = len(raw) if start + WIDTH >= len(raw) else edge_before(raw, start + WIDTH, WIDTH // 4)
    text = Text("…" if start else "")
    at = start
    for low, high in [*((max(a, start), min(b, end)) for a, b in hit.highlights if b > start and a < end), (end, end)]:
        text.append(_inline(raw[at:low]))
        text.append(_inline(raw[low:high]), "bold reverse")
        at = high
    return text.append("…" if end < len(raw) else "")


def _inline(part: str) -> str:
    from desk.highlighting import plain_line

    kept = plain_line(part)
    return f"{' ' * part[:1].isspace()}{kept}{' ' * (part[-1:].isspace() and bool(kept))}"
