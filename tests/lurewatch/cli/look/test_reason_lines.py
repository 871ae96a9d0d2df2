"""Reasons at a terminal: the share of learned wording first, then by weight, and what shows harm."""

import io

from msgspec.structs import replace
from rich.console import Console

from enrichment.assessment import Assessment, Harm, HarmReason, Language, Signal
from lurewatch.cli.look.reason_lines import assessment_facts, mark_text, reasons, verdict

RAW = "\nEasy money, passport kept"


def signal(indicator: str, family: str, weight: float, start: int, end: int) -> Signal:
    """Return a signal of RAW."""
    return Signal(
        indicator=indicator, family=family, start=start, end=end, text=RAW[start:end], weight=weight, gloss=f"means {indicator}"
    )


PASSPORT = signal("documents_held", "control", 14.0, 13, 26)
WORDED = [signal("wording", "wording", 20.0, 1, 5), signal("worded_money_scam", "wording", 6.0, 1, 5)]


def printed(what: object) -> list[str]:
    """Return what a terminal of 200 columns shows."""
    console = Console(width=200, record=True, file=io.StringIO())
    console.print(what)
    return [line.rstrip() for line in console.export_text().splitlines() if line.strip()]


def test_learned_wording_is_said_first_as_a_share_without_its_words() -> None:
    """A number, and no reason."""
    lines = printed(reasons([*WORDED, PASSPORT]))
    assert len(lines) == 3
    assert "learned wording: +26 points, 65 % of what speaks for a lure" in lines[1]
    assert "no reason and nothing to check" in lines[1]
    assert "documents_held" in lines[2]
    assert len(printed(reasons([PASSPORT]))) == 2


def test_learned_features_mark_no_words_of_the_text() -> None:
    """A mark says that a person can check it."""
    assert [
        str(mark_text(RAW, [*WORDED, PASSPORT])[span.start : span.end])
        for span in mark_text(RAW, [*WORDED, PASSPORT]).spans
        if span.style
    ] == ["passport kept"]


def test_harm_is_named_with_each_reason_and_cannot_steer_the_terminal() -> None:
    """The level beside the score, the reasons below."""
    why = HarmReason(level="confinement", indicator="documents_held", start=13, end=26, why="passport kept\x1b[2J")
    found = Harm(level="confinement", reasons=(why,))
    judged = Assessment(
        id="a", language=Language(code="en", script="Latn", confidence=1.0), stance="offer", score=90.0, flagged=True,
        tag="scam_compound", harm=found,
    )  # fmt: skip
    assert "harm confinement" in str(verdict(judged))
    ((name, why_shown),) = assessment_facts(judged)
    assert name == "harm" and "people are kept from leaving: passport kept" in why_shown
    assert "\x1b" not in why_shown
    assert list(assessment_facts(replace(judged, harm=Harm()))) == []
