"""200 planted fates of notices: the mail, the page, the API and the spreadsheet say what a recount of the plans says."""

import csv
import io
import random
import re
from collections import Counter
from datetime import timedelta

from desk.digest import render
from desk.digest.edition import iso_week
from desk.digest.select import edition
from desk.partners.answer_review import note_reply
from desk.rechecks.clock import note_sighting
from desk.rechecks.notice_outcomes import KNOWN, SentNotice
from desk.rechecks.sighting import OFFLINE, ONLINE, Sighting
from tests.desk.digest.weeks import send_list

HOUR = timedelta(hours=1)
PLATFORMS = ("topcv", "zalo", "telegram", "facebook")
STATES = ("up", "up", "edited", "moved", "gone", "tombstone", "walled", "unknown")


def planned_fate(chance):
    """Return looks (hour, state), the hour and kind of an answer or None, and whether the notice was taken back."""
    hours = sorted(chance.sample(range(1, 60), chance.randrange(5)))
    answer = (chance.randrange(2, 60), chance.choice(("removed", "removed", "refused", "acknowledged")))
    return [(hour, chance.choice(STATES)) for hour in hours], chance.choice((answer, None)), chance.random() < 0.1


def recounted(looks, answer, withdrawn):
    """Yield the states of a plan, from nothing but the plan."""
    if withdrawn:
        yield "withdrawn"
        return
    hour, state = next((step for step in reversed(looks) if step[1] in ONLINE | OFFLINE), (0, ""))
    says_gone = answer is not None and answer[1] == "removed"
    if state in OFFLINE:
        yield "seen_gone"
    elif state and not (says_gone and hour < answer[0]):
        yield "seen_there"
        if says_gone:
            yield "still_up"
    else:
        yield "said_gone" if says_gone else "never_seen"


def plant(desk_db, items, plans, minh, sent):
    for place, platform in enumerate(PLATFORMS):
        mine = items[place::4]
        send_list(desk_db, minh, place + 1, sent, dict.fromkeys(mine, "new"), platform)
        for item in mine:
            looks, answer, _ = plans[item.id]
            for hour, state in looks:
                notice = SentNotice(platform=platform, item_id=item.id, sent_at=sent, tag=None)
                note_sighting(desk_db, notice, Sighting(state=state), sent + hour * HOUR)
            if answer:
                reason = "no_breach" if answer[1] == "refused" else ""
                note_reply(desk_db, platform, item.id, answer[1], reason=reason, by=minh, now=sent + answer[0] * HOUR)
        taken = {item: "withdrawn" for item in mine if plans[item.id][2]}
        send_list(desk_db, minh, place + 11, sent + 70 * HOUR, taken, platform)


def test_mail_page_api_and_spreadsheet_say_what_the_plans_say(desk_db, store, record, people, login, program, now):
    chance, sent = random.Random(29), now - 72 * HOUR
    items = [record(number, title=f"item {number}") for number in range(200)]
    store.put(items)
    plans = {item.id: planned_fate(chance) for item in items}
    plant(desk_db, items, plans, people["minh"], sent)
    columns = ("sent", *KNOWN, "withdrawn")
    truth = {}
    for place, platform in enumerate(PLATFORMS):
        counts = Counter(state for item in items[place::4] for state in recounted(*plans[item.id]))
        truth[platform] = [50, *(counts[name] for name in columns[1:])]
    totals = [sum(column) for column in zip(*truth.values(), strict=True)]
    assert all(totals), "each state is planted"

    told = program("minh").get("/platforms").json()
    assert {one["platform"]: [one["sent"], *one["known"].values(), one["withdrawn"]] for one in told} == truth
    page = login("minh").page("/platforms")
    rows = {key: list(map(int, re.findall(r"<td>(\d+)</td>", row))) for key, row in
        re.findall(r'<tr data-outcomes="(\w+)">(.*?)</tr>', page, re.DOTALL)}  # fmt: skip
    assert rows == truth
    content = login("minh").get("/platforms/outcomes.csv").content.decode("utf-8-sig")
    spread = {row["platform"]: [int(row[name]) for name in columns] for row in csv.DictReader(io.StringIO(content, newline=""))}
    assert spread == truth
    with desk_db.connect() as connection:
        week = edition(connection, store, [], week=iso_week(now), subscription="weekly", until=now)
    (line,) = re.findall(r"Of all notices in force: (.*)", render.text(week, "https://desk.example.org", "x"))
    assert list(map(int, re.findall(r": (\d+)", line))) == totals[1:-1]
    assert [words for words in KNOWN.values() if str(words) not in line] == []
    assert line.startswith("said gone, still up")
    for one in told:
        seen = one["known"]["seen_gone"] + one["known"]["seen_there"]
        assert one["share"][0] <= one["known"]["seen_gone"] / seen <= one["share"][1]
