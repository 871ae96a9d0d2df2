"""The second person reads each text on the list's page and ticks each; the rule follows from the kind."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from crawlers.items import Capture
from desk.cases import case_decisions
from desk.cases.comments import escalate
from desk.cases.leases import note_opening
from desk.database import writing
from desk.list_maker import Notifier
from desk.partners.answers import GivenAnswer, give_answers
from desk.people import accounts
from desk.platforms import Route
from desk.takedown import list_drafts as builder
from desk.takedown import repository
from tests.desk.factors import enrol, log_in_again

URL = "http://127.0.0.1:8101/jobs/clerk-{}.html"


@pytest.fixture
def listed(desk, desk_db, store, record, people, now):
    """Return a function that confirms items as Minh, who opened those named, and builds their list."""
    capture = Capture(record_id="<urn:uuid:00000000-0000-4000-8000-000000000001>", sha256="ab" * 32)

    def do(count, opened=None, **fields):
        items = [
            record(
                number, url=URL.format(number), capture=capture, title=f"Clerk {number}",
                text=f"passport kept, text number {number}", tag=fields.get("tag", "scam_compound"),
            )
            for number in range(count)
        ]  # fmt: skip
        store.put(items)
        for number in range(count) if opened is None else opened:
            note_opening(desk_db, items[number], by=people["minh"], now=now)
        values = {"tag": "scam_compound", "severity": "high", "clause": "forced_labour"} | fields
        case_decisions.confirm(desk_db, items, by=people["minh"], now=now, seen={item.id: 0 for item in items}, **values)
        (report, *_), _ = builder.build(
            desk_db, store, desk.platforms, routes={}, notifier=Notifier(name="Test", email="desk@example.org"), now=now,
            by="dag:x",
        )  # fmt: skip
        return [item.id for item in items], report.list_id

    return do


def state(engine, list_id):
    with engine.connect() as connection:
        return repository.one_list(connection, list_id).state


def test_the_page_shows_each_text_its_decision_and_a_box_that_is_empty(login, listed):
    ids, number = listed(8)
    page = login("lead").page(f"/lists/{number}")
    for at, item in enumerate(ids):
        assert f'name="ticked" value="{item}" form="approval" data-tick required>' in page
        assert f", text number {at}" in page
    assert "checked" not in page
    assert page.count("decided by minh") == 8


@pytest.mark.parametrize("translated", [False, True])
def test_who_approves_reads_a_translation_beside_the_original_else_what_its_words_mean(
    login, listed, desk, store, translator, desk_db, people, translated
):
    object.__setattr__(desk, "translator", translator)
    (item,), number = listed(1)
    accounts.set_locale(desk_db, people["lead"], language="fr", zone="UTC")
    if translated:
        translator.translate_item(store.get(item), "fr")
    page = login("lead").page(f"/lists/{number}")
    beside = "EN passport kept" if translated else "<bdi>passport kept</bdi></dt>"
    assert page.index(", text number 0") < page.index(beside)
    assert ("EN Clerk 0" in page, '<dd><span lang="en">the employer keeps the passport' in page) == (translated, not translated)


@pytest.fixture
def refusal(listed, desk_db, now):
    """Return an item whose notice its platform refused, and the list; nobody took the answer in yet."""
    (item,), number = listed(1)
    with writing(desk_db) as connection:
        repository.mark_sent(connection, number, now, recipient="abuse@sample-boards.example")
        platform, (entry,) = repository.one_list(connection, number).platform, repository.entries(connection, number)
    words = {"kind": "refused", "reason": "no_breach", "words": "<b>fine</b> with us"}
    given = GivenAnswer(key="k", notice_id=entry.body["notice_id"], **words)
    assert give_answers(desk_db, platform, [given], now=now)[0].outcome == "recorded"
    return item, number


@pytest.mark.parametrize("step", ["dismiss", "confirm", "undo", "decide", "reason"])
def test_a_refused_step_shows_what_platforms_answered_meanwhile(login, refusal, step):
    answer = login("lead").post(f"/item/{refusal[0]}/{step}", seen=0, reason="misread", verdict="dismiss misread", mark="struck")
    assert answer.status_code in (409, 422)
    assert "&lt;b&gt;fine&lt;/b&gt; with us" in answer.text


def test_what_a_platform_answered_stands_on_its_list_its_item_and_the_page_of_lists(login, refusal, desk):
    (item, number), lead = refusal, login("lead")
    for path in (f"/lists/{number}", f"/item/{item}", "/lists"):
        page = lead.page(path)
        assert "refused, " in page and "it breaks no rule of the platform" in page and "&lt;b&gt;fine" in page, path
        assert "<b>fine" not in page, path
    differing = lead.page("/lists").split("Where platforms disagree")[1]
    title = desk.store.get(item).posting.title
    assert f'href="/item/{item}"><bdi>{title}</bdi></a>' in differing and item[:16] not in differing.replace(f"/item/{item}", "")
    assert "A platform refused its notice" in login("minh").page("/inbox")


def test_one_button_approves_nothing_that_is_not_ticked(login, listed, desk_db):
    ids, number = listed(8)
    lead, sent = login("lead"), {"recipient": "abuse@sample-boards.example"}
    for ticked in ([], ids[:7]):
        answer = lead.post(f"/lists/{number}/approve", ticked=ticked, **sent)
        assert answer.status_code == 409
        assert f"{8 - len(ticked)} of 8 notices are not ticked" in answer.text
        assert answer.text.count(" checked>") == len(ticked)
    assert state(desk_db, number) == "built"
    assert lead.post(f"/lists/{number}/approve", ticked=ids, **sent).status_code == 303
    assert state(desk_db, number) == "approved"


def test_who_has_a_second_factor_approves_with_a_code_of_that_moment(login, listed, desk_db, clock):
    """The code of the log-in is spent, a wrong one approves nothing, and the builder's form has no way round."""
    (item,), number = listed(1)
    lead, sent = login("lead"), {"recipient": "abuse@sample-boards.example", "ticked": [item]}
    app, _codes = enrol(desk_db, "lead")
    assert lead.post(f"/lists/{number}/approve", **sent).status_code == 303 and state(desk_db, number) == "built"
    clock.at += timedelta(minutes=2)
    code = app.at(clock.at)
    log_in_again(lead, "lead", code)
    assert 'name="code"' in lead.page(f"/lists/{number}")
    for given in ({}, {"code": "000000"}, {"code": code}):
        answer = lead.post(f"/lists/{number}/approve", **sent, **given)
        assert answer.status_code == 409 and "code is wrong or was used" in answer.text and " checked>" in answer.text
        assert state(desk_db, number) == "built"
    clock.at += timedelta(seconds=30)
    assert lead.post(f"/lists/{number}/approve", **sent, code=app.at(clock.at)).status_code == 303
    assert state(desk_db, number) == "approved"


