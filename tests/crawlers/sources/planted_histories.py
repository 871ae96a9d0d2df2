"""Histories of sources over twelve weeks with known faults, drawn by processes that are not the detector's own model.

New adverts come in batches (a gamma-distributed daily rate, so days cluster), weekends, seasons and holidays differ by source,
and adverts stay listed for a month. ``fault_days`` says on which days the source is in truth silent.
"""

import math
import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from crawlers.sources.causes import RunOutcome

WEEKS = 12
FIRST = datetime(2026, 3, 2, 3, 17, tzinfo=UTC)
"""A Monday."""
FILLED = {"title": 1.0, "company": 0.9, "pay": 0.6}
HOLIDAYS = frozenset({45, 46})
"""A Thursday and the Friday after it, on which offices are closed."""


@dataclass
class History:
    """One source's runs, oldest first, one a day, and what is true of each day."""

    kind: str
    channel: bool
    outcomes: list[RunOutcome]
    fault: str
    """State that its silence should be judged as; "" for a source without fault."""
    fault_days: range


def planted(seed: int) -> list[History]:
    """Return 60 histories: ten kinds, six of each."""
    chooser = random.Random(seed)
    return [_history(kind, chooser) for kind in KINDS for _ in range(6)]


def _history(kind: str, chooser: random.Random) -> History:
    rate_of, fault, span = KINDS[kind](chooser)
    outcomes, standing = [], 0.0
    for day in range(WEEKS * 7):
        in_fault = day in span
        rate = rate_of(day) * (0.0 if in_fault and fault != "" else 1.0)
        clustered = rate * chooser.gammavariate(2.0, 0.5)
        new = _poisson(clustered, chooser)
        standing = standing * (29 / 30) + new
        outcomes.append(_outcome(day, fault if in_fault else "", new, standing, chooser))
    return History(kind, kind == "preview gap", outcomes, fault, span)


def _outcome(day: int, fault: str, new: int, standing: float, chooser: random.Random) -> RunOutcome:
    state, cause, postings, gaps, filled = "ok", "", round(standing) + new + 5, 0, dict(FILLED)
    if fault == "blocked":
        state, cause, postings, new = "blocked", "block/http_403", 0, 0
    elif fault == "layout_changed":
        way = chooser.choice(("empty", "fields")) if day % 2 else "empty"
        postings, new, filled = (0, 0, {}) if way == "empty" else (postings, 0, filled | {"company": 0.1})
        state = "empty" if way == "empty" else "ok"
    elif fault == "preview_gap":
        state, gaps = "partial", 1
    elif not fault and chooser.random() < 0.03:
        state, new, postings = "failed", 0, 0  # the site or the network was away for a day
    started = FIRST + timedelta(days=day, minutes=chooser.randrange(20))
    return RunOutcome(
        started_at=started, state=state, cause=cause, postings=postings, new_postings=new, gaps=gaps, fill_rate=filled
    )  # fmt: skip


def _poisson(rate: float, chooser: random.Random) -> int:
    """Return a Poisson count (Knuth's way; rates here are small)."""
    limit, count, product = math.exp(-min(rate, 200.0)), 0, chooser.random()
    while product > limit:
        count, product = count + 1, product * chooser.random()
    return count


def _weekday(day: int) -> int:
    return (date(2026, 3, 2) + timedelta(days=day)).weekday()


def _offices(low: float, high: float, chooser: random.Random):
    """Return a rate that is nothing at most weekends and on holidays, as offices post."""
    rate = chooser.uniform(low, high)
    weekend = chooser.choice((0.0, 0.02, 0.3))
    return lambda day: 0.0 if day in HOLIDAYS else rate * (weekend if _weekday(day) > 4 else 1.0)


def _always(low: float, high: float, chooser: random.Random):
    rate = chooser.uniform(low, high)
    return lambda _: rate


def _tide(chooser: random.Random):
    """Return a rate that rises and falls threefold within the twelve weeks."""
    rate, turn = chooser.uniform(2, 15), chooser.uniform(0, math.tau)
    return lambda day: rate * (1 + 0.5 * math.sin(turn + math.tau * day / 84)) * (0.3 if _weekday(day) > 4 else 1.0)


def _fading(chooser: random.Random):
    """Return a rate that halves every week and a half from the fourth week on."""
    rate = chooser.uniform(3, 12)
    return lambda day: rate * 0.5 ** (max(0, day - 28) / 10)


NONE = range(0)
KINDS = {
    "busy": lambda chooser: (_offices(6, 40, chooser), "", NONE),
    "seasonal": lambda chooser: (_tide(chooser), "", NONE),
    "slow": lambda chooser: (_always(0.08, 0.6, chooser), "", NONE),
    "dying": lambda chooser: (_fading(chooser), "dead", range(56, 84)),
    "dead at once": lambda chooser: (_offices(2, 20, chooser), "dead", range(50, 84)),
    "slow and dead": lambda chooser: (_always(0.15, 0.6, chooser), "dead", range(35, 84)),
    "blocked": lambda chooser: (_offices(2, 20, chooser), "blocked", range(50, 84)),
    "layout changed": lambda chooser: (_always(1, 20, chooser), "layout_changed", range(50, 84)),
    "preview gap": lambda chooser: (_always(0.5, 5, chooser), "preview_gap", range(50, 84)),
    "recovering": lambda chooser: (_always(1, 20, chooser), "dead", range(40, 60)),
}
