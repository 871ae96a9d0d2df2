"""`python -m benchmarks.weekly_mail [--records 1000000] [--folder DIR] [--elastic URL]`: what building the weekly mail costs.

Half a year of adverts of 30 boards (``benchmarks.corpus``), one in fourteen flagged, most of these in campaigns of 40; people
decided on every fifth, lists left, the recheck clock saw a third of their adverts gone. Two mails of one week are built for 50
readers in three languages, each in a fresh process: the first one ever, which tells of everything, and one that follows another
a week earlier. Told are seconds by the clock and of processor, and the most memory that the process had resident. ``--folder``
keeps the index, which takes longest to make, and uses the one that is there; ``--profile`` prints what the time went to.
"""

import argparse
import cProfile
import json
import pstats
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import msgspec
from msgspec.structs import replace
from sqlalchemy import Engine, insert, select

from benchmarks.corpus import START, records
from enrichment.assessment import Signal
from foundation.messages import LANGUAGES
from index.base import Query, Record, Store

WEEK = timedelta(days=7)
WEEKS = 26
NOW = START + timedelta(days=180)
"""When the last mail is built: the newest record is seconds old."""
MOST_SECONDS, MOST_BYTES = 60, 500 * 10**6
READERS, SEARCHES, CAMPAIGN = 50, 20, 40
BOARDS = {f"source_{number}": ("VN", "TH", "ID")[number % 3] for number in range(30)}
DESKS = {"desk-first.sqlite": "the first mail", "desk-later.sqlite": "the next mail"}
WORK = ("chat_operator", "data_entry_typing", "gambling_staff", "courier_travel")


def dressed(count: int) -> Iterator[Record]:
    """Yield the records, the flagged ones with what a mail tells of them: campaign, pay, harm, five reasons in their words."""
    from enrichment.assessment import Harm, MonthlyPay

    chance, flagged = random.Random(23), 0
    for record in records(count, bands=False):
        if record.assessment.flagged:
            flagged += 1
            usd = chance.choice((None, float(chance.randrange(600, 3_000))))
            judged = replace(
                record.assessment,
                signals=tuple(_reasons(record, chance)),
                pay=MonthlyPay(low=usd, high=usd, currency="USD", period="month", monthly_usd=usd, start=0, end=1)
                if usd
                else None,
                harm=Harm(level=chance.choice(("unstated", "money", "confinement"))),
                stance=chance.choice(("offer",) * 9 + ("testimony",)),
            )
            campaign = f"c-{flagged // (CAMPAIGN * 10 // 7):012x}" if flagged % 10 < 7 else None
            record = replace(record, assessment=judged, campaign=campaign)
        yield record


def _reasons(record: Record, chance: random.Random) -> Iterator[Signal]:
    raw, first = f"{record.posting.title}\n{record.posting.text}", len(record.posting.title or "") + 1
    named = (
        (chance.choice(WORK), "job"),
        ("documents_held", "control"),
        ("closed_site", "control"),
        ("free_travel", "logistics"),
    )
    for place, (name, family) in enumerate(named):
        at = first + 30 * place
        gloss = f"what sign {place} means"
        yield Signal(indicator=name, family=family, start=at, end=at + 12, text=raw[at : at + 12], weight=12.5, gloss=gloss)