def test_a_list_that_cannot_be_sent_is_refused_in_the_language_of_the_reader(login, listed, desk_db, people):
    _, number = listed(1)
    accounts.set_locale(desk_db, people["lead"], language="vi", zone="Asia/Ho_Chi_Minh")
    answer = login("lead").post(f"/lists/{number}/send")
    assert answer.status_code == 409
    assert "Bàn làm việc này không có máy chủ thư" in answer.text and "this desk has no" not in answer.text.lower()


def test_what_nobody_opened_is_said_and_refused_until_it_is_opened(login, listed, desk_db):
    ids, number = listed(3, opened=[0])
    lead, sent = login("lead"), {"recipient": "abuse@sample-boards.example", "ticked": ids}
    page = lead.page(f"/lists/{number}")
    assert page.count("<strong>nobody opened it</strong>") == 2
    assert "nobody opened 2 of 3 items" in lead.post(f"/lists/{number}/approve", **sent).text.lower()
    for item in ids[1:]:
        lead.page(f"/item/{item}")
    assert lead.post(f"/lists/{number}/approve", **sent).status_code == 303


def test_a_rule_of_another_kind_stands_there_with_its_reason(login, listed):
    _, number = listed(1, tag="marriage_broker", note="The bride is sold into a compound <b>.")
    page = login("lead").page(f"/lists/{number}")
    assert "This rule does not follow from the kind; the reason given:" in page
    assert "The bride is sold into a compound &lt;b&gt;." in page


