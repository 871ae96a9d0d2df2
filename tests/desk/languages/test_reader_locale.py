"""Numbers, moments and names as whoever reads writes them."""

from datetime import UTC, datetime, timedelta

import pytest

from desk.languages.catalogues import say
from desk.languages.reader_locale import ReaderLocale, ago, guessed_language, language_name, number, reading, stamp, zones

AT = datetime(2026, 11, 24, 20, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "zone", "written"),
    [
        ("en", "UTC", "24 Nov 2026 20:05 UTC"),
        ("en", "Africa/Dakar", "24 Nov 2026 20:05 UTC"),
        ("vi", "Asia/Ho_Chi_Minh", "25/11/2026 03:05 UTC+7 (24/11/2026 20:05 UTC)"),
        ("fr", "Europe/Paris", "24 nov. 2026 21:05 UTC+1 (20:05 UTC)"),
        ("en", "Asia/Kathmandu", "25 Nov 2026 01:50 UTC+5:45 (24 Nov 2026 20:05 UTC)"),
        ("en", "America/Bogota", "24 Nov 2026 15:05 UTC-5 (20:05 UTC)"),
    ],
)
def test_a_moment_tells_its_zone_and_utc(language: str, zone: str, written: str) -> None:
    """Evidence is kept in UTC, which no reader has to work out."""
    with reading(ReaderLocale(language=language, zone=zone)):
        assert stamp(AT) == written


@pytest.mark.parametrize(("language", "written"), [("en", "12,345"), ("vi", "12.345"), ("fr", "12\u202f345")])
def test_numbers(language: str, written: str) -> None:
    """A point means thousands to some and a fraction to others."""
    with reading(ReaderLocale(language=language)):
        assert number(12345) == written


def test_the_largest_whole_unit() -> None:
    """How long ago something was."""
    steps = {
        30: "just now", 60: "1 minute ago", 7300: "2 hours ago", 86_400: "1 day ago", 86_400 * 61: "2 months ago",
        86_400 * 400: "1 year ago",
    }  # fmt: skip
    assert {seconds: str(ago(AT - timedelta(seconds=seconds), AT)) for seconds in steps} == steps


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"), ("vi-VN,vi;q=0.9,en-US;q=0.8,en;q=0.7", "vi"), ("de, fr;q=0.5, en;q=0.4", "fr"), ("en;q=0.4, fr;q=0.9", "fr"),
        ("fr;q=0, de", "en"), ("*", "en"), ("<script>;q=9, vi" + ",x" * 5000, "vi"),
    ],
)  # fmt: skip
def test_the_browsers_wish(accepted: str, language: str) -> None:
    """The first of ours by weight; nonsense is no wish."""
    assert guessed_language(accepted) == language


def test_names_of_languages() -> None:
    """In the reader's language; what has no name is its code."""
    assert [say(language_name(code)) for code in ("my", "tl", "und", "qq")] == ["Burmese", "Filipino", "Not sure", "Qq"]
    with reading(ReaderLocale(language="fr")):
        assert (language_name("my"), language_name("zh-Hant")) == ("Birman", "Chinois traditionnel")
    with reading(ReaderLocale(language="vi")):
        assert [language_name(code) for code in ("vi", "zh")] == ["Tiếng Việt", "Tiếng Trung"]
    assert {"UTC", "Asia/Ho_Chi_Minh", "Africa/Dakar"} <= set(zones())
