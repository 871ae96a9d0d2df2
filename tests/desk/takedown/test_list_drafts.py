"""Takedown lists: confirmed items only, all four elements, two people, deltas, retractions, the same bytes."""

import hashlib
import json
import re
import subprocess
from datetime import timedelta

import pytest
from msgspec.structs import replace

from crawlers.items import Capture
from desk.cases import case_decisions
from desk.database import writing
from desk.list_maker import Notifier
from desk.refusals import CannotBuild, ListError
from desk.takedown import list_drafts as builder
from desk.takedown import notice as notices
from desk.takedown import repository
from desk.takedown.list_files import files_of
from desk.takedown.takedown_document import TakedownDocument
from index.sqlite.sqlite_store import SqliteStore


@pytest.fixture
def rebuilt(tmp_path):
    """Return a function that makes a new index of some records, as after the old one was lost."""
    opened = []

    def do(*records):
        opened.append(SqliteStore(tmp_path / "rebuilt.sqlite"))
        opened[-1].put(records)
        return opened[-1]

    yield do
    for each in opened:
        each.close()


def one(made, platform="board"):
    return next(each for each in made if each.platform == platform)


def entries(engine, list_id):
    with engine.connect() as connection:
        return repository.entries(connection, list_id)


def files(engine, list_id):
    with engine.connect() as connection:
        return repository.files(connection, list_id)


def test_a_list_holds_exactly_the_confirmed_items_of_its_platform(desk_db, store, people, kept, confirm, build, now):
    sure, open_, wrong = kept(1), kept(2), kept(3)
    chat, off, elsewhere = (
        kept(number, url=url)
        for number, url in (
            (4, "https://chat.example.org/c/4"), (5, "https://off.example.org/5"), (6, "https://elsewhere.example.org/jobs/6"),
        )
    )  # fmt: skip
    store.put([sure, open_, wrong, chat, off, elsewhere])
    confirm(sure, chat, off, elsewhere, by=people["minh"])
    case_decisions.dismiss(desk_db, [wrong], reason="misread", by=people["minh"], now=now, seen={wrong.id: 0})
    made, unroutable = build()
    assert [entry.item_id for entry in entries(desk_db, one(made).list_id)] == [sure.id]
    assert [entry.item_id for entry in entries(desk_db, one(made, "chat").list_id)] == [chat.id]
    assert {held.item_id: held.reason for held in unroutable} == {
        off.id: "Off is not enabled in seeds/platforms.yml",
        elsewhere.id: "no platform takes its address",
    }


def test_a_notice_carries_the_four_elements_and_the_platforms_own_rule(desk_db, store, people, kept, confirm, build):
    item = kept(1, author="hr_demo", native_id="1")
    store.put([item])
    confirm(item, by=people["minh"], note="passport kept at the office")
    body = entries(desk_db, one(build()[0]).list_id)[0].body
    assert notices.lacking(body) == []
    assert body["url"] == "https://board.example.org/jobs/1"
    assert "It says “passport kept”: the employer keeps the passport." in body["explanation"]
    assert "The analyst adds: passport kept at the office." in body["explanation"]
    assert body["clause"]["rule"] == "Rule 4: no confinement"
    assert "minh" not in json.dumps(body)


@pytest.mark.parametrize("element", ["explanation", "url", "notifier", "good_faith"])
def test_an_empty_element_is_named_and_the_notice_held_back(desk_db, add_confirmed, build, monkeypatch, element):
    add_confirmed(1)
    whole = notices.notice
    empty = {"name": "", "email": ""} if element == "notifier" else " "
    monkeypatch.setattr("desk.takedown.list_drafts.notice", lambda *a, **k: whole(*a, **k) | {element: empty})
    result = one(build()[0])
    assert result.list_id is None
    assert result.held[0].field == element
    assert "Art. 16(2)" in result.held[0].reason


