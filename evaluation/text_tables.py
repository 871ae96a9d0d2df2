"""Comparison and rule tallies as tables for people."""

from collections.abc import Callable, Iterator
from typing import ParamSpec

from desk.highlighting import plain_line
from evaluation.comparison import Comparison
from evaluation.rule_outcomes import Tallies, Tally

Given = ParamSpec("Given")


def join_lines(lines: Callable[Given, Iterator[str]]) -> Callable[Given, str]:
    """Let a function that yields lines return them as one text."""
    return lambda *args, **named: "\n".join(lines(*args, **named))


@join_lines
def comparison(found: Comparison) -> Iterator[str]:
    """Return shipped model and challenger side by side, who was learned from, and what speaks against shipping it."""
    yield f"challenger {found.challenger}, learned from {found.trained_on}; shipped {found.shipped}; lexicon {found.lexicon}"
    for section in found.sections:
        yield f"\n{section.name}: {section.texts} texts; {section.note}"
        if section.figures:
            yield f"    {'':28} shipped  challenger"
        for figure in section.figures:
            verdict = "   WORSE" if figure.worse else ""
            yield f"    {figure.name:28} {figure.shipped:7.3f}  {figure.challenger:10.3f}{verdict}"
    if found.influences:
        yield "\nanalyst          texts  confirmed  alone  unopened  disputed   weight uncapped  bounded"
    for influence in found.influences:
        yield (
            f"{influence.analyst:15} {influence.texts:6} {influence.confirmed:10} {influence.alone:6} "
            f"{influence.weak:9} {influence.disputed:9} "
            f"{influence.uncapped:16.1%}  {influence.share:7.1%}"
            + (f"   {influence.leaning} more than chance explains" if influence.leaning else "")
        )
    if found.left_out:
        yield "not learned from: " + ", ".join(f"{count} {reason}" for reason, count in found.left_out.items())
    findings = found.findings()
    yield f"\n{'speaks against shipping it:' if findings else 'nothing speaks against shipping it; a person decides'}"
    yield from (f"  - {finding}" for finding in findings)


@join_lines
def tallies(found: Tallies, *, least: int) -> Iterator[str]:
    """Return indicators and rules with at least ``least`` decided texts, and what is proposed."""
    if not found.texts:
        yield "no decisions on opened texts yet"
        return
    share = found.confirmed / found.texts
    yield f"{found.texts} decided texts, {found.confirmed} confirmed ({share:.3f}); a rule that says nothing has that precision"
    for title, some in (("indicator", found.indicators), ("rule", found.rules)):
        yield f"\n{title:32} confirmed  dismissed  analysts  precision (95 % interval)"
        yield from (_tally(tally) for tally in some if tally.confirmed + tally.dismissed >= least)


def _tally(tally: Tally) -> str:
    share = f"{tally.precision:.3f} ({tally.low:.3f}-{tally.high:.3f})"
    message = "  ".join(filter(None, (tally.proposal, tally.status, plain_line(tally.phrase))))
    return f"{tally.name:32} {tally.confirmed:9} {tally.dismissed:10} {tally.analysts:9}  {share:22} {message}".rstrip()
