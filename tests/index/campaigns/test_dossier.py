"""From any written form of a contact to all that used it, on both stores; a campaign's dossier says all there is to say."""

from datetime import UTC, datetime, timedelta
from functools import reduce

import pytest

from enrichment.campaigns.linkage import campaign_id
from enrichment.campaigns.templates import Slot
from enrichment.text.fingerprint import fingerprint
from index.campaigns.dossier import contact_times, dossier, pivot, weekly
from index.campaigns.relink import link_all
from index.query.values import contacts

NUMBER = "+84500000123"
HANDLE = "moon_hr_demo"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("@Moon_HR_demo", HANDLE), ("t.me/Moon_HR_demo", HANDLE), ("https://t.me/s/Moon_HR_demo/12", HANDLE),
        ("＠moon_hr_demo", HANDLE), ("tg://resolve?domain=Moon_HR_demo", HANDLE), ("moon_hr_demo.t.me", "moon_hr_demo.t.me"),
        ("t.me/+AbCd12", "+abcd12"), ("https://line.me/ti/p/~Moon_HR_demo", HANDLE),
        ("telegram:@Moon_HR_demo", f"telegram:{HANDLE}"), ("+84 50 000 0123", NUMBER), ("0084-500.000.123", NUMBER),
        ("(+84) 500000123", NUMBER), ("tel:+84500000123", NUMBER), ("https://wa.me/84500000123?text=hi", NUMBER),
        ("whatsapp://send?phone=84500000123", NUMBER), ("zalo.me/84500000123", NUMBER), ("signal.me/#p/+84500000123", NUMBER),
        ("+৮৪৫০০০০০১২৩", NUMBER), ("\u202a+84 500 000 123\u202c", NUMBER), ("0500000123", "0500000123"),
        ("zalo.me/0500000123", "0500000123"), ("zalo: 050 000 0123", "0500000123"), ("zalo:050 000 0123", "zalo:0500000123"),
        ("mailto:HR@Example.org?subject=x", "hr@example.org"), ("https://jobs.example.org/x", "https://jobs.example.org/x"),
    ],
)  # fmt: skip
def test_any_form_becomes_what_is_stored(typed, kept):
    assert contacts(typed) == (kept,)


PASTED = {
    NUMBER: (
        "Zalo 0500 000 123", "SĐT/Zalo: 0500000123", "Liên hệ Zalo 0500 000 123 gặp chị Lan", "WhatsApp +84 500 000 123",
        "Whatsapp：+84 500 000 123", "whatsapp 0500000123", "Tel. 0500-000-123", "☎ 0500 000 123", "Viber: 0500 000 123",
        "signal +84500000123", "call +84 (500) 000-123 now", "zalo 0500.000.123 - 0500.000.999", "โทร 0500 000 123",
        "Тел.: +84 500 000 123", "viber://chat?number=%2B84500000123", "手机 0500000123",
    ),
    HANDLE: (
        "Telegram moon_hr_demo", "Telegram: https://t.me/Moon_HR_demo", "telegram t.me/moon_hr_demo", "飞机 @moon_hr_demo",
        "Telegram（飞机）@moon_hr_demo", "moon_hr_demo on Telegram", "@moon_hr_demo (Telegram)", "tele:@moon_hr_demo",
        "Telegram - moon_hr_demo", "微信 moon_hr_demo", "LINE ID: moon_hr_demo", "ไลน์ moon_hr_demo", "카톡 moon_hr_demo",
        "contact moon_hr_demo", "inbox @Moon_HR_Demo nhé", "телеграм moon_hr_demo", "kakaotalk:moon_hr_demo",
    ),
    "plainname": ("telegram plainname", "wechat plainname", "telegram account plainname", "微信plainname"),
    "hr@example.org": ("email: HR@Example.org", "hr [at] example.org", "Mail to hr@example.org please"),
    "123456789": ("QQ 123456789", "扣扣：123456789"),
}  # fmt: skip
"""What people paste, by the contact in it; the last eight digits of a number are enough."""
SWAPS = (("00", "77"), ("moon", "suns"), ("plain", "other"), ("hr", "no"), ("234", "000"))
"""What makes another contact of each."""


def test_what_people_paste_is_found_and_nothing_else_is(store, record):
    kinds = {NUMBER: "phone", HANDLE: "telegram", "plainname": "telegram", "hr@example.org": "email", "123456789": "qq"}
    store.put([record(name, name, contacts=(f"{kind}:{name}",)) for name, kind in kinds.items()])
    pasted = [(name, each) for name, forms in PASTED.items() for each in forms]
    assert len(pasted) > 40
    assert [each for name, each in pasted if [one.id for one in pivot(store, each).records] != [name]] == []
    other = [reduce(lambda text, swap: text.replace(*swap), SWAPS, each.lower()) for _, each in pasted]
    assert [each for each in other if pivot(store, each).records] == []


