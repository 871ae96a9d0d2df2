"""Dates as boards, channels and forums print them become UTC; what is no date is None."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import cycle

import pytest
from babel import Locale

from crawlers.text import dates
from crawlers.text.dates import WORDS

NOW = datetime(2025, 3, 20, 12, 0, tzinfo=UTC)

ABSOLUTE = [
    ("2025-03-09", None, "2025-03-09T00:00"), ("2020-10-20 20:55:07 UTC", None, "2020-10-20T20:55:07"),
    ("2020-05-05T16:06:08+02:00", None, "2020-05-05T14:06:08"), ("Sat, 08 Mar 2025 03:00:00 +0700", None, "2025-03-07T20:00"),
    ("1741478400", None, "2025-03-09T00:00"), ("14 มี.ค. 2568", "th", "2025-03-14T00:00"),
    ("14 มีนาคม 68 เวลา 09:30 น.", "th", "2025-03-14T09:30"), ("2568-03-14", "th", "2025-03-14T00:00"),
    ("14/03/2568", "th", "2025-03-14T00:00"), ("2025年3月9日", "zh", "2025-03-09T00:00"),
    ("发布时间： 2015年05月19日", "zh", "2015-05-19T00:00"), ("民國114年3月9日", "zh-TW", "2025-03-09T00:00"),
    ("114/03/09", "zh-TW", "2025-03-09T00:00"), ("3月9日 下午3:20", "zh", "2025-03-09T15:20"),
    ("03-09", "zh", "2025-03-09T00:00"), ("2025. 3. 9.", "ko", "2025-03-09T00:00"),
    ("2014/02/13(木) 12:37:09", "ja", "2014-02-13T12:37:09"), ("25/03/09", "ja", "2025-03-09T00:00"),
    ("18/02/2025", "vi", "2025-02-18T00:00"), ("Ngày 18 tháng 2, 2025", "vi", "2025-02-18T00:00"),
    ("5.3.2025", "en", "2025-03-05T00:00"), ("3/9/2025", "en-US", "2025-03-09T00:00"), ("3/9/2025", "en", "2025-09-03T00:00"),
    ("13-03-2025", "km", "2025-03-13T00:00"), ("ថ្ងៃទី ១៣ ខែមីនា ឆ្នាំ ២០២៥", "km", "2025-03-13T00:00"),
    ("၂၀၂၅ ခုနှစ် မတ် ၉", "my", "2025-03-09T00:00"), ("1 Maret 2025", "id", "2025-03-01T00:00"),
    ("21 Ogos 2024", "ms", "2024-08-21T00:00"), ("Posted 27 Feb 2025", "en", "2025-02-27T00:00"),
    ("Mon feb 10, 2025 9:12 am", "en", "2025-02-10T09:12"), ("2nd March 2025, 21:12", "en", "2025-03-02T21:12"),
    ("March 9, 2025", "en", "2025-03-09T00:00"), ("9 de março de 2025", "pt", "2025-03-09T00:00"),
    ("9 mars 2025", "fr", "2025-03-09T00:00"), ("5 ago 2024", "es", "2024-08-05T00:00"),
    ("09 марта 2025, 14:05", "ru", "2025-03-09T14:05"), ("12. března 2025", "cs", "2025-03-12T00:00"),
    ("९ मार्च २०२५", "hi", "2025-03-09T00:00"), ("৯ মার্চ ২০২৫", "bn", "2025-03-09T00:00"),
    ("9 مارچ 2025", "ur", "2025-03-09T00:00"), ("2025 මාර්තු 9", "si", "2025-03-09T00:00"),
    ("9 மார்ச் 2025", "ta", "2025-03-09T00:00"), ("9 machi 2025", "sw", "2025-03-09T00:00"),
    ("ማርች 9 2025", "am", "2025-03-09T00:00"), ("9 ມີນາ 2025", "lo", "2025-03-09T00:00"), ("Mar 9", "en", "2025-03-09T00:00"),
    ("9 Dec", "en", "2024-12-09T00:00"),
]  # fmt: skip
RELATIVE = [
    ("3 giờ trước", "vi", "2025-03-20T09:00"), ("2 ngày trước", "vi", "2025-03-18T00:00"),
    ("hôm qua, 15:20", "vi", "2025-03-19T15:20"), ("昨天", "zh", "2025-03-19T00:00"), ("昨天 14:30", "zh", "2025-03-19T14:30"),
    ("前天", "zh", "2025-03-18T00:00"), ("5天前", "zh", "2025-03-15T00:00"), ("3小时前发布", "zh", "2025-03-20T09:00"),
    ("3 weeks ago", "en", "2025-02-27T00:00"), ("30+ days ago", "en", "2025-02-18T00:00"), ("2h", "en", "2025-03-20T10:00"),
    ("an hour ago", "en", "2025-03-20T11:00"), ("Yesterday, 11:05 AM", "en", "2025-03-19T11:05"),
    ("today at 3:15 pm", "en", "2025-03-20T15:15"), ("Posted just now", "en", "2025-03-20T12:00"),
    ("3 วันที่แล้ว", "th", "2025-03-17T00:00"), ("เมื่อวานนี้", "th", "2025-03-19T00:00"), ("3 hari yang lalu", "id", "2025-03-17T00:00"),
    ("sebulan lalu", "id", "2025-02-18T00:00"), ("kelmarin", "ms", "2025-03-19T00:00"),
    ("3 araw ang nakalipas", "tl", "2025-03-17T00:00"), ("kahapon", "tl", "2025-03-19T00:00"),
    ("៣ ថ្ងៃមុន", "km", "2025-03-17T00:00"), ("၃ ရက် က", "my", "2025-03-17T00:00"), ("3 ຊົ່ວໂມງກ່ອນ", "lo", "2025-03-20T09:00"),
    ("2 दिन पहले", "hi", "2025-03-18T00:00"), ("3 दिन अघि", "ne", "2025-03-17T00:00"), ("৩ দিন আগে", "bn", "2025-03-17T00:00"),
    ("3 دن پہلے", "ur", "2025-03-17T00:00"), ("දින 3 කට පෙර", "si", "2025-03-17T00:00"),
    ("3 நாட்களுக்கு முன்", "ta", "2025-03-17T00:00"), ("il y a 2 heures", "fr", "2025-03-20T10:00"),
    ("há 2 dias", "pt", "2025-03-18T00:00"), ("hace 3 días", "es", "2025-03-17T00:00"),
    ("2 часа назад", "ru", "2025-03-20T10:00"), ("siku 3 zilizopita", "sw", "2025-03-17T00:00"),
    ("ከ3 ቀን በፊት", "am", "2025-03-17T00:00"), ("3시간 전", "ko", "2025-03-20T09:00"), ("3日前", "ja", "2025-03-17T00:00"),
    ("2か月前", "ja", "2025-01-18T00:00"), ("vor 3 Tagen", "de", "2025-03-17T00:00"), ("před 3 dny", "cs", "2025-03-17T00:00"),
    ("منذ 3 أيام", "ar", "2025-03-17T00:00"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "language", "wanted"), ABSOLUTE + RELATIVE)
def test_date_becomes_utc(raw: str, language: str | None, wanted: str) -> None:
    assert dates.moment(raw, now=NOW, language=language) == datetime.fromisoformat(wanted).replace(tzinfo=UTC)


@pytest.mark.parametrize("raw", [
    "", "20人", "hello 5 there", "99/99/2025", "2025-13-45", "Full-time", "3000-5000", "v1.2.3", "9" * 5000, "\u202e" * 300,
    "2081-11-25",
])  # fmt: skip
def test_what_is_no_date_is_none(raw: str) -> None:
    assert dates.moment(raw, now=NOW, language="en") is None


def test_a_date_without_a_zone_stays_on_that_date() -> None:
    found = dates.moment("Monday, 3 March 2025 23:59", now=NOW, language="en")
    assert found == datetime(2025, 3, 3, 23, 59, tzinfo=UTC)


# Every word of the tables is read as what its table says, and stands in it once.

SUMMER = datetime(2025, 6, 15, 12, tzinfo=UTC)
LANGUAGES = "en vi zh zh_Hant th id ms fil km lo my hi bn ur ne si ta fr pt es ru sw am ko ja de cs ar".split()  # noqa: SIM905
PREFIXES = (
    "Posted", "Published", "Updated", "Reposted", "Last updated:", "Date posted:", "Added", "Aktiv", "Đăng ngày:", "Diposting",
    "Publié", "Publicado", "Veröffentlicht", "Aktualizováno", "Vloženo", "Опубликовано", "发布时间：", "更新日", "掲載日:",
    "등록일", "โพสต์เมื่อ", "ប្រកាស", "प्रकाशित", "প্রকাশিত", "شائع", "نُشر", "Imechapishwa", "ተለጥፏል",
)  # fmt: skip
SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800, "month": 2_629_800, "year": 31_557_600}
MONTH_WORDS = {month: names.split() for month, names in WORDS.months.items()}
UNIT_WORDS = {unit: names.split() for unit, names in WORDS.units.items()}
DAY_WORDS = {days: re.split(r"\|\s*", names) for days, names in WORDS.days.items()}
AGO = re.split(r"\|\s*", WORDS.ago)
TWO_AGO = {
    "second": datetime(2025, 6, 15, 11, 59, 58, tzinfo=UTC),
    "minute": datetime(2025, 6, 15, 11, 58, tzinfo=UTC),
    "hour": datetime(2025, 6, 15, 10, tzinfo=UTC),
    "day": datetime(2025, 6, 13, tzinfo=UTC),
    "week": datetime(2025, 6, 1, tzinfo=UTC),
    "month": datetime(2025, 4, 15, tzinfo=UTC),
    "year": datetime(2023, 6, 16, tzinfo=UTC),
}
"""Two of each unit before ``SUMMER``; a mean month has 30.4 days and a mean year 365.25."""


@pytest.mark.parametrize("words", [MONTH_WORDS, UNIT_WORDS, DAY_WORDS, {0: AGO}], ids=["months", "units", "days", "ago"])
def test_a_word_stands_once_in_its_table_and_in_lower_case(words: dict[object, list[str]]) -> None:
    counts = Counter(word for listed in words.values() for word in listed)
    assert [word for word, count in counts.items() if count > 1 or word != word.lower() or word != word.strip()] == []


@pytest.mark.parametrize("month", WORDS.months)
def test_every_name_of_a_month_is_read_as_that_month(month: int) -> None:
    read = {name: dates.moment(f"5 {name} 2024", now=SUMMER) for name in MONTH_WORDS[month]}
    assert read == dict.fromkeys(MONTH_WORDS[month], datetime(2024, month, 5, tzinfo=UTC))


@pytest.mark.parametrize("unit", WORDS.units)
def test_every_name_of_a_unit_counts_back_that_unit(unit: str) -> None:
    read = {name: dates.moment(f"2 {name} ago", now=SUMMER) for name in UNIT_WORDS[unit]}
    assert read == dict.fromkeys(UNIT_WORDS[unit], TWO_AGO[unit])


@pytest.mark.parametrize("days", WORDS.days)
def test_every_name_of_a_day_is_that_many_days_back(days: int) -> None:
    read = {name: str(dates.moment(name, now=SUMMER))[:10] for name in DAY_WORDS[days]}
    assert read == dict.fromkeys(DAY_WORDS[days], f"2025-06-{15 - days}")


def test_every_word_for_ago_makes_a_span_relative() -> None:
    assert {word: dates.moment(f"2 days {word}", now=SUMMER) for word in AGO} == dict.fromkeys(AGO, TWO_AGO["day"])


def _relative_texts() -> list[tuple[str, str, datetime]]:
    """Return (language, text, time it means) for each relative pattern of CLDR; the patterns are Unicode's, not ours."""
    results = []
    for language in LANGUAGES:
        locale = Locale.parse(language)
        for unit, seconds in SECONDS.items():
            for style in ("", "-short", "-narrow"):
                patterns = locale._data["date_fields"].get(unit + style, {}).get("past", {})
                for count in (1, 2, 3, 5, 11, 21) if patterns else ():
                    text = (patterns.get(locale.plural_form(count)) or patterns["other"]).replace("{0}", str(count))
                    time = SUMMER - timedelta(seconds=count * seconds)
                    whole = unit in ("second", "minute", "hour")
                    results.append((language, text, time if whole else time.replace(hour=0, minute=0)))
    return list(dict.fromkeys(results))


