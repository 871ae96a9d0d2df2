"""A site of 200 reported adverts that vanish, change, move, are walled and come back, on a clock that nobody waits for."""

import os
import random
import signal
from collections import Counter
from datetime import timedelta

import msgspec
import pytest

from crawlers.items import Media, Posting, posting_id
from crawlers.pictures.picture import PictureReading
from crawlers.sources.source import Access
from desk.custody import audit
from desk.database import open_database
from desk.rechecks import recheck_round
from desk.rechecks.clock import fates, note_sighting, proof_of
from desk.rechecks.platform_outcomes import platform_outcomes
from desk.rechecks.reappearance import reappearances_of
from desk.rechecks.recheck_round import (
    carry_out_round,
)
from desk.rechecks.sighting import OFFLINE, Sighting
from enrichment.assessment import Contact
from enrichment.text.fingerprint import fingerprint
from foundation.crawl_errors import PassportRefused
from index.sqlite.sqlite_store import SqliteStore
from tests.desk.rechecks.reported_board import EXPECTED, HOUR, SENT, SOURCE, Board, own_faults, plans_of, run, words


def test_200_adverts_are_told_apart_and_their_hours_lie_within_one_interval(desk_db, board):
    items, store = board
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
        sent = platform_outcomes(connection)["board"]
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


def test_what_came_back_elsewhere_is_linked_to_the_old_case_and_nothing_else(desk_db, board):
    items, store = board
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
        told = platform_outcomes(connection)["board"]
    assert len(true & found) >= 0.95 * len(true), sorted(true - found)[:3]
    wrong = {pair[:2] for pair in found} - {pair[:2] for pair in true}
    assert wrong == set()
    assert noticed == len({pair[:2] for pair in found}) == told.elsewhere


@pytest.mark.parametrize("board", [50], indirect=True)
def test_a_day_asks_no_more_than_its_rounds_may_and_the_rest_waits(desk_db, board):
    _, store = board
    source = SOURCE.model_copy(update={"access": Access(requests_per_run=20)})
    board = Board([[(0, "up")]] * 200)
    asked = []
    for hour in range(15, 40):  # from 00:35 on
        board.now = SENT + hour * HOUR + timedelta(minutes=35)
        report = carry_out_round(desk_db, store, {SOURCE.name: source}, board.look, clock=lambda: board.now)
        asked.append(report.asked)
    assert (sum(asked[:24]), asked[0], asked[24]) == (120, 50, 50), "24 rounds of five"
    assert max(board.asked.values()) - min(board.asked.values()) <= 1, "those that wait the longest come first"


@pytest.mark.parametrize("board", [5], indirect=True)
def test_two_rounds_at_a_time_note_one_change_once(desk_db, board):
    """The second began before the first had noted; both saw the same."""
    _, store = board
    board = Board([[(0, "410")]] * 200)
    board.now = SENT + HOUR

    def look(source, adverts):
        carry_out_round(desk_db, store, {SOURCE.name: SOURCE}, board.look, clock=lambda: board.now)
        yield from board.look(source, adverts)

    report = carry_out_round(desk_db, store, {SOURCE.name: SOURCE}, look, clock=lambda: board.now)
    assert (report.asked, report.changed) == (5, 0)
    with desk_db.connect() as connection:
        assert [(len(fate.seen), fate.asks) for fate in fates(connection)] == [(1, 1)] * 5


@pytest.mark.parametrize("board", [5], indirect=True)
@pytest.mark.parametrize("point", ["before_the_answer", "before_the_note", "within_the_note", "after_the_note"])
def test_a_round_killed_anywhere_loses_nothing_and_doubles_nothing(desk_db, board, tmp_path, point):
    items, store = board
    board = Board([[(0, "410")]] * 200)
    board.now = SENT + HOUR
    address = str(desk_db.url.render_as_string(hide_password=False))
    desk_db.dispose()
    child = os.fork()
    if child == 0:  # dies by its own hand; nothing of it returns to the tests
        try:
            die_in_a_round(address, tmp_path / "index.sqlite", board, point)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    with desk_db.connect() as connection:
        noted = [fate for fate in fates(connection) if fate.seen]
        assert len(noted) == {"after_the_note": 3}.get(point, 2)
    carry_out_round(desk_db, store, {SOURCE.name: SOURCE}, board.look, clock=lambda: board.now + timedelta(minutes=30))
    with desk_db.connect() as connection:
        told = fates(connection)
        assert [(fate.state, len(fate.seen), fate.asks) for fate in told] == [("gone", 1, 1)] * len(items)
        assert all(proof_of(connection, fate.seen[0].id) for fate in told)
        assert own_faults(connection) == []
        assert len(list(audit.entries(connection, "advert_sighted"))) == len(items)


def die_in_a_round(address, index, board, point):
    """Carry out a round that ends by SIGKILL at a point of its third advert."""
    engine, store, count = open_database(address), SqliteStore(index), iter(range(1, 999))

    def die(*_args, **_more):
        os.kill(os.getpid(), signal.SIGKILL)

    def look(source, adverts):
        for place, seen in enumerate(board.look(source, adverts)):
            if place == 2 and point == "before_the_answer":
                die()
            yield seen
            if place == 2 and point == "after_the_note":
                die()

    def note(*args, **more):
        if (number := next(count)) == 3 and point == "before_the_note":
            die()
        if number == 3 and point == "within_the_note":
            audit.append = die
        return note_sighting(*args, **more)

    recheck_round.note_sighting = note
    carry_out_round(engine, store, {SOURCE.name: SOURCE}, look, clock=lambda: board.now)


@pytest.mark.parametrize("board", [5], indirect=True)
def test_what_may_not_be_asked_for_is_told_as_not_known(desk_db, board):
    """No source, no passport, an address off its site: each with its reason, and the step doubles."""
    _, store = board

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


@pytest.mark.parametrize("board", [5], indirect=True)
def test_an_advert_is_compared_with_the_words_that_were_reported(desk_db, board):
    """A later run read other words of it; what the notice quoted is what counts."""
    items, store = board
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
