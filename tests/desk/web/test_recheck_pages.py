"""What became of notices: on the page of the item and on that of the platform."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import insert

from desk.cases import case_decisions
from desk.database import writing
from desk.partners.answer_review import note_reply
from desk.rechecks.clock import fates, note_sighting
from desk.rechecks.sighting import Sighting
from desk.tables import list_entries, lists, reappearances

HOUR = timedelta(hours=1)
PLATFORM = "topcv"


@pytest.fixture
def reported(desk_db, store, record, people, now):
    """Return eight adverts that TopCV was told of three days ago; six are gone, and one of these came up elsewhere."""
    items = [record(number, title=f"Advert number {number}") for number in range(9)]
    store.put(items)
    sent = now - 72 * HOUR
    step = {"tag": "scam_compound", "severity": "high", "clause": "forced_labour", "by": people["minh"], "now": sent}
    made = case_decisions.confirm(desk_db, items[:8], seen=dict.fromkeys((item.id for item in items[:8]), 0), **step)
    with writing(desk_db) as connection:
        told = {"id": 1, "platform": PLATFORM, "number": 1, "state": "sent", "sent_at": sent, "built_at": sent}
        connection.execute(insert(lists).values(**told, manifest_sha256="0" * 64, built_by=people["minh"].id))
        rows = [{"list_id": 1, "item_id": each.item_id, "change": "new", "decision_id": each.id, "body": "{}"} for each in made]
        connection.execute(insert(list_entries), rows)
        link = {"item_id": items[0].id, "other_id": items[8].id, "shared": "contact picture", "at": now}
        connection.execute(insert(reappearances).values(**link))
    with desk_db.connect() as connection:
        notices = {fate.notice.item_id: fate.notice for fate in fates(connection)}
    for number, item in enumerate(items[:8]):
        for hour, state in ((1, "up"), (10 + number, "gone" if number < 6 else "edited")):
            proof = f"WARC {number} {state}".encode()
            seen = Sighting(state=state, status=200, url="https://x.example/<b>", detail="closed", evidence=proof)
            note_sighting(desk_db, notices[item.id], seen, sent + hour * HOUR)
    return items


def test_the_item_tells_states_hours_proofs_and_where_the_case_goes_on(login, reported):
    minh = login("minh")
    page = minh.page(f"/item/{reported[0].id}")
    assert "Gone between 1 and 10 hours after" in page
    assert "gone (404 or 410)" in page
    assert "Advert number 8" in page
    assert "Carries on one that was taken down" in minh.page(f"/item/{reported[8].id}")
    proofs = [line.split('"')[0] for line in page.split('href="') if line.startswith(f"/item/{reported[0].id}/sightings/")]
    assert [minh.get(each).content for each in proofs] == [b"WARC 0 gone", b"WARC 0 up"]
    assert minh.get(f"/item/{reported[1].id}/sightings/1").status_code == 404, "the proof of another item"
    assert "Download the proof" not in login("viewer").page(f"/item/{reported[0].id}")


def test_a_refusal_is_noted_once_and_counted(login, reported, desk_db):
    minh = login("minh")
    address, given = f"/item/{reported[6].id}/answer", {"kind": "refused", "reason": "no_breach", "words": "<b>no</b>"}
    assert minh.post(address, platform=PLATFORM, **given).status_code == 303
    page = minh.page(f"/item/{reported[6].id}")
    assert "it breaks no rule of the platform" in page and "&lt;b&gt;no&lt;/b&gt;" in page
    for wrong in (
        {"platform": "nobody"}, {"kind": "refused", "reason": "so"}, {"kind": "undone", "reason": ""}, {"kind": "x"},
        {"kind": "appealed", "words": ""},
    ):  # fmt: skip
        assert minh.post(address, **{"platform": PLATFORM, **given, **wrong}).status_code == 422, wrong
    assert login("viewer").post(address, platform=PLATFORM, **given).status_code == 403
    assert "<dt>Refused</dt><dd>1</dd>" in minh.page(f"/platforms/{PLATFORM}")


def test_the_platform_is_shown_with_what_was_seen_of_its_notices(login, reported, desk_db, people, now):
    minh = login("minh")
    for item in (reported[6], reported[7]):
        note_reply(desk_db, PLATFORM, item.id, "removed", by=people["minh"], now=now - 70 * HOUR)
    page = minh.page(f"/platforms/{PLATFORM}")
    for words in (
        "Notices sent</dt><dd>8", "said gone, still up</dt><dd>2", "seen gone</dt><dd>6", "between 1 and 12.5",
        "41 to 93 per cent", "Came up elsewhere</dt><dd>1",
    ):  # fmt: skip
        assert words in page, words
    named = re.findall(r'<tr><td><a href="/item/(\w+)#t-notices">', page)
    assert set(named[:2]) == {reported[6].id, reported[7].id}, "what is said gone and still up comes first"
    assert "Said gone, still up." in minh.page(f"/item/{reported[6].id}")
    assert "Seen gone." in minh.page(f"/item/{reported[0].id}")
