"""A list from plan to platform without a terminal: planned, built, read, approved by somebody else, sent."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace as replace_struct

from crawlers.items import Capture
from desk.cases import case_decisions, comments
from desk.cases.openings import note_opening
from desk.custody import audit
from desk.custody.ledger_check import check_ledger
from desk.list_maker import ListPlan, PlannedEntry, WithheldItem
from desk.refusals import ListError
from lurewatch.app.takedown_lists import DeskLists
from lurewatch.settings import Settings
from tests.desk.conftest import NOTIFIER

URL = "http://127.0.0.1:8101/jobs/clerk-{}.html"
HOSTILE = "<img src=x onerror=alert(1)> \u202egnp.exe"
PLATFORM = "sample_boards"


@pytest.fixture
def clock():
    """The real time: the desk's lists are built by the clock of the machine."""
    return lambda: datetime.now(UTC)


@pytest.fixture
def settings(tmp_path, seeds, sqlite_url, mail_port):
    return Settings(
        seeds=seeds, database=sqlite_url, store=str(tmp_path / "index.sqlite"), runs=str(tmp_path / "runs"),
        state=tmp_path / "state", smtp=f"smtp://127.0.0.1:{mail_port}", mail_from="watch@example.org",
        contact_email="desk@example.org", organisation="Test desk",
    )  # fmt: skip


@pytest.fixture
def desk(desk, settings):
    return replace(desk, lists=DeskLists(settings))


@pytest.fixture
def confirmed(desk_db, store, record, people):
    """Return a function that confirms items as Minh, who opened each."""

    def do(count, **fields):
        now = datetime.now(UTC)
        capture = Capture(record_id="<urn:uuid:00000000-0000-4000-8000-000000000001>", sha256="ab" * 32)
        seen = {"first_seen": now - timedelta(days=1), "last_seen": now, "capture": capture} | fields
        items = [
            record(
                number, title=f"Clerk {number}", text=f"passport kept, text number {number}",
                **({"url": URL.format(number)} | seen),
            )
            for number in range(count)
        ]  # fmt: skip
        store.put(items)
        for item in items:
            note_opening(desk_db, item, by=people["minh"], now=now)
        decision = {"tag": "scam_compound", "severity": "high", "clause": "forced_labour"}
        case_decisions.confirm(desk_db, items, by=people["minh"], now=now, seen={item.id: 0 for item in items}, **decision)
        return [item.id for item in items]

    return do


def number_of(answer):
    assert answer.status_code == 303, answer.text[:1500]
    return int(answer.headers["location"].rpartition("/")[2])


def approve(person, number, ids):
    return person.post(f"/lists/{number}/approve", recipient="abuse@sample-boards.example", ticked=ids)


def test_the_plan_shows_what_would_be_told_and_what_not_and_keeps_nothing(login, confirmed):
    ids = confirmed(2)
    page = login("minh").page(f"/lists/new?platform={PLATFORM}")
    assert "2 on the list, 0 taken back, 0 held by them as they are" in page
    assert all(f"/item/{item}" in page for item in ids) and "Build this list" in page
    assert "No list yet" in login("minh").page("/lists")


def test_an_item_that_cannot_be_told_stands_there_with_its_reason(login, confirmed):
    (gone,) = confirmed(1, last_seen=datetime.now(UTC) - timedelta(days=30))
    page = login("analyst").page(f"/lists/new?platform={PLATFORM}")
    assert "0 on the list" in page and "Left out, and why (1)" in page and gone[:12] in page
    assert "Build this list" not in page and "nothing to tell them now" in page


def test_an_item_of_no_platform_is_named(login, confirmed):
    (lost,) = confirmed(1, source="elsewhere", url="https://nowhere.example.org/jobs/1")
    page = login("analyst").page("/lists/new")
    assert "no enabled platform takes them (1)" in page and lost[:12] in page


def test_an_escalated_item_is_counted_and_not_shown_to_whom_it_is_hidden_from(login, confirmed, store, desk_db, people):
    (item,) = confirmed(1)
    comments.escalate(desk_db, item, "she writes herself", by=people["minh"], now=datetime.now(UTC))
    hidden, shown = (login(name).page(f"/lists/new?platform={PLATFORM}") for name in ("analyst", "lead"))
    assert "0 on the list" in hidden and "1 left out" in hidden and item not in hidden and "Clerk 0" not in hidden
    assert f"/item/{item}" in shown


def test_who_builds_is_noted_and_cannot_approve(login, confirmed, desk_db):
    ids, lead = confirmed(1), login("lead")
    number = number_of(lead.post("/lists/new", platform=PLATFORM))
    with desk_db.connect() as connection:
        entry = next(iter(audit.entries(connection, newest=1)))
    assert (entry.actor, entry.action, entry.subject) == ("lead", "list_built", f"list:{number}")
    answer = approve(lead, number, ids)
    assert answer.status_code == 409 and "built this list; a second person has to approve it" in answer.text
    assert approve(login("admin"), number, ids).status_code == 303


def test_building_again_keeps_the_list_there_is(login, confirmed):
    confirmed(1)
    minh = login("minh")
    first = number_of(minh.post("/lists/new", platform=PLATFORM))
    assert f"List {first}</a> says exactly this" in minh.page(f"/lists/new?platform={PLATFORM}")
    assert number_of(minh.post("/lists/new", platform=PLATFORM)) == first


def test_nothing_to_tell_builds_nothing_and_says_so(login):
    answer = login("minh").post("/lists/new", platform=PLATFORM)
    assert answer.status_code == 200 and "no list was built" in answer.text


