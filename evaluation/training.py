"""Trains the points of the score: a logistic regression over language-independent arguments with known signs.

An argument for a lure can only add, a counter argument only take away, and places or countries by themselves weigh nothing; each
weight starts from what the indicator is worth in the literature (its prior) and moves only as far as the labelled texts push it.
Deterministic and done in seconds; `python -m evaluation train` writes ``weights.json`` of a model.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from enrichment.features import SILENT, WORDING, Feature, speaks_against
from enrichment.lexicon.lexicon import Indicator
from enrichment.stance_cues import StanceWeights

Matrix = npt.NDArray[np.float64]
POINTS = 10.0
"""Points per unit of log-odds."""
PRIOR: Mapping[str, float] = {
    "geo": 2.0,
    "job": 2.0,
    "pay": 3.0,
    "requirement": 2.0,
    "logistics": 5.0,
    "control": 8.0,
    "channel": 2.0,
    "targeting": 5.0,
    "related": 14.0,
    "money": 8.0,
    "combination": 8.0,
    "evasion": 4.0,
    "honest": -6.0,
    "voice": -10.0,
    "wording": 12.0,
}
"""Points an indicator of each family starts from."""
OWN: Mapping[str, float] = {
    "client_relations": 0.0,
    "decoy_trade": 0.0,
    "gender_nationality_looks": 0.0,
    "romance": 6.0,
    "grooming_sales": 14.0,
    "deposit_commission": 14.0,
    "openly_illicit": 14.0,
    "mule_account": 14.0,
    "documents_held": 14.0,
    "closed_site": 12.0,
    "secrecy": 10.0,
    "phone_restricted": 12.0,
    "cover_story": 14.0,
    "tourist_visa_or_none": 10.0,
    "irregular_crossing": 10.0,
    "onward_drive": 8.0,
    "place_withheld": 10.0,
    "official_route_avoided": 8.0,
    "compound_name": 8.0,
    "hotspot_town": 6.0,
    "offer": 4.0,
    "call_to_contact": 3.0,
    "board_lodging": 2.0,
    "free_travel": 4.0,
    "direct_hire_abroad": 16.0,
    "task_scam": 16.0,
    "home_daily_pay": 12.0,
    "prepaid_return": 14.0,
    "unsolicited_hire": 10.0,
}
"""Points of indicators that are worth more or less than their family."""
MOST: Mapping[str, float] = {
    "offer": 4.0,
    "call_to_contact": 3.0,
    "customer_service": 2.0,
    "board_lodging": 4.0,
    "no_experience_degree": 4.0,
    "age_band": 3.0,
    "commission": 4.0,
    "client_relations": 4.0,
    "urgent_mass": 4.0,
    "many_families": 8.0,
    "long_shift": 4.0,
    "free_travel": 6.0,
    "model_hostess": 3.0,
    "light_work_high_pay": 5.0,
    "advance_or_daily_pay": 5.0,
    "private_message": 6.0,
    "pickup": 4.0,
    "visa_passport_handled": 4.0,
    "usd_crypto_pay": 4.0,
    "few_words": 8.0,
}
"""Most points of what honest adverts say as well: being an offer is no evidence."""
BIAS = 4.0
"""Log-odds against a lure before any argument."""
REPEATS = 3.0
"""Least log-odds that who quotes a whole offer, and says as much himself, makes none. Our warnings mostly say so in plain words
as well, so that little is left for the marks to tell; of 931 lures two hold a quoted sentence, of 293 warnings 226."""
STRENGTH = 0.15
"""How strongly weights are held at their priors (per squared tenth of log-odds, per text)."""


def sign(feature: Feature) -> int:
    """Return 1 when the argument can only speak for a lure, -1 when only against."""
    return -1 if speaks_against(feature.family, feature.name) else 1


def prior(feature: Feature) -> float:
    """Return the points the argument starts from."""
    return OWN.get(feature.name, PRIOR[feature.family])


def train(
    texts: Sequence[Sequence[Feature]],
    labels: Sequence[int],
    weights: Sequence[float],
    *,
    strength: float = STRENGTH,
) -> dict[str, float]:
    """Return points by argument name; ``weights`` says how many texts each counts as. The wording is fused later (``fusion``)."""
    kinds = {f.name: f for features in texts for f in features if f.name not in (*SILENT, WORDING)}
    names = sorted(kinds)
    column = {name: number for number, name in enumerate(names)}
    values = np.zeros((len(texts), len(names)))
    for row, features in enumerate(texts):
        for feature in features:
            if feature.name in column:
                values[row, column[feature.name]] = feature.value
    start = np.array([prior(kinds[name]) / POINTS for name in names])
    signs = np.array([sign(kinds[name]) for name in names])
    wanted = np.array(labels, dtype=np.float64)
    most = np.array([MOST.get(name, 40.0) / POINTS for name in names])
    share = np.array(weights) / np.mean(weights)
    fitted = _fit(values, wanted, share, np.minimum(start, most), signs, most, strength)
    points = {name: round(float(weight) * POINTS, 2) for name, weight in zip(names, fitted, strict=True)}
    return {name: weight for name, weight in points.items() if weight}


def train_voices(entries: Sequence[tuple[float, ...]], labels: Sequence[int], weights: Sequence[float]) -> StanceWeights:
    """Return what tells texts that offer nothing (``labels`` 1) from offers, by ``enrichment.stance_cues.cue_features``."""
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(max_iter=3000).fit(np.array(entries), labels, sample_weight=weights)
    reports, asks, offers, worded, promotes, repeats = (round(float(item), 3) for item in fitted.coef_[0])
    return StanceWeights(
        none=round(float(fitted.intercept_[0]), 3),
        reports=reports,
        asks=asks,
        offers=offers,
        worded=worded,
        promotes=promotes,
        repeats=max(REPEATS, repeats),
    )


def unmet(indicators: Iterable[Indicator], texts: Sequence[Sequence[Feature]]) -> dict[str, float]:
    """Return the prior points of indicators that no labelled text shows: unproven, but not worthless."""
    met = {feature.name for features in texts for feature in features}
    new = [indicator for indicator in indicators if indicator.slug not in met and indicator.slug not in SILENT]
    return {indicator.slug: points for indicator in new if (points := OWN.get(indicator.slug, PRIOR[indicator.family]))}


def _fit(values: Matrix, wanted: Matrix, share: Matrix, start: Matrix, signs: Matrix, most: Matrix, strength: float) -> Matrix:
    """Bounded quasi-Newton (L-BFGS-B); the bias is fixed so that silence scores near nothing."""
    from scipy.optimize import minimize
    from scipy.special import expit

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        odds = values @ weights - BIAS
        moved = weights - start
        cost = share @ (np.logaddexp(0, odds) - wanted * odds) / len(values) + strength / 20 * (moved @ moved)
        slope = values.T @ ((expit(odds) - wanted) * share) / len(values) + strength / 10 * moved
        return float(cost), slope

    bounds = [(0.0, high) if sign > 0 else (-high, 0.0) for sign, high in zip(signs, most, strict=True)]
    fitted: Matrix = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 2000}).x
    return fitted
