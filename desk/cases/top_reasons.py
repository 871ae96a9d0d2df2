"""Chooses the reasons to name first when there is room for a few, and those that never leave the desk."""

import math
from collections.abc import Iterable, Sequence

import msgspec

from enrichment.assessment import Assessment, Signal
from foundation.messages import Message, _

BACKGROUND = ("voice", "combination")
"""Families about the speaker, or sums of other signals: they count, but tell a reader little about this text."""
LEARNED = ("wording",)
"""Families of learned features: pieces of words with learned points. Nobody can check them, so they are no reasons."""
COUNTING = ("few_words", "many_families")
"""Signals that count other signals; they are no reasons."""


def grounds(signals: Iterable[Signal]) -> list[Signal]:
    """Return the signals that speak for a lure and that a person can check: those about the text itself first, heaviest first."""
    speaking = [
        signal for signal in signals if signal.weight > 0 and signal.family not in LEARNED and signal.indicator not in COUNTING
    ]
    return sorted(speaking, key=lambda signal: (signal.family in BACKGROUND, -signal.weight, signal.start))


def telling(signals: Iterable[Signal]) -> list[str]:
    """Return the meanings of the grounds, each once, in that order."""
    return list(dict.fromkeys(ground.gloss for ground in grounds(signals)))


def checkable(signals: Iterable[Signal]) -> list[Signal]:
    """Return the signals, for and against, that a person can check: all but the learned ones."""
    return [signal for signal in signals if signal.family not in LEARNED]


class LearnedShare(msgspec.Struct, frozen=True, kw_only=True):
    """The share of learned wording in a score: a number that nobody can check, and never a reason."""

    points: float
    """Of all learned features together; negative when they speak against a lure."""
    percent: int
    """Its share of all points for a lure."""

    @property
    def sentence(self) -> Message:
        """The share as a sentence, the same everywhere."""
        points = f"{self.points:+.0f}"
        if self.points <= 0:
            return _("learned wording: %(points)s points", points=points)
        if self.percent == 100:
            return _("learned wording alone: %(points)s points, no words of the text that a person can check", points=points)
        return _(
            "learned wording: %(points)s points, %(percent)s %% of what speaks for a lure", points=points, percent=self.percent
        )


def learned_share(signals: Sequence[Signal]) -> LearnedShare | None:
    """Return the share of learned wording in ``signals``; None when it is zero."""
    points = math.fsum(signal.weight for signal in signals if signal.family in LEARNED)
    shown = math.fsum(signal.weight for signal in checkable(signals) if signal.weight > 0)
    if not points:
        return None
    return LearnedShare(points=points, percent=round(100 * max(0.0, points) / max(1.0, shown + max(0.0, points))))


def has_ground(signals: Iterable[Signal]) -> bool:
    """Tell whether words of the text speak for a lure that a person can check; else no mail and no notice goes out on it until a
    person names such words."""
    return any(ground.family not in BACKGROUND for ground in grounds(signals))


def shown_kind(judged: Assessment) -> str:
    """Return the kind of lure that words of the text show to a person who checks them; empty for none. Who confirms another kind
    names the words that show it: the notice says of the text what the rule of that kind says."""
    return judged.tag if judged.tag != "unstated" and has_ground(judged.signals) else ""
