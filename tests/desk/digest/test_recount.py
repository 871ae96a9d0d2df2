"""Every number of a mail, read out of its text, equals a recount of what was planted: nothing of the product counts here.

Worlds are made by chance: adverts of ten weeks, decisions before and after an earlier mail, lists that left, what became of them.
"""

import random
import re
from collections import Counter
from datetime import timedelta
from math import ceil
from statistics import median

import pytest

from desk.cases import case_decisions
from desk.digest import render
from desk.partners.answer_review import note_reply
from desk.rechecks.clock import note_sighting
from desk.rechecks.notice_outcomes import SentNotice
from desk.rechecks.sighting import Sighting
from tests.desk.digest.test_week_figures import ORIGINS, WEEK, plant
from tests.desk.digest.weeks import DESK, build, dark_boards, send_list

HOUR = timedelta(hours=1)
FATES = (("gone",), ("gone", "up"), ("up",), ("walled",), ("up", "gone"))


class World:
    """What was planted: adverts with their decisions and notices, in plain lists."""

    def __init__(self, seed, now, record):
        self.chance, self.now, self.earlier = random.Random(seed), now, now - WEEK
        self.items = [plant(record, number, now, self.chance) for number in range(90)]
        self.decisions = {item.id: [] for item in self.items}
        self.lists, self.sightings, self.refusals = [], [], []

    def decide(self, engine, by, since, until):
        """Decide by chance on adverts seen before ``until``: confirm, dismiss, or undo what stands."""
        for item in self.chance.sample(self.items, 45):
            at = since + (until - since) * self.chance.random()
            before = self.decisions[item.id]
            if item.first_seen > at or (before and before[-1][0] >= at):
                continue
            seen = {item.id: len(before)}
            if before and before[-1][1] != "undo":
                if self.chance.random() < 0.5:
                    case_decisions.undo(engine, [item.id], by=by, now=at, seen=seen)
                    before.append((at, "undo"))
            elif self.chance.random() < 0.7:
                how = {"tag": "scam_compound", "severity": self.chance.choice(("low", "high")), "clause": "forced_labour"}
                case_decisions.confirm(engine, [item], by=by, now=at, seen=seen, **how)
                before.append((at, "confirm"))
            else:
                case_decisions.dismiss(engine, [item], reason="misread", by=by, now=at, seen=seen)
                before.append((at, "dismiss"))

    def standing(self, item, at):
        """Return how an advert's case stood at a moment."""
        steps = [kind for moment, kind in self.decisions[item.id] if moment <= at]
        return {"confirm": "confirmed", "dismiss": "dismissed"}.get(steps[-1] if steps else "undo", "open")

    def send(self, engine, by, number, at, withdrawn):
        """Send a list of confirmed adverts nobody was told of, and take back what an earlier list told of a few."""
        held = {item for entries in self.lists for item in entries[1]}
        new = [item for item in self.items if self.standing(item, at) == "confirmed" and item.id not in held][:12]
        taken = self.chance.sample(sorted(self.out(at)), withdrawn)
        by_id = {item.id: item for item in self.items}
        entries = dict.fromkeys((item.id for item in new), "new") | dict.fromkeys(taken, "withdrawn")
        send_list(engine, by, number, at, {by_id[name]: change for name, change in entries.items()})
        self.lists.append((at, entries))
        for item in new:
            notice, fate = SentNotice(platform="board", item_id=item.id, sent_at=at, tag=None), self.chance.choice(FATES)
            moment = at
            for state in fate:
                moment += HOUR * self.chance.randrange(1, 30)
                note_sighting(engine, notice, Sighting(state=state), moment)
                self.sightings.append((item.id, state, moment))
            if self.chance.random() < 0.3 and fate[0] == "walled":
                note_reply(engine, "board", item.id, "refused", reason="no_breach", by=by, now=at + 2 * HOUR)
                self.refusals.append((item.id, at + 2 * HOUR))

    def out(self, at):
        """Return the adverts a platform holds a notice of: item -> when it left."""
        sent = {}
        for moment, entries in self.lists:
            for item, change in entries.items() if moment <= at else ():
                sent[item] = moment
                if change == "withdrawn":
                    del sent[item]
        return sent