@pytest.mark.parametrize(
    ("notifier", "setting"),
    [
        (Notifier(name=" ", email="a@example.org"), "LUREWATCH_ORGANISATION"),
        (Notifier(name="X", email=""), "LUREWATCH_CONTACT_EMAIL"),
        (Notifier(name="X", email="nobody"), "LUREWATCH_CONTACT_EMAIL"),
    ],
)
def test_without_a_notifier_nothing_is_built_and_the_setting_is_named(build, notifier, setting):
    with pytest.raises(CannotBuild, match=setting):
        build(notifier=notifier)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"url": "https://board.example.org/"}, "url"), ({"url": "https://board.example.org/jobs"}, "url"),
        ({"url": "https://board.example.org"}, "url"), ({"capture": None}, "evidence"), ({"change": "deleted"}, "evidence"),
        ({"stance": "testimony"}, "stance"), ({"stance": "seeker"}, "stance"), ({"last_seen_days": 8}, "evidence"),
        ({"url": "https://user:pw@board.example.org/jobs/1"}, "url"), ({"url": "ftp://board.example.org/jobs/1"}, "url"),
        ({"url": "https://board.example.org/company/5"}, "url"),
    ],
)  # fmt: skip
def test_what_must_not_leave_is_held_back_with_the_reason(desk_db, add_confirmed, build, now, change, field):
    if days := change.pop("last_seen_days", None):
        change = {"last_seen": now - timedelta(days=days)}
    add_confirmed(1, **change)
    result = one(build()[0])
    assert (result.list_id, [held.field for held in result.held]) == (None, [field])
    assert result.held[0].reason


def test_an_advert_met_at_a_redirect_is_told_at_the_address_it_leads_to(desk_db, add_confirmed, build, platforms):
    add_confirmed(1, url="https://go.example.org/out?to=https%3A%2F%2Fboard.example.org%2Fjobs%2F1")
    told = one(build(platforms=platforms.model_copy(update={"wrappers": {"go.example.org/out": ("to",)}}))[0])
    assert [entry.body["url"] for entry in entries(desk_db, told.list_id)] == ["https://board.example.org/jobs/1"]


@pytest.mark.parametrize("url", [
    "http://127.0.0.1/jobs/1", "http://localhost/jobs/1", "http://10.0.0.1/jobs/1", "http://[::1]/jobs/1",
    "http://192.168.1.1/jobs/1", "http://169.254.169.254/jobs/1", "http://2130706433/jobs/1", "http://intranet/jobs/1",
    "http://board.local/jobs/1", "http://0/jobs/1",
])  # fmt: skip
def test_a_private_address_never_leaves(platforms, url):
    board = platforms.platforms["board"].model_copy(update={"item": (f"^{re.escape(url)}$",)})
    assert "private" in board.refusal(url)
    assert board.model_copy(update={"loopback": True, "hosts": ()}).refusal(url) is None


def test_text_edited_after_the_decision_is_held_back_until_decided_again(desk_db, store, add_confirmed, kept, build):
    add_confirmed(1)
    store.put([kept(1, text="passport kept, now a bakery", revision=2, change="edited")])
    assert one(build()[0]).held[0].field == "text"


def test_building_twice_changes_nothing_and_rebuilding_gives_the_same_bytes(
    desk_db, add_confirmed, build, now, platforms, notifier
):
    for number in (1, 2, 3):
        add_confirmed(number)
    first = one(build()[0])
    again = one(build(now=now + timedelta(hours=1))[0])
    assert (again.list_id, again.number) == (first.list_id, first.number)
    found = tuple(entries(desk_db, first.list_id))
    document = TakedownDocument(
        key="board", platform=platforms.platforms["board"], number=first.number, built_at=now, previous_number=None,
        previous_manifest=None, notifier=notifier, entries=found,
        audit_head=json.loads(files(desk_db, first.list_id)["manifest.json"])["audit_head"],
        standing=tuple(sorted(entry.body["notice_id"] for entry in found)),
    )  # fmt: skip
    assert {name: content for name, (_, content) in files_of(document).items()} == files(desk_db, first.list_id)


