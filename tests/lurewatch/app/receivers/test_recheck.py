"""A site of 200 reported adverts that vanish, change, move, are walled and come back, on a clock that nobody waits for."""

import io
import json
import random
from collections import Counter
from datetime import datetime, timedelta

import msgspec
import pytest
from sqlalchemy import insert
from warcio.archiveiterator import ArchiveIterator

from crawlers.crawl_errors import CrawlError, PassportRefused
from crawlers.discovery.guided_fetch import FetchedPage, PageRequest
from crawlers.fetch.middlewares.blocks import block_reason
from crawlers.items import Media, Posting, posting_id
from crawlers.pictures.picture import PictureReading
from crawlers.sources.source import Access, Crawl, Operator, Source
from desk.custody.ledger_check import check_ledger
from desk.database import writing
from desk.rechecks.clock import fates, proof_of
from desk.rechecks.notice_outcomes import SentNotice
from desk.rechecks.page_verdict import address_to_ask, judge
from desk.rechecks.reappearance import reappearances_of
from desk.rechecks.report_card import platform_cards
from desk.rechecks.sighting import OFFLINE, Sighting
from desk.tables import decisions, list_entries, lists
from enrichment.assessment import Contact
from enrichment.text.fingerprint import fingerprint
from index.sqlite.sqlite_store import SqliteStore
from lurewatch.app.receivers.recheck import (
    WALLS,
    ReportedAdvert,
    SiteCheck,
    carry_out_round,
    look_at_adverts,
    unreported_adverts,
)
from tests.crawlers.run.conftest import OPTIONS, site, source_of  # noqa: F401 - fixtures
from tests.desk.conftest import desk_db, migrated_file, record, sqlite_url, staff  # noqa: F401 - fixtures

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
            [(0, "up"), (at, end)],
            [(0, "up"), (at, "repriced"), (at * 1.5 + 3, end)],
            [(0, "up"), (at, chance.choice(["403", "wall", "500", "blank"])), (at * 1.3 + 2, end)],
            [(0, "up"), (at, end), (at + 30 + at / 5, "up")],
            [(0, "up"), (at, chance.choice(["moved", "shortened"]))],
            [(0, "up"), (at, chance.choice(["403", "wall", "500", "blank"])), (at * 1.2 + 4, "up")],
            [(0, "up")],
            [(0, end)],
        ]
        plans.append(turns[number % len(turns)])
    return plans


@pytest.fixture
def reported(desk_db, record, staff, tmp_path):  # noqa: F811 - pytest's way
    """Return 200 adverts that a list told a platform of at ``SENT``, and the index that holds them."""
    store = SqliteStore(tmp_path / "index.sqlite")
    items = []
    for number in range(200):
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


def test_200_adverts_are_told_apart_and_their_hours_lie_within_one_interval(desk_db, reported):  # noqa: F811
    items, store = reported
    board = Board(plans_of(200))
    wrong: list[object] = []
    for _ in run(desk_db, store, board, 24 * 6):
        pass
    with desk_db.connect() as connection:
        told = {fate.notice.item_id: fate for fate in fates(connection)}
        for number, item in enumerate(items):
            fate, plan = told[item.id], board.plans[number]
            for step in fate.seen:  # each sighting is what stood there at that moment
                age = (step.at - SENT) / HOUR
                truth = EXPECTED[[what for begin, what in plan if begin <= age][-1]]
                wrong += [(number, step.state, truth, plan)] if step.state != truth else []
                assert proof_of(connection, step.id).startswith(b"WARC of")
            ended = next((begin for begin, what in plan if EXPECTED[what] in OFFLINE), None)
            if ended is None:
                wrong += [(number, "removed", plan)] if fate.removed_at else []
            elif fate.hours is None or not fate.hours[0] <= ended <= fate.hours[1]:
                wrong.append((number, fate.hours, plan))
        assert wrong == []
        ends = {number: plan for number, plan in enumerate(board.plans) if len(plan) == 3 and EXPECTED[plan[1][1]] in OFFLINE}
        backs = [number for number, plan in ends.items() if EXPECTED[plan[2][1]] == "up" and plan[1][0] < 40]
        missed = [number for number in backs if told[items[number].id].back_at is None]
        assert len(backs) >= 10
        assert missed == []
        sent = platform_cards(connection)["board"]
        assert (sent.sent, sent.back) == (200, sum(fate.back_at is not None for fate in told.values()))
        assert own_faults(connection) == []
    assert max(board.asked.values()) < 24 + 60, "an advert that stands for six days is asked for less and less"


