"""The busiest week still fits a mail that no program clips: coverage and the gravest first, the rest counted and linked."""

from datetime import timedelta
from email import policy

import pytest

from crawlers.sources.health import HealthProblem
from desk.cases import case_decisions, saved_searches
from desk.digest import render, weekly_mail
from desk.digest.edition import iso_week
from desk.digest.fit import LARGEST_MESSAGE, LARGEST_OPENING
from desk.week_coverage import SourceCoverage

DESK = "https://desk.example.org"
TITLES = (
    "Tuyển nhân viên trực tổng đài tại Bavet, lương 30 triệu, bao ăn ở, không cần kinh nghiệm",
    "รับสมัครพนักงานแชท ทำงานที่ปอยเปต เงินเดือนสูง มีที่พักฟรี ไม่ต้องมีประสบการณ์ เริ่มงานทันที",
    "招聘客服人员 柬埔寨西港 包吃包住 月薪两万 无需经验 护照统一保管 马上出发 机票报销",
    "မြဝတီမြို့တွင် အလုပ်ခေါ်သည် လစာကောင်း အစားအသောက် နေရာထိုင်ခင်း အခမဲ့ ပတ်စပို့ ကုမ္ပဏီမှ သိမ်းထားမည်",
    "ជ្រើសរើសបុគ្គលិកឆ្លើយសារ នៅក្រុងព្រះសីហនុ ប្រាក់ខែខ្ពស់ មានកន្លែងស្នាក់នៅ មិនទាមទារបទពិសោធន៍",
)
WORDS = "passport kept at the office. "


@pytest.fixture
def busy(desk_db, store, staff, record, now):
    """Build a week of hundreds of new, confirmed, growing, moved and taken-back items in five scripts; return the edition."""
    minh, week = staff(desk_db)["minh"], timedelta(days=7)

    def item(number, *, age=1.0, campaign=None, **more):
        title = f"{number} {TITLES[number % 5]}"
        body = f"{title}. {WORDS}{TITLES[(number + 1) % 5] * 6}"
        return record(number, title=title, text=body, campaign=campaign, first_seen=now - timedelta(days=age), **more)

    def confirm(items, at, severity, seen=0):
        values = {"tag": "scam_compound", "severity": severity, "clause": "forced_labour", "note": "Đã xem. " * 100}
        case_decisions.confirm(desk_db, items, by=minh, now=at, seen={each.id: seen for each in items}, **values)

    taken_back = [item(number, age=9, score=50 + number) for number in range(1, 61)]
    store.put(taken_back)
    confirm(taken_back, now - week, "high")
    draft(desk_db, store, [], now - week)
    case_decisions.undo(desk_db, [each.id for each in taken_back], by=minh, now=now, seen={each.id: 1 for each in taken_back})
    low = [item(number, score=99.0) for number in range(100, 150)]
    critical = [item(number, score=30.0) for number in range(150, 170)]
    growing = [item(number, age=age, campaign=f"c{number}") for number in range(200, 260) for age in (20,)]
    growing += [item(number + 100, campaign=f"c{number}") for number in range(200, 260)]
    moved = [item(number, age=20, campaign=f"m{number}") for number in range(400, 420)]
    moved += [item(number + 20, campaign=f"m{number}", language="th") for number in range(400, 420)]
    store.put([*low, *critical, *growing, *moved, *(item(number) for number in range(500, 900))])
    confirm(low, now, "low")
    confirm(critical, now, "critical")
    for number in range(60):
        saved_searches.save(desk_db, f"Tìm kiếm {number} " + "ว" * 60, "lang:en", shared=True, by=minh, now=now - week)
    finding = HealthProblem(name="blocked", problem=f"the last 3 runs ended blocked: {TITLES[3] * 3}", fix="-")
    blocked = {"runs": 3, "states": {"blocked": 3}, "findings": (finding, finding)}
    coverage = [SourceCoverage(source=f"s{number}", title=f"{number} {TITLES[3] * 2}", **blocked) for number in range(120)]
    return draft(desk_db, store, coverage, now)


def draft(engine, store, coverage, at):
    """Build a week's digest and return it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(weekly_mail, "coverage", lambda *_: coverage)
        return weekly_mail.build(
            engine, store, [], "/nowhere", week=iso_week(at), now=at, recipients=["one@example.org"], sender="watch@example.org",
            desk_url=DESK, organisation="Test desk",
        )[0]  # fmt: skip


def parts(edition):
    """Return the message as bytes, and its text and HTML part as they cross the wire and as a reader sees them."""
    message = render.message(
        edition, recipient="one@example.org", sender="watch@example.org", desk_url=DESK, organisation="Test desk"
    )
    wire = [part.as_bytes(policy=policy.SMTP) for part in message.iter_parts()]
    return message, message.as_bytes(policy=policy.SMTP), wire, [part.get_content() for part in message.iter_parts()]


def test_the_busiest_week_is_one_message_no_mail_program_clips_and_nothing_is_left_out_in_silence(busy):
    message, whole, wire, bodies = parts(busy)
    assert 90_000 < len(whole) <= LARGEST_MESSAGE == 100_000
    for body, encoded in zip(bodies, wire, strict=True):
        end = body.index("of 120 sources were read whole by every run")
        assert len(encoded) * len(body[:end].encode()) / len(body.encode()) <= LARGEST_OPENING == 10_000
        headings = ("what was not covered", "earlier mails listed", "confirmed by a person")
        order = [body.casefold().index(words) for words in headings]
        assert order == sorted(order)
    assert message["Subject"] == "LureWatch: 60 taken back, 70 confirmed, 630 new flagged, 120 sources to mend, 17 to 24 Nov 2026"
    assert [item.severity for item in busy.confirmed[:20]] == ["critical"] * 20
    counted = {
        "confirmed": (len(busy.confirmed) + busy.more_confirmed, 70),
        "retracted": (len(busy.retracted) + busy.more_retracted, 60),
        "unreviewed": (sum(1 + item.alike for item in busy.unreviewed) + busy.more_unreviewed, busy.counts.new_flagged - 70),
        "movements": (len(busy.movements) + busy.more_movements, 80),
        "searches": (len(busy.searches) + busy.more_searches, 60),
    }
    assert {name: pair[0] for name, pair in counted.items()} == {name: pair[1] for name, pair in counted.items()}
    for body in bodies:
        for more in (busy.more_confirmed, busy.more_retracted, busy.more_unreviewed, busy.more_movements, busy.more_searches):
            assert more > 0
            assert f"and {more} more" in body
        assert f"and {120 - busy.listed_uncovered} more" in body
        assert busy.listed_uncovered > 0
        assert "excerpts and notes that are not here stand at the desk" in body
        for link in (f"/digest/{busy.week}", "/campaigns", "/saved", "/sources"):
            assert f"{DESK}{link}" in body
