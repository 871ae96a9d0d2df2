"""The harm that an offer would do to a person, read from its signals; the score says how likely it is a lure.

The score is a probability; harm says how grave a lure would be if it is one. The order is that of docs/desk.md for people's own
decisions: who is being taken comes first, then who cannot leave, then bodies that are traded, then money. Nothing is learned.
"""

from collections.abc import Iterable, Mapping

from enrichment.assessment import Harm, HarmLevel, HarmReason, Signal, StanceLabel
from enrichment.combinations import CONFINED, TAKEN
from enrichment.scoring import LEAST_GRAVE
from enrichment.stance_cues import COUNTER
from foundation.messages import _

LEVELS: Mapping[HarmLevel, str] = {
    "unstated": _("no harm named"),
    "money": _("money is taken"),
    "body_trade": _("organs, children or brides are traded"),
    "confinement": _("people are kept from leaving"),
    "taken": _("people are taken away"),
}
"""Each level in words, the gravest last."""
SHOWN_BY: Mapping[HarmLevel, tuple[str, ...]] = {
    "taken": TAKEN,
    "confinement": CONFINED,
    "body_trade": ("organ", "organ_papers", "surrogacy_egg", "foetus_baby", "marriage", "bride_price", "minors"),
    "money": (
        "upfront_fee", "task_scam", "prepaid_return", "unsolicited_hire", "home_daily_pay", "mule_account", "deposit_commission",
        "grooming_sales", "persona_script", "openly_illicit", "remote_bait", "fee_before_work", "account_for_pay",
        "grooming_deposits", "illicit_offer",
    ),
}  # fmt: skip
"""The indicators and combinations that show each level; learned wording shows none."""
RANKS: Mapping[HarmLevel, int] = {level: rank for rank, level in enumerate(LEVELS)}
"""The place of each level: 0 for ``unstated``, growing with the harm."""
_LEVEL_OF = {indicator: level for level, indicators in SHOWN_BY.items() for indicator in indicators}
BAND = 5.0
"""Points within which the graver harm comes first."""
BAND_STEP, LEVEL_STEP = 100.0, 1000.0
"""How far apart the values of ``priority`` stand for two bands, and those of ``gravity`` for two levels."""


def harm(signals: Iterable[Signal], voice: StanceLabel) -> Harm:
    """Return the gravest level that ``signals`` show, and every signal that shows one, the gravest first.

    A signal shows a level from ``LEAST_GRAVE`` points. Who warns, reports, suffered or looks for work does no harm: unstated.
    """
    if voice in COUNTER:
        return Harm()
    entries = [signal for signal in signals if signal.weight >= LEAST_GRAVE and signal.indicator in _LEVEL_OF]
    entries.sort(key=lambda signal: (-RANKS[_LEVEL_OF[signal.indicator]], -signal.weight, signal.start, signal.indicator))
    reasons = tuple(
        HarmReason(level=_LEVEL_OF[item.indicator], indicator=item.indicator, start=item.start, end=item.end, why=item.gloss)
        for item in entries
    )
    return Harm(level=reasons[0].level, reasons=reasons) if reasons else Harm()


def priority(points: float, level: HarmLevel) -> float:
    """Return what a queue is sorted by, greatest first: bands of ``BAND`` points, in each the graver harm, then the points.

    ``points`` is a score or a rank, 0 or more.
    """
    band, above = divmod(points, BAND)
    return BAND_STEP * band + 2 * BAND * RANKS[level] + above


def gravity(score: float, level: HarmLevel) -> float:
    """Return what is sorted by to have the gravest harm first, and within a level the greatest score (0 to 100)."""
    return LEVEL_STEP * RANKS[level] + score
