"""How sure a counted share is, and how well two people agree: for second opinions, rules and evaluations."""

from collections import Counter
from math import sqrt


def wilson(hits: int, total: int) -> tuple[float, float]:
    """Return the 95 % Wilson score interval of ``hits`` of ``total`` (Wilson 1927); (0, 1) when nothing was counted."""
    if not total:
        return 0.0, 1.0
    z = 1.96
    share = hits / total
    centre = share + z * z / (2 * total)
    spread = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def kappa(pairs: Counter[tuple[str, str]]) -> float | None:
    """Return Cohen's kappa (1960) of pairs of judgements; None where chance gives everything, or nothing was counted."""
    total = pairs.total()
    if not total:
        return None
    firsts, seconds = Counter[str](), Counter[str]()
    for (first, second), count in pairs.items():
        firsts[first] += count
        seconds[second] += count
    by_chance = sum(firsts[name] * seconds[name] for name in firsts) / total**2
    share = sum(count for (first, second), count in pairs.items() if first == second) / total
    return None if by_chance == 1 else (share - by_chance) / (1 - by_chance)