@pytest.fixture
def filled(store, record):
    """Put adverts of a number on three apps and a handle on two, in two campaigns over five weeks."""
    store.put(
        [
            record("a", "one", contacts=(f"zalo:{NUMBER}", f"telegram:{HANDLE}"), day=1, score=90, source="board", lang="vi"),
            record("b", "two", contacts=(f"whatsapp:{NUMBER}",), day=2, score=90, source="channel", lang="en"),
            record("c", "three", contacts=(f"phone:{NUMBER}",), day=30, score=0, source="board", lang="vi"),
            record("d", "four", contacts=(f"line:{HANDLE}",), day=3, score=80, source="forum", lang="th"),
            record("e", "five", contacts=("telegram:somebody_else",), day=3, score=80),
        ]
    )
    link_all(store)
    return store


@pytest.mark.parametrize("typed", [
    NUMBER, "0500000123", "050 000 0123", "84500000123", "https://wa.me/84500000123", "zalo.me/0500000123", "zalo: 0500000123",
    "00 84 500 000 123",
])  # fmt: skip
def test_a_number_leads_to_all_its_apps(filled, typed):
    found = pivot(filled, typed)
    assert [one.id for one in found.records] == ["c", "b", "a"]
    assert dict(found.forms) == {f"{app}:{NUMBER}": 1 for app in ("phone", "whatsapp", "zalo")}
    assert (found.beside, found.flagged) == (((f"telegram:{HANDLE}", 1),), 2)
    assert found.campaigns == ((campaign_id("a"), 3),)
    assert (dict(found.languages), dict(found.sources)) == ({"vi": 2, "en": 1}, {"board": 2, "channel": 1})
    assert [week.adverts for week in found.weeks] == [2, 0, 0, 0, 1]


def test_one_app_can_be_asked_for_and_nothing_found_is_no_error(filled):
    assert [one.id for one in pivot(filled, f"line:{HANDLE}").records] == ["d"]
    assert [one.id for one in pivot(filled, f"t.me/{HANDLE}").records] == ["d", "a"]
    nothing = pivot(filled, "@never_seen_demo")
    assert (nothing.records, nothing.weeks, nothing.value) == ((), (), "never_seen_demo")


def test_a_dossier_says_who_why_where_when_and_how_the_texts_differ(store, record):
    sentence = "Company needs chat staff in {}, flight and visa paid, passport kept at the office, salary {}, write to us"
    texts = [sentence.format(*drawn) for drawn in (("Bavet", "900 USD"), ("Poipet", "950 USD"), ("Bavet", "1k"))]
    store.put(
        [
            record(
                f"m{n}", text, contacts=("telegram:crew_demo",), day=1 + 7 * n, score=90, bands=fingerprint(f"\n{text}").bands,
                lang=("en", "vi")[n % 2], source=("board", "channel")[n % 2],
            )
            for n, text in enumerate(texts)
        ]
    )  # fmt: skip
    link_all(store)
    found = dossier(store, campaign_id("m0"))
    assert [one.id for one in found.members] == ["m0", "m1", "m2"]
    assert {(one.why, one.kind, len(one.links)) for one in found.reasons} == {
        ("same contact crew_demo (telegram)", "contact", 2),
        ("nearly the same text", "text", 2),
    }
    assert (found.languages, found.contacts) == ((("en", 2), ("vi", 1)), (("telegram:crew_demo", 3),))
    assert found.platforms == (("board.example.org", 2), ("channel.example.org", 1))
    assert ([week.adverts for week in found.weeks], found.growth) == ([1, 1, 1], 1)
    slots = [part for part in found.templates[0].parts if isinstance(part, Slot)]
    assert dict(slots[0].values).keys() == {"Bavet", "Poipet"}
    assert dossier(store, "c-nothing") is None


def test_members_whose_campaign_was_written_before_there_were_records_of_it_have_a_dossier_too(store, record):
    store.put([record("a", "x", campaign="c-old", day=1), record("b", "y", campaign="c-old")])
    found = dossier(store, "c-old")
    assert ([one.id for one in found.members], found.reasons) == (["b", "a"], ())


def test_weeks_begin_on_monday_and_empty_ones_are_there():
    monday = datetime(2026, 3, 2, tzinfo=UTC)
    weeks = weekly([monday + timedelta(days=13, hours=23), monday - timedelta(seconds=1), monday, monday])
    assert [(one.monday.isoformat(), one.adverts) for one in weeks] == [("2026-02-23", 1), ("2026-03-02", 2), ("2026-03-09", 1)]
    assert weekly([]) == ()


def test_when_a_contact_was_used_is_said_of_its_newest_adverts(filled, monkeypatch):
    times = contact_times(filled, "zalo.me/84500000123")
    assert (times.adverts, times.counted, times.flagged) == (3, 3, 2)
    assert times.last_seen - times.first_seen >= timedelta(days=29)
    assert [week.adverts for week in times.weeks] == [2, 0, 0, 0, 1]
    monkeypatch.setattr("index.campaigns.dossier.TIMED", 2)
    cut = contact_times(filled, NUMBER)
    assert (cut.adverts, cut.counted, cut.flagged) == (3, 2, 1)
    assert cut.first_seen > times.first_seen
    assert contact_times(filled, "@nobody_demo") is None
