"""Judges whether it is plausible that a source shows nothing new, by its own past runs and not by a fixed number of days.

A quiet weekend is plausible on a slow board and silence on a busy one. ``judge_silence`` takes the outcomes of past runs and
returns one of six states; docs/monitoring.md explains them, ``tests/crawlers/sources/test_silence.py`` measures false alarms
and delays on planted histories.

How likely a stretch of quiet days is, the posterior predictive of a Beta-Bernoulli model tells. Each day with a run either shows
the event (a new advert, any advert) or does not. The chance of a quiet day has a Beta prior and is learned from the past; that of
a stretch is the product of its days' predictive chances, each day of it learned before the next is judged (Gelman et al.,
Bayesian Data Analysis, 3rd ed., section 2.4). A short past thus gives cautious answers, and quiet days that come in clusters
make the next one less surprising. Two things are ours: a day of the week has a chance of its own, drawn towards that of all
days, so that a free weekend is learned as one; and what lies ``HALF_LIFE`` days back counts half, so that a season is followed.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from statistics import median
from typing import Literal

import msgspec

from crawlers.sources.causes import RunOutcome

HALF_LIFE = 28.0
"""Days."""
WEEKDAY_PULL = 2.0
"""How many days' worth of the overall chance stand in for what is not yet known of a day of the week."""
Prior = tuple[float, float]
"""Days with and days without the event that are assumed before the first real one."""
JEFFREYS: Prior = (0.5, 0.5)
"""Says next to nothing (Jeffreys' prior of a Bernoulli chance)."""


def chance_of_quiet(past: Sequence[tuple[date, bool]], quiet: Iterable[date], prior: Prior = JEFFREYS) -> float:
    """Return the chance (0-1) that all days of ``quiet`` are without the event.

    ``past``: the days before with a run, oldest first, each with whether it showed the event; ``quiet``: the days since, oldest
    first. Without a past only the prior speaks.
    """
    eventful, eventless = prior
    of_weekday = [[0.0, 0.0] for _ in range(7)]
    for day, had_event in past:
        weight = 0.5 ** ((past[-1][0] - day).days / HALF_LIFE)
        of_weekday[day.weekday()][had_event] += weight
        eventful, eventless = eventful + weight * had_event, eventless + weight * (not had_event)
    chance = 1.0
    for day in quiet:
        without, with_event = of_weekday[day.weekday()]
        overall = eventless / (eventful + eventless)
        chance *= (without + WEEKDAY_PULL * overall) / (without + with_event + WEEKDAY_PULL)
        of_weekday[day.weekday()][False] += 1
        eventless += 1
    return chance


SilenceState = Literal["ok", "plausibly_empty", "blocked", "layout_changed", "preview_gap", "dead"]
SILENT: tuple[SilenceState, ...] = ("layout_changed", "preview_gap", "dead")
"""States in which a source is not seen although its runs end without a wall."""
DAYS, MOST_RUNS = 84, 168
"""The past that is read: twelve weeks, and at most this many runs."""
IMPLAUSIBLE = 0.002
"""A stretch less likely than this is silence."""
LEAST_DAYS = 2
"""One day alone is never silence: sites rest for a day for many reasons."""
NOTHING_AT_ALL = 28
"""Days with a run after which a source that never showed anything new is dead."""
UNREACHABLE_DAYS = 7
"""Days of nothing but failed runs after which a source is dead."""
SHOWS_ADVERTS: Prior = (8.0, 0.5)
"""Prior before the first run: the list showed adverts when its source was written."""
LOST_FILL = 0.5
"""A field that falls from its usual fill rate by this share of it, from at least this rate, has moved."""