@pytest.fixture(params=[11, 12, 13, 14])
def world(desk_db, store, staff, record, now, request):
    made, minh = World(request.param, now, record), staff(desk_db)["minh"]
    store.put([item for item in made.items if item.first_seen <= made.earlier])
    made.decide(desk_db, minh, now - 8 * WEEK, made.earlier - 50 * HOUR)
    made.send(desk_db, minh, 1, made.earlier - 40 * HOUR, 0)
    build(desk_db, store, [], made.earlier)
    store.put(made.items)
    made.decide(desk_db, minh, made.earlier, now - 90 * HOUR)
    made.send(desk_db, minh, 2, now - 80 * HOUR, 2)
    made.mail = build(desk_db, store, dark_boards(2), now)
    return made


def numbers(pattern, text):
    """Return the numbers of a sentence that must stand in the mail once."""
    found = re.findall(pattern, text)
    assert len(found) == 1, (pattern, found)
    return tuple(map(int, found[0])) if isinstance(found[0], tuple) else int(found[0])


def test_what_the_mail_counts_of_the_week_is_what_was_planted(world):
    text, now, then = render.text(world.mail, DESK, "Test desk"), world.now, world.earlier
    told = {item.id for item in world.items if item.first_seen <= then and world.standing(item, then) == "open"}
    sure = {item.id for item in world.items if world.standing(item, then) == "confirmed"}
    state = {item.id: world.standing(item, now) for item in world.items}
    retracted = {item for item in sure if state[item] != "confirmed"}
    confirmed = {item for item, how in state.items() if how == "confirmed"} - sure
    fresh = {item for item, how in state.items() if how == "open"} - told - retracted
    rejected = {item for item, how in state.items() if how == "dismissed" and world.decisions[item][-1][0] > then}
    last = {item: steps[-1][1] for item, steps in world.decisions.items() if steps and steps[-1][0] > then}
    flagged = len(fresh) + len(confirmed - told) + len(rejected - told - sure)
    waiting = list(state.values()).count("open")
    first = r"(\d+) adverts? w(?:as|ere) flagged for the first time; people confirmed (\d+) and dismissed (\d+)\."
    assert numbers(first, text) == (flagged, len(confirmed), list(last.values()).count("dismiss"))
    assert numbers(r"; waiting for a person: (\d+)\.", text) == waiting
    subject = f"{len(retracted)} taken back, {len(confirmed)} confirmed, {flagged} newly flagged, 4 boards not read whole"
    assert subject in render.subject(world.mail)
    assert numbers(r"(\d+) of (\d+) boards seen", text.partition("\n\n")[2]) == (2, 4)
    assert numbers(r"CONFIRMED BY A PERSON \((\d+)\)", text) == len(confirmed)
    at_risk = {item.id for item in world.items if item.assessment.stance == "testimony"}
    assert numbers(r"NOT YET REVIEWED \((\d+)\)", text) == len(fresh - at_risk)
    assert sum(map(int, re.findall(r"by people who may be victims or look for work: (\d+)", text))) == len(fresh & at_risk)
    assert "for want of a reason" not in text
    early = {item.id for item in world.items if item.first_seen <= then}
    counted = len(early & fresh) + len(early & (confirmed - told)) + len(early & (rejected - told - sure))
    assert re.findall(r"first seen before this period: (\d+)", text) == [str(counted)] * bool(counted)
    ages = [(now - item.first_seen).days for item in world.items if state[item.id] == "open"]
    spread = (sum(age < 7 for age in ages), sum(7 <= age < 28 for age in ages), sum(age >= 28 for age in ages), max(ages))
    assert numbers(r"person: (\d+) for less.*, (\d+) for 7 to.*, (\d+) for 28 .*; the oldest for (\d+) day", text) == spread


def test_bars_cards_and_lists_add_up(world):
    html, mail = " ".join(re.sub(r"<[^>]*>", " ", render.html(world.mail, DESK, "Test desk")).split()), world.mail
    labels = re.findall(r'aria-label="([^"]*)"', render.html(mail, DESK, "Test desk"))
    sure = [steps[-1][0] for steps in world.decisions.values() if steps and steps[-1][1] == "confirm"]
    notices = [at for at, entries in world.lists for change in entries.values() if change == "new"]
    moments = {
        "First seen and flagged in 7 days": [item.first_seen for item in world.items],
        "Confirmed in 7 days, not taken back": sure, "Reported to platforms in 7 days": notices,
    }  # fmt: skip
    for (name, found), label in zip(moments.items(), labels, strict=True):
        weeks = [sum(world.now - (back + 1) * WEEK < at <= world.now - back * WEEK for at in found) for back in range(7, -1, -1)]
        change = weeks[-1] - weeks[-2]
        assert label == f"{name}, week by week, the newest last: {', '.join(map(str, weeks))}"
        shown = f"+{change}" if change > 0 else f"−{-change}" if change < 0 else "±0"
        assert f"{name} {weeks[-1]} {shown}" in html
    assert sum(1 + item.alike for item in mail.confirmed) + mail.more_confirmed == mail.counts.confirmed
    assert len(mail.confirmed) == len({item.id for item in mail.confirmed})


