"""The queue, search, an item's page and deciding on it, without JavaScript."""

import re
from datetime import timedelta
from itertools import pairwise

import pytest
from msgspec.structs import replace

from crawlers.items import Media
from crawlers.pictures.picture import Box, PictureCode, PictureReading
from desk.cases import case_decisions
from enrichment.assessment import Harm, HarmReason, MonthlyPay, Signal
from index.campaigns.relink import link_all

CONFIRM = {"tag": "scam_compound", "severity": "high", "clause": "forced_labour"}


def titles(text):
    return re.findall(r"data-open><bdi[^>]*>(.*?)</bdi>", text)


def test_an_empty_desk_says_what_to_run(login):
    assert "Nothing is indexed yet" in login("minh").page("/")


def test_the_queue_ranks_what_is_flagged_and_undecided(login, store, record, desk_db, people, now):
    items = [
        record(1, title="second", score=70),
        record(2, title="first", score=90),
        record(3, title="fine", score=5, flagged=False),
        record(4, title="done", score=99),
    ]
    store.put(items)
    case_decisions.dismiss(desk_db, [items[3]], reason="misread", by=people["minh"], now=now, seen={items[3].id: 0})
    minh = login("minh")
    assert titles(minh.page("/")) == ["first", "second"]
    assert sorted(titles(minh.page("/search"))) == ["done", "fine", "first", "second"]


def test_a_call_of_a_confirmed_lure_s_contact_joins_the_queue_and_says_why(login, store, record, desk_db, people, now):
    lure, call = record(1, title="lure"), record(2, title="call", text="DM @bright_hr_demo", score=9, flagged=False)
    store.put([lure, call, record(3, title="cook", text="Cook wanted", score=20, flagged=False)])
    minh = login("minh")
    assert titles(minh.page("/")) == ["lure"]
    case_decisions.confirm(desk_db, [lure], **CONFIRM, by=people["minh"], now=now, seen={lure.id: 0})
    page = minh.page("/")
    assert titles(page) == ["call"]
    assert "contact bright_hr_demo is that of 1 confirmed lure" in page
    page = minh.page(f"/item/{call.id}")
    assert "Network: +" in page
    assert "decide nothing" in page
    case_decisions.undo(desk_db, [lure.id], by=people["minh"], now=now, seen={lure.id: 1})
    assert titles(minh.page("/")) == ["lure"]


def test_within_five_points_of_the_queue_the_graver_harm_comes_first_with_its_reasons(login, store, record):
    """``harm:`` narrows the list, by hand or by a tick."""
    why = HarmReason(level="taken", indicator="irregular_crossing", start=0, end=4, why="crosses the river <b>by night</b>")
    river = record(2, title="river", score=90, harm=Harm(level="taken", reasons=(why,)))
    store.put([record(1, title="fee", score=94, harm=Harm(level="money")), river, record(3, title="unclear", score=99)])
    minh = login("minh")
    assert titles(minh.page("/")) == ["unclear", "river", "fee"]
    assert titles(minh.page("/?sort=score")) == ["unclear", "fee", "river"]
    assert titles(minh.page("/search?sort=harm")) == ["river", "fee", "unclear"]
    assert titles(minh.page("/search?q=harm%3Amoney")) == titles(minh.page("/search?harm=money")) == ["fee"]
    page = minh.page(f"/item/{river.id}")
    assert "Harm: people are taken away" in page
    assert "crosses the river &lt;b&gt;by night" in page
    assert "Harm:" not in minh.page(f"/item/{record(3).id}")


def test_learned_wording_is_a_share_before_the_reasons_and_marks_nothing(login, store, record):
    """Pieces of words with learned points: no person can check them. It stands on the item."""
    item = record(1, title="typist", text="easy money for you, passport kept")
    worded = [
        Signal(indicator=name, family="wording", start=7, end=11, text="easy", weight=weight, gloss="worded as lures are: easy")
        for name, weight in (("wording", 20.0), ("worded_money_scam", 6.0))
    ]
    store.put([replace(item, assessment=replace(item.assessment, signals=(*worded, *item.assessment.signals)))])
    page = login("minh").page(f"/item/{item.id}")
    before, _, reasons = page.partition("Learned wording: +26 points, 46 % of what speaks for a lure")
    assert "worded as lures are" not in page
    assert "the employer keeps the passport" in before and "the employer keeps the passport" in reasons


