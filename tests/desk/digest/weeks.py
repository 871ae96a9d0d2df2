"""Weeks to write a mail about: a dense one of a thousand confirmed adverts, an empty one, and one whose boards are dark."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from unittest.mock import patch

import msgspec
from sqlalchemy import func, insert, select

from crawlers.sources.health import HealthProblem
from desk.cases import case_decisions
from desk.database import writing
from desk.digest import weekly_mail
from desk.partners.answer_review import note_reply
from desk.people import saved_searches
from desk.rechecks.clock import note_sighting
from desk.rechecks.notice_outcomes import SentNotice
from desk.rechecks.sighting import Sighting
from desk.subscribers.subscriptions import Subscription
from desk.tables import decisions, list_entries, lists
from desk.week_coverage import SourceCoverage, WorstRun
from enrichment.assessment import Harm, MonthlyPay, Place, Signal
from tests.desk.conftest import build_week

DESK = "https://desk.example.org"
TITLES = (
    "Tuyển nhân viên trực tổng đài tại Bavet, lương 30 triệu, bao ăn ở, không cần kinh nghiệm",
    "รับสมัครพนักงานแชท ทำงานที่ปอยเปต เงินเดือนสูง มีที่พักฟรี ไม่ต้องมีประสบการณ์ เริ่มงานทันที",
    "招聘客服人员 柬埔寨西港 包吃包住 月薪两万 无需经验 护照统一保管 马上出发 机票报销",
    "မြဝတီမြို့တွင် အလုပ်ခေါ်သည် လစာကောင်း အစားအသောက် နေရာထိုင်ခင်း အခမဲ့ ပတ်စပို့ ကုမ္ပဏီမှ သိမ်းထားမည်",
    "ជ្រើសរើសបុគ្គលិកឆ្លើយសារ នៅក្រុងព្រះសីហនុ ប្រាក់ខែខ្ពស់ មានកន្លែងស្នាក់នៅ មិនទាមទារបទពិសោធន៍",
)
LANGUAGES = ("vi", "th", "zh", "my", "km")
BOARD_NAMES = ("နမူနာ အလုပ်ကြော်ငြာ ဘုတ်", "Bảng việc làm mẫu khu vực phía Nam", "กระดานงานตัวอย่างภาคเหนือ", "ក្ដារការងារគំរូ")
BOARDS = tuple(f"sample_board_{number}" for number in range(5))
SIGNS = (
    ("documents_held", "control", "papers or passport are kept or handed over"),
    ("closed_site", "control", "nobody leaves the place without permission"),
    ("free_travel", "logistics", "a journey is free, paid or arranged"),
    ("chat_operator", "job", "chatting with strangers is the work"),
)
"""Indicator, family and meaning of the words in ``SIGN_WORDS``."""
SIGN_WORDS = (
    ("công ty giữ hộ chiếu", "không tự ý ra ngoài", "vé máy bay miễn phí", "nhắn tin với khách cả ngày"),
    ("บริษัทเก็บพาสปอร์ต", "ห้ามออกนอกตึก", "ตั๋วเครื่องบินฟรี", "แชทกับลูกค้าทั้งวัน"),
    ("护照由公司保管", "不得外出", "机票免费", "整天和客户聊天"),
    ("ပတ်စပို့ ကုမ္ပဏီကသိမ်း", "အပြင်ထွက်ခွင့်မရှိ", "လေယာဉ်လက်မှတ် အခမဲ့", "တစ်နေကုန် စကားပြော"),
    ("ក្រុមហ៊ុនរក្សាលិខិតឆ្លងដែន", "ហាមចេញក្រៅ", "សំបុត្រយន្តហោះឥតគិតថ្លៃ", "ជជែកពេញមួយថ្ងៃ"),
)
"""The words, in each of ``LANGUAGES``."""
FRESH = (
    ("guaranteed bonus every second week", "referral_bonus", "job", "a reward for people brought or introduced"),
    ("live with foreign managers inside", "board_lodging", "control", "lodging and meals are given"),
    ("typing forty words in a minute", "data_entry_typing", "job", "work at a keyboard: typing, data entry"),
    ("casino across the river at night", "gambling_staff", "job", "gambling or a casino is named, or work for it"),
)
"""Words that no advert had before the week."""
PLACES = (("Sihanoukville", "KH"), ("Golden Triangle Special Economic Zone", "LA"), ("Myawaddy", "MM"))
NEW_PLACES = (("Three Pagodas Pass border market", "MM"), ("Bokor Mountain casino road", "KH"))
CONTACT = "Telegram @bright_hr_demo"


def reader(language="en"):
    """Return a subscription whose links take as much room as anybody's."""
    return Subscription(
        id=123_456, address="one@example.org", owner="minh", by="minh", search=None, typed="", schedule="weekly", zone="UTC",
        language=language, key="ab" * 32, created_at=datetime(2026, 11, 1, tzinfo=UTC),
    )  # fmt: skip


