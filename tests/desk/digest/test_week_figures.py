"""Every number of the mail equals a recount from the index, the decisions and the lists; a planted history is named rightly."""

import random
from collections import Counter
from datetime import timedelta
from statistics import median

import msgspec
import pytest

from desk.cases import case_decisions
from desk.digest.edition import iso_week
from desk.digest.select import edition
from enrichment.assessment import MonthlyPay, Place, Signal
from index.base import Query
from tests.desk.conftest import build_week

WEEK = timedelta(days=7)
BOARDS = ("vn_a", "vn_b", "th_c")
ORIGINS = {"vn_a": "VN", "vn_b": "VN", "th_c": "TH"}
WORK = ("chat_operator", "data_entry_typing", "gambling_staff")
TOWNS = (("Bavet", "KH"), ("Myawaddy", "MM"), ("Ha Noi", "VN"))


def plant(record, number, now, chance):
    """Return an advert of a chance board, age, place, pay, kind of work, contact and stance."""
    wording = chance.choice(("chat with strangers", "typing for us", "casino desk"))
    made = record(
        number, title=f"item {number}", text=f"passport kept, {wording}. Telegram @bright_hr_demo", source=chance.choice(BOARDS),
        first_seen=now - timedelta(hours=chance.randrange(1, 24 * 70)), stance=chance.choice(("offer", "offer", "testimony")),
    )  # fmt: skip
    judged, raw = made.assessment, f"{made.posting.title}\n{made.posting.text}"
    at = raw.index(wording)
    work = Signal(
        indicator=chance.choice(WORK), family="job", start=at, end=at + len(wording), text=wording, weight=9.0, gloss=wording
    )
    pay = MonthlyPay(
        low=1, high=1, currency="USD", period="month", monthly_usd=float(chance.randrange(500, 3000)), start=0, end=1
    )
    places = tuple(
        Place(name=name, country=country, kind="town", start=0, end=1) for name, country in TOWNS if chance.random() < 0.5
    )
    contacts = tuple(
        msgspec.structs.replace(contact, value=f"{contact.value}_{chance.randrange(40)}") for contact in judged.contacts
    )
    judged = msgspec.structs.replace(judged, signals=(*judged.signals, work), pay=pay, places=places, contacts=contacts)
    return msgspec.structs.replace(made, assessment=judged)


@pytest.mark.parametrize("seed", [1, 2])
def test_every_figure_equals_a_recount_from_the_index(desk_db, store, staff, record, now, seed):
    chance = random.Random(seed)
    items = [plant(record, number, now, chance) for number in range(150)]
    store.put(items)
    minh = staff(desk_db)["minh"]
    for place, item in enumerate(chance.sample(items, 40)):
        at, seen = now - timedelta(hours=chance.randrange(1, 24 * 56)), {item.id: 0}
        if place % 2:
            case_decisions.dismiss(desk_db, [item], reason="misread", by=minh, now=at, seen=seen)
        else:
            how = {"tag": "scam_compound", "severity": "low", "clause": "forced_labour"}
            case_decisions.confirm(desk_db, [item], by=minh, now=at, seen=seen, **how)
    with desk_db.connect() as connection:
        found = edition(connection, store, [], week=iso_week(now), subscription="weekly", until=now, origins=ORIGINS)
        cases = case_decisions.cases(connection, [item.id for item in items])
    every = list(store.scan(Query()))

    def by_week(moments):
        return tuple(sum(now - (back + 1) * WEEK < one <= now - back * WEEK for one in moments) for back in range(7, -1, -1))

    trends = {trend.name: trend.weeks for trend in found.trends}
    assert trends["flagged"] == by_week([one.first_seen for one in every])
    assert trends["confirmed"] == by_week([case.in_force.at for case in cases.values() if case.state == "confirmed"])
    told = [one for one in every if cases[one.id].state != "dismissed" and one.assessment.stance == "offer"]
    new = [one for one in told if one.first_seen > now - WEEK]
    corridors = Counter((ORIGINS[one.posting.source], place.name) for one in new for place in one.assessment.places)
    corridors = {pair: count for pair, count in corridors.items() if pair != ("VN", "Ha Noi")}
    assert {(one.origin, one.place): one.adverts for one in found.corridors}.items() <= corridors.items()
    assert sum(one.adverts for one in found.corridors) == sum(sorted(corridors.values())[-3:])
    work = Counter(one.assessment.signals[-1].indicator for one in new)
    assert {one.indicator: one.adverts for one in found.pretexts} == work
    assert (found.pay.adverts, found.pay.median) == (len(new), round(median(one.assessment.pay.monthly_usd for one in new)))
    waits = [(now - one.first_seen).days for one in every if cases[one.id].state == "open"]
    ages = (sum(age < 7 for age in waits), sum(7 <= age < 28 for age in waits), sum(age >= 28 for age in waits), max(waits))
    assert (found.queue.week, found.queue.month, found.queue.older, found.queue.oldest_days) == ages
    assert found.counts.waiting == len(waits)
    contacts = {}
    for one in told:
        for contact in one.assessment.contacts:
            contacts.setdefault(contact.value, []).append(one)
    fresh = [
        value for value, adverts in contacts.items()
        if min(one.first_seen for one in adverts) > now - WEEK and len({one.posting.source for one in adverts}) > 1
    ]  # fmt: skip
    assert found.new_contacts == len(fresh)


