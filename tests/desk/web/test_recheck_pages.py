"""What became of notices: on the page of the item, on that of the platform, and in the report for the public."""

import csv
import io
import json
import subprocess
from datetime import timedelta

import pytest
from sqlalchemy import insert

from desk.cases import case_decisions
from desk.custody import audit
from desk.database import writing
from desk.rechecks.clock import fates, note_sighting
from desk.rechecks.sighting import Sighting
from desk.rechecks.transparency import Quarter
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


def test_the_platform_has_a_card_that_is_taken_out_before_the_public_reads_its_name(login, reported, desk_db, clock):
    minh = login("minh")
    page = minh.page(f"/platforms/{PLATFORM}")
    for words in ("Notices sent</dt><dd>8", "between 1 and 12.5", "Came up elsewhere</dt><dd>1", "41 to 93 per cent"):
        assert words in page, words
    quarter = Quarter.of(clock.at)
    clock.at = quarter.end + HOUR
    minh = login("minh")
    assert "TopCV" not in minh.page(f"/transparency?quarter={quarter}")
    answer = minh.post(f"/platforms/{PLATFORM}/card")
    card = json.loads(answer.content)
    assert (card["card"]["removed"], len(card["notices"]), "attachment" in answer.headers["content-disposition"]) == (6, 8, True)
    with desk_db.connect() as connection:
        (entry,) = audit.entries(connection, "card_given")
    assert (entry.actor, entry.subject) == ("minh", f"platform:{PLATFORM}")
    assert "TopCV" not in minh.page(f"/transparency?quarter={quarter}"), "the platform has a week"
    clock.at += timedelta(days=7)
    minh = login("minh")
    page = minh.page(f"/transparency?quarter={quarter}")
    assert "TopCV" in page
    assert "These figures may still change" in page
    assert minh.post("/transparency/file", kind="csv", quarter=str(quarter)).status_code == 409, "not given out yet"
    assert minh.post("/platforms/zalo/card").status_code == 404
    assert login("viewer").post(f"/platforms/{PLATFORM}/card").status_code == 403


def test_the_report_is_the_same_as_page_spreadsheet_and_pdf(login, reported, clock):
    minh = login("minh")
    quarter = Quarter.of(clock.at)
    clock.at = quarter.end
    minh = login("minh")
    minh.post(f"/platforms/{PLATFORM}/card")
    clock.at = quarter.fixed_at
    minh = login("minh")
    page = minh.page("/transparency")
    assert f'<option value="{quarter}" selected' in page, "the newest whose figures are fixed"
    assert minh.get("/transparency?quarter=2026-Q9").status_code == 404
    rows = list(csv.reader(io.StringIO(minh.post("/transparency/file", kind="csv").content.decode("utf-8-sig"))))
    assert rows[1][:4] == ["TopCV", "Scam compound", "8", "6"]
    printed = minh.post("/transparency/file", kind="pdf").content
    text = subprocess.run(["pdftotext", "-layout", "-", "-"], input=printed, capture_output=True, check=True).stdout.decode()
    for words in ("TopCV", "Scam compound", "Report for the public"):
        assert words in page
        assert set(words.split()) <= set(text.split()), "a narrow column may break them"
    assert reported[0].id not in page + text
    assert minh.post("/transparency/file", kind="exe").status_code in (400, 422)


def test_an_empty_report_says_what_to_do(login):
    assert "Nothing to report yet" in login("viewer").page("/transparency")
