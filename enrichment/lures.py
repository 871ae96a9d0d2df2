"""From evidence to signals, from signals to the score: every point stands on a span of the raw text.

Points are tenths of log-odds learned by ``lurewatch eval train`` (``weights.json``); the score is the logistic of their
sum, so it can
be recomputed from the signals alone with ``score``.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from enrichment.assessment import MonthlyPay, Signal, Tag
from enrichment.combinations import COMBINATIONS, HIDDEN_ROUTE
from enrichment.evidence import Evidence
from enrichment.quotes import quoted
from enrichment.text import View
from enrichment.voice import COUNTER, CUES, counter
from enrichment.wages import strength
from enrichment.wording import Told, place

MIDDLE = 16.0
"""Points that bring a text to score 50, where it is flagged."""
SPREAD = 6.0
"""Points from score 50 to score 73: how fast the score turns."""
FLAGGED = 50.0
"""Texts with this score or more are flagged; measured precision and recall: docs/enrichment.md."""
AGAINST = ("honest", "voice")
"""Families that argue against, apart from the offer voice."""
FAMILIES = {
    "geo": "place", "job": "kind of work", "requirement": "what is asked", "logistics": "journey", "channel": "way of contact",
    "targeting": "who is sought", "related": "trade in bodies or brides", "evasion": "disguise",
}
"""Families in words, where the name alone does not say it."""
SILENT = ("hotspot_country",)
"""Never points of its own: no country is evidence."""


class Feature(msgspec.Struct, frozen=True):
    """One argument, for or against, before it is weighed."""

    name: str
    family: str
    value: float
    start: int
    end: int
    gloss: str
    reference: str | None = None
    against: str | None = None


class Weights(msgspec.Struct, frozen=True):
    """Points per argument at value 1, by name, as trained."""

    points: dict[str, float]
    trained_on: str = ""


def weights(path: Path) -> Weights:
    """Read the trained weights."""
    return msgspec.json.decode(path.read_bytes(), type=Weights)


def score(signals: Iterable[Signal]) -> float:
    """Return the score, 0 to 100, that ``signals`` come to."""
    return logistic(math.fsum(signal.weight for signal in signals))


def logistic(points: float) -> float:
    """Return the score of a sum of points."""
    return round(100.0 / (1.0 + math.exp(min(700.0, (MIDDLE - points) / SPREAD))), 3)


OPPOSITES: Mapping[str, tuple[str, ...]] = {
    "keeps_documents": ("documents_held",),
    "no_fee": ("upfront_fee", "exit_fee", "task_scam"),
    "contract_first": ("tourist_visa_or_none", "place_withheld"),
    "office_interview": ("no_interview_fast",),
    "own_share": ("exit_fee", "free_travel"),
    "social_insurance": ("secrecy", "exit_fee"),
}
"""What an honest term takes back when both are read from the same words (``the passport stays with you``)."""
PARTICULAR = frozenset(slug for combination in COMBINATIONS for part in combination.parts for slug in part) - {
    "customer_service", "chat_operator", "data_entry_typing", "crypto_marketing", "translator_it", "model_hostess", "decoy_trade",
    "vague_duties", "client_relations", "free_travel", "visa_passport_handled", "pickup", "board_lodging", "pay_out_of_line",
    "pay_above_wage",
    "advance_or_daily_pay", "commission", "no_experience_degree", "typing_speed", "light_work_high_pay", "no_interview_fast",
    "referral_bonus", "usd_crypto_pay", "hotspot_country", "courier_travel",
} | {"task_scam", "home_daily_pay", "upfront_fee", "minors"}
"""What honest adverts at home do not say: without any of it, many kinds of promises are only a promising advert."""
FULL = 0.3
"""Arguments worth less than this do not count as a kind of their own."""
QUOTED = 0.35
"""What a phrase inside quotation marks is worth: somebody else's words."""


class Promise(NamedTuple):
    """Pay a text promises, and how many ordinary wages it is (``enrichment.wages``)."""

    pay: MonthlyPay
    times: float


