"""The busiest week still fits a mail that no program clips: coverage and the gravest first, the rest counted and linked."""

import re
from email import policy

import pytest

from desk.digest import render
from desk.digest.edition import CARDS
from desk.digest.weekly_mail import LARGEST_MESSAGE, fit_edition
from desk.languages.reader_locale import ReaderLocale
from tests.desk.digest.weeks import DESK, reader


@pytest.mark.parametrize("language", ["en", "vi", "fr"])
def test_the_busiest_week_is_one_message_no_mail_program_clips(dense_week, language):
    locale = ReaderLocale(language)
    message = render.message(
        dense_week, recipient="one@example.org", sender="watch@example.org", desk_url=DESK, organisation="Test desk",
        locale=locale, reader=reader(),
    )  # fmt: skip
    assert len(message.as_bytes(policy=policy.SMTP)) <= LARGEST_MESSAGE == 100_000
    for part in message.iter_parts():
        assert part.get_content().count(f"{DESK}/answer/") == 3 * CARDS, "three links a card"
    assert message["Reply-To"] == "desk@example.org"


def test_nothing_is_left_out_in_silence_and_what_is_left_out_is_linked(dense_week):
    subject = "LureWatch: 40 taken back, 1,000 confirmed, 1,293 newly flagged, 46 boards not read whole, 17–24 Nov 2026"
    assert render.subject(dense_week) == subject
    counted = {
        "confirmed": (sum(1 + item.alike for item in dense_week.confirmed) + dense_week.more_confirmed, 1_000),
        "retracted": (len(dense_week.retracted) + dense_week.more_retracted, 40),
        "unreviewed": (sum(1 + item.alike for item in dense_week.unreviewed) + dense_week.more_unreviewed, 290),
        "movements": (len(dense_week.movements) + dense_week.more_movements, sum(dense_week.changed.values())),
        "searches": (len(dense_week.searches) + dense_week.more_searches, 20),
    }
    assert {name: pair[0] for name, pair in counted.items()} == {name: pair[1] for name, pair in counted.items()}
    assert len(dense_week.cards[0]) == CARDS == 7
    assert {item.severity for item in dense_week.confirmed} == {"critical"}
    for body in (render.text(dense_week, DESK, "Test desk"), render.html(dense_week, DESK, "Test desk")):
        for name in counted:
            more = getattr(dense_week, f"more_{name}")
            assert more > 0
            assert f"and {more:,} more" in body
        assert "23 of 46 boards seen" in body
        for standing in ("withdrawn", "confirmed", "unreviewed"):
            assert f"{DESK}/digest/{dense_week.week}?standing={standing}" in body
        for link in ("/campaigns", "/saved", "/sources", "/queue"):
            assert f"{DESK}{link}" in body
        parts = ("earlier mails listed", "flagged for the first time", "boards seen", "week by week", "confirmed by a person (",
                 "not yet reviewed (", "reports to platforms", "help, and how to refer", "you get this because")  # fmt: skip
        read = body[body.index("17 Nov 2026") :].casefold()
        places = [read.index(words) for words in parts]
        assert places == sorted(places)


def test_confirmed_items_are_folded_by_campaign(dense_week):
    campaigns = [item.campaign for item in dense_week.confirmed if item.campaign]
    assert len(campaigns) == len(set(campaigns)) > 0
    assert len({item.title for item in dense_week.confirmed}) == len(dense_week.confirmed)


def test_long_words_around_the_lists_cost_items_before_they_cost_the_limit(dense_week):
    fitted = fit_edition(dense_week, desk_url=f"https://desk.example.org/{'long' * 150}", organisation="Test desk")
    assert (fitted.searches, fitted.more_searches) == ((), 20)
    assert fitted.counts == dense_week.counts


def test_other_languages_have_no_english_of_ours_and_french_marks_begin_no_line(dense_week):
    english = ("papers or passport", "forced labour", "blocked", "in part", "removed", "is named", "adverts", "boards")
    for language, fault in (("vi", "bị chặn"), ("fr", "bloqué")):
        body = render.text(dense_week, DESK, "Test desk", ReaderLocale(language))
        assert fault in body
        assert [words for words in english if words in body] == []
    said = [line for line in body.splitlines() if "http" not in line]
    assert [line for line in said if re.search(r" [;:?!»]|« ", line)] == []
    assert any("\u00a0;" in line for line in said)
