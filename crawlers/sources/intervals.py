"""How likely a stretch of quiet days is, by a source's own past: the posterior predictive of a Beta-Bernoulli model.

Each day with a run either shows the event (a new advert, any advert) or does not. The chance of a quiet day has a Beta prior and
is learned from the past; that of a stretch is the product of its days' predictive chances, each day of it learned before the next
is judged (Gelman et al., Bayesian Data Analysis, 3rd ed., section 2.4). A short past thus gives cautious answers, and
quiet days that come in clusters make the next one less surprising.

Two things are ours: a day of the week has a chance of its own, drawn towards that of all days, so that a free weekend is learned
as one; and what lies ``HALF_LIFE`` days back counts half, so that a season is followed.
"""

from collections.abc import Iterable, Sequence
from datetime import date

HALF_LIFE = 28.0
"""Days."""
WEEKDAY_PULL = 2.0
"""How many days' worth of the overall chance stand in for what is not yet known of a day of the week."""
Prior = tuple[float, float]
"""Days with and days without the event that are taken as seen before the first."""
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