def features(found: Sequence[Evidence], raw: str, promise: Promise | None = None, worded: float = 0.0) -> list[Feature]:
    """Return the arguments the evidence makes: the best phrase of each indicator, and what indicators mean together.

    ``worded`` is how the text is worded (-1 to 1): it helps to tell whose words the phrases are.
    """
    best: dict[str, Feature] = {}
    marks = quoted(raw)
    less = counter(found, worded)
    taken = _taken_back(found)
    for feature in (*(_shown(item) for item in found if item.entry.place not in taken), *_promised(promise)):
        heard = _heard(feature, marks, less)
        kept = best.get(heard.name)
        if kept is None or heard.value > kept.value:
            best[heard.name] = heard
    if not any(feature.name in PARTICULAR and feature.value >= FULL for feature in best.values()):
        best = {name: _halved(feature) for name, feature in best.items()}
    return [*best.values(), *_together(best), *_voices(found), *_breadth(best), *(_hidden(found) if not less else ())]


def _shown(item: Evidence) -> Feature:
    indicator = item.entry.indicator
    return Feature(
        indicator.slug, indicator.family, item.value, item.start, item.end, item.entry.gloss, item.entry.source, _against(item),
    )


def _promised(promise: Promise | None) -> Iterator[Feature]:
    """Pay far over an ordinary wage of the reader's home and of the places named."""
    if promise is not None and (value := strength(promise.times)):
        gloss = f"pays about {promise.times:.1f} times what unskilled work ordinarily brings here or there"
        yield Feature("pay_above_wage", "pay", value, promise.pay.start, promise.pay.end, gloss)


def _heard(feature: Feature, marks: Sequence[tuple[int, int]], less: float) -> Feature:
    """Return an argument for a lure at what it is worth where somebody else's words are quoted; others as they are."""
    value, against = feature.value, feature.against
    if feature.family not in AGAINST or feature.name in ("offer", "call_to_contact"):
        if any(start <= feature.start and feature.end <= end for start, end in marks):
            value, against = value * QUOTED, "inside quotation marks: somebody else's words"
        if less:
            value, against = value * (1 - less), "the text warns, reports or tells what was suffered: lure words are quoted"
    return msgspec.structs.replace(feature, value=round(value, 3), against=against)


def _halved(feature: Feature) -> Feature:
    if feature.family in AGAINST:
        return feature
    why = "nothing points to a place abroad, control or a hidden route: promises count half"
    return msgspec.structs.replace(feature, value=round(feature.value / 2, 3), against=feature.against or why)


def _taken_back(found: Sequence[Evidence]) -> set[str]:
    """Return the entries whose words an honest term of the opposite meaning covers or crosses."""
    return {
        item.entry.place
        for honest in found if (opposite := OPPOSITES.get(honest.entry.indicator.slug))
        for item in found if item.entry.indicator.slug in opposite and item.start < honest.end and honest.start < item.end
    }


def _against(item: Evidence) -> str | None:
    return f"seen only after undoing a disguise ({item.disguise}): one step less" if item.disguise else None


def _together(best: Mapping[str, Feature]) -> Iterable[Feature]:
    for combination in COMBINATIONS:
        choices = [[best[slug] for slug in part if slug in best] for part in combination.parts]
        parts = [max(choice, key=lambda f: f.value, default=None) for choice in choices]
        held = [part for part in parts if part is not None]
        if len(held) == len(parts):
            last = max(held, key=lambda f: (f.start, f.end))
            value = min(part.value for part in held)
            shown = "; ".join(dict.fromkeys(part.gloss for part in held))
            yield Feature(combination.slug, "combination", value, last.start, last.end, f"{combination.gloss}: {shown}")


def _voices(found: Sequence[Evidence]) -> Iterable[Feature]:
    """Several cues of one voice say more than one."""
    by_voice: dict[str, list[Evidence]] = {}
    for item in found:
        voice = CUES.get(item.entry.indicator.slug)
        if voice in COUNTER:
            by_voice.setdefault(voice, []).append(item)
    for kind, items in by_voice.items():
        if len(items) > 1:
            second = items[1]
            yield Feature(f"{kind}_again", "voice", min(1.0, sum(i.value for i in items[1:]) / 2), second.start, second.end,
                          f"{len(items)} phrases of a {kind}")