@pytest.mark.parametrize("platform", ["", "nobody", "../../etc", HOSTILE])
def test_a_platform_that_is_none_is_refused(login, platform):
    answer = login("minh").post("/lists/new", platform=platform)
    assert answer.status_code in (404, 422) and "<img src=x" not in answer.text


def test_a_sender_without_an_address_cannot_build_and_reads_what_to_set(login, desk, settings, confirmed):
    confirmed(1)
    object.__setattr__(desk, "lists", DeskLists(settings.model_copy(update={"contact_email": ""})))
    minh = login("minh")
    assert "set LUREWATCH_CONTACT_EMAIL" in minh.page(f"/lists/new?platform={PLATFORM}")
    assert "set LUREWATCH_CONTACT_EMAIL" in minh.post("/lists/new", platform=PLATFORM).text


def test_only_an_approved_list_is_sent_once_by_who_may_approve(login, confirmed, desk_db, inbox):
    ids, minh, lead = confirmed(1), login("minh"), login("lead")
    number = number_of(minh.post("/lists/new", platform=PLATFORM))
    early = lead.post(f"/lists/{number}/send")
    assert early.status_code == 409 and "a second person approves it first" in early.text and inbox.told == []
    assert approve(lead, number, ids).status_code == 303
    assert minh.post(f"/lists/{number}/send").status_code == 403
    assert "Send it now" not in minh.page(f"/lists/{number}") and "Send it now" in lead.page(f"/lists/{number}")
    assert f"List {number} was sent to abuse@sample-boards.example." in lead.post(f"/lists/{number}/send").text
    lead.post(f"/lists/{number}/send")
    assert inbox.told == ["abuse@sample-boards.example"]
    with desk_db.connect() as connection:
        asked = [each.actor for each in audit.entries(connection, newest=20) if each.action == "list_send_asked"]
        assert check_ledger(connection).faults == ()
    assert asked == ["lead", "lead", "lead"]


def test_a_mail_server_that_refuses_or_is_away_leaves_the_list_and_says_what_follows(login, confirmed, inbox, desk, settings):
    ids, lead = confirmed(1), login("lead")
    number = number_of(login("minh").post("/lists/new", platform=PLATFORM))
    approve(lead, number, ids)
    object.__setattr__(desk, "lists", DeskLists(settings.model_copy(update={"smtp": "smtp://127.0.0.1:1"})))
    away = lead.post(f"/lists/{number}/send")
    assert away.status_code == 409 and "start it or correct LUREWATCH_SMTP" in away.text
    object.__setattr__(desk, "lists", DeskLists(settings))
    inbox.no = {"abuse@sample-boards.example": "550 nobody here"}
    refused = lead.post(f"/lists/{number}/send")
    assert refused.status_code == 409 and "for good" in refused.text and inbox.told == []


def test_a_desk_without_a_mail_server_leaves_sending_to_the_hourly_run(login, confirmed, desk, settings, inbox):
    ids, lead = confirmed(1), login("lead")
    object.__setattr__(desk, "lists", DeskLists(settings.model_copy(update={"smtp": ""})))
    number = number_of(login("minh").post("/lists/new", platform=PLATFORM))
    approve(lead, number, ids)
    assert "Send it now" not in lead.page(f"/lists/{number}")
    answer = lead.post(f"/lists/{number}/send")
    assert answer.status_code == 409 and "next hourly run" in answer.text and inbox.told == []


class Hostile:
    """A plan whose every word came from a page."""

    notifier, sends = NOTIFIER, True

    def plan(self, platform):
        entry = PlannedEntry(item_id="a" * 64, change="new", title=HOSTILE, url=f"javascript:{HOSTILE}", explanation=HOSTILE)
        left = (WithheldItem(field="evidence", item_id="b" * 64, reason=HOSTILE),)
        return ListPlan(entries=(entry,), taken_back=(entry,), left_out=left, homeless=left)

    def build(self, platform, *, by):
        raise ListError(HOSTILE)

    def send(self, list_id, *, by):
        raise ListError(HOSTILE)


def test_words_of_pages_stay_words(login, desk):
    object.__setattr__(desk, "lists", Hostile())
    minh = login("minh")
    for text in (minh.page(f"/lists/new?platform={PLATFORM}"), minh.post("/lists/new", platform=PLATFORM).text):
        assert "<img src=x" not in text and "&lt;img src=x" in text and "\u202e" not in text and 'href="javascript:' not in text


class Long(Hostile):
    """A plan of many entries."""

    def plan(self, platform):
        entry = PlannedEntry(item_id="a" * 64, change="new", title="", url="https://board.example.org/1", explanation="")
        entries = tuple(replace_struct(entry, title=f"planned {number:04}") for number in range(3000))
        return ListPlan(
            entries=entries,
            left_out=tuple(WithheldItem(field="evidence", item_id=f"{number:064}", reason="old") for number in range(130)),
        )


def test_a_long_plan_is_read_a_page_at_a_time(login, desk):
    object.__setattr__(desk, "lists", Long())
    minh, path = login("minh"), f"/lists/new?platform={PLATFORM}"
    page = minh.page(path)
    assert (page.count("planned 0"), "planned 0049" in page, "80 more" in page) == (50, True, True)
    assert "3000 on the list" in page and "1–50 of 3000" in page
    last = minh.page(f"{path}&start=2950")
    assert (last.count("planned "), "planned 2999" in last, f"platform={PLATFORM}&amp;start=2900" in last) == (50, True, True)
    assert "planned 0000" in minh.page(f"{path}&start=9999")
