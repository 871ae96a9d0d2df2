"""`python -m evaluation campaigns`: pairwise precision and recall of linking, against the campaigns a person labelled."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

from enrichment.assess import Assessor, PostingText
from enrichment.campaigns.linkage import Campaign, LinkItem, item, link
from evaluation.text_tables import join_lines

LISTINGS = "listings-dev.jsonl"


def report(data: Path, *, seeds: Path = Path("seeds")) -> dict[str, Any]:
    """Return pairwise scores of ``link`` on labelled listings, assessed here from their raw text alone.

    ``data`` is a JSON Lines file with ``id``, ``title``, ``text``, ``label``, ``class``, ``campaign`` (or the folder that holds
    ``listings-dev.jsonl``). A decoy is a listing labelled with no campaign that was put into one with a labelled member.
    """
    rows = read_listings(data)
    assessor = Assessor(seeds)
    posting_texts = [PostingText(row["id"], row.get("title"), row["text"]) for row in rows]
    items = [item(judged, posted.raw) for judged, posted in zip(assessor.assess_all(posting_texts), posting_texts, strict=True)]
    return scores(rows, items, link(items))


def read_listings(data: Path) -> list[dict[str, Any]]:
    """Return the labelled listings at ``data``."""
    path = data / LISTINGS if data.is_dir() else data
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def scores(rows: Iterable[Mapping[str, Any]], items: Iterable[LinkItem], campaigns: Iterable[Campaign]) -> dict[str, Any]:
    """Return pairwise precision, recall and F1, the decoys joined, and every pair that is wrong."""
    by_id = {row["id"]: row for row in rows}
    link_items = {link_item.id: link_item for link_item in items}
    wanted = _pairs(_grouped((row["campaign"], row["id"]) for row in by_id.values() if row.get("campaign")))
    pairs = _pairs([campaign.members for campaign in campaigns])
    right = wanted & pairs
    precision = len(right) / len(pairs) if pairs else 1.0
    recall = len(right) / len(wanted) if wanted else 1.0
    decoys = sorted(
        {
            member
            for campaign in campaigns
            for member in campaign.members
            if not by_id[member].get("campaign") and any(by_id[other].get("campaign") for other in campaign.members)
        }
    )
    per_campaign = {
        name: {"members": len(ids), "linked": len({i for pair in right for i in pair if i in ids})}
        for name, ids in sorted(_grouped_by_name(by_id.values()).items())
    }
    lost = sorted({member for pair in wanted - pairs for member in pair if not link_items[member].offer})
    return {
        "listings": len(by_id),
        "labelled_pairs": len(wanted),
        "linked_pairs": len(pairs),
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / (precision + recall) if precision + recall else 0.0,
        "decoys": decoys,
        "campaigns": per_campaign,
        "missed": sorted(wanted - pairs),
        "wrong": sorted(pairs - wanted),
        "no_offer": lost,
        "links": dict(Counter(edge.kind for campaign in campaigns for edge in campaign.links)),
    }


@join_lines
def render(results: dict[str, Any]) -> Iterator[str]:
    """Return the report as a table for people."""
    pairs = f"{results['labelled_pairs']} labelled pairs, {results['linked_pairs']} linked"
    yield f"campaigns: {results['listings']} listings, {pairs}"
    shares = f"pairwise precision {results['precision']:.3f}  recall {results['recall']:.3f}  F1 {results['f1']:.3f}"
    yield f"{shares}  decoys joined {len(results['decoys'])}"
    yield "links: " + (", ".join(f"{kind} {count}" for kind, count in sorted(results["links"].items())) or "none")
    yield f"\n{'campaign':<14}members  linked"
    yield from (f"{name:<14}{row['members']:>7}{row['linked']:>8}" for name, row in results["campaigns"].items())
    for title, key in (("missed", "missed"), ("wrongly linked", "wrong")):
        yield from (f"{title}: {entry} - {two}" for entry, two in results[key][:20])
        if len(results[key]) > 20:
            yield f"{title}: {len(results[key]) - 20} more (--json has all)"
    if results["no_offer"]:
        yield "not read as an offer, so never linked: " + ", ".join(results["no_offer"])


def _pairs(groups: Iterable[Iterable[str]]) -> set[tuple[str, str]]:
    return {pair for group in groups for pair in combinations(sorted(group), 2)}


def _grouped(pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for name, value in pairs:
        groups[name].append(value)
    return list(groups.values())


def _grouped_by_name(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row.get("campaign"):
            groups[row["campaign"]].append(row["id"])
    return groups