def copies_of(items, chance):
    """Return later adverts elsewhere: the contact alone, the text alone but for a few words, the poster alone; and others."""
    made, true = [], set()
    for number, item in enumerate(items[:90]):
        kind = ("contact", "text", "picture")[number % 3]
        other = 1000 + number
        near = words(number).replace("canteen", "kitchen").replace(f"hr_desk_{number:03d}", "another_desk")
        text = near if kind == "text" else words(other)
        contact = item.assessment.contacts[0].value if kind == "contact" else f"other_desk_{number:03d}"
        made.append(elsewhere(item, other, text, contact, poster(number, chance) if kind == "picture" else ()))
        true.add((item.id, made[-1].id, kind))
    for number, item in enumerate(items[90:190], start=90):
        made.append(elsewhere(item, 2000 + number, words(3000 + number), f"nobody_{number:03d}", poster(5000 + number, chance)))
    return made, true


def elsewhere(item, number, text, contact, media):
    url = f"https://other.example.org/jobs/{number}"
    posting = Posting(id=posting_id("other", url), source="other", url=url, title=f"Work {number}", text=text, media=media)
    judged = msgspec.structs.replace(
        item.assessment, id=posting.id, fingerprint=fingerprint(f"{posting.title}\n{text}"),
        contacts=(Contact(type="telegram", value=contact, start=0, end=1),),
    )  # fmt: skip
    seen = SENT + timedelta(days=3)
    return msgspec.structs.replace(
        item, id=posting.id, posting=posting, assessment=judged, first_seen=seen, last_seen=seen,
        revisions=tuple(msgspec.structs.replace(each, at=seen) for each in item.revisions),
    )  # fmt: skip


def poster(number, chance):
    """Return a picture with words, as a copy over a messenger has it: a few bits of its hash are others."""
    value = random.Random(number).getrandbits(256)
    for bit in chance.sample(range(256), 8):
        value ^= 1 << bit
    reading = PictureReading(state="read", pdq=f"{value:064x}")
    return (Media(url="https://x.example/p.png", kind="image", start=9_000, end=9_060, reading=reading),)


def test_what_came_back_elsewhere_is_linked_to_the_old_case_and_nothing_else(desk_db, reported):  # noqa: F811
    items, store = reported
    chance = random.Random(7)
    shown = [msgspec.structs.replace(item, posting=msgspec.structs.replace(item.posting, media=poster(number, chance)))
        for number, item in enumerate(items)]  # fmt: skip
    store.put([msgspec.structs.replace(item, revision=2) for item in shown])
    board = Board([[(0, "up"), (3, "410")]] * 200)
    made, true = copies_of(items, chance)
    early = [
        msgspec.structs.replace(
            each, id=f"early{place}", first_seen=SENT - timedelta(days=5),
            posting=msgspec.structs.replace(each.posting, id=f"early{place}"),
            assessment=msgspec.structs.replace(each.assessment, id=f"early{place}"),
        )
        for place, each in enumerate(made[:30])
    ]  # fmt: skip
    store.put([*made, *early])
    noticed = sum(report.reappeared for report in run(desk_db, store, board, 6))
    with desk_db.connect() as connection:
        found = {(link.item_id, link.other_id, kind) for link in reappearances_of(connection) for kind in link.shared}
        assert own_faults(connection) == []
        told = platform_cards(connection)["board"]
    assert len(true & found) >= 0.95 * len(true), sorted(true - found)[:3]
    wrong = {pair[:2] for pair in found} - {pair[:2] for pair in true}
    assert wrong == set()
    assert noticed == len({pair[:2] for pair in found}) == told.elsewhere