def test_a_decision_with_a_rule_of_another_kind_is_refused_without_a_reason(login, store, record, desk_db):
    item = record(tag="marriage_broker")
    store.put([item])
    minh, fields = login("minh"), {"tag": "marriage_broker", "severity": "high", "clause": "forced_labour", "seen": 0}
    answer = minh.post(f"/item/{item.id}/confirm", **fields)
    assert answer.status_code == 422
    assert "is no rule for marriage broker; choose “brokered marriage for money”" in answer.text.lower()
    assert minh.post(f"/item/{item.id}/confirm", note="x", **fields).status_code == 422
    assert minh.post(f"/item/{item.id}/confirm", note="Sold as a bride, then held.", **fields).status_code == 303


def test_a_retraction_asks_nobody(login, listed, desk, desk_db, people, now):
    ids, number = listed(1)
    login("lead").post(f"/lists/{number}/approve", recipient="abuse@sample-boards.example", ticked=ids)
    with writing(desk_db) as connection:
        repository.mark_sent(connection, number, now, "abuse@sample-boards.example")
    case_decisions.undo(desk_db, ids, by=people["minh"], now=now, seen={ids[0]: 1})
    (report,), _ = builder.take_back(
        desk_db, desk.platforms, notifier=Notifier(name="Test", email="desk@example.org"), now=now, by="dag:x"
    )
    page = login("lead").page(f"/lists/{report.list_id}")
    assert "waits for no second person" in page
    assert "Second person</h2>" not in page


def test_a_platform_that_takes_no_mail_is_told_by_hand_and_each_number_is_noted(login, desk, listed, desk_db):
    known = desk.platforms
    route = Route(by="form", form="https://sample-boards.example/report", asks="a link", person="Fill their form.")
    told = known.platforms["sample_boards"].model_copy(update={"contact": "", "route": route})
    by_form = known.model_copy(update={"platforms": known.platforms | {"sample_boards": told}})
    object.__setattr__(desk, "read_platforms", lambda: by_form)
    ids, number = listed(2)
    lead, where = login("lead"), f"/lists/{number}"
    assert "I told them" not in lead.page(where)
    assert lead.post(f"{where}/approve", recipient=route.form, ticked=ids).status_code == 303
    page = lead.page(where)
    assert page.count("I told them") == 2
    assert "Fill their form." in page and f'href="{route.form}"' in page and "Send it" not in page
    assert f'value="{URL.format(0)}" data-copied' in page
    minh = login("minh")
    assert minh.post(f"{where}/filed", item=ids[0], ticket="<b>7</b>").status_code == 303
    assert "their number is <bdi>&lt;b&gt;7&lt;/b&gt;</bdi>" in minh.page(where)
    assert "1 to report by hand" in minh.page("/lists")
    again = minh.post(f"{where}/filed", item=ids[0], ticket="8")
    assert (again.status_code, "noted this notice already" in again.text, state(desk_db, number)) == (409, True, "sent")


def test_a_list_is_read_ticked_and_approved_by_keyboard(opened, listed, desk_db):
    ids, number = listed(3)
    page = opened("lead")
    page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + f"/lists/{number}")
    page.locator("#approval button").click()  # the browser holds a form back whose boxes are empty
    assert state(desk_db, number) == "built"
    page.keyboard.press("Escape")
    page.locator("body").click(position={"x": 5, "y": 5})
    for _ in ids:
        page.keyboard.press("j")
        page.keyboard.press("x")
    assert page.locator("[name=ticked]:checked").count() == 3
    page.keyboard.press("x")
    assert page.locator("[name=ticked]:checked").count() == 2
    page.keyboard.press("x")
    page.locator("#approval button").focus()
    assert page.locator(".lines ~ section #approval").count() == 1, "who approves has passed what must be read"
    page.keyboard.press("Enter")
    expect(page.locator(".state.approved")).to_be_visible()
    assert state(desk_db, number) == "approved"


