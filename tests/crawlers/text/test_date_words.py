"""Every word of the date tables is read by ``dates.moment`` as what its table says, and stands in it once."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import cycle

import pytest
from babel import Locale

from crawlers.text import dates
from crawlers.text.date_words import AGO, COUNTED, DAYS, MONTHS, UNITS

NOW = datetime(2025, 6, 15, 12, tzinfo=UTC)
LANGUAGES = "en vi zh zh_Hant th id ms fil km lo my hi bn ur ne si ta fr pt es ru sw am ko ja de cs ar".split()  # noqa: SIM905
PREFIXES = (
    "Posted", "Published", "Updated", "Reposted", "Last updated:", "Date posted:", "Added", "Aktiv", "Đăng ngày:", "Diposting",
    "Publié", "Publicado", "Veröffentlicht", "Aktualizováno", "Vloženo", "Опубликовано", "发布时间：", "更新日", "掲載日:",
    "등록일", "โพสต์เมื่อ", "ប្រកាស", "प्रकाशित", "প্রকাশিত", "شائع", "نُشر", "Imechapishwa", "ተለጥፏል",
)  # fmt: skip
SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800, "month": 2_629_800, "year": 31_557_600}
MONTH_WORDS = {month: names.split() for month, names in MONTHS.items()}
UNIT_WORDS = {unit: names.split() for unit, names in UNITS.items()}
DAY_WORDS = {days: names.split("|") for days, names in DAYS.items()}
TWO_AGO = {
    "second": datetime(2025, 6, 15, 11, 59, 58, tzinfo=UTC),
    "minute": datetime(2025, 6, 15, 11, 58, tzinfo=UTC),
    "hour": datetime(2025, 6, 15, 10, tzinfo=UTC),
    "day": datetime(2025, 6, 13, tzinfo=UTC),
    "week": datetime(2025, 6, 1, tzinfo=UTC),
    "month": datetime(2025, 4, 15, tzinfo=UTC),
    "year": datetime(2023, 6, 16, tzinfo=UTC),
}
"""Two of each unit before ``NOW``; a mean month has 30.4 days and a mean year 365.25."""


@pytest.mark.parametrize("words", [MONTH_WORDS, UNIT_WORDS, DAY_WORDS, {0: AGO}], ids=["months", "units", "days", "ago"])
def test_a_word_stands_once_in_its_table_and_in_lower_case(words: dict[object, list[str]]) -> None:
    counts = Counter(word for listed in words.values() for word in listed)
    assert [word for word, count in counts.items() if count > 1 or word != word.lower() or word != word.strip()] == []


@pytest.mark.parametrize("month", MONTHS)
def test_every_name_of_a_month_is_read_as_that_month(month: int) -> None:
    read = {name: dates.moment(f"5 {name} 2024", now=NOW) for name in MONTH_WORDS[month]}
    assert read == dict.fromkeys(MONTH_WORDS[month], datetime(2024, month, 5, tzinfo=UTC))


@pytest.mark.parametrize("unit", UNITS)
def test_every_name_of_a_unit_counts_back_that_unit(unit: str) -> None:
    read = {name: dates.moment(f"2 {name} ago", now=NOW) for name in UNIT_WORDS[unit]}
    assert read == dict.fromkeys(UNIT_WORDS[unit], TWO_AGO[unit])


@pytest.mark.parametrize("days", DAYS)
def test_every_name_of_a_day_is_that_many_days_back(days: int) -> None:
    read = {name: str(dates.moment(name, now=NOW))[:10] for name in DAY_WORDS[days]}
    assert read == dict.fromkeys(DAY_WORDS[days], f"2025-06-{15 - days}")


def test_every_word_for_ago_makes_a_span_relative() -> None:
    assert {word: dates.moment(f"2 days {word}", now=NOW) for word in AGO} == dict.fromkeys(AGO, TWO_AGO["day"])


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
                    time = NOW - timedelta(seconds=count * seconds)
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
    read = [(language, text, dates.moment(text, now=NOW, language=language), time) for language, text, time in cases]
    assert [case for case in read if case[2] not in (case[3], None)] == []
    assert {text for _, text, found, _ in read if found is None and "خلال" not in text} == set()  # "within", an error of CLDR


def test_words_that_start_with_one_name_a_known_unit() -> None:
    assert {unit for _, unit in COUNTED.values()} <= set(UNITS)
    assert dates.moment("sejam lalu", now=NOW) == datetime(2025, 6, 15, 11, tzinfo=UTC)


def test_a_month_with_an_invisible_joiner_or_no_such_word_is_no_trap() -> None:
    """Sinhala April is written with U+200D; a word that merely begins like a month is none."""
    assert dates.moment("5 අප්\u200dරේල් 2024", now=NOW) == datetime(2024, 4, 5, tzinfo=UTC)
    assert dates.moment("5 marvellous cooks", now=NOW, language="en") is None