def test_what_learned_wording_alone_flags_is_confirmed_only_with_words_of_the_text(login, store, record):
    """Asked for in the form, and refused by the server without it; what was typed stays."""
    item = record(1, title="cards", text="4500 to each holder of a card")
    worded = Signal(indicator="wording", family="wording", start=7, end=11, text="4500", weight=26.0, gloss="worded so")
    store.put([replace(item, assessment=replace(item.assessment, signals=(worded,)))])
    minh = login("minh")
    page = minh.page(f"/item/{item.id}")
    assert "Nothing a person can check speaks for a lure here" in page
    assert re.search(r'<input name="ground"[^>]* required', page)
    form = {"tag": "money_scam", "severity": "high", "clause": "task_scam", "note": "these recruit mules", "seen": 0}
    refused = minh.post(f"/item/{item.id}/confirm", **form)
    assert refused.status_code == 422
    assert "name its words" in refused.text
    assert "these recruit mules" in refused.text
    assert minh.post(f"/item/{item.id}/confirm", **form, ground="holder of a purse").status_code == 422
    assert minh.post(f"/item/{item.id}/confirm", **form, ground="holder of a card").status_code == 303
    assert "on the words <q><bdi>holder of a card</bdi></q>" in minh.page(f"/item/{item.id}")


def test_members_of_a_campaign_stand_behind_their_first(login, store, record):
    store.put([record(number, title=f"copy {number}", score=90 - number, campaign="c1") for number in range(5)])
    text = login("minh").page("/")
    assert titles(text) == ["copy 0"]
    assert ">×5<" in text


def test_the_queue_pages_through_everything_once(login, store, record):
    store.put([record(number, title=f"item {number}", score=100 - number / 4) for number in range(260)])
    minh, address, seen = login("minh"), "/", []
    while address:
        text = minh.page(address)
        seen += titles(text)
        following = re.search(r'href="(/\?[^"]*after=[^"]+)"', text)
        address = following[1].replace("&amp;", "&") if following else None
    assert seen == [f"item {number}" for number in range(260)]


def test_the_text_is_marked_where_the_evidence_stands(login, store, record):
    item = record()
    store.put([item])
    text = login("minh").page(f"/item/{item.id}")
    assert '<mark class="for" data-key="s0" title="the employer keeps the passport" data-n="1">passport kept</mark>' in text
    assert re.search(r'<a [^>]*data-key="s0"\s+data-show>\s*<b>1</b>\s*<span[^>]*>the employer keeps the passport\s*<q', text)
    assert re.search(r'<mark class="contact" data-key="c0"[^>]*>@bright_hr_demo</mark>', text)
    assert "hxxps://board[.]example[.]org/jobs/1" in text
    assert "https://board" not in text


def test_hidden_and_reordering_characters_are_shown_by_name_and_never_sent(login, store, record):
    item = record(text="go\u202eod j\u200bob \x1b[31m free\u2066visa")
    store.put([item])
    minh = login("minh")
    for path in (f"/item/{item.id}", "/", "/search?q=visa"):
        text = minh.page(path)
        assert not re.search("[\u202e\u200b\u2066\x1b]", text), path
    assert ">RLO</span>" in minh.page(f"/item/{item.id}")
    assert 'title="U+200B ZERO WIDTH SPACE"' in minh.page(f"/item/{item.id}")


def test_confirming_dismissing_and_undoing_by_plain_forms(login, store, record, desk_db):
    item = record()
    store.put([item])
    minh, lead = login("minh"), login("lead")
    page = minh.page(f"/item/{item.id}")
    assert 'name="seen" value="0"' in page
    answer = minh.post(f"/item/{item.id}/confirm", **CONFIRM, seen=0, note="clear")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/item/{item.id}")
    page = minh.page(f"/item/{item.id}")
    assert "Confirmed" in page
    assert "confirmed by minh" in page
    assert lead.post(f"/item/{item.id}/undo", seen=1, note="not sure").status_code == 303
    page = minh.page(f"/item/{item.id}")
    assert "Undecided" in page
    assert "History (2)" in page
    assert minh.post(f"/item/{item.id}/dismiss", reason="misread", seen=2).status_code == 303
    with desk_db.connect() as connection:
        assert case_decisions.cases(connection, [item.id])[item.id].state == "dismissed"


