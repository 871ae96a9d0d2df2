"""`python -m evaluation network`: what the network adds to the queue, on sample sites and planted networks, in a real store."""

import json
import random
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from crawlers.items import Posting
from crawlers.pages import page_families
from crawlers.text import encoding
from enrichment.assess import Assessor, PostingText
from evaluation.network_records import DAY, SINCE, PlantedRecord, Planter, Role
from evaluation.text_tables import join_lines
from index.admission import without_people
from index.base import CaseState, Query, Record, Sort
from index.campaigns.network_update import place
from index.campaigns.relink import link_new
from index.sqlite.sqlite_store import SqliteStore

CONTACTED = re.compile(r"sample_\w+|\+447700900\d{3}")
"""An honest text of the sample sites that names a planted contact warns of it or asks about it."""
TOP = 100
"""Records of the queue that are looked at."""
WORKED, LOOKED, WRONG = 0.8, 20, 10
"""People are through with what was flagged in so much of the time, decided one in so many of all others, and err once in so many
decisions."""


def report(data: Path, *, seeds: Path = Path("seeds"), count: int = 2000, seed: int = 11) -> dict[str, Any]:
    """Return how many lures stand among the first ``TOP`` undecided by text alone and by text and network, and who was raised.

    The sample sites' pages that need no browser are read, ``count`` planted records are added, all are assessed, put into a store
    of their own and linked. Then people decide: all that is flagged of the first ``WORKED`` of the time and one in ``LOOKED`` of
    the rest, one decision in ``WRONG`` wrongly.
    """
    assessor = Assessor(seeds)
    planted = [*_sample(seeds / "sample"), *Planter(data, seed).world(count)]
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder) / "index.sqlite")
        try:
            records = _records(planted, assessor)
            store.put(records)
            link_new(store, [record.id for record in records])
            states = _decisions(planted, records, seed)
            store.put(
                replace(record, case=states[name], revision=record.revision + 1)
                for name, record in store.get_many(states).items()
            )
            place(store, states)
            return _measured(store, planted) | {"seed": seed}
        finally:
            store.close()


def _records(planted: Sequence[PlantedRecord], assessor: Assessor) -> list[Record]:
    posting_texts = (
        PostingText(item.posting.id, item.posting.title, item.posting.text, links=item.posting.contacts) for item in planted
    )
    records = []
    for planted_record, judged in zip(planted, assessor.assess_all(posting_texts), strict=True):
        posting, assessment = without_people(planted_record.posting, judged)
        records.append(
            Record(
                id=posting.id,
                posting=posting,
                assessment=assessment,
                first_seen=planted_record.at,
                last_seen=planted_record.at,
                run_id="eval",
                partition="eval",
            )
        )
    return records


def _decisions(planted: Sequence[PlantedRecord], records: Sequence[Record], seed: int) -> dict[str, CaseState]:
    chance = random.Random(seed)  # noqa: S311 - the same on every machine
    states: dict[str, CaseState] = {}
    for planted_record, record in zip(planted, records, strict=True):
        flagged = record.assessment.flagged and planted_record.at < DAY + WORKED * SINCE
        if flagged or chance.randrange(LOOKED) == 0:
            right = chance.randrange(WRONG) > 0
            states[record.id] = "confirmed" if (planted_record.role == "lure") == right else "dismissed"
    return states


def _sample(folder: Path) -> Iterator[PlantedRecord]:
    """Yield what stands in the sample sites' own pages; the listings that only a browser shows are left out."""
    pages: dict[str, list[Posting]] = {}
    for file in sorted((*folder.rglob("*.html"), *folder.rglob("*.xml"))):
        site = file.relative_to(folder).parts[0]
        text, _ = encoding.decode_body(file.read_bytes(), None)
        page = page_families.parse(text, f"http://{site}.example.org/{file.relative_to(folder / site)}", page=None, now=DAY)
        pages.setdefault(site, []).extend(page.postings)
    lines = (folder / "expected.jsonl").read_text(encoding="utf-8").splitlines()
    for number, row in enumerate(map(json.loads, lines)):
        result = next((posting for posting in pages.get(row["site"], ()) if row["text_contains"] in posting.text), None)
        if result is None:
            continue
        role: Role = "lure" if row["label"] else "warner" if CONTACTED.search(result.text) else "honest"
        posting = replace(result, id=f"sample-{number:03}", source=f"sample_{row['site']}")
        yield PlantedRecord(posting=posting, role=role, at=DAY + SINCE * number / len(lines))


def _measured(store: SqliteStore, planted: Sequence[PlantedRecord]) -> dict[str, Any]:
    roles = {planted_record.posting.id: planted_record.role for planted_record in planted}
    open_ones = list(store.scan(Query(undecided=True, count_facets=False)))
    raised = [record for record in open_ones if record.network.reasons]
    return {
        "records": len(planted),
        "planted": dict(Counter(roles.values())),
        "decided": len(planted) - len(open_ones),
        "undecided_lures": sum(roles[record.id] == "lure" for record in open_ones),
        "top": TOP,
        "text": _first(store, "score", roles),
        "text_and_network": _first(store, "rank", roles),
        "raised": dict(Counter(roles[record.id] for record in raised)),
        "wrongly_raised": [
            {"id": record.id, "role": roles[record.id], "why": [reason.why for reason in record.network.reasons]}
            for record in raised
            if roles[record.id] != "lure"
        ],
        "reasons": dict(Counter(reason.kind for record in raised for reason in record.network.reasons)),
    }


def _first(store: SqliteStore, sort: Sort, roles: Mapping[str, str]) -> dict[str, int]:
    page = store.search(Query(undecided=True, sort=sort, size=TOP, count_facets=False))
    return dict(Counter(roles[hit.record.id] for hit in page.hits))


@join_lines
def render(results: dict[str, Any]) -> Iterator[str]:
    """Return the report as a table for people."""
    roles = ", ".join(f"{count} {role}" for role, count in sorted(results["planted"].items()))
    yield f"{results['records']} records ({roles}), seed {results['seed']}"
    yield f"{results['decided']} decided, {results['undecided_lures']} lures undecided"
    for name, title in (("text", "by text alone"), ("text_and_network", "by text and network")):
        hits = results[name].get("lure", 0)
        others = ", ".join(f"{count} {role}" for role, count in sorted(results[name].items()) if role != "lure") or "none"
        share = hits / results["undecided_lures"]
        yield f"{title:20} {hits} lures among the first {results['top']}: recall {share:.3f}; others: {others}"
    yield f"ratio {results['text_and_network'].get('lure', 0) / max(1, results['text'].get('lure', 0)):.2f}"
    yield "raised: " + (", ".join(f"{count} {role}" for role, count in sorted(results["raised"].items())) or "none")
    yield "reasons: " + ", ".join(f"{kind} {count}" for kind, count in sorted(results["reasons"].items()))
    for item in results["wrongly_raised"]:
        yield f"  {item['id']}  {item['role']}  {'; '.join(item['why'])}"