def test_the_rule_follows_when_a_kind_is_chosen_and_another_asks_for_a_reason(opened, store, record):
    item = record()
    store.put([item])
    page = opened()
    page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + f"/item/{item.id}")
    page.click("#confirm summary")
    rule, why = page.locator("#confirm [name=clause]"), page.locator("#confirm [data-why]")
    assert rule.input_value() == ""
    page.select_option("#confirm [name=tag]", "marriage_broker")
    assert rule.input_value() == "marriage_trade"
    expect(why).to_be_hidden()
    page.select_option("#confirm [name=clause]", "forced_labour")
    expect(why).to_be_visible()
    assert page.locator("#confirm [name=note]").evaluate("one => one.required")
    page.select_option("#confirm [name=tag]", "scam_compound")
    assert rule.input_value() == "forced_labour"
    expect(why).to_be_hidden()


def test_a_list_shows_an_item_escalated_since_to_who_may_see_it_alone(login, listed, desk_db, people, now):
    (first, second), number = listed(2)
    escalate(desk_db, first, "she writes from inside", by=people["minh"], now=now)
    minh, lead = login("minh"), login("lead")
    page = minh.page(f"/lists/{number}")
    assert "text number 0" not in page
    assert "An escalated item, which you may not see." in page
    assert f"/item/{second}" in page
    assert minh.get(f"/lists/{number}/manifest.json").status_code == 403
    assert "text number 0" in lead.page(f"/lists/{number}")
    assert lead.get(f"/lists/{number}/manifest.json").status_code == 200
    refused = lead.post(f"/lists/{number}/approve", ticked=[first, second], recipient="abuse@sample-boards.example")
    assert refused.status_code == 409
    assert "escalated as a possible victim" in refused.text
    assert f'<a href="/lists/{number}">List {number}</a> to' in lead.page(f"/item/{first}")


@pytest.fixture
def retraction(desk, desk_db, listed, people, now):
    """Return the number of a retraction that was sent."""
    (item,), number = listed(1, opened=[0])
    with writing(desk_db) as connection:
        repository.mark_sent(connection, number, now, "abuse@sample-boards.example")
    case_decisions.undo(desk_db, [item], by=people["minh"], now=now, seen={item: 1})
    notifier = Notifier(name="Test", email="desk@example.org")
    (taken,), _ = builder.take_back(desk_db, desk.platforms, notifier=notifier, now=now, by="dag:x")
    with writing(desk_db) as connection:
        repository.mark_sent(connection, taken.list_id, now, "abuse@sample-boards.example")
    return taken.list_id


def test_an_answer_to_a_retraction_is_noted_on_its_page(desk_db, login, retraction):
    analyst = login("minh")
    page = analyst.page(f"/lists/{retraction}")
    assert "No answer is noted. Asked again 0 times" in page
    assert analyst.post(f"/lists/{retraction}/answer", answer="perhaps").status_code == 422
    assert analyst.post(f"/lists/{retraction}/answer", answer="undone").status_code == 303
    shown = analyst.page(f"/lists/{retraction}")
    assert "They put back what they had removed." in shown and "noted by minh" in shown
    with desk_db.connect() as connection:
        assert repository.open_retractions(connection) == []
    assert analyst.post(f"/lists/{retraction - 1}/answer", answer="undone").status_code == 409


def test_each_file_says_what_it_is_for_and_is_offered_for_download(login, listed):
    _, number = listed(1)
    reader = login("minh")
    page = reader.page(f"/lists/{number}")
    for name, about in {
        "list.csv": "a spreadsheet",
        "list.json": "for machines",
        "reports.xarf.jsonl": "for abuse desks",
    }.items():
        assert about in page
        got = reader.get(f"/lists/{number}/{name}")
        assert got.headers["content-disposition"] == f'attachment; filename="list-{number}-{name}"'