@pytest.fixture
def asked(site, source_of):  # noqa: F811
    """Return a function that asks the real site for adverts by the crawler's own process: paths -> states."""

    def posting(path):
        url = site.url + path
        return Posting(id=posting_id("local", url), source="local", url=url, title="Work 7", text=words(7))

    def do(*paths, requests=400, controls=()):
        source, others = source_of(requests=requests), [posting(path) for path in controls]
        adverts = [
            ReportedAdvert(notice=SentNotice(platform="x", item_id=path, sent_at=SENT, tag=None), posting=posting(path))
            for path in paths
        ]  # fmt: skip
        return {
            advert.notice.item_id: sighting for advert, sighting in look_at_adverts(source, adverts, lambda _: others, OPTIONS)
        }

    return do


def test_the_real_site_is_asked_as_a_crawl_asks_and_every_answer_is_a_proof(site, asked):  # noqa: F811
    site.pages |= {
        "/robots.txt": b"User-agent: *\nDisallow: /private/", "/job/up": advert_page("Work 7", words(7)),
        "/job/gone": (410, {}, b"gone"),
        "/job/list": (302, {"Location": f"{site.url}/jobs"}, b""), "/jobs": LIST, "/job/said": GONE_PAGES["words"],
        "/job/moved": (301, {"Location": f"{site.url}/archive/work-seven"}, b""),
        "/archive/work-seven": advert_page("Work 7", words(7)),
        "/": LIST.replace("Jobs", "Welcome"), "/job/wall": WALL, "/job/no": (403, {}, b"<html><body>no</body></html>"),
    }  # fmt: skip
    found = asked("/job/up", "/job/gone", "/job/wall", "/job/list", "/job/no", "/job/said", "/job/moved", "/private/7")
    states = {path: sighting.state for path, sighting in found.items()}
    assert states == {
        "/job/up": "up", "/job/gone": "gone", "/job/wall": "walled", "/job/list": "tombstone", "/job/no": "walled",
        "/job/said": "tombstone", "/job/moved": "moved", "/private/7": "unknown",
    }  # fmt: skip
    assert site.hits["/private/7"] == 0
    assert {headers["User-Agent"] for _, headers in site.asked} == {OPTIONS.user_agent}
    for path, status in (("/job/up", "200"), ("/job/gone", "410"), ("/job/wall", "200"), ("/job/no", "403")):
        kept = [
            (each.rec_type, each.http_headers and each.http_headers.get_statuscode())
            for each in ArchiveIterator(io.BytesIO(found[path].evidence), check_digests="raise")
        ]  # fmt: skip
        assert [kind for kind, _ in kept] == ["response", "request", "metadata"]
        assert kept[0][1] == status


def test_a_site_that_refuses_us_is_left_alone_until_the_next_hour(site, asked):  # noqa: F811
    walls = {f"/job/{number}": WALL for number in range(6)}
    site.pages |= walls
    assert len(asked(*walls)) == WALLS
    site.pages |= {"/job/9": (429, {}, b"later"), "/job/10": advert_page("Work 7", words(7))}
    assert [sighting.state for sighting in asked("/job/9", "/job/10").values()] == ["walled"]
    site.pages |= dict.fromkeys((f"/work/{number}" for number in range(9)), advert_page("Work 7", words(7)))
    assert len(asked(*(f"/work/{number}" for number in range(9)), requests=20)) == 5, "a quarter of a run at most"


class PlannedAsker:
    """Answers for the site by a plan: path -> status and body; whatever is not in it is a page of a working site."""

    def __init__(self, **plan):
        self.plan = {f"/{name}".replace("/front", "/"): said for name, said in plan.items()}
        self.asked: list[str] = []

    def fetch(self, url):
        path = "/" + url.split("/", 3)[3]
        self.asked.append(path)
        status, body = self.plan.get(path, (200, LIST))
        if status == 0:
            raise CrawlError("no answer")
        return FetchedPage(
            wanted=PageRequest(url=url), url=url, status=status, content_type="text/html", body=body.encode(),
            error="" if status == 200 else f"HTTP {status}",
        )  # fmt: skip


def of_board(path):
    url = f"https://board.example.org/{path}"
    return Posting(id=posting_id("sample_board", url), source="sample_board", url=url, title="Work 7", text=words(7))


