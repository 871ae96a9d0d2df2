"""Weeks to write a mail about: a dense one of a thousand confirmed adverts, an empty one, and one whose boards are dark."""

from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import patch

import msgspec

from crawlers.sources.health import HealthProblem
from desk.cases import case_decisions
from desk.digest import weekly_mail
from desk.digest.edition import iso_week
from desk.people import saved_searches
from desk.week_coverage import SourceCoverage, WorstRun
from enrichment.assessment import Harm, MonthlyPay, Place, Signal

DESK = "https://desk.example.org"
TITLES = (
    "Tuyển nhân viên trực tổng đài tại Bavet, lương 30 triệu, bao ăn ở, không cần kinh nghiệm",
    "รับสมัครพนักงานแชท ทำงานที่ปอยเปต เงินเดือนสูง มีที่พักฟรี ไม่ต้องมีประสบการณ์ เริ่มงานทันที",
    "招聘客服人员 柬埔寨西港 包吃包住 月薪两万 无需经验 护照统一保管 马上出发 机票报销",
    "မြဝတီမြို့တွင် အလုပ်ခေါ်သည် လစာကောင်း အစားအသောက် နေရာထိုင်ခင်း အခမဲ့ ပတ်စပို့ ကုမ္ပဏီမှ သိမ်းထားမည်",
    "ជ្រើសរើសបុគ្គលិកឆ្លើយសារ នៅក្រុងព្រះសីហនុ ប្រាក់ខែខ្ពស់ មានកន្លែងស្នាក់នៅ មិនទាមទារបទពិសោធន៍",
)
LANGUAGES = ("vi", "th", "zh", "my", "km")
BOARDS = tuple(f"sample_board_{number}" for number in range(5))
SIGNS = (
    ("passport kept", "documents_held", "control", "passport or papers are kept by the company or its people"),
    ("no day off", "closed_site", "control", "nobody may leave the place of work or of sleep without being allowed to"),
    ("free flight", "free_travel", "logistics", "journey, visa and papers are paid and arranged by the recruiter"),
    ("chat all day", "chat_operator", "job", "the work is to chat with or call strangers all day"),
)
FRESH = (
    ("guaranteed bonus every second week", "referral_bonus", "job", "a reward is promised to who brings friends along"),
    ("live with foreign managers inside", "board_lodging", "control", "bed and meals are inside the place of work"),
    ("typing forty words in a minute", "data_entry_typing", "job", "the work is at a keyboard, typing and entering data"),
    ("casino across the river at night", "gambling_staff", "job", "gambling or a casino is named, or work for it"),
)
"""Words that no advert had before the week."""
PLACES = (("Sihanoukville", "KH"), ("Golden Triangle Special Economic Zone", "LA"), ("Myawaddy", "MM"))
NEW_PLACES = (("Three Pagodas Pass border market", "MM"), ("Bokor Mountain casino road", "KH"))
CONTACT = "Telegram @bright_hr_demo"


def lure(record, number, now, *, age=1.0, **more):
    """Return an advert with everything a mail can say of one: places, pay, four signs, a contact, in one of five scripts."""
    title = f"{number} {TITLES[number % 5]}"
    signs = (*SIGNS, *FRESH) if age == 1.0 else SIGNS
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


def build(engine, store, covered, at, **more):
    """Build the mail of the week of a moment and return it."""
    with patch.object(weekly_mail, "coverage", lambda *_: covered):
        boards = [SimpleNamespace(name=name, countries=("VN",)) for name in BOARDS]
        return weekly_mail.build(
            engine, store, boards, "/nowhere", week=iso_week(at), now=at, recipients=["one@example.org"], sender="w@example.org",
            desk_url=DESK, organisation="Test desk", contact="desk@example.org", help_lines=("Viet Nam 111", "Thailand 1300"),
            **more,
        )[0]  # fmt: skip


def dark_boards(count):
    """Return boards that nothing was read of, and as many read in part, with long names and long faults."""
    finding = HealthProblem(name="blocked", problem=f"the last 3 runs ended blocked: {TITLES[3] * 3}", fix="-")
    worst = WorstRun(state="partial", read=11_000, expected=12_345)
    partly = {"runs": 3, "states": {"partial": 3}, "postings": 11_000, "worst": worst}
    return [
        SourceCoverage(source=f"s{number}", title=f"{number} {TITLES[3] * 2}", runs=3, states={"blocked": 3}, findings=(finding,))
        for number in range(count)
    ] + [SourceCoverage(source=f"p{number}", title=f"{number} {TITLES[0] * 2}", **partly) for number in range(count)]


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
    confirm(engine, sure[: confirmed // 2], minh, now, "critical")
    confirm(engine, sure[confirmed // 2 :], minh, now, "low")
    for number in range(20):
        saved_searches.save(engine, f"Tìm kiếm {number} " + "ว" * 60, "lang:vi", shared=True, by=minh, now=now - week)
    return build(engine, store, dark_boards(23), now)