def test_two_people_deciding_at_once_are_told_apart(login, store, record):
    item = record()
    store.put([item])
    minh, analyst = login("minh"), login("analyst")
    assert minh.post(f"/item/{item.id}/confirm", **CONFIRM, seen=0).status_code == 303
    answer = analyst.post(f"/item/{item.id}/dismiss", reason="misread", seen=0)
    assert answer.status_code == 409
    assert "Minh decided meanwhile" in answer.text
    assert "Confirmed" in answer.text


@pytest.mark.parametrize("wrong", [{"clause": "made_up"}, {"severity": "x"}, {"tag": "none"}, {"seen": "no"}, {"seen": "-1"}])
def test_an_incomplete_or_forged_form_changes_nothing(login, store, record, desk_db, wrong):
    item = record()
    store.put([item])
    answer = login("minh").post(f"/item/{item.id}/confirm", **({**CONFIRM, "seen": 0} | wrong))
    assert answer.status_code in (409, 422)
    with desk_db.connect() as connection:
        assert case_decisions.cases(connection, [item.id])[item.id].state == "open"


def test_an_item_edited_after_the_decision_says_so(login, store, record):
    item = record()
    store.put([item])
    minh = login("minh")
    minh.post(f"/item/{item.id}/confirm", **CONFIRM, seen=0)
    store.put([record(text="We are a bakery now", revision=9, change="edited")])
    assert "edited after the decision" in minh.page(f"/item/{item.id}")


def test_next_leads_through_the_queue(login, store, record):
    items = [record(number, score=90 - number) for number in range(3)]
    store.put(items)
    minh = login("minh")
    assert minh.get(f"/next?skip={items[0].id}").headers["location"] == f"/item/{items[1].id}"
    minh.post(f"/item/{items[0].id}/dismiss", reason="misread", seen=0)
    assert minh.get(f"/next?skip={items[0].id}").headers["location"] == f"/item/{items[1].id}"
    for number in (1, 2):
        minh.post(f"/item/{items[number].id}/dismiss", reason="misread", seen=0)
    assert minh.get("/next").headers["location"] == "/"


def test_a_query_that_cannot_be_read_is_explained(login, store, record):
    store.put([record()])
    assert "That cannot be searched" in login("minh").page("/search?q=nosuchfield:x")
    assert "That cannot be searched" in login("minh").page("/?q=%22open")


def test_ticked_facets_narrow_and_stay_ticked(login, store, record):
    store.put([record(1, title="one", language="vi"), record(2, title="two", language="th")])
    text = login("minh").page("/search?language=th")
    assert titles(text) == ["two"]
    assert 'name="language" value="th" checked' in text


def test_an_unknown_item_is_a_plain_404(login):
    answer = login("minh").get("/item/nothing")
    assert answer.status_code == 404
    assert "No such item" in answer.text


def test_a_contact_leads_to_everything_else_it_stands_in(login, store, record):
    items = [record(1, title="one"), record(2, title="two"), record(3, title="three", text="no contact here")]
    store.put(items)
    minh = login("minh")
    address = re.search(r'href="(/contact\?c=[^"]+)"', minh.page(f"/item/{items[0].id}"))[1].replace("&amp;", "&")
    assert sorted(titles(minh.page(address))) == ["one", "two"]


def test_a_campaign_says_why_its_members_belong_together(login, store, record):
    store.put([record(number, title=f"copy {number}") for number in range(3)])
    link_all(store)
    minh = login("minh")
    assert "3</b> items" in minh.page("/campaigns")
    text = minh.page(f"/campaign/{next(store.campaigns()).campaign.id}")
    assert sorted(titles(text)) == ["copy 0", "copy 1", "copy 2"]
    assert "Why they belong together" in text
    assert "bright_hr_demo" in text
    assert minh.get("/campaign/none").status_code == 404