UP, GONE, DOWN = (200, advert_page("Work 7", words(7)).decode()), (404, "<h1>404</h1>"), (503, "<h1>Maintenance</h1>")


@pytest.mark.parametrize(
    ("plan", "states", "asked"),
    [
        ({"a": GONE, "b": GONE, "other": UP}, ["gone", "gone"], ["/a", "/", "/other", "/b"]),
        ({"a": UP, "b": GONE, "other": GONE}, ["up", "gone"], ["/a", "/b", "/"]),
        ({"a": GONE, "b": GONE, "front": DOWN}, ["site_down", "site_down"], ["/a", "/", "/b"]),
        ({"a": GONE, "front": (0, "")}, ["site_down"], ["/a", "/"]),
        ({"a": GONE, "b": UP, "other": GONE, "another": GONE}, ["site_changed", "up"], ["/a", "/", "/other", "/another", "/b"]),
        ({"a": GONE, "other": GONE, "another": UP}, ["gone"], ["/a", "/", "/other", "/another"]),
        ({"a": GONE, "other": (200, WALL)}, ["gone"], ["/a", "/", "/other"]),
    ],
    ids=["one_is_there", "one_reported_is_there", "down", "silent", "all_moved", "one_of_two_is_there", "others_tell_nothing"],
)  # fmt: skip
def test_an_advert_counts_as_gone_only_while_its_site_works(plan, states, asked):
    asker = PlannedAsker(**plan)
    check = SiteCheck(SOURCE, asker, lambda _: [of_board(path) for path in ("other", "another") if path in plan])
    found = []
    for path in (path for path in ("a", "b") if path in plan):
        page = asker.fetch(of_board(path).url)
        sighting = check.confirm(judge(page, of_board(path), SOURCE), page)
        found.append(sighting.detail if sighting.detail.startswith("site") else sighting.state)
    assert (found, asker.asked) == (states, asked)


def test_controls_are_adverts_that_nobody_reported(desk_db, reported, record):  # noqa: F811
    _, store = reported
    assert unreported_adverts(desk_db, store, SOURCE) == []
    fresh = [record(number, first_seen=SENT) for number in (900, 901, 902)]
    gone = msgspec.structs.replace(fresh[2], posting=msgspec.structs.replace(fresh[2].posting, deleted=True))
    store.put([*fresh[:2], gone])
    assert {each.id for each in unreported_adverts(desk_db, store, SOURCE)} == {each.id for each in fresh[:2]}


def test_what_may_not_be_asked_for_is_told_as_not_known(desk_db, reported):  # noqa: F811
    """No source, no passport, an address off its site: each with its reason, and the step doubles."""
    _, store = reported

    def refuse(source, adverts):
        raise PassportRefused("local", "no passport")
        yield

    details = Counter()
    for sources, look in (({}, refuse), ({SOURCE.name: SOURCE}, refuse)):
        clock = SENT + timedelta(hours=9 * (1 + bool(sources)))
        carry_out_round(desk_db, store, sources, look, clock=lambda clock=clock: clock)
        with desk_db.connect() as connection:
            told = fates(connection)
            details |= Counter(step.detail for fate in told for step in fate.seen)
            assert {fate.state for fate in told} == {"unknown"}
    assert set(details) == {"no_source"}, "the same state is no change"
    assert {fate.asks for fate in told} == {2}


def test_an_advert_is_compared_with_the_words_that_were_reported(desk_db, reported):  # noqa: F811
    """A later run read other words of it; what the notice quoted is what counts."""
    items, store = reported
    item = items[0]
    later = msgspec.structs.replace(item.revisions[0], revision=2, change="edited", at=SENT + timedelta(hours=1), text="other")
    posting = msgspec.structs.replace(item.posting, text="other")
    store.put([msgspec.structs.replace(item, revision=2, posting=posting, revisions=(*item.revisions, later))])
    given = {}

    def look(source, adverts):
        for advert in adverts:
            given[advert.notice.item_id] = advert.posting.text
            yield advert, Sighting(state="up")

    carry_out_round(desk_db, store, {SOURCE.name: SOURCE}, look, clock=lambda: SENT + timedelta(hours=2))
    assert given[item.id] == words(0)
