"""A challenger beside the shipped model, which judges: each figure with what the shipped model reaches."""

from datetime import datetime
from typing import Literal

import msgspec

SLACK = 0.005
"""A figure is worse when it lies below its floor by more than this, and by more than one text."""
LEAST_HELD_OUT = 50
"""Decisions not trained on from which on they can stand in for real texts."""


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One measure; the higher the better."""

    name: str
    shipped: float
    challenger: float
    slack: float

    @property
    def worse(self) -> bool:
        """Whether the challenger lies below the shipped model by more than ``slack``."""
        return self.challenger < self.shipped - self.slack - 1e-9


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """All figures on one kind of texts."""

    name: str
    texts: int = 0
    figures: tuple[Figure, ...] = ()
    note: str = ""
    """What the texts are; where there are no figures, why."""


class Influence(msgspec.Struct, frozen=True, kw_only=True):
    """The weight of one analyst's decisions in training."""

    analyst: str
    texts: int
    confirmed: int
    alone: int
    """Texts nobody else decided about."""
    weak: int
    """Texts decided without anybody having opened them."""
    disputed: int
    """Texts left out because somebody decided otherwise."""
    uncapped: float
    """Share of the learning weight before the bound, 0 to 1."""
    share: float
    """Share after it."""
    leaning: Literal["confirms", "dismisses", ""] = ""
    """Set when the confirmed share differs from all others' by more than chance (95 % Wilson intervals apart)."""


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """All that a person should know before they ship a challenger."""

    at: datetime
    shipped: str
    challenger: str
    lexicon: str
    """Version of the lexicon both were judged with."""
    trained_on: str
    sections: tuple[Section, ...]
    influences: tuple[Influence, ...] = ()
    left_out: dict[str, int] = {}
    """Decisions that were not learned from, by reason."""
    weak: int = 0
    """Weak labels among those learned from."""

    def worse(self) -> tuple[str, ...]:
        """Return in words every figure in which the shipped model is better."""
        return tuple(
            f"{section.name}: {figure.name} {figure.challenger:.3f}, shipped {figure.shipped:.3f}"
            for section in self.sections
            for figure in section.figures
            if figure.worse
        )

    def findings(self) -> tuple[str, ...]:
        """Return sentences about all that speaks against shipping it."""
        measured = {section.name: section.texts for section in self.sections if section.figures}
        results = list(self.worse())
        if "real texts" not in measured and measured.get("decisions", 0) < LEAST_HELD_OUT:
            kept = f"{measured.get('decisions', 0)} decisions were kept from training, {LEAST_HELD_OUT} are needed"
            results.append(f"not judged on real texts: give --data, or decide more ({kept})")
        if "authored" not in measured:
            results.append("not judged on the held-out authored texts")
        results += [
            f"{influence.analyst} {influence.leaning} far more than the others "
            f"({influence.confirmed} of {influence.texts} confirmed, "
            f"{influence.share:.1%} of the learning weight); compare with a challenger learned --without {influence.analyst}"
            for influence in self.influences
            if influence.leaning
        ]
        return tuple(results)