def test_the_ledger_and_the_cards_tell_what_became_of_notices(world):
    text, then, out = render.text(world.mail, DESK, "Test desk"), world.earlier, world.out(world.now)
    reported = {item for at, entries in world.lists if at > then for item, change in entries.items() if change == "new"}
    withdrawn = sum(change == "withdrawn" for at, entries in world.lists if at > then for change in entries.values())
    states = {item: [(state, at) for name, state, at in world.sightings if name == item and state != "walled"] for item in out}
    gone = {item: steps[-1][1] for item, steps in states.items() if steps and steps[-1][0] == "gone"}
    back = {item: steps[-1][1] for item, steps in states.items() if [state for state, _ in steps] == ["gone", "up"]}
    recent = [item for item, at in gone.items() if at > then]
    hours = ceil(median((gone[item] - out[item]) / HOUR for item in recent))
    refused = sum(item in out and at > then for item, at in world.refusals)
    assert numbers(r"Reported: (\d+); notices taken back: (\d+)", text) == (len(reported), withdrawn)
    half = "half of them " if len(recent) > 1 else ""
    assert f"Newly seen gone: {len(recent)}, {half}within {hours} hours of the report\n" in text
    assert numbers(r"Refused by platforms: (\d+); back again: (\d+)", text) == (refused, sum(at > then for at in back.values()))
    there = sum(bool(steps) and steps[-1][0] == "up" for steps in states.values())
    assert numbers(r"seen gone: (\d+); said gone, not seen since: 0; seen there: (\d+); never seen: (\d+)", text) == (
        len(gone), there, len(out) - len(gone) - there,
    )  # fmt: skip
    assert numbers(r"Reported to platforms: (\d+); seen gone, whenever reported: (\d+);", text) == (
        len(reported), len(recent),
    )  # fmt: skip
    told = Counter(change for _, entries in world.lists for change in entries.values())
    assert told["withdrawn"] == withdrawn == 2
    for card in (item for item in world.mail.confirmed if not item.alike):
        state, held = card.notices, card.id in out
        expected = (held, card.id in gone, card.id in back, any(name == card.id for name, _ in world.refusals))
        assert (state.reported, state.known.seen_gone, state.back, state.refused) == expected
        if card.id in gone:
            assert state.median_hours == ceil((gone[card.id] - out[card.id]) / HOUR)


def test_corridors_pretexts_and_pay_stand_in_the_text_as_planted(world):
    text = render.text(world.mail, DESK, "Test desk")
    state = {item.id: world.standing(item, world.now) for item in world.items}
    week = [
        item for item in world.items
        if item.first_seen > world.earlier and state[item.id] != "dismissed" and item.assessment.stance == "offer"
    ]  # fmt: skip
    work = Counter(item.assessment.signals[-1].indicator for item in week)
    names = {"chat_operator": "chatting or calling", "data_entry_typing": "typing and data entry", "gambling_staff": "gambling"}
    assert {name: numbers(rf"{words} (\d+)", text) for name, words in names.items() if name in work} == work
    paid = [item.assessment.pay.monthly_usd for item in week]
    level = world.mail.pay
    if level.low == level.high:  # of one advert, or where most offer the same
        told = numbers(r"Pay: ([\d,]+) USD a month (?:\(|in half or more of )(\d+) adverts?", text.replace(",", ""))
        assert told == (round(median(paid)), len(paid))
    else:
        assert numbers(r"in the middle \S+ \((\d+) adverts\)", text) == len(paid)
        assert f"in the middle {round(median(paid)):,} (" in text
    lanes = Counter((ORIGINS[item.posting.source], place.name) for item in week for place in item.assessment.places)
    lanes.pop(("VN", "Ha Noi"), None)
    for lane in world.mail.corridors:
        assert lane.adverts == lanes[lane.origin, lane.place]
        assert re.search(rf"→ {lane.place} · {lane.adverts} adverts?", text)