def test_a_relative_date_of_any_language_is_read_behind_any_prefix() -> None:
    """Regression: the last letter of "Posted 2 weeks ago" was read as the unit of "2", so it was two days ago."""
    cases = [
        (language, f"{prefix} {text}".strip(), time)
        for (language, text, time), prefixes in zip(
            _relative_texts(), cycle([PREFIXES[at : at + 2] for at in range(25)]), strict=False
        )
        for prefix in ("", *prefixes)
    ]
    assert len(cases) > 2_000
    read = [(language, text, dates.moment(text, now=SUMMER, language=language), time) for language, text, time in cases]
    assert [case for case in read if case[2] not in (case[3], None)] == []
    assert {text for _, text, found, _ in read if found is None and "خلال" not in text} == set()  # "within", an error of CLDR


def test_words_that_start_with_one_name_a_known_unit() -> None:
    assert {said.partition(" ")[2] for said in WORDS.counted} <= set(WORDS.units)
    assert dates.moment("sejam lalu", now=SUMMER) == datetime(2025, 6, 15, 11, tzinfo=UTC)


def test_a_month_with_an_invisible_joiner_or_no_such_word_is_no_trap() -> None:
    """Sinhala April is written with U+200D; a word that merely begins like a month is none."""
    assert dates.moment("5 අප්\u200dරේල් 2024", now=SUMMER) == datetime(2024, 4, 5, tzinfo=UTC)
    assert dates.moment("5 marvellous cooks", now=SUMMER, language="en") is None
