"""Prints an assessment: the text with its evidence marked, and the reasons by weight."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from rich.table import Table
from rich.text import Text

from desk.cases.top_reasons import checkable, learned_share
from desk.highlighting import Mark, pieces, plain_line
from enrichment.assessment import Assessment, Harm, Signal
from enrichment.harm import LEVELS

NARROW = ("points", "reason", "at")
"""Columns that are cut nowhere: the words and their meaning have the rest of the line."""


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
    signals = list(signals)
    table = Table(box=None, pad_edge=False)
    for heading in ("points", "reason", "at", "words", "meaning"):
        table.add_column(heading, justify="right" if heading == "points" else "left", overflow="fold", no_wrap=heading in NARROW)
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


def harm_lines(harm: Harm) -> list[Text]:
    """Return a line for each signal that shows a harm, the gravest first."""
    return [
        Text(f"{'harm':<10}", "dim").append(f"{LEVELS[reason.level]}: {plain_line(reason.why)}", "not dim")
        for reason in harm.reasons
    ]


def _points(points: float) -> Text:
    return Text(f"{points:+.1f}", "red" if points > 0 else "green")


def _source(reference: str) -> str:
    """Return a reference short enough for a table: of an address its host (`--json` has it whole)."""
    try:
        return plain_line(urlsplit(reference).hostname or reference)
    except ValueError:
        return plain_line(reference)