def test_what_was_read_from_a_picture_is_named_as_such_and_the_picture_is_not_shown(login, store, record):
    text = "Caption\n\nURGENT <b>HIRING</b> now"
    code = PictureCode(kind="QR Code", content="https://t.me/sample_hr<i>", box=Box(left=0, top=0, width=1, height=1))
    reading = PictureReading(state="read", codes=(code,))
    media = Media(url="https://board.example.org/p.jpg", kind="image", reading=reading, start=9, end=len(text))
    item = record(1, text=text, media=(media,))
    store.put([item])
    page = login("minh").page(f"/item/{item.id}")
    assert "Read from picture 1" in page
    assert "URGENT &lt;b&gt;HIRING&lt;/b&gt; now" in page
    assert "t[.]me/sample_hr&lt;i&gt;" in page
    assert page.count("<img") == 1, "the mark of the desk itself"
    assert "p.jpg" not in page


def test_one_view_after_many_decisions_pays_for_few_of_them(login, store, record, desk_db, people, now):
    """Decided elsewhere, say at the command line: each look tells the index some, and none of them is shown as undecided."""
    items = [record(number) for number in range(130)]
    store.put(items)
    for item in items[:120]:
        case_decisions.dismiss(desk_db, [item], reason="misread", by=people["minh"], now=now, seen={item.id: 0})
    minh, seen = login("minh"), [store.cases_seen()]
    while seen[-1] < 120:
        page = minh.page("/")
        assert not any(item.id in page for item in items[:120]) and items[125].id in page
        seen.append(store.cases_seen())
    assert max(after - before for before, after in pairwise(seen)) <= 50


def test_a_decision_at_the_desk_leaves_nothing_for_the_next_view(login, store, record):
    """It is told once the answer has left."""
    item = record()
    store.put([item])
    login("minh").post(f"/item/{item.id}/dismiss", reason="misread", seen=0)
    assert store.cases_seen() == 1


def test_two_people_are_never_given_the_same_item_and_a_take_over_is_a_choice(login, store, record, desk_db):
    items = [record(number, title=f"item {number}", score=90 - number) for number in range(3)]
    store.put(items)
    minh, lead = login("minh"), login("lead")

    def next_of(person, skip=""):
        return person.get(f"/next?skip={skip}").headers["location"]

    assert (next_of(minh), next_of(lead)) == (f"/item/{items[0].id}", f"/item/{items[1].id}")
    assert "Yours until" in minh.page(f"/item/{items[0].id}")
    assert "minh has it open" in lead.page("/")
    page = lead.page(f"/item/{items[0].id}")
    assert "<b>minh</b> has this item open" in page
    decision = {"reason": "misread", "seen": "0"}
    refused = lead.post(f"/item/{items[0].id}/dismiss", **decision)
    assert (refused.status_code, "Minh has this item open" in refused.text) == (409, True)
    assert 'name="over" value="minh"' in refused.text
    assert lead.post(f"/item/{items[0].id}/lease", over="minh").status_code == 303
    assert minh.post(f"/item/{items[0].id}/lease", quiet="true").status_code == 409
    assert minh.post(f"/item/{items[0].id}/dismiss", **decision).status_code == 409
    assert lead.post(f"/item/{items[0].id}/dismiss", **decision).status_code == 303
    assert next_of(minh) == f"/item/{items[1].id}", "the lead gave it back by opening another"
    beat = minh.post(f"/item/{items[1].id}/lease", quiet="true")
    assert beat.status_code == 200
    assert minh.post(f"/item/{items[1].id}/release", until=beat.text).status_code == 204
    assert next_of(lead) == f"/item/{items[1].id}"
    lead.post("/logout")
    assert next_of(minh) == f"/item/{items[1].id}"


def test_the_reasons_are_at_most_five_sentences_and_the_weightiest_doubt_is_the_last(login, store, record):
    """Each meaning once; the others stand with the score's details."""
    item = record(1, title="typist", text="one two three four five six seven")
    signals = tuple(
        Signal(indicator=f"i{number}", family="control", start=7, end=10, text=word, weight=weight, gloss=gloss)
        for number, (word, weight, gloss) in enumerate(
            [("one", 9, "keeps"), ("two", 8, "pays"), ("three", 7, "keeps"), ("four", 6, "locks"), ("five", 5, "flies"),
             ("six", 4, "asks"), ("seven", -3, "names a licence"), ("one", -1, "names a street")]
        )
    )  # fmt: skip
    store.put([replace(item, assessment=replace(item.assessment, signals=signals))])
    page = login("minh").page(f"/item/{item.id}")
    sentences = page[page.index('class="whys"') : page.index("Score 88 of 100")]
    assert re.findall(r"<b>(.+?)</b>", sentences) == ["1", "2", "3", "4", "–"]
    assert re.findall(r"(\w[\w ]*)\s*<q", sentences)[-1].strip() == "names a licence"
    assert sentences.count("keeps") == 1
    assert "names a street" in page


