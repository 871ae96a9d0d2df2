"""A reader sees an item beside its translation, marked as a machine's; without a service the page says so, and nothing breaks."""

from dataclasses import replace
from pathlib import Path

import pytest

from desk.people import accounts
from enrichment.campaigns.linkage import Campaign
from index.base import CampaignRecord
from tests.desk.web.test_hostile import watched

PAYLOADS = Path(__file__).with_name("payloads.txt").read_text(encoding="utf-8").splitlines()


@pytest.fixture
def desk(desk, translator):
    """Return a desk whose service is the test double."""
    return replace(desk, translator=translator)


@pytest.fixture
def item(store, record):
    """Return a stored item in Thai."""
    made = record(1, title="งานแชท บาเวต", text="งานดี เงินดี\nติดต่อ Telegram @bright_hr_demo", language="th", campaign="c1")
    store.put([made])
    return made


def test_without_a_service_the_page_says_who_can_set_one_up(login, item, desk):
    object.__setattr__(desk, "translator", None)
    lea = login("lead")
    assert "No translation is set up here" in lea.page(f"/item/{item.id}")
    assert "who operates" in lea.page(f"/item/{item.id}/translation").lower()
    assert "No translation is set up" in lea.page("/account")
    assert lea.post("/campaign/c1/draft").status_code == 404


def test_an_item_stands_beside_its_translation(login, item, double):
    viewer = login("viewer")
    page = viewer.page(f"/item/{item.id}")
    assert f'hx-get="/item/{item.id}/translation"' in page
    assert double.asked == []
    whole = viewer.page(f"/item/{item.id}/translation")
    part = viewer.get(f"/item/{item.id}/translation", headers={"HX-Request": "true"}).text
    for shown in (whole, part):
        assert "Machine translation, LibreTranslate 1.9.6" in shown
        assert "EN งานแชท บาเวต" in shown
        assert "@bright_hr_demo" in shown
    assert "<html" in whole
    assert "<html" not in part
    assert not any("bright_hr" in text for text in double.sent)


@pytest.mark.parametrize(
    ("language", "answer", "stays"),
    [("my", "EN {}", True), ("th", "", True), ("th", "…", True), ("th", "EN {}", False)],
    ids=["not served", "empty", "left out a masked part", "whole"],
)
def test_marked_words_say_what_they_mean_until_the_whole_item_is_translated(
    login, store, record, double, language, answer, stays
):
    viewer, made = login("viewer"), record(5, language=language)
    store.put([made])
    double.answer = lambda texts: [answer.format(text) for text in texts]
    assert 'id="glosses"' in viewer.page(f"/item/{made.id}")
    part = viewer.get(f"/item/{made.id}/translation", headers={"HX-Request": "true"}).text
    assert ('id="glosses" hx-swap-oob="delete"' in part) is not stays
    assert ('id="glosses"' in viewer.page(f"/item/{made.id}")) is stays


def test_an_item_in_the_readers_language_has_no_translation(login, store, record):
    made = record(2)
    store.put([made])
    assert "translation" not in login("viewer").page(f"/item/{made.id}")


@pytest.mark.parametrize("status", [500, 403])
def test_a_service_that_fails_leaves_the_page_whole(login, item, double, status):
    double.status = status
    minh = login("minh")
    page = minh.page(f"/item/{item.id}/translation")
    assert f"answered {status}" in page
    assert "Try again" in page
    double.status = 200
    assert "EN งานแชท บาเวต" in minh.page(f"/item/{item.id}/translation")


def test_where_a_victim_speaks_the_page_says_that_nothing_is_sent(login, store, record, double):
    told = record(3, text="เขาขังฉันไว้", language="th", stance="testimony")
    store.put([told])
    page = login("lead").page(f"/item/{told.id}/translation")
    assert "never sent to a translation service" in page
    assert ">Try again<" not in page
    assert double.bodies == []


def test_titles_that_were_translated_ahead_stand_in_every_list(login, item, translator, double, store):
    minh = login("minh")
    assert "machine translation" not in minh.page("/")
    translator.translate_titles([item], "en")
    asked = len(double.asked)
    page = minh.page("/")
    assert "EN งานแชท บาเวต" in page
    assert page.index("งานแชท บาเวต</bdi></a>") < page.index("EN งานแชท บาเวต")
    store.put_campaigns([CampaignRecord(campaign=Campaign(id="c1", members=(item.id,), links=()))])
    for path in ("/search", "/campaign/c1", "/contact?c=@bright_hr_demo"):
        assert "EN งานแชท บาเวต" in minh.page(path), path
    rows = minh.page("/queue/rows")
    assert rows.index("EN งานแชท บาเวต</bdi>") < rows.index(">งานแชท บาเวต</bdi>")
    assert len(double.asked) == asked


def test_a_person_chooses_the_language_they_read(login, item, double, desk_db):
    minh = login("minh")
    assert minh.post("/account/language", language="vi").status_code == 303
    assert '<option value="vi" lang="vi" selected>' in minh.page("/account")
    assert minh.post("/account/language", language="<b>").status_code == 422
    with desk_db.connect() as connection:
        assert accounts.user(connection, "minh").language == "vi"
    minh.page(f"/item/{item.id}/translation")
    assert {body["target"] for body in double.asked} == {"vi"}


def test_in_a_browser_it_comes_in_by_itself_and_no_answer_of_a_liar_runs(
    served, browser, people, password, item, double, store, record
):
    """Without the Content-Security-Policy: escaping alone has to hold."""
    long = record(2, title=None, text="\n".join(f"งาน {number} ดี" for number in range(len(PAYLOADS))), language="th")
    store.put([long])
    lies = dict(enumerate(PAYLOADS))
    double.answer = lambda texts: [lies.get(len(double.sent) - len(texts) + place, "x") for place in range(len(texts))]
    context = browser.new_context(bypass_csp=True)
    page, alarms = watched(context, served)
    page.goto(f"{served}/login?back=/item/{long.id}")
    page.fill("[name=name]", "viewer")
    page.fill("[name=password]", password)
    page.click("button.primary")
    page.wait_for_selector(".beside li")
    shown = page.inner_text(".beside")
    assert sum(payload.strip() in shown for payload in PAYLOADS) > len(PAYLOADS) // 2
    assert page.eval_on_selector_all(".translation a, .translation img, .translation script", "all => all.length") == 0
    assert alarms == []
    context.close()
