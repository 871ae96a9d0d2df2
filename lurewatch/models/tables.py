"""Comparison, shadow report and rule tallies as tables for people."""

from collections.abc import Iterator, Sequence

from desk.highlighting import plain
from lurewatch.models.comparison import Comparison
from lurewatch.models.rules import Tallies, Tally
from lurewatch.models.shadow_report import ShadowCounts, ShadowReport


def comparison(found: Comparison, findings: Sequence[str]) -> str:
    """Return champion and challenger side by side, who was learned from, and what speaks against a promotion."""
    return "\n".join(_comparison(found, findings))


def _comparison(found: Comparison, findings: Sequence[str]) -> Iterator[str]:
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
    for one in found.influences:
        yield (
            f"{one.analyst:15} {one.texts:6} {one.confirmed:10} {one.alone:6} {one.weak:9} {one.disputed:9} "
            f"{one.uncapped:16.1%}  {one.share:7.1%}" + (f"   {one.leaning} more than chance explains" if one.leaning else "")
        )
    if found.left_out:
        yield "not learned from: " + ", ".join(f"{count} {reason}" for reason, count in found.left_out.items())
    yield f"\n{'speaks against a promotion:' if findings else 'nothing speaks against a promotion; a person decides'}"
    yield from (f"  - {one}" for one in findings)


def shadow(found: ShadowReport) -> str:
    """Return how a challenger differs from the champion on texts both judged."""
    return "\n".join(_shadow(found))


def _shadow(found: ShadowReport) -> Iterator[str]:
    yield f"shadow of {found.model}\n{'':24} texts  both flag  only it  only champion  mean distance"
    yield _counts("all", found.all)
    yield from (_counts(name, counts) for name, counts in found.sources.items())
    yield from (_counts(name, counts) for name, counts in found.languages.items())
    for name, outcome in (("only it", found.flagged), ("only champion", found.spared)):
        told = f"{outcome.confirmed} confirmed, {outcome.dismissed} dismissed, {outcome.undecided} undecided"
        yield f"of those {name} flags: {told}"


def _counts(name: str, one: ShadowCounts) -> str:
    return f"{name:24} {one.texts:5} {one.both:10} {one.flagged:8} {one.spared:14} {one.moved:14.1f}"


def tallies(found: Tallies, *, least: int) -> str:
    """Return indicators and rules with at least ``least`` decided texts, and what is proposed."""
    return "\n".join(_tallies(found, least))


def _tallies(found: Tallies, least: int) -> Iterator[str]:
    if not found.texts:
        yield "no decisions on opened texts yet"
        return
    share = found.confirmed / found.texts
    yield f"{found.texts} decided texts, {found.confirmed} confirmed ({share:.3f}); a rule that says nothing has that precision"
    for title, some in (("indicator", found.indicators), ("rule", found.rules)):
        yield f"\n{title:32} confirmed  dismissed  analysts  precision (95 % interval)"
        yield from (_tally(one) for one in some if one.confirmed + one.dismissed >= least)


def _tally(one: Tally) -> str:
    share = f"{one.precision:.3f} ({one.low:.3f}-{one.high:.3f})"
    told = "  ".join(filter(None, (one.proposal, one.status, plain(one.phrase))))
    return f"{one.name:32} {one.confirmed:9} {one.dismissed:10} {one.analysts:9}  {share:22} {told}".rstrip()
