"""Chooses the reasons to name first when there is room for a few, and those that never leave the desk."""

import math
from collections.abc import Iterable, Sequence

import msgspec

from enrichment.assessment import Assessment, Signal
from foundation.messages import Message, _

BACKGROUND = ("voice", "combination")
"""Families about the speaker, or sums of other signals: they count and are no reasons. Of 524 reasons read in
188 flagged real texts those of these families were the most often untrue."""
LEARNED = ("wording",)
"""Families of learned features: pieces of words with learned points. Nobody can check them, so they are no reasons."""
LIGHT = 3.0
"""Points below which a single word is no reason: of those read two in three were true, of others nine in ten."""
ONE_WORD, ONE_WORD_HAN = 12, 3
"""The most characters of what is taken for a single word, in scripts that part words and in Han."""


def grounds(signals: Iterable[Signal]) -> list[Signal]:
    """Return the signals that speak for a lure by words of the text that a person can check, heaviest first."""
    speaking = [signal for signal in signals if signal.weight > 0 and signal.family not in (*LEARNED, *BACKGROUND)]
    borne = [signal for signal in speaking if signal.weight >= LIGHT or not is_one_word(signal.text)]
    return sorted(borne, key=lambda signal: (-signal.weight, signal.start))


def is_one_word(words: str) -> bool:
    """Tell whether ``words`` are a single word, by their length where a script writes no spaces."""
    return " " not in words and len(words) <= (ONE_WORD_HAN if words >= "\u2e80" else ONE_WORD)


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
    return bool(grounds(signals))


def shown_kind(judged: Assessment) -> str:
    """Return the kind of lure that words of the text show to a person who checks them; empty for none. Who confirms another kind
    names the words that show it: the notice says of the text what the rule of that kind says."""
    return judged.tag if judged.tag != "unstated" and has_ground(judged.signals) else ""
