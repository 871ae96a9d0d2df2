"""A board of reported adverts that vanish, change, move, are walled and come back, on a clock that nobody waits for."""

import json
import random
from collections import Counter
from datetime import datetime, timedelta

import msgspec
import pytest
from sqlalchemy import insert

from crawlers.discovery.guided_fetch import FetchedPage, PageRequest
from crawlers.fetch.middlewares.blocks import block_reason
from crawlers.sources.source import Access, Crawl, Operator, Source
from desk.custody.ledger_check import check_ledger
from desk.database import writing
from desk.rechecks.page_verdict import address_to_ask, judge
from desk.rechecks.recheck_round import carry_out_round
from desk.tables import decisions, list_entries, lists
from enrichment.assessment import Contact
from enrichment.text.fingerprint import fingerprint
from index.sqlite.sqlite_store import SqliteStore

SENT = datetime.fromisoformat("2026-11-24T09:00:00+00:00")
HOUR = timedelta(hours=1)
SOURCE = Source(
    name="sample_board", title="Board", summary="a board", kind="job_board",
    operator=Operator(name="x", url="https://board.example.org/"), access=Access(), crawl=Crawl(spider="board",
    start=("https://board.example.org/",)),
)  # fmt: skip
SYLLABLES = [f"{one}{two}" for one in "bkmtsrlnvdgp" for two in "aieou"]


def words(number: int) -> str:
    """Return the text of one advert; no two are alike."""
    chance = random.Random(number)
    told = [" ".join("".join(chance.choices(SYLLABLES, k=3)) for _ in range(12)).capitalize() for _ in range(5)]
    return f"{'. '.join(told)}. Pay {900 + number} USD a month, canteen and room. Telegram @hr_desk_{number:03d}"


def advert_page(title: str, text: str) -> bytes:
    linked = {"@context": "https://schema.org", "@type": "JobPosting", "title": title, "description": text}
    head = f'<script type="application/ld+json">{json.dumps(linked)}</script>'
    return f"<html><head><title>{title}</title>{head}</head><body><h1>{title}</h1><p>{text}</p></body></html>".encode()


LIST = "<title>Jobs</title><body><h1>Jobs</h1>" + "".join(f'<a href="/jobs/{n}">Job {n}</a>' for n in range(9)) + "</body>"
GONE_PAGES = {
    "words": "<title>Board</title><body><h1>This job has expired</h1><p>Look at other jobs.</p><a href='/'>Jobs</a></body>",
    "vi": "<title>Việc làm</title><body><h1>Tin tuyển dụng này đã hết hạn</h1><p>Xem các tin khác nhé.</p></body>",
    "zh": "<title>招聘</title><body><h1>该职位已下线</h1><p>看看其他职位。</p></body>",
    "soft": "<title>Oops</title><body><h1>Page not found</h1><p>We looked everywhere.</p></body>",
}
WALL = "<html><title>Log in</title><body><form><input type='password'></form><p>Please log in to see this.</p></body></html>"


class Board:
    """The site: each advert goes through a plan of its own, (hour, what stands there from then on)."""

    def __init__(self, plans):
        self.plans = plans
        self.now = SENT
        self.asked: Counter[str] = Counter()
        self._judged = {}

    def kind(self, number: int) -> str:
        age = (self.now - SENT) / HOUR
        return [what for begin, what in self.plans[number] if begin <= age][-1]

    def fetch(self, posting) -> FetchedPage:
        number = int(posting.url.rsplit("/", 1)[1])
        kind, url, status, body = self.kind(number), posting.url, 200, b""
        if kind in ("up", "moved", "repriced", "shortened"):
            text = {"repriced": words(number).replace(" USD", "0 USD"), "shortened": words(number)[:220]}.get(kind, words(number))
            url = f"https://board.example.org/archive/offer-{number}-now" if kind == "moved" else url
            body = advert_page(f"Work {number}", text)
        elif kind in ("404", "410", "500"):
            status, body = int(kind), b"<html><body>sorry</body></html>"
        elif kind == "list":
            url, body = "https://board.example.org/jobs", LIST.encode()
        elif kind == "blank":
            body = b"<title>Board</title><body><h1>Welcome to the board</h1><p>News of our house for everybody.</p></body>"
        elif kind in ("403", "wall"):
            status, body = (403 if kind == "403" else 200), WALL.encode()
        else:
            body = GONE_PAGES[kind].encode()
        reason = block_reason(status, {}, body.decode(), url)
        error = f"blocked ({reason})" if reason else "" if status == 200 else f"HTTP {status}"
        wanted = PageRequest(url=address_to_ask(posting.url))
        proof = b"WARC of " + posting.id.encode()
        return FetchedPage(
            wanted=wanted, url=url, status=status, content_type="text/html; charset=utf-8", body=body, error=error,
            evidence=proof, sha256="0" * 64,
        )  # fmt: skip

    def look(self, source, adverts):
        for advert in adverts:
            self.asked[advert.posting.id] += 1
            number = int(advert.posting.url.rsplit("/", 1)[1])
            key = number, self.kind(number)
            if key not in self._judged:  # the same page is judged alike
                self._judged[key] = judge(self.fetch(advert.posting), advert.posting, source)
            yield advert, self._judged[key]