def test_the_next_list_tells_only_what_is_new_updated_or_withdrawn(desk_db, add_confirmed, people, confirm, build, pass_on, now):
    items = [add_confirmed(number) for number in (1, 2, 3)]
    first = one(build()[0])
    pass_on(first.list_id)
    assert one(build()[0]).list_id is None
    fresh = add_confirmed(4)
    confirm(items[1], by=people["minh"], seen=1, severity="medium")
    case_decisions.undo(desk_db, [items[2].id], by=people["minh"], now=now, seen={items[2].id: 1})
    retraction, second = [each for each in build()[0] if each.platform == "board"]
    assert {entry.item_id: entry.change for entry in entries(desk_db, retraction.list_id)} == {items[2].id: "withdrawn"}
    assert {entry.item_id: entry.change for entry in entries(desk_db, second.list_id)} == {
        fresh.id: "new",
        items[1].id: "updated",
    }
    with writing(desk_db) as connection:
        repository.mark_sent(connection, retraction.list_id, now, "abuse@board.example.org")
    pass_on(second.list_id)
    listed = json.loads(files(desk_db, second.list_id)["list.json"])
    chain = [(1, first.list_id), (2, retraction.list_id)]
    for (number, list_id), following in zip(chain, (retraction.list_id, second.list_id), strict=True):
        assert json.loads(files(desk_db, following)["list.json"])["previous"] == {
            "number": number,
            "manifest_sha256": hashlib.sha256(files(desk_db, list_id)["manifest.json"]).hexdigest(),
        }
    assert listed["standing"] == sorted(notices.notice_id("board", item.id) for item in (items[0], items[1], fresh))
    assert one(build()[0]).list_id is None


def test_a_withdrawn_item_that_is_confirmed_again_is_new_again(desk_db, add_confirmed, people, confirm, build, pass_on, now):
    item = add_confirmed(1)
    pass_on(one(build()[0]).list_id)
    case_decisions.undo(desk_db, [item.id], by=people["minh"], now=now, seen={item.id: 1})
    pass_on(one(build()[0]).list_id)
    confirm(item, by=people["minh"], seen=2)
    assert [entry.change for entry in entries(desk_db, one(build()[0]).list_id)] == ["new"]


def test_the_builder_a_decider_and_an_analyst_cannot_approve_and_a_lead_can(
    desk_db, store, people, kept, confirm, build, now, approve
):
    item, other = kept(1), kept(2)
    store.put([item, other])
    confirm(item, by=people["minh"])
    confirm(other, by=people["admin"])
    list_id = one(build(by=people["lead"])[0]).list_id
    for name, words in (("minh", "approves nothing"), ("lead", "built this list"), ("admin", "decided an item")):
        with pytest.raises(ListError, match=words):
            approve(list_id, by=people[name])
    case_decisions.undo(desk_db, [other.id], by=people["admin"], now=now, seen={other.id: 1})
    list_id = one(build(by=people["lead"])[0]).list_id
    assert approve(list_id, by=people["admin"]).state == "approved"
    with pytest.raises(ListError, match="only a built one"):
        approve(list_id, by=people["admin"])


def test_a_decision_undone_after_the_list_was_built_stops_it(desk_db, add_confirmed, people, build, now, approve):
    item = add_confirmed(1)
    list_id = one(build()[0]).list_id
    case_decisions.undo(desk_db, [item.id], by=people["minh"], now=now, seen={item.id: 1})
    with pytest.raises(ListError, match="build it again"):
        approve(list_id, by=people["lead"])
    assert one(build()[0]).list_id is None