class SourceSilence(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict on a source's silence."""

    state: SilenceState
    quiet_days: int = 0
    """Days with a run since one showed a new advert."""
    chance: float = 1.0
    """How likely so long a stretch is by the source's own past (0-1)."""
    reason: str = ""
    """The reason, as a sentence for the operator; "" while the source is ok."""


def judge_silence(outcomes: Sequence[RunOutcome], *, channel: bool) -> SourceSilence:
    """Return the verdict on a source's silence, from its past runs, newest first; ``channel``: it is a channel's preview."""
    runs = list(outcomes[:MOST_RUNS])
    if not runs:
        return SourceSilence(state="ok")
    newest = runs[0]
    runs = [run for run in runs if (newest.started_at - run.started_at).days < DAYS]
    readable = [run for run in runs if run.state not in ("blocked", "failed")]
    quiet_days, chance = _stretch(readable, lambda run: run.new_postings > 0, JEFFREYS)
    if explained := _explain_silence(newest, readable, channel=channel):
        return msgspec.structs.replace(explained, quiet_days=quiet_days, chance=chance)
    empty_days, empty_chance = _stretch(readable, lambda run: run.postings > 0, SHOWS_ADVERTS)
    if empty_days >= LEAST_DAYS and empty_chance < IMPLAUSIBLE:
        words = f"{empty_days} days of runs show no advert at all"
        reason = _likely(words, empty_chance)
        return SourceSilence(state="layout_changed", quiet_days=quiet_days, chance=empty_chance, reason=reason)
    nothing = quiet_days >= NOTHING_AT_ALL and all(run.new_postings == 0 for run in readable[:-1])
    if quiet_days >= LEAST_DAYS and (chance < IMPLAUSIBLE or nothing):
        words = f"nothing new in {quiet_days} days of runs"
        return SourceSilence(state="dead", quiet_days=quiet_days, chance=chance, reason=_likely(words, chance))
    if failing := _unreachable(runs):
        return SourceSilence(state="dead", quiet_days=quiet_days, chance=chance, reason=failing)
    state: SilenceState = "plausibly_empty" if quiet_days else "ok"
    words = _likely(f"nothing new in {quiet_days} days of runs", chance) if quiet_days else ""
    return SourceSilence(state=state, quiet_days=quiet_days, chance=chance, reason=words)


def _explain_silence(newest: RunOutcome, readable: Sequence[RunOutcome], *, channel: bool) -> SourceSilence | None:
    """Return the state that follows from the newest run alone."""
    if newest.state == "blocked":
        return SourceSilence(state="blocked", reason="the site refuses us")
    if newest.cause == "changed/no_preview":
        return SourceSilence(state="preview_gap", reason="the channel shows no public preview")
    if newest.state == "changed":
        return SourceSilence(state="layout_changed", reason="the pages are no longer what they were")
    if channel and newest.gaps:
        return SourceSilence(state="preview_gap", reason="the preview leaves posts out")
    if newest.state != "failed" and (field := _lost_field(newest, readable[1:])):
        return SourceSilence(state="layout_changed", reason=f"{field} is no longer read in most adverts")
    return None


def _lost_field(newest: RunOutcome, before: Sequence[RunOutcome]) -> str | None:
    """Return a field that most adverts had in earlier good runs and few have now."""
    good = [run.fill_rate for run in before if run.state == "ok" and run.postings]
    if len(good) < LEAST_DAYS or not newest.postings:
        return None
    usual = {field: median(rates.get(field, 0.0) for rates in good) for field in newest.fill_rate}
    return next((name for name, rate in usual.items() if rate >= LOST_FILL and newest.fill_rate[name] < rate * LOST_FILL), None)


def _stretch(readable: Sequence[RunOutcome], shows: Callable[[RunOutcome], bool], prior: Prior) -> tuple[int, float]:
    """Return how many days with runs have passed since one showed it, and how likely that is by the days before.

    The first day of all counts for nothing: everything is new on it. The newest day is left out while it has fewer runs than
    days usually have.
    """
    runs_of = Counter(run.started_at.date() for run in readable)
    shown: dict[date, bool] = dict.fromkeys(sorted(runs_of), False)
    for run in readable:
        shown[run.started_at.date()] |= shows(run)
    days = list(shown.items())
    if days and not days[-1][1] and runs_of[days[-1][0]] < median(runs_of.values()):
        days.pop()
    quiet = next((at for at, (_, event) in enumerate(reversed(days)) if event), len(days))
    past, stretch = days[1 : len(days) - quiet], [day for day, _ in days[len(days) - quiet :]]
    return quiet, chance_of_quiet(past, stretch, prior)


def _unreachable(runs: Sequence[RunOutcome]) -> str:
    """Return a sentence that all runs of a week failed; "" when they did not."""
    failed = next((at for at, run in enumerate(runs) if run.state != "failed"), len(runs))
    days = {run.started_at.date() for run in runs[:failed]}
    return f"every run of the last {len(days)} days failed" if len(days) >= UNREACHABLE_DAYS else ""


def _likely(words: str, chance: float) -> str:
    share = "in less than 1 of 1,000" if chance < 0.001 else f"in 1 of {1 / chance:,.0f}"
    return f"{words}; by its own past that happens {share} such stretches"