EXPECTED = {
    "up": "up", "repriced": "edited", "shortened": "edited", "moved": "moved", "404": "gone", "410": "gone", "list": "tombstone",
    "words": "tombstone", "vi": "tombstone", "zh": "tombstone", "soft": "tombstone", "403": "walled", "wall": "walled",
    "500": "unknown", "blank": "unknown",
}  # fmt: skip


def own_faults(connection):
    """Return what the log says is wrong with sightings; the lists of these tests are planted, and it says so too."""
    return [fault for fault in check_ledger(connection).faults if fault.startswith(("sighting", "reappearance"))]


def plans_of(count: int):
    """Return a plan for each advert: it ends in every way, at any hour, some behind a wall for a while, some come back."""
    chance = random.Random(20261130)
    ends = ["404", "410", "list", "words", "vi", "zh", "soft"]
    plans = []
    for number in range(count):
        at = round(chance.uniform(0.2, 60), 2)
        end = ends[number % len(ends)]
        turns = [
            [(0, "up"), (at, end)], [(0, "up"), (at, "repriced"), (at * 1.5 + 3, end)],
            [(0, "up"), (at, chance.choice(["403", "wall", "500", "blank"])), (at * 1.3 + 2, end)],
            [(0, "up"), (at, end), (at + 30 + at / 5, "up")], [(0, "up"), (at, chance.choice(["moved", "shortened"]))],
            [(0, "up"), (at, chance.choice(["403", "wall", "500", "blank"])), (at * 1.2 + 4, "up")], [(0, "up")], [(0, end)],
        ]  # fmt: skip
        plans.append(turns[number % len(turns)])
    return plans


@pytest.fixture
def board(request, desk_db, record, staff, tmp_path):
    """Return 200 adverts, or as many as a test names, that a list told a platform of at ``SENT``, and the index of them."""
    store = SqliteStore(tmp_path / "index.sqlite")
    items = []
    for number in range(getattr(request, "param", 200)):
        made = record(number, title=f"Work {number}", text=words(number), first_seen=SENT - timedelta(days=2))
        handle = f"hr_desk_{number:03d}"
        judged = msgspec.structs.replace(
            made.assessment, fingerprint=fingerprint(f"Work {number}\n{words(number)}"),
            contacts=(Contact(type="telegram", value=handle, start=0, end=1),),
        )  # fmt: skip
        items.append(msgspec.structs.replace(made, assessment=judged))
    store.put(items)
    send(desk_db, staff(desk_db)["minh"], items)
    yield items, store
    store.close()


def send(engine, person, items, at=SENT, number=1, change="new"):
    with writing(engine) as connection:
        told = {"id": number, "platform": "board", "number": number, "state": "sent", "sent_at": at, "built_at": at}
        connection.execute(insert(lists).values(**told, manifest_sha256="0" * 64, built_by=person.id))
        for item in items:
            step = {"item_id": item.id, "seq": number, "kind": "confirm", "tag": "scam_compound", "source": "s", "url": "u",
                "revision": 1, "text_sha256": "0" * 64, "by_id": person.id, "at": at}  # fmt: skip
            decision = connection.execute(insert(decisions).values(**step).returning(decisions.c.id)).scalar_one()
            row = {"list_id": number, "item_id": item.id, "change": change, "decision_id": decision, "body": "{}"}
            connection.execute(insert(list_entries).values(**row))


def run(engine, store, board, hours):
    """Let rounds go by: hourly for two days, then, as nothing is due more often, every second hour."""
    for hour in (*range(min(hours, 48)), *range(48, hours, 2)):
        board.now = SENT + hour * HOUR + timedelta(minutes=35)
        yield carry_out_round(engine, store, {SOURCE.name: SOURCE}, board.look, clock=lambda: board.now)
