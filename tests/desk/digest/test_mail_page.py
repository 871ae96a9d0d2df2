"""The mail as strangers read it: each name a reader knows, each number equal to its neighbours, each plural right."""

import re
from datetime import timedelta

import msgspec
import pytest

from desk.cases import case_decisions
from desk.digest import render
from desk.digest.edition import Ledger, Movement
from desk.digest.week_figures import TakedownLedger
from desk.languages.reader_locale import ReaderLocale
from desk.people import saved_searches
from desk.week_coverage import SourceCoverage
from tests.desk.digest.weeks import BOARDS, DESK, build, confirm, lure, reader, report, send_list

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NAMED = [
    SourceCoverage(source=name, title=title, runs=7, postings=9)
    for name, title in zip(BOARDS, ("Việc làm Bavet", "سوق العمل", "Board of Poipet", "Myawaddy jobs", "ក្ដារ"), strict=True)
]


def write_text(edition, language="en", zone="UTC"):
    """Return the mail in plain text, with its subject."""
    locale = ReaderLocale(language, zone)
    return f"{render.subject(edition, locale)}\n{render.text(edition, DESK, 'Test desk', locale, reader(language))}"


@pytest.fixture
def taken_back(desk_db, store, record, staff, now):
    """Return the mail of a week in which all that was confirmed is taken back, and one campaign moved."""
    minh = staff(desk_db)["minh"]
    items = [lure(record, number, now, age=9, campaign="crew") for number in (1, 2)]
    store.put(items)
    confirm(desk_db, items, minh, now - 7 * DAY - HOUR)
    build(desk_db, store, NAMED, now - 7 * DAY)
    case_decisions.undo(desk_db, [each.id for each in items], by=minh, now=now - HOUR, seen={each.id: 1 for each in items})
    store.put([lure(record, 3, now, campaign="crew")])
    saved_searches.save(desk_db, "Zalo @secret_reader 0912345678", "lang:my", shared=True, by=minh, now=now - 9 * DAY)
    return build(desk_db, store, NAMED, now)


def test_boards_languages_and_mails_are_called_as_a_stranger_knows_them(taken_back):
    text = write_text(taken_back)
    assert "sample_board" not in text, "a board has a title, as the strip of coverage calls it"
    assert "\u2068سوق العمل\u2069 · mail of 17 Nov 2026" in text, "neither an ISO week, nor a name that swallows what follows it"
    assert "now also Burmese, Myawaddy jobs" in text
    assert "thư ngày 16/11/2026" in write_text(taken_back, "vi", "America/Adak"), "the reader's day"
    for hidden in ("minh", "@secret_reader", "0912345678"):
        assert hidden not in text
    assert "Zalo [contact] [number] · 1 new" in text


@pytest.mark.parametrize(("zone", "days"), [("UTC", "17–24 Nov 2026"), ("America/Adak", "16–23 Nov 2026")])
def test_the_subject_names_the_days_that_the_mail_counts(taken_back, zone, days):
    subject, _, body = write_text(taken_back, "en", zone).partition("\n")
    assert subject.endswith(days)
    first, second = re.search(r"^(\d\d) Nov 2026 .* – (\d\d) Nov 2026", body, re.MULTILINE).groups()
    assert days.startswith(f"{first}–{second}"), "not the days of Greenwich in the one and the reader's in the other"


def test_one_of_each_is_said_in_the_singular(desk_db, store, record, staff, now):
    minh, item = staff(desk_db)["minh"], lure(record, 1, now)
    store.put([item])
    confirm(desk_db, [item], minh, now - 30 * HOUR)
    report(desk_db, [item], minh, now - 29 * HOUR)
    edition = build(desk_db, store, NAMED[:1], now)
    french = write_text(edition, "fr")
    assert "LureWatch: 1 confirmée, 1 nouvellement signalée" in french
    assert not re.search(r"\b[01] (\w+(ées|ues)|sites|ont|attendent)\b", french)
    english, vietnamese = write_text(edition), write_text(edition, "vi")
    assert "Newly seen gone: 1, within 3 h of the report\n" in english and "1 sent; seen gone: 1; gone within 3 h" in english
    assert "half of" not in english and "một nửa sau" not in vietnamese
    many = msgspec.structs.replace(edition, ledger=Ledger(reported=2, gone=1_234, median_hours=21))
    assert "Newly seen gone: 1,234, half of them within 21 h of the report" in write_text(many)