def fill_desk(engine: Engine, store: Store) -> None:
    """Decide on every fifth flagged advert in the week it was seen, send lists of what was confirmed, and share searches."""
    from desk.cases.case_decisions import confirm, dismiss
    from desk.people import saved_searches
    from desk.people.accounts import add_user

    minh = add_user(engine, name="minh", email="minh@example.org", role="lead", password="gravel-lantern-otter-93", now=START)
    weeks: list[list[Record]] = [[] for _ in range(WEEKS)]
    for place, record in enumerate(store.scan(Query(filters={"flagged": ("true",)}))):
        if place % 5 == 0:
            weeks[min(WEEKS - 1, (record.first_seen - START) // WEEK)].append(record)
    for number, found in enumerate(weeks):
        at = min(START + (number + 1) * WEEK, NOW) - timedelta(hours=9)
        sure = [one for one in found if one.assessment.tag == "scam_compound"][: len(found) // 3]
        names = {one.id for one in sure}
        rest = [one for one in found if one.id not in names]
        for some in _parts(sure):
            how = {"tag": "scam_compound", "severity": "high", "clause": "forced_labour"}
            confirm(engine, some, by=minh, now=at, seen={one.id: 0 for one in some}, **how)
        for some in _parts(rest):
            dismiss(engine, some, reason="misread", by=minh, now=at, seen={one.id: 0 for one in some})
        if sure:
            _send_list(engine, number + 1, sure, minh.id, at)
    for number in range(SEARCHES):
        typed = ("lang:vi", "salary", "place:Myawaddy", "flagged:true score:>80", "source:source_3")[number % 5]
        saved_searches.save(engine, f"Search {number}", typed, shared=True, by=minh, now=START)


def _parts(found: list[Record]) -> Iterator[list[Record]]:
    return (found[start : start + 200] for start in range(0, len(found), 200))


def _send_list(engine: Engine, number: int, sure: list[Record], by: int, at: datetime) -> None:
    """Note a list as sent, and of a third of its adverts that they were found gone."""
    from desk.database import writing
    from desk.tables import decisions, list_entries, lists, sightings

    seen = {"platform": "board", "sent_at": at, "state": "gone", "status": 404, "body": "", "sha256": "", "proof_sha256": ""}
    seen |= {"online_at": at, "at": at + timedelta(hours=5), "salt": ""}
    with writing(engine) as connection:
        made = {row.item_id: row.id for row in connection.execute(select(decisions.c.item_id, decisions.c.id))}
        values = {"id": number, "platform": "board", "number": number, "state": "sent", "sent_at": at, "built_at": at}
        connection.execute(insert(lists).values(**values, manifest_sha256="0" * 64, built_by=by))
        entry = {"list_id": number, "change": "new", "body": "{}"}
        entries = [entry | {"item_id": one.id, "decision_id": made[one.id]} for one in sure]
        connection.execute(insert(list_entries), entries)
        connection.execute(insert(sightings), [seen | {"item_id": one.id} for one in sure[::3]])


def note_earlier_mail(engine: Engine, store: Store) -> None:
    """Note a mail a week before NOW as built, which told of all that was there."""
    from desk.cases.case_decisions import decided_cases
    from desk.database import writing
    from desk.digest.edition import Edition, WeekCounts, iso_week
    from desk.tables import digests, mentions

    at, week = NOW - WEEK, iso_week(NOW - WEEK)
    key = {"week": week, "subscription": "weekly"}
    earlier = Edition(week=week, subscription="weekly", since=at - WEEK, until=at, counts=WeekCounts(), audit_head="")
    flagged = [record.id for record in store.scan(Query(filters={"flagged": ("true",)}, until=at))]
    with writing(engine) as connection:
        told = {case.item_id: case for case in decided_cases(connection)}
        body = msgspec.json.encode(earlier).decode()
        connection.execute(insert(digests).values(**key, built_at=at, since=earlier.since, body=body))
        stands = {
            item: "confirmed" if told[item].state == "confirmed" else ""
            for item in told.keys() & flagged
        } | {item: "unreviewed" for item in flagged if item not in told}  # fmt: skip
        rows = [{"item_id": item, "standing": standing, **key} for item, standing in stands.items() if standing]
        connection.execute(insert(mentions), rows)


def build_mail(folder: Path, desk: str, elastic: str | None, profile: bool) -> dict[str, float]:
    """Build the mail in this process; return what it cost."""
    from desk.database import open_database
    from desk.digest import weekly_mail
    from desk.digest.edition import iso_week
    from desk.subscribers.subscriptions import Subscription

    engine, store = open_database(f"sqlite:///{folder / desk}"), open_store(folder, elastic)
    sources: Any = [SimpleNamespace(name=name, countries=(country,)) for name, country in BOARDS.items()]
    whole: dict[str, Any] = {"by": "minh", "owner": "minh", "search": None, "typed": "", "schedule": "weekly", "zone": "UTC"}
    whole |= {"key": "ab" * 32, "created_at": START}
    readers = [
        Subscription(id=number, address=f"r{number}@example.org", language=language, **whole)
        for number, language in zip(range(READERS), cycle(LANGUAGES), strict=False)
    ]
    watch, clock, processor = cProfile.Profile(), time.perf_counter(), time.process_time()
    with watch if profile else nullcontext(), patch.object(weekly_mail, "coverage", lambda *_: []):  # runs grow with no advert
        edition, queued = weekly_mail.build(
            engine, store, sources, str(folder / "runs"), week=iso_week(NOW), now=NOW, recipients=(), readers=readers,
            sender="watch@example.org", desk_url="https://desk.example.org", organisation="Bench",
        )  # fmt: skip
    cost = {"clock": time.perf_counter() - clock, "processor": time.process_time() - processor, "memory": highest_memory()}
    if profile:
        pstats.Stats(watch, stream=sys.stderr).sort_stats("cumulative").print_stats(45)
    assert queued == READERS, queued
    store.close()
    return cost | {"told": len(edition.told), "confirmed": edition.counts.confirmed, "campaigns": sum(edition.changed.values())}


def highest_memory() -> int:
    """Return the bytes this process had resident at most."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    return int(found[1]) * 1024 if found else 0


def open_store(folder: Path, elastic: str | None) -> Store:
    """Return the index in ``folder``, or the node's."""
    from index.elastic.elastic_store import ElasticStore
    from index.sqlite.sqlite_store import SqliteStore

    return ElasticStore(elastic, "lurewatch-bench-mail") if elastic else SqliteStore(folder / "index.sqlite")


def fill_index(folder: Path, elastic: str | None, count: int) -> None:
    """Make what is missing of the index, by the store's own load path."""
    store = open_store(folder, elastic)
    held, began = store.count(), time.process_time()
    if held < count:
        store.put(islice(dressed(count), held, None))
        print(f"{count - held:,} records made and put in {time.process_time() - began:.0f} s of processor", flush=True)
    store.close()


def main() -> None:
    """Fill index and desk, build both mails in processes of their own, print what they cost; exit 1 when a bound is missed."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--records", type=int, default=1_000_000)
    options.add_argument("--folder", type=Path)
    options.add_argument("--elastic", help="Address of a node; without it the embedded store is measured.")
    options.add_argument("--profile", action="store_true")
    options.add_argument("--build", help="Build one mail from this desk in --folder and print JSON.")
    given = options.parse_args()
    if given.build:
        print(json.dumps(build_mail(given.folder, given.build, given.elastic, given.profile)))
        return
    with tempfile.TemporaryDirectory(prefix="lurewatch-mail-") as name:
        folder = given.folder or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        fill_index(folder, given.elastic, given.records)
        fill_desks(folder, given.elastic)
        costs = {what: _measure(folder, desk, given.elastic, given.profile) for desk, what in DESKS.items()}
    for what, cost in costs.items():
        print(
            f"{what}: {cost['clock']:.1f} s, {cost['processor']:.1f} s of processor, {cost['memory'] / 1e6:.0f} MB; "
            f"{cost['told']:,} adverts told, {cost['confirmed']:,} confirmed, {cost['campaigns']:,} campaigns changed"
        )
    sys.exit(any(cost["clock"] > MOST_SECONDS or cost["memory"] > MOST_BYTES for cost in costs.values()))


def fill_desks(folder: Path, elastic: str | None) -> None:
    """Make a desk that never sent a mail, and one that sent one a week ago."""
    from desk.database import open_database

    for file in folder.glob("desk-*"):
        file.unlink()
    first, later = (folder / desk for desk in DESKS)
    store = open_store(folder, elastic)
    engine = open_database(f"sqlite:///{first}")
    fill_desk(engine, store)
    engine.dispose()
    shutil.copy(first, later)
    engine = open_database(f"sqlite:///{later}")
    note_earlier_mail(engine, store)
    engine.dispose()
    flagged = store.search(Query(filters={"flagged": ("true",)}, size=1)).total
    print(f"{store.count():,} records of {WEEKS} weeks, {flagged:,} flagged", flush=True)
    store.close()


def _measure(folder: Path, desk: str, elastic: str | None, profile: bool) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.weekly_mail", "--build", desk, "--folder", str(folder)]
    command += [*(("--elastic", elastic) if elastic else ()), *(("--profile",) if profile else ())]
    cost: dict[str, float] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    return cost


if __name__ == "__main__":
    main()