def _breadth(best: Mapping[str, Feature]) -> Iterable[Feature]:
    """Arguments from several families weigh more than many from one; so do several honest terms."""
    lure: dict[str, Feature] = {}
    honest: list[Feature] = []
    for feature in best.values():
        if feature.family == "honest":
            honest.append(feature)
        elif feature.family != "voice" and feature.name not in SILENT and feature.value >= FULL:
            lure.setdefault(feature.family, feature)
    if len(lure) > 2 and any(feature.name in PARTICULAR and feature.value >= FULL for feature in best.values()):
        last = max(lure.values(), key=lambda f: f.start)
        yield Feature("many_families", "combination", min(1.0, (len(lure) - 2) / 4), last.start, last.end,
                      f"{len(lure)} kinds of indicators: {', '.join(sorted(FAMILIES.get(family, family) for family in lure))}")
    if len(honest) > 1:
        last = max(honest, key=lambda f: f.start)
        yield Feature("honest_terms", "honest", min(1.0, (len(honest) - 1) / 3), last.start, last.end,
                      f"{len(honest)} terms honest employers name: {'; '.join(sorted({f.gloss for f in honest}))}")


def _hidden(found: Sequence[Evidence]) -> Iterable[Feature]:
    """Words that had to be undone to be read were hidden from filters."""
    hidden = [item for item in found if item.disguise and item.entry.indicator.family not in AGAINST]
    if len(hidden) > 1:
        yield Feature("hidden_words", "evasion", min(1.0, len(hidden) / 4), hidden[0].start, hidden[0].end,
                      f"{len(hidden)} phrases hidden by disguised letters")


def of_wording(told: Told | None, view: View) -> Iterator[Feature]:
    """How the whole text is worded, as one argument from -1 to 1; it stands on the first of the words that tell most."""
    if told is None or not told.value:
        return
    start, end = next((span for term in told.terms if (span := place(view, term))), view.span(0, len(view.text)))
    whose = "as lures are" if told.value > 0 else "as reports and honest adverts are"
    shown = ", ".join(term.replace("~", "…") for term in told.terms)
    yield Feature("wording", "wording", round(told.value, 3), start, end, f"worded {whose}: {shown}")


def signals(arguments: Sequence[Feature], weighed: Weights, raw: str) -> tuple[Signal, ...]:
    """Return the arguments with their points and spans; what weighs nothing is left out."""
    made = []
    for feature in arguments:
        points = round(weighed.points.get(feature.name, 0.0) * feature.value, 2)
        if points:
            made.append(Signal(
                indicator=feature.name, family=feature.family, start=feature.start, end=feature.end,
                text=raw[feature.start : feature.end],
                weight=points, gloss=feature.gloss, reference=feature.reference, against=feature.against,
            ))
    return tuple(sorted(made, key=lambda signal: (signal.start, signal.end, signal.indicator)))


TAGS: Mapping[Tag, tuple[str, ...]] = {
    "organ_trade": ("organ", "organ_papers"),
    "surrogacy_or_egg": ("surrogacy_egg", "foetus_baby"),
    "marriage_broker": ("marriage", "bride_price"),
    "money_scam": ("task_scam", "home_daily_pay", "upfront_fee"),
}


def tag(made: Sequence[Signal]) -> Tag:
    """Return what a flagged text is: the related trade with most points where it outweighs a money scam, else a compound lure."""
    sums = {name: math.fsum(s.weight for s in made if s.indicator in slugs) for name, slugs in TAGS.items()}
    best = max(sums, key=lambda name: sums[name])
    if sums[best] <= 0:
        return "scam_compound"
    if best == "money_scam":
        closed = [s for s in made if s.weight > 0 and (s.family in ("geo", "control") or s.indicator in HIDDEN_ROUTE)]
        compound = math.fsum(s.weight for s in closed)
        return "scam_compound" if compound >= sums[best] else best
    return best