def test_large_numbers_have_the_marks_of_the_language_in_the_subject_too(dense_week):
    marks = {"en": ("1,293", "1,000"), "vi": ("1.293", "1.000"), "fr": ("1\u202f293", "1\u202f000")}
    for language, (flagged, confirmed) in marks.items():
        subject = write_text(dense_week, language).partition("\n")[0]
        assert flagged in subject and confirmed in subject


def test_an_advert_on_two_lists_of_a_week_is_one_report(desk_db, store, record, staff, now):
    minh, item = staff(desk_db)["minh"], lure(record, 1, now, age=30)
    store.put([item])
    confirm(desk_db, [item], minh, now - 9 * DAY)
    for number, (platform, at) in enumerate((("board", now - DAY), ("host", now - HOUR), ("host", now - 8 * DAY)), 1):
        send_list(desk_db, minh, number, at, {item: "new"}, platform)
    with desk_db.connect() as connection:
        ledger = TakedownLedger(connection, now)
    assert ledger.weeks()[-2:] == (1, 1)
    assert ledger.summary(now - 7 * DAY).reported == 1


def test_a_quiet_week_does_not_say_that_no_notice_was_ever_sent(taken_back):
    quiet = write_text(taken_back)
    assert "Nothing was reported in this period, and no earlier report is open." in quiet
    assert "Reported to platforms: 0; seen gone, whenever reported: 0; waiting for a person: 3." in quiet
    assert "Chưa" not in write_text(taken_back, "vi").partition("TIN BÁO CHO NỀN TẢNG")[2].partition("\n\n")[0]
    assert "Never listed" not in quiet, "what is none is not told"


def test_copies_are_told_as_a_number_of_adverts_that_sums_up(dense_week):
    text = write_text(dense_week)
    part = text.partition("CONFIRMED BY A PERSON (1,000)")[2].partition("CAMPAIGNS")[0]
    titles = re.findall(r"\n\* (.*)", part)
    cards = len(titles) - 6
    lines = sum(int(found[1]) if (found := re.search(r"· (\d+) adverts?$", title)) else 1 for title in titles[cards:])
    more = sum(int(number) for number in re.findall(r"with (\d+) more like it", part))
    assert cards + more + lines + int(re.search(r"and (\d+) more <", part)[1]) == 1_000
    assert "+7" not in text


def test_a_card_whose_campaign_says_its_size_does_not_say_it_twice(desk_db, store, record, now):
    store.put([lure(record, 1 + 5 * number, now, campaign="big") for number in range(80)])
    text = write_text(build(desk_db, store, NAMED, now))
    assert "\u2068سوق العمل\u2069 · New: 80 adverts" in text and "with 79 more" not in text


def test_a_narrow_mail_says_what_it_is_limited_to(desk_db, store, record, add_reader, now):
    store.put([record(number, language=code) for number, code in enumerate(("vi", "en"))])
    one = add_reader(languages=["vi", "my"], least_score=60, least_harm="confinement")
    edition = build(desk_db, store, NAMED, now, subscription=one)
    assert "only adverts in: Vietnamese, Burmese · only scores from 60 · only this harm or graver: people are kept" in write_text(
        edition
    )
    assert "chỉ tin bằng: Tiếng Việt, Tiếng Miến Điện · chỉ điểm từ 60" in write_text(edition, "vi")


def test_what_an_older_mail_kept_is_still_told(taken_back):
    (first, *_rest) = taken_back.retracted
    old = msgspec.structs.replace(taken_back, retracted=(msgspec.structs.replace(first, mailed_at=None),))
    assert "mail of 2026-W47" in write_text(old)
    movement = taken_back.movements[0]
    gone_board = msgspec.structs.replace(movement, new_ground=("source closed_board",))
    assert isinstance(movement, Movement)
    assert "now also closed_board" in write_text(msgspec.structs.replace(old, movements=(gone_board,)))
