"""Prints an assessment: the text with its evidence marked, and the reasons by weight."""

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table
from rich.text import Text

from desk.cases.top_reasons import checkable, learned_share
from enrichment.assessment import Assessment, Signal
from lurewatch.cli.presenter import make_table


def print_reasons(console: Console, raw: str, judged: Assessment) -> None:
    """Print the verdict, the text with its evidence marked, and the reasons."""
    console.print(verdict(judged))
    console.print(mark_text(raw, judged.signals))
    console.print(reasons(judged.signals) if judged.signals else "No signal: nothing in it counts for or against.")


def verdict(judged: Assessment) -> Text:
    """Return score, tag, stance and language on one line."""
    line = Text(f"score {judged.score:.1f}  ", "bold")
    line.append("flagged " + judged.tag if judged.flagged else "not flagged", "red" if judged.flagged else "green")
    spoken = judged.language
    if judged.harm.reasons:
        line.append(f"  harm {judged.harm.level}")
    more = [name for name in ("unaccented", "romanised", "zawgyi") if getattr(spoken, name)]
    line.append(f"  stance {judged.stance}, language {spoken.code}-{spoken.script} ({spoken.confidence:.2f})", "not bold")
    return line.append(f", {', '.join(more)}", "not bold") if more else line


def mark_text(raw: str, signals: Iterable[Signal]) -> Text:
    """Return ``raw`` with what counts for (red) and against (green) marked; hidden characters stand as their names."""
    from desk.highlighting import Mark, pieces

    marks = [
        Mark(
            start=signal.start,
            end=signal.end,
            kind="for" if signal.weight > 0 else "against",
            key=signal.indicator,
            label=signal.gloss,
        )
        for signal in checkable(signals)
    ]
    text = Text()
    for piece in pieces(raw, marks):
        style = "bold red" if any(mark.kind == "for" for mark in piece.marks) else "green" if piece.marks else ""
        shown = f"[{piece.text}]" if piece.hidden and piece.text else piece.text
        text.append(shown, f"{style} reverse" if piece.hidden else style)
    return text


def reasons(signals: Iterable[Signal]) -> Table:
    """Return what learned wording weighs, then the signals, the weightiest first, each with its words, its meaning and what
    argued against it."""
    from desk.highlighting import plain_line

    signals = list(signals)
    table = make_table("points", "reason", "at", "words", "meaning", right=("points",), whole=("points", "reason", "at"))
    if share := learned_share(signals):
        meaning = f"{share.sentence}; learned from other texts, no reason and nothing to check"
        table.add_row(_points(share.points), Text("(wording)"), Text(""), Text(""), Text(meaning))
    for item in sorted(checkable(signals), key=lambda signal: (-abs(signal.weight), signal.start)):
        meaning = plain_line(item.gloss) + (f" [{_source(item.reference)}]" if item.reference else "")
        meaning += f" (lowered: {plain_line(item.against)})" if item.against else ""
        table.add_row(
            _points(item.weight),
            Text(f"{item.family}/{item.indicator}"),
            Text(f"{item.start}-{item.end}"),
            Text(plain_line(item.text)),
            Text(meaning),
        )
    return table


def assessment_facts(judged: Assessment) -> Iterator[tuple[str, str]]:
    """Yield name and value of what an assessment read besides: harms, the gravest first, contacts, pay and places."""
    from desk.highlighting import plain_line
    from enrichment.harm import LEVELS

    for reason in judged.harm.reasons:
        yield "harm", f"{LEVELS[reason.level]}: {plain_line(reason.why)}"
    for contact in judged.contacts:
        yield "contact", plain_line(f"{contact.type} {contact.value} {' '.join(contact.countries)}").rstrip()
    if pay := judged.pay:
        monthly = f", about {pay.monthly_usd:.0f} USD a month" if pay.monthly_usd is not None else ""
        stated = " ".join(filter(None, (f"{pay.low:,.0f} to {pay.high:,.0f}", pay.currency, pay.period)))
        yield "pay", f"{stated}{monthly}"
    for place in judged.places:
        yield "place", f"{place.name} ({place.kind}, {place.country})"


def _points(points: float) -> Text:
    return Text(f"{points:+.1f}", "red" if points > 0 else "green")


def _source(reference: str) -> str:
    """Return a reference short enough for a table: of an address its host (`--json` has it whole)."""
    from desk.highlighting import plain_line

    try:
        return plain_line(urlsplit(reference).hostname or reference)
    except ValueError:
        return plain_line(reference)