def lure(record, number, now, *, age=1.0, **more):
    """Return an advert with everything a mail can say of one: places, pay, four signs, a contact, in one of five scripts."""
    title = f"{TITLES[number % 5]} {number}"
    signs = [(words, *sign) for words, sign in zip(SIGN_WORDS[number % 5], SIGNS, strict=True)]
    signs += FRESH if age == 1.0 else ()
    contact = f"{CONTACT}. Zalo crew_{number % 7}_demo" if age == 1.0 else CONTACT
    text = f"{title}. {'. '.join(words for words, *_ in signs)}. {contact}. {TITLES[(number + 1) % 5] * 3}"
    made = record(
        number, title=title, text=text, language=LANGUAGES[number % 5], source=BOARDS[number % 5],
        first_seen=now - timedelta(days=age), harm=Harm(level="confinement"), **more,
    )  # fmt: skip
    raw = f"{title}\n{text}"
    signals = tuple(
        Signal(indicator=name, family=family, start=raw.index(words), end=raw.index(words) + len(words), text=words,
               weight=30.0 - place, gloss=gloss)
        for place, (words, name, family, gloss) in enumerate(signs)
    )  # fmt: skip
    named = (*PLACES, *NEW_PLACES) if age == 1.0 else PLACES
    places = tuple(Place(name=name, country=country, kind="town", start=0, end=1) for name, country in named)
    pay = MonthlyPay(low=29_500_000, high=31_500_000, currency="VND", period="month", monthly_usd=1_200.0, start=0, end=1)
    judged = msgspec.structs.replace(made.assessment, signals=signals, places=places, pay=pay)
    return msgspec.structs.replace(made, assessment=judged)


def confirm(engine, items, by, at, severity="critical", seen=0):
    """Confirm adverts with a long note of which one long sentence may leave."""
    note = "Đã xem, cùng một nhóm người với tin tuần trước và với hai nhóm trên mạng, xem thêm ở hồ sơ. "
    case_decisions.confirm(
        engine, items, by=by, now=at, tag="scam_compound", severity=severity, clause="forced_labour", note=note,
        disclose=[note.strip()], seen={each.id: seen for each in items},
    )  # fmt: skip


def send_list(engine, by, number, at, entries, platform="board"):
    """Note a list as sent, or as only approved where ``at`` is None, with entries: record -> change."""
    with writing(engine) as connection:
        state = {"state": "sent" if at else "approved", "sent_at": at, "built_at": at or datetime(2026, 1, 1, tzinfo=UTC)}
        values = {"id": number, "number": number, "platform": platform, "manifest_sha256": "0" * 64, "built_by": by.id}
        connection.execute(insert(lists).values(**values, **state))
        for item, change in entries.items():
            decision = connection.execute(select(func.max(decisions.c.id)).where(decisions.c.item_id == item.id)).scalar()
            if decision is None:
                step = {"item_id": item.id, "seq": 1, "kind": "confirm", "source": "s", "url": "u", "revision": 1}
                made = insert(decisions).values(**step, text_sha256="0" * 64, by_id=by.id, at=state["built_at"])
                decision = connection.execute(made.returning(decisions.c.id)).scalar_one()
            row = {"list_id": number, "item_id": item.id, "change": change, "decision_id": decision, "body": "{}"}
            connection.execute(insert(list_entries).values(**row))


