"""`python -m benchmarks.desk_pages [--records 15000] [--decided 0 3000] [--against CHECKOUT]`: what the desk's pages cost.

Processor time of the whole process for each page, asked in one process, so a busy machine changes it little. With ``--against``
another checkout is measured in turns with this one, on the same records, and the ratios are printed.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import replace as replace_part
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from index.base import Query, Store

ASSUMED_NOW = datetime(2025, 11, 28, 12, tzinfo=UTC)
"""When the pages are asked for: the newest of the records is a few hours old."""
CAMPAIGN, CAMPAIGNS = 200, 10
"""Members of a campaign, and campaigns."""
MEASURED_CAMPAIGN = "c-000000000003"
PASSWORD = "gravel-lantern-otter-93"


@dataclass(frozen=True)
class Costs:
    """What one page costs."""

    milliseconds: list[float]
    size: int


def fill(folder: Path, count: int, decided: int, flagged: float) -> None:
    """Make an index and a desk with so many records and decisions."""
    from benchmarks.corpus import records
    from desk.cases.case_decisions import dismiss
    from desk.cases.case_marks import tell
    from desk.database import open_database
    from desk.people.accounts import add_user
    from enrichment.campaigns.linkage import Campaign
    from index.base import CampaignRecord
    from index.sqlite.sqlite_store import SqliteStore

    store = SqliteStore(folder / "index.sqlite")
    made, raised = [], 0
    members: dict[str, list[str]] = {f"c-{number:012x}": [] for number in range(CAMPAIGNS)}
    for number, record in enumerate(records(count, bands=False)):
        if number % 100 < 100 * flagged:
            name = f"c-{raised // 10 % CAMPAIGNS:012x}" if raised % 10 < 7 else None
            raised += 1
            judged = replace(record.assessment, flagged=True, score=50 + number * 7 % 50, tag="scam_compound")
            record = replace(record, assessment=judged, campaign=name if name and len(members[name]) < CAMPAIGN else None)
            if name and len(members[name]) < CAMPAIGN:
                members[name].append(record.id)
        made.append(record)
    store.put(made)
    store.put_campaigns(CampaignRecord(campaign=Campaign(id=name, members=tuple(ids), links=())) for name, ids in members.items())
    engine = open_database(f"sqlite:///{folder / 'desk.sqlite'}")
    minh = add_user(engine, name="minh", email="minh@example.org", role="lead", password=PASSWORD, now=ASSUMED_NOW)
    chosen = [record for record in made if record.assessment.flagged or record.assessment.score > 0][-decided:] if decided else []
    for start in range(0, len(chosen), 100):
        some = chosen[start : start + 100]
        seen = dict.fromkeys((record.id for record in some), 0)
        dismiss(engine, some, reason="misread", by=minh, now=ASSUMED_NOW, seen=seen)
    tell(engine, store)
    store.close()
    engine.dispose()


def measure(folder: Path, repeats: int) -> dict[str, Costs]:
    """Return what each page costs on a filled desk."""
    from starlette.testclient import TestClient

    from desk.platforms import load_platforms
    from desk.web import app as web_app
    from lurewatch.cli.administer.serve_command import open_desk
    from lurewatch.settings import Settings

    beat, receivers = iter(range(10**9)), load_platforms(Path("seeds"))  # `lurewatch serve` reads them again after a change alone
    settings = Settings(
        database=f"sqlite:///{folder / 'desk.sqlite'}", store=str(folder / "index.sqlite"), runs=str(folder / "runs"),
        state=folder / "state",
    )  # fmt: skip
    desk = replace_part(
        open_desk(settings), read_platforms=lambda: receivers, sources=tuple,
        clock=lambda: ASSUMED_NOW + timedelta(milliseconds=next(beat)),
    )  # fmt: skip
    client = TestClient(web_app.create_app(desk), base_url=desk.public_url, follow_redirects=False)
    if keep := getattr(web_app, "keep_loaded", None):  # `lurewatch serve` does so; older checkouts have none
        keep()
    client.post("/login", data={"name": "minh", "password": PASSWORD})
    lone, member = (_first(desk.store, in_campaign) for in_campaign in (False, True))
    paths: dict[str, Callable[[], str]] = {
        "queue": lambda: "/",
        "queue, urgent": lambda: "/?queue=urgent",
        "queue of a language": lambda: "/?language=vi",
        "next": lambda: "/next",
        "next after an item": lambda: f"/next?skip={lone}",
        "search, all": lambda: "/search",
        "search, two words": lambda: "/search?q=salary+telegram",
        "item": lambda: f"/item/{lone}",
        "item in a campaign of 200": lambda: f"/item/{member}",
        "many of a campaign of 200": lambda: f"/bulk?q=campaign:{MEASURED_CAMPAIGN}",
        "campaign of 200": lambda: f"/campaign/{MEASURED_CAMPAIGN}",
        "campaigns": lambda: "/campaigns",
    }
    results = {}
    for name, path in paths.items():
        client.get(path())  # what is kept from one look to the next is kept now
        taken, size = [], 0
        for _ in range(repeats):
            start = time.process_time()
            answer = client.get(path())
            taken.append((time.process_time() - start) * 1e3)
            assert answer.status_code in (200, 303), (name, answer.status_code)
            size = answer.num_bytes_downloaded
        results[name] = Costs(milliseconds=sorted(taken), size=size)
    return results


def _first(store: Store, in_campaign: bool) -> str:
    """Return the newest undecided item in no campaign, or one of the campaign whose page is measured."""
    query = Query(raised=True, undecided=True, sort="newest", size=500, count_facets=False)
    hits = store.search(replace(query, campaign=MEASURED_CAMPAIGN) if in_campaign else query).hits
    return next(hit.record.id for hit in hits if bool(hit.record.campaign) is in_campaign)


def _ask(checkout: Path, *given: str) -> str:
    """Run this file against a checkout, with its own code."""
    environment = os.environ | {"PYTHONPATH": str(checkout)}
    command = [sys.executable, str(Path(__file__).resolve()), *given]
    done = subprocess.run(command, cwd=checkout, env=environment, check=True, capture_output=True, text=True)
    return done.stdout


def _percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def compare(checkouts: dict[str, Path], count: int, decided: list[int], rounds: int, repeats: int, flagged: float) -> None:
    """Print what each page costs in each checkout, asked in turns."""
    with tempfile.TemporaryDirectory(prefix="lurewatch-desk-") as name:
        folders: dict[tuple[str, int], Path] = {}
        for what, checkout in checkouts.items():
            for many in decided:
                folders[what, many] = folder = Path(name) / f"{what}-{many}"
                folder.mkdir()
                _ask(checkout, "--fill", str(folder), "--records", str(count), "--decided", str(many), "--flagged", str(flagged))
        taken: dict[tuple[str, int], dict[str, list[float]]] = {key: {} for key in folders}
        sizes: dict[tuple[str, int], dict[str, int]] = {key: {} for key in folders}
        for _ in range(rounds):
            for (what, many), folder in folders.items():
                told = json.loads(_ask(checkouts[what], "--measure", str(folder), "--repeats", str(repeats)))
                for page, (times, size) in told.items():
                    taken[what, many].setdefault(page, []).extend(times)
                    sizes[what, many][page] = size
    for many in decided:
        print(f"{count:,} records, {many:,} decided; ms of processor, median and p95; bytes")
        for page in taken["now", many]:
            cells = [
                f"{what} {statistics.median(taken[what, many][page]):7.1f} {_percentile(taken[what, many][page], 0.95):7.1f}"
                f" {sizes[what, many][page]:8,d}"
                for what in checkouts
            ]
            if "before" in checkouts:
                ratio = statistics.median(taken["before", many][page]) / statistics.median(taken["now", many][page])
                cells.append(f"{ratio:5.1f}x")
            print(f"  {page:28s}{'   '.join(cells)}", flush=True)


def main() -> None:
    """Fill, measure, or do both for one or two checkouts."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--records", type=int, default=15_000)
    options.add_argument("--decided", type=int, nargs="+", default=[0, 3000])
    options.add_argument("--flagged", type=float, default=0.19, help="Share of the records that are flagged.")
    options.add_argument("--against", type=Path)
    options.add_argument("--rounds", type=int, default=2)
    options.add_argument("--repeats", type=int, default=15)
    options.add_argument("--fill", type=Path, help="Make a desk in this folder and stop.")
    options.add_argument("--measure", type=Path, help="Measure the desk of this folder and print JSON.")
    given = options.parse_args()
    if given.fill:
        fill(given.fill, given.records, given.decided[0], given.flagged)
    elif given.measure:
        told = measure(given.measure, given.repeats)
        print(json.dumps({re.sub(r"\s+", " ", page): (costs.milliseconds, costs.size) for page, costs in told.items()}))
    else:
        before = {"before": given.against.resolve()} if given.against else {}
        compare(before | {"now": Path.cwd()}, given.records, given.decided, given.rounds, given.repeats, given.flagged)


if __name__ == "__main__":
    main()