def test_the_manifest_names_the_accepted_commit_and_is_checked_with_sha256sum_alone(
    desk_db, add_confirmed, build, platforms, tmp_path
):
    add_confirmed(1)
    contents = files(desk_db, one(build(platforms=platforms.mark_commit("ab" * 20))[0]).list_id)
    assert json.loads(contents["manifest.json"])["seeds"] == "ab" * 20
    assert sorted(contents) == ["SHA256SUMS", "list.csv", "list.json", "manifest.json", "reports.xarf.jsonl"]
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    check = ["sha256sum", "-c", "SHA256SUMS"]
    assert subprocess.run(check, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    (tmp_path / "list.csv").write_bytes(contents["list.csv"].replace(b"critical", b"low"))
    assert subprocess.run(check, cwd=tmp_path, capture_output=True, check=False).returncode == 1


def test_a_source_may_name_its_own_platform(desk_db, add_confirmed, build):
    add_confirmed(1, url="https://mirror.example.org/x/1", source="mirror")
    made, unroutable = build(routes={"mirror": "board"})
    assert unroutable == ()
    assert one(made).held[0].field == "url"


@pytest.mark.parametrize("how", ["lost", "rerouted", "of no platform", "disabled route"])
def test_a_confirmed_item_that_leaves_the_index_or_its_route_is_held_back_and_never_taken_back(
    desk_db, store, people, kept, confirm, build, pass_on, platforms, rebuilt, now, how, approve
):
    """Only a person's decision takes a notice back; a lost index or a seed edit does not make it false."""
    item, other = kept(1), kept(2)
    store.put([item, other])
    confirm(item, by=people["minh"])
    pass_on(one(build()[0]).list_id)
    if how == "lost":
        later = {"store": rebuilt(other)}
    else:
        board = platforms.platforms["board"]
        changed = {
            "rerouted": {
                "board": board.model_copy(update={"hosts": []}),
                "chat": platforms.platforms["chat"].model_copy(update={"hosts": ["board.example.org"]}),
            },
            "of no platform": {"board": board.model_copy(update={"hosts": ["other.example.org"]})},
            "disabled route": {
                "board": board.model_copy(update={"hosts": []}),
                "off": platforms.platforms["off"].model_copy(update={"hosts": ["board.example.org"]}),
            },
        }[how]
        later = {"platforms": platforms.model_copy(update={"platforms": platforms.platforms | changed})}
    result = one(build(**later)[0])
    assert (result.list_id, result.withdrawn, [held.item_id for held in result.held]) == (None, 0, [item.id])
    assert "stays in force" in result.held[0].reason
    case_decisions.undo(desk_db, [item.id], by=people["minh"], now=now, seen={item.id: 1})
    result = one(build(**later)[0])
    assert (result.withdrawn, result.held) == (1, ())
    assert "undone" in entries(desk_db, result.list_id)[0].body["withdrawn_because"]
    assert approve(result.list_id, by=people["lead"]).state == "approved"


def test_a_notice_of_a_lost_item_keeps_standing_on_the_next_list(
    desk_db, store, people, kept, confirm, build, pass_on, now, rebuilt, approve
):
    lost, fresh = kept(1), kept(2)
    store.put([lost])
    confirm(lost, by=people["minh"])
    pass_on(one(build()[0]).list_id)
    confirm(fresh, by=people["minh"])
    second = one(build(store=rebuilt(fresh))[0])
    assert [(entry.item_id, entry.change) for entry in entries(desk_db, second.list_id)] == [(fresh.id, "new")]
    listed = json.loads(files(desk_db, second.list_id)["list.json"])
    assert listed["standing"] == sorted(notices.notice_id("board", item.id) for item in (lost, fresh))
    assert approve(second.list_id, by=people["lead"]).state == "approved"


class Slow:
    """An index that takes its time; what it does meanwhile is ``meanwhile``."""

    def __init__(self, store, meanwhile):
        self.store, self.meanwhile = store, meanwhile

    def get_many(self, ids):
        found = self.store.get_many(ids)
        self.meanwhile()
        return found


def test_reading_the_index_leaves_analysts_free_to_decide(store, people, kept, confirm, build):
    item, other = kept(1), kept(2)
    store.put([item, other])
    confirm(item, by=people["minh"])
    made, _ = build(store=Slow(store, lambda: confirm(other, by=people["minh"])))
    assert one(made).new == 1
    assert one(build()[0]).new == 2


def test_a_list_another_process_built_meanwhile_is_met_again_and_not_doubled(desk_db, add_confirmed, build, monkeypatch):
    add_confirmed(1)
    whole, others = builder.files_of, []

    def overtaken(document):
        monkeypatch.setattr(builder, "files_of", whole)
        others.append(one(build()[0]))
        return whole(document)

    monkeypatch.setattr(builder, "files_of", overtaken)
    made = one(build()[0])
    assert (made.list_id, made.number) == (others[0].list_id, 1)
    with desk_db.connect() as connection:
        assert [(each.number, each.state) for each in repository.all_lists(connection)] == [(1, "built")]


def crawled_again(item, number, now, **more):
    """Return an item as a later run saw it: the same advert, another capture, other circumstances."""
    identity = f"<urn:uuid:{number:08d}-0000-4000-8000-000000000001>"
    capture = Capture(record_id=identity, sha256=f"{number:02d}" * 32, captured_at=now)
    posting = replace(item.posting, capture=capture, fetched_at=now, posted_at=now - timedelta(days=3), views="2K")
    return replace(item, posting=posting, last_seen=now, campaign="c-0123456789ab", revision=item.revision + 1, **more)


def test_a_new_crawl_of_unchanged_adverts_updates_no_notice(desk_db, store, add_confirmed, build, pass_on, now):
    items = [add_confirmed(number, fetched_at=now) for number in range(1, 31)]
    pass_on(one(build()[0]).list_id)
    later = now + timedelta(days=1)
    store.put([
        crawled_again(item, number, later, first_seen=item.first_seen - timedelta(days=2))
        for number, item in enumerate(items)
    ])  # fmt: skip
    result = one(build(now=later)[0])
    assert (result.list_id, result.updated, result.unchanged) == (None, 0, 30)


def test_a_new_reading_of_an_unchanged_advert_updates_no_notice(desk_db, store, add_confirmed, kept, build, pass_on):
    """Other phrases in the lexicon explain it otherwise; neither the advert nor the decision changed."""
    item = add_confirmed(1)
    pass_on(one(build()[0]).list_id)
    (signal,) = item.assessment.signals
    read = replace(item.assessment, signals=(replace(signal, gloss="documents kept by the company"),), lexicon_version="test-2")
    store.put([replace(item, assessment=read, revision=2)])
    assert one(build()[0]).updated == 0


def test_an_update_names_what_changed(desk_db, store, people, kept, confirm, build, pass_on):
    item, other, noted = kept(1), kept(2), kept(3)
    store.put([item, other, noted])
    confirm(item, other, noted, by=people["minh"])
    pass_on(one(build()[0]).list_id)
    confirm(item, by=people["minh"], seen=1, severity="medium")
    confirm(other, by=people["minh"], seen=1)
    confirm(noted, by=people["minh"], seen=1, note="flight paid")
    result = one(build()[0])
    assert (result.updated, result.unchanged) == (2, 1)
    found = {entry.item_id: entry.body["changed"] for entry in entries(desk_db, result.list_id)}
    assert found == {item.id: ["severity"], noted.id: ["note"]}
    listed = json.loads(files(desk_db, result.list_id)["list.json"])
    assert sorted(entry["changed"] for entry in listed["entries"]) == [["note"], ["severity"]]


def test_a_list_that_waits_for_its_approver_is_not_replaced_by_a_crawl(desk_db, store, add_confirmed, build, now):
    item = add_confirmed(1)
    first = one(build()[0])
    later = now + timedelta(hours=1)
    store.put([crawled_again(item, 7, later)])
    assert one(build(now=later)[0]).list_id == first.list_id


@pytest.mark.parametrize("run", [None, "20261120T030000Z"])
def test_the_capture_named_is_dated_by_its_own_warc_record(desk_db, add_confirmed, build, now, run):
    """A page that had not changed is seen again later; its capture stays as old as it is."""
    at = now - timedelta(days=3, microseconds=1)
    capture = Capture(record_id="<urn:uuid:00000000-0000-4000-8000-000000000009>", sha256="cd" * 32, run=run, captured_at=at)
    add_confirmed(1, capture=capture, fetched_at=now)
    (entry,) = entries(desk_db, one(build()[0]).list_id)
    assert entry.body["evidence"]["captured_at"] == "2026-11-21T08:59:59.999999Z"


@pytest.mark.parametrize(("run", "said"), [(None, "2026-11-24T09:00:00.000000Z"), ("20261120T030000Z", None)])
def test_a_capture_of_an_older_release_gets_no_date_that_is_not_its_own(desk_db, add_confirmed, build, now, run, said):
    add_confirmed(1, capture=Capture(record_id="<urn:uuid:9>", sha256="cd" * 32, run=run), fetched_at=now)
    (entry,) = entries(desk_db, one(build()[0]).list_id)
    assert entry.body["evidence"]["captured_at"] == said


def test_a_list_names_its_recipient_and_is_built_anew_for_another(desk_db, add_confirmed, people, build, approve, platforms):
    """Nobody approves a list whose manifest names an address that is not the recipient any more."""
    add_confirmed(1)
    first = next(made for made in build()[0] if made.list_id)
    assert json.loads(files(desk_db, first.list_id)["manifest.json"])["recipient"] == "abuse@board.example.org"
    moved = platforms.platforms["board"].model_copy(update={"contact": "notices@board.example.org"})
    other = platforms.model_copy(update={"platforms": platforms.platforms | {"board": moved}})
    with pytest.raises(ListError, match="names another recipient"):
        approve(first.list_id, people["lead"], other)
    second = next(made for made in build(platforms=other)[0] if made.list_id)
    assert second.list_id != first.list_id
    assert json.loads(files(desk_db, second.list_id)["manifest.json"])["recipient"] == "notices@board.example.org"