def report(engine, items, by, at):
    """Send a list of adverts; of six of them three are found gone, one later back, one is refused, two still stand."""
    send_list(engine, by, 1, at, dict.fromkeys(items, "new"))
    for place, item in enumerate(items):
        notice = SentNotice(platform="board", item_id=item.id, sent_at=at, tag=None)
        for step, state in enumerate(("gone", "up")[: (1, 1, 2, 0, 0, 0)[place % 6]]):
            note_sighting(engine, notice, Sighting(state=state), at + timedelta(hours=3 + place % 30 + 20 * step))
        if place % 6 == 3:
            note_reply(engine, "board", item.id, "refused", reason="no_breach", by=by, now=at + timedelta(hours=9))


def build(engine, store, covered, at, **more):
    """Build the mail of the week of a moment and return it."""
    with patch.object(weekly_mail, "coverage", lambda *_: covered):
        boards = [SimpleNamespace(name=name, countries=("VN",)) for name in BOARDS]
        more |= {"contact": "desk@example.org", "help_lines": ("Viet Nam 111", "Thailand 1300")}
        return build_week(engine, store, at, boards, recipients=["one@example.org"], desk_url=DESK, **more)[0]


def dark_boards(count):
    """Return boards that nothing was read of, and as many read in part, those of the adverts first, with long names."""
    problem = "the last 3 runs ended blocked: every page answered 403 and asked for a picture puzzle"
    finding = HealthProblem(name="blocked", problem=problem, fix="-")
    worst = WorstRun(state="partial", read=11_000, expected=12_345)
    blocked = {"runs": 3, "states": {"blocked": 3}, "findings": (finding,)}
    partly = {"runs": 3, "states": {"partial": 3}, "postings": 11_000, "worst": worst}
    named = [f"{name} {number}" for number, name in enumerate(BOARD_NAMES * count, 1)]
    return [SourceCoverage(source=f"s{number}", title=named[number], **blocked) for number in range(count)] + [
        SourceCoverage(source=source, title=named[count + number], **partly)
        for number, source in enumerate((*BOARDS, *(f"p{number}" for number in range(count)))[:count])
    ]


def dense(engine, store, staff, record, now, confirmed=1_000):
    """Build a week with far more of everything than a mail holds; return its edition."""
    minh, week = staff(engine)["minh"], timedelta(days=7)
    taken_back = [lure(record, number, now, age=9, score=50 + number) for number in range(1, 41)]
    store.put(taken_back)
    confirm(engine, taken_back, minh, now - week, "high")
    build(engine, store, [], now - week)
    case_decisions.undo(engine, [each.id for each in taken_back], by=minh, now=now, seen={each.id: 1 for each in taken_back})
    numbers = range(1_000, 1_000 + confirmed)
    sure = [lure(record, number, now, campaign=f"sure{number % 80}" if number % 3 else None) for number in numbers]
    grown = [lure(record, 5_000 + number, now, age=20, campaign=f"g{number % 30}") for number in range(60)]
    more = [lure(record, 6_000 + number, now, campaign=f"g{number % 30}") for number in range(30)]
    loose = [lure(record, 7_000 + number, now) for number in range(200)]
    told = [lure(record, 8_000 + number, now, stance="testimony") for number in range(3)]
    store.put([*sure, *grown, *more, *loose, *told])
    confirm(engine, sure[: confirmed // 2], minh, now - timedelta(days=4), "critical")
    confirm(engine, sure[confirmed // 2 :], minh, now, "low")
    report(engine, sure[: confirmed // 2 : 2], minh, now - timedelta(days=3))
    for number in range(20):
        saved_searches.save(engine, f"Tìm kiếm {number} " + "ว" * 60, "lang:vi", shared=True, by=minh, now=now - week)
    return build(engine, store, dark_boards(23), now)
