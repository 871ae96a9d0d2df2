"""Comparison, shadow report and rule tallies as tables for people."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import ParamSpec

from desk.cases.reason_marks import RuleAccuracy
from desk.highlighting import plain_line
from lurewatch.models.comparison import Comparison
from lurewatch.models.rule_outcomes import Tallies, Tally
from lurewatch.models.shadow import ShadowCounts, ShadowReport

Given = ParamSpec("Given")


def join_lines(lines: Callable[Given, Iterator[str]]) -> Callable[Given, str]:
    """Let a function that yields lines return them as one text."""
    return lambda *args, **named: "\n".join(lines(*args, **named))


@join_lines
def comparison(found: Comparison, findings: Sequence[str]) -> Iterator[str]:
    """Return champion and challenger side by side, who was learned from, and what speaks against a promotion."""
    yield f"challenger {found.challenger}, learned from {found.trained_on}; champion {found.champion}; lexicon {found.lexicon}"
    for section in found.sections:
        yield f"\n{section.name}: {section.texts} texts; {section.note}"
        if section.figures:
            yield f"    {'':28} champion  challenger  shipped"
        for figure in section.figures:
            verdict = "   WORSE" if figure.worse else ""
            yield f"    {figure.name:28} {figure.champion:8.3f}  {figure.challenger:10.3f}  {figure.shipped:7.3f}{verdict}"
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
    yield f"\n{'speaks against a promotion:' if findings else 'nothing speaks against a promotion; a person decides'}"
    yield from (f"  - {finding}" for finding in findings)


@join_lines
def shadow(shadow_report: ShadowReport) -> Iterator[str]:
    """Return how a challenger differs from the champion on texts both judged."""
    yield f"shadow of {shadow_report.model}\n{'':24} texts  both flag  only it  only champion  mean distance"
    yield _counts("all", shadow_report.all)
    yield from (_counts(name, counts) for name, counts in shadow_report.sources.items())
    yield from (_counts(name, counts) for name, counts in shadow_report.languages.items())
    for name, outcome in (("only it", shadow_report.flagged), ("only champion", shadow_report.spared)):
        message = f"{outcome.confirmed} confirmed, {outcome.dismissed} dismissed, {outcome.undecided} undecided"
        yield f"of those {name} flags: {message}"


def _counts(name: str, counts: ShadowCounts) -> str:
    return f"{name:24} {counts.texts:5} {counts.both:10} {counts.flagged:8} {counts.spared:14} {counts.moved:14.1f}"


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


@join_lines
def marked_reasons(tables: Mapping[str, Sequence[RuleAccuracy]]) -> Iterator[str]:
    """Return how often people found what indicators and rules say to be so, a table each; empty where nobody judged any."""
    for title, some in tables.items():
        yield from [f"\n{title:48} not so     so  share so (95 % interval)"] if some else []
        for each in some:
            yield f"{each.name:48} {each.struck:6} {each.upheld:6}  {each.share:.3f} ({each.low:.3f}-{each.high:.3f})"


def _tally(tally: Tally) -> str:
    share = f"{tally.precision:.3f} ({tally.low:.3f}-{tally.high:.3f})"
    message = "  ".join(filter(None, (tally.proposal, tally.status, plain_line(tally.phrase))))
    return f"{tally.name:32} {tally.confirmed:9} {tally.dismissed:10} {tally.analysts:9}  {share:22} {message}".rstrip()