def test_a_place_and_a_term_are_new_on_two_boards_and_only_once(desk_db, store, record, now):
    def advert(number, board, age, town, words):
        made = record(number, title=f"item {number}", text=f"{words} here", source=board, first_seen=now - age)
        at = len(f"item {number}\n")
        sign = Signal(
            indicator="chat_operator", family="job", start=at, end=at + len(words), text=words, weight=9.0, gloss="chatting"
        )
        places = (Place(name=town, country="KH", kind="town", start=0, end=1),)
        return msgspec.structs.replace(made, assessment=msgspec.structs.replace(made.assessment, signals=(sign,), places=places))

    young = timedelta(days=1)
    store.put([
        advert(1, "vn_a", young, "Bavet", "Chat all day"), advert(2, "vn_b", young, "Bavet", "chat  all day"),
        advert(3, "vn_a", young, "Poipet", "one board"), advert(4, "vn_a", young, "Poipet", "one board"),
        advert(5, "vn_a", 3 * WEEK, "Myawaddy", "known words"), advert(6, "vn_b", young, "Myawaddy", "known words"),
        advert(7, "vn_a", young, "Bavet", "write to a_handle"), advert(8, "vn_b", young, "Bavet", "write to a_handle"),
    ])  # fmt: skip
    with desk_db.connect() as connection:
        found = edition(connection, store, [], week=iso_week(now), subscription="weekly", until=now)
    assert [(one.word, one.boards) for one in found.new_places] == [("Bavet", 2)]
    assert [(one.word.casefold(), one.gloss) for one in found.new_terms] == [("chat all day", "chatting")]


def test_a_planted_history_of_eight_weeks_is_named_rightly(desk_db, store, record, now):
    """Sixty campaigns arrive, grow, move, fall quiet and come back by chance; each mail is held to a plain account of them."""
    chance, start = random.Random(23), now - 8 * WEEK
    arrivals = {f"c{number}": [chance.random() < 0.4 for _ in range(8)] for number in range(60)}
    known, named = {}, Counter()
    for week in range(8):
        middle, end = start + week * WEEK + WEEK / 2, start + (week + 1) * WEEK
        expected = {}
        for campaign, weeks in arrivals.items():
            before = known.setdefault(campaign, [])
            if weeks[week]:
                language = chance.choice(("en", "en", "en", "th"))
                new = [
                    record(chance.randrange(10**9), title=campaign, text=f"{campaign} passport kept {number}", campaign=campaign,
                           language=language, first_seen=middle)
                    for number in range(2)
                ]  # fmt: skip
                store.put(new)
                gap = middle - max((one.first_seen for one in before), default=middle)
                moved = language not in {one.assessment.language.code for one in before}
                expected[campaign] = "new" if not before else "back" if gap >= 4 * WEEK else "moved" if moved else "growing"
                before += new
            elif before and 2 * WEEK <= end - max(one.first_seen for one in before) < 3 * WEEK:
                expected[campaign] = "quiet"
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("desk.digest.select.LISTED", {"retracted": 4, "searches": 3})
            told = build_week(desk_db, store, end)[0]
        assert {one.campaign: one.change for one in told.movements} == expected
        assert told.changed == {change: list(expected.values()).count(change) for change in told.changed}
        named.update(expected.values())
    assert set(named) == {"new", "growing", "moved", "back", "quiet"}
    assert min(named.values()) >= 5, named
