"""Measures how often the pay of a text is read correctly: amount, currency and both, on listings with labelled pay."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from enrichment.facts.pay import pay
from enrichment.language.detect import language
from enrichment.text.views import views
from evaluation.measures import interval, json_lines
from evaluation.text_sets import carried_texts
from evaluation.text_tables import join_lines

LISTINGS = "listings-dev.jsonl"
LABELS = "pay-labels.jsonl"


def report(data: Path) -> dict[str, Any]:
    """Return how many texts have their pay read rightly, per language, and each mistake.

    ``data`` holds ``listings-dev.jsonl`` and, when it labels pay itself, ``pay-labels.jsonl`` with lines
    ``{"id", "pay": null | {"low", "high", "currency", "period"}}``; else the labels of the source code are used.
    """
    labels = data / LABELS
    if not labels.exists():
        labels = carried_texts().training / LABELS
    truth = {line["id"]: line["pay"] for line in json_lines(labels)}
    table: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])  # named and right, named, none and none read, none named
    currencies = 0
    mistakes: list[list[str]] = []
    for listing in json_lines(data / LISTINGS):
        if listing["id"] not in truth:
            continue
        seen = views(f"{listing['title'] or ''}\n{listing['text']}")
        monthly_pay = pay(seen, language(seen))
        wanted = truth[listing["id"]]
        got = (
            None
            if monthly_pay is None
            else {
                "low": monthly_pay.low,
                "high": monthly_pay.high,
                "currency": monthly_pay.currency,
                "period": monthly_pay.period,
            }
        )
        counts = table[listing["lang"]]
        if wanted is None:
            counts[2] += got is None
            counts[3] += 1
            right = got is None
        else:
            right = got is not None and (got["low"], got["high"]) == (wanted["low"], wanted["high"])
            currencies += got is not None and got["currency"] == wanted["currency"]
            counts[0] += right
            counts[1] += 1
        if not right:
            mistakes.append([listing["id"], str(got), str(wanted)])
    return {
        "file": str(data / LISTINGS),
        "labels": str(labels),
        "languages": {code: table[code] for code in sorted(table)},
        "currencies": currencies,
        "mistakes": mistakes,
    }


@join_lines
def render(report: dict[str, Any]) -> Iterator[str]:
    """Return ``report`` as a table."""
    yield f"pay in {report['file']}, labelled in {report['labels']}"
    yield f"\n{'language':10} {'read':>7} {'none left alone':>16}"
    for code, (right, named, left, none) in report["languages"].items():
        yield f"{code:10} {right:>3}/{named:<3} {left:>12}/{none}"
    right, named, left, none = (sum(counts[place] for counts in report["languages"].values()) for place in range(4))
    yield f"\namounts right {right}/{named} = {right / max(named, 1):.3f} ({interval(right, named)})"
    yield f"currency right {report['currencies']}/{named}, none read where none is offered {left}/{none}"
    yield from (f"  {listing}: read {got}, offered {wanted}" for listing, got, wanted in report["mistakes"])