def test_an_edit_is_shown_as_words_taken_out_and_put_in(login, store, record):
    item = record(text="Pay 900 USD")
    edited = replace(item.revisions[0], revision=2, change="edited", text="Pay <b>1500</b> USD")
    store.put([replace(item, revisions=(item.revisions[0], edited))])
    page = login("minh").page(f"/item/{item.id}")
    assert "<del>900</del>" in page
    assert "<ins>&lt;b&gt;1500&lt;/b&gt;</ins>" in page


@pytest.mark.parametrize(
    ("pay", "told"),
    [
        ((3000, 3000, "USD", "month", 3000), "about 3,000 USD a month 9.4 times 320 USD, the highest ordinary wage"),
        ((20e6, 30e6, "VND", None, 1155), "at most about 1,155 USD a month, taken as a month’s pay 3.6 times 320 USD"),
        ((5, 5, "USD", "hour", 1040), "5 USD an hour, written “Chat” about 1,040 USD a month, counting 208 hours 3.2 times"),
        ((40, 40, "USD", "day", 1040), "about 1,040 USD a month, counting 26 days"),
        ((12000, 12000, "USD", "year", 1000), "about 1,000 USD a month, a twelfth"),
        ((90, 90, None, "month", None), "90 ? a month, written “Chat”"),
    ],
)
def test_pay_says_how_its_month_was_counted_and_which_wage_it_stands_against(login, store, record, pay, told):
    item = record(text="Chat work in Da Nang, Viet Nam")
    low, high, currency, period, usd = pay
    made = MonthlyPay(low=low, high=high, currency=currency, period=period, monthly_usd=usd, start=0, end=4)
    language = replace(item.assessment.language, code="vi")
    store.put([replace(item, assessment=replace(item.assessment, pay=made, language=language))])
    page = login("minh").page(f"/item/{item.id}")
    shown = re.search(r"<dt>Pay</dt><dd>(.*?)</dd>", page, re.DOTALL)[1].replace('<q dir="auto">', "“").replace("</q>", "”")
    words = " ".join(re.sub(r"<[^>]+>", " ", shown).split()).replace("“ ", "“").replace(" ”", "”").replace("” ,", "”,")
    assert told in words
    assert ("What this very work usually brings is not known here" in words) == (usd is not None)


def test_marked_words_say_what_they_mean_where_nothing_translates(login, store, record):
    item = record(language="vi")
    store.put([item])
    page = login("minh").page(f"/item/{item.id}")
    glosses = page.partition('id="glosses"')[2].partition("</section>")[0]
    assert re.search(
        r'data-key="s0"><dt lang="vi" dir="auto"><bdi>passport kept</bdi></dt>\s*<dd>the employer keeps the passport</dd>',
        glosses,
    )
    english = record(2)
    store.put([english])
    assert 'id="glosses"' not in login("minh").page(f"/item/{english.id}")


def test_contacts_say_when_and_how_often_each_was_used(login, store, record, now):
    items = [record(number, first_seen=now - timedelta(days=7 * number)) for number in (1, 2, 3)]
    store.put(items)
    person = login("viewer")
    page = person.page(f"/item/{items[0].id}")
    assert f'hx-get="/item/{items[0].id}/contacts" hx-trigger="revealed"' in page
    part = person.get(f"/item/{items[0].id}/contacts", headers={"hx-request": "true"}).text
    assert "3 adverts, 3 flagged, 03 Nov 2026" in re.sub(r"<[^>]+>", "", part)
    assert part.count("<rect") >= 3
    assert "hx-get" not in part
    assert "Back to the item" in person.page(f"/item/{items[0].id}/contacts")
    assert person.get("/item/nothing/contacts").status_code == 404
