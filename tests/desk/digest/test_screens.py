"""The mail as a reader sees it on a telephone and on a desktop, in each language, in light and in dark.

The pictures in ``docs/screens`` are written here where LUREWATCH_WRITE_SCREENS asks for it.
"""

import os
from io import BytesIO
from pathlib import Path

import pytest
from msgspec.structs import replace
from PIL import Image

from desk.digest import render
from desk.digest.wording import desk_words
from desk.languages.reader_locale import ReaderLocale, reading
from desk.week_coverage import SourceCoverage
from tests.desk.digest.weeks import DESK, build, dark_boards, lure, reader
from tests.desk.web.test_accessible import AXE, RUN

SCREENS = Path(__file__).resolve().parents[3] / "docs" / "screens"
TELEPHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1100, "height": 800}
MOST = 6
"""Screens of a telephone that a mail may take."""
LANGUAGES = ("en", "vi", "fr")
LONG = "control over people, abroad: going out is forbidden; something or somebody abroad is named"
BARS = """() => [...document.querySelectorAll("table")].filter((one) => one.getAttribute("role") === "img"
    ? !one.getAttribute("aria-label") : one.getAttribute("role") !== "presentation").map((one) => one.outerHTML.slice(0, 80))"""
"""Tables that are neither layout nor a picture with words."""


@pytest.fixture
def weeks(desk_db, store, record, now, request):
    """Return the mail of a week by its name: ``dense``, ``empty``, or ``dead`` where sources are."""

    def week(name):
        if name == "dense":
            return request.getfixturevalue("dense_week")
        if name.startswith("long"):
            full = request.getfixturevalue("dense_week")
            items = tuple(replace(one, reasons=(LONG,) * 3) for one in full.confirmed[: int(name[-1])])
            return replace(full, unreviewed=(), confirmed=items)
        if name == "dead":
            store.put([lure(record, number, now, campaign=f"c{number % 2}") for number in range(6)])
            return build(desk_db, store, dark_boards(2), now)
        return build(
            desk_db, store, [SourceCoverage(source=f"s{n}", title=f"Board {n}", runs=7, postings=9) for n in range(43)], now
        )

    return week


@pytest.mark.parametrize(("cards", "whole"), [(7, False), (6, None), (3, True)])
def test_a_reason_is_cut_only_where_the_screens_are_full(browser, weeks, cards, whole):
    edition = weeks(f"long{cards}")
    for language in LANGUAGES:
        page = browser.new_page(viewport=TELEPHONE)
        page.set_content(render.html(edition, DESK, "Test desk", ReaderLocale(language), reader()))
        height = page.evaluate("document.documentElement.scrollHeight")
        with reading(ReaderLocale(language)):
            assert whole in (None, desk_words(LONG) in page.inner_text("body"))
        assert height <= MOST * TELEPHONE["height"], (language, height / TELEPHONE["height"])
        page.close()


@pytest.mark.parametrize("name", ["dense", "empty", "dead"])
def test_a_mail_is_at_most_six_screens_and_pleases_axe_in_light_and_dark(browser, weeks, name):
    edition = weeks(name)
    for language in LANGUAGES:
        body = render.html(edition, DESK, "Test desk", ReaderLocale(language), reader())
        for scheme in ("light", "dark"):
            page = browser.new_page(viewport=TELEPHONE, color_scheme=scheme)
            asked = []
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            page.set_content(body)
            height = page.evaluate("document.documentElement.scrollHeight")
            assert height <= MOST * TELEPHONE["height"], (language, height / TELEPHONE["height"])
            page.evaluate(AXE)
            assert page.evaluate(RUN, None) + page.evaluate(BARS) == [], (language, scheme)
            assert page.evaluate("document.documentElement.scrollWidth") == TELEPHONE["width"]
            ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
            assert ground == ("rgb(247, 245, 241)" if scheme == "light" else "rgb(21, 25, 27)")
            assert asked == [], "a mail asks nobody for anything"
            take_picture(page, f"mail-{name}-{language}", scheme, TELEPHONE | {"height": 1_300})
            page.set_viewport_size(DESKTOP)
            assert page.evaluate("document.documentElement.scrollWidth") == DESKTOP["width"]
            if language == "en":
                take_picture(page, f"mail-{name}-desktop", scheme, DESKTOP)
            page.close()


def take_picture(page, name, scheme, size):
    """Keep the beginning of a mail for the docs where it is asked for, in few colours; in the dark in English alone."""
    if os.environ.get("LUREWATCH_WRITE_SCREENS") and (scheme == "light" or name.endswith(("-en", "-desktop"))):
        taken = page.screenshot(full_page=True, clip={"x": 0, "y": 0, **size})
        few = Image.open(BytesIO(taken)).convert("RGB").quantize(48, dither=Image.Dither.NONE)
        few.save(SCREENS / f"{name}{'-dark' if scheme == 'dark' else ''}.png", optimize=True)
