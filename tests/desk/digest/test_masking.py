"""Nobody's contact stands in a mail: not in a title, a campaign's name, an excerpt or a note, however it is written."""

import re

import msgspec
import pytest

from desk.digest import render
from desk.digest.edition import iso_week
from desk.digest.select import edition
from enrichment.contacts.extract import contacts
from tests.desk.conftest import confirm_item
from tests.desk.test_masks import PLANTED

DRAMA = "+44 7700 900123"
WRITTEN = {
    "plain": DRAMA, "hidden characters": "+44 7700\u200b900\u200b123", "two spaces": "+44  7700  900123",
    "other spaces": "+44\u00a07700\u2009900\u202f123", "dots": "+44.7700.900.123",
}  # fmt: skip


def told_of(store, desk_db, record, now, **posting):
    """Return every word of the mail about a campaign of two adverts, the stronger of them as given."""
    strong, weak = record(1, campaign="c1", **posting), record(2, campaign="c1", text="passport kept", score=50.0)
    raw = f"{strong.posting.title or ''}\n{strong.posting.text}"
    judged = msgspec.structs.replace(strong.assessment, contacts=contacts(raw, strong.assessment.language))
    assert judged.contacts
    store.put([msgspec.structs.replace(strong, assessment=judged), weak])
    with desk_db.connect() as connection:
        found = edition(connection, store, [], week=iso_week(now), subscription="weekly", until=now)
    assert found.movements
    return found, render.text(found, "https://desk.example.org", "x") + render.html(found, "https://desk.example.org", "x")


def leaks(said, number="7700900123"):
    return number in "".join(char for char in said if char.isdigit())


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN)
def test_a_number_stands_in_no_title_campaign_name_or_excerpt_however_it_is_written(store, desk_db, record, now, written):
    for number, posting in enumerate((
        {"title": f"Call {written} now", "text": "passport kept"},
        {"title": None, "text": f"Call {written} now, passport kept"},
        {"title": "Job", "text": f"passport kept, call {written}"},
        {"title": f"Call {DRAMA}", "text": f"passport kept, call {written}"},
        {"title": f"Call {written}", "text": f"passport kept, again: {DRAMA}, or 07700 900123, or 07700-900\n123"},
    )):  # fmt: skip
        told, said = told_of(store, desk_db, record, now, **posting)
        assert not leaks(said), (number, said)
        assert "[phone]" in told.movements[0].name + told.unreviewed[0].title + said


def test_a_contact_at_the_cut_of_a_long_title_does_not_leak_in_part(store, desk_db, record, now):
    for length in range(92, 112):
        told, _ = told_of(store, desk_db, record, now, title=f"{'x' * length} {DRAMA} call now", text="passport kept")
        for shown in (told.movements[0].name, told.unreviewed[0].title):
            assert not any(char.isdigit() for char in shown)
            assert len(shown) <= 110


def test_handles_and_addresses_are_masked_each_time_they_stand_there(store, desk_db, record, now):
    told, said = told_of(
        store, desk_db, record, now, title="Write @bright_hr_demo or Bright\u200b_HR_Demo today",
        text="passport kept. Tele: @bright_hr_demo, t.me/bright_hr_demo, or jobs@bright.example.org, jobs @ bright.example.org",
    )  # fmt: skip
    assert "bright" not in said.casefold()
    assert told.unreviewed[0].title == "Write [telegram] or [telegram] today"


def test_a_contact_in_the_analysts_note_is_masked(desk_db, store, staff, record, now):
    item = record(1)
    store.put([item])
    note = "Same crew as @bright_hr_demo elsewhere"
    confirm_item(desk_db, item, by=staff(desk_db)["minh"], now=now, note=note, disclose=[note])
    with desk_db.connect() as connection:
        found = edition(connection, store, [], week=iso_week(now), subscription="weekly", until=now)
    assert found.confirmed[0].note == "Same crew as [telegram] elsewhere"


CONTACTS = (
    "Telegram @sample_crew{0:03}", "t.me/sample_team{0:03}", "Zalo: +84 500 000 {0:03}", "WhatsApp +1 202 555 0{0:03}",
    "line id: samplecrew{0:03}", "WeChat samplehr{0:03}", "jobs{0:03}@crew.example.org", "call +44 7700 900{0:03}",
    "https://crew{0:03}.example.org/apply", "viber +84 500 001 {0:03}",
)  # fmt: skip
CANARY = r"(?:sample_?(?:crew|team|hr)|jobs|crew)\d{3}|(?:500\D?000|500\D?001|555\D?0|7700\D?900)\D?\d{3}"


@pytest.mark.parametrize("form", CONTACTS)
def test_none_of_500_contacts_stands_in_a_mail(store, desk_db, staff, record, now, form):
    """Fifty of each form: in titles, beside the evidence, in notes that may leave; confirmed and not."""
    minh, items = staff(desk_db)["minh"], []
    for number in range(50):
        contact = form.format(number)
        made = record(
            number, title=f"Clerk, {contact}" if number % 2 else f"Clerk {chr(65 + number)}", campaign=f"c{number // 2}",
            text=f"passport kept, {contact} for all. Ask at {contact}",
        )  # fmt: skip
        raw = f"{made.posting.title}\n{made.posting.text}"
        judged = msgspec.structs.replace(made.assessment, contacts=contacts(raw, made.assessment.language))
        items.append(msgspec.structs.replace(made, assessment=judged))
    store.put(items)
    for number, item in enumerate(items[:30]):
        note = f"Same crew as {form.format(number + 30)} elsewhere"
        confirm_item(desk_db, item, by=minh, now=now, note=note, disclose=[note])
    with desk_db.connect() as connection:
        found = edition(connection, store, [], week=iso_week(now), subscription="weekly", until=now)
    assert len(found.confirmed) + len(found.unreviewed) >= 13
    stored = msgspec.json.encode(found).decode().replace(found.audit_head, "")
    for said in (stored, render.text(found, "https://desk.test", "x"), render.html(found, "https://desk.test", "x")):
        assert re.findall(CANARY, said.replace("\u00a0", " ")) == []


def test_no_identity_of_a_person_stands_in_a_title_a_quote_or_a_note(store, desk_db, staff, record, now):
    """What ``test_masks`` plants in sentences is planted here in adverts and notes, some at a time as a mail holds."""
    minh = staff(desk_db)["minh"]
    assert 2 * len(PLANTED) >= 200
    for start in range(0, len(PLANTED), 13):
        values = [value for _, value in PLANTED[start : start + 13]]
        items = [
            record(start + place, title=f"The girl is {value}." if place % 2 else f"Clerk {start + place}",
                   text=f"passport kept. The girl is {value}. Come soon")
            for place, value in enumerate(values)
        ]  # fmt: skip
        store.put(items)
        for item, value in zip(items, values, strict=True):
            note = f"The girl is {value}."
            confirm_item(desk_db, item, by=minh, now=now, note=note, disclose=[note])
        with desk_db.connect() as connection:
            found = edition(connection, store, [], week=iso_week(now), subscription=f"s{start}", until=now)
        said = "".join(f"{one.title} {one.note} {''.join(words for words, _ in one.excerpt)}" for one in found.confirmed)
        shown = [value for value in values if value in said]
        assert shown == []
        store.delete({item.id: item.revision for item in items})
