"""Outlook on Windows lays mails out as Word does: what Word ignores must not carry the layout.

Word reads width, height and padding of tables and cells alone, margins of paragraphs and headings too, and of ``span``, ``a`` and
``body`` only what concerns letters (Microsoft, *Word 2007 HTML and CSS rendering capabilities in Outlook*, still in force).
"""

import re

import pytest
from lxml.html import fromstring

from desk.digest import render
from tests.desk.digest.weeks import DESK

LETTERS = {
    "font", "font-family", "font-size", "font-style", "font-weight", "line-height", "color", "background", "text-align",
    "text-decoration", "vertical-align", "white-space", "border",
}  # fmt: skip
"""What Word reads of every element."""
BLOCKS = LETTERS | {"margin", "margin-top", "margin-bottom", "border-top"}
CELLS = BLOCKS | {"padding", "width", "height"}
READ = {"table": CELLS, "td": CELLS, "p": BLOCKS, "div": BLOCKS, "h1": BLOCKS, "h2": BLOCKS, "h3": BLOCKS}
FREE = {
    "table": {"max-width", "border-radius"},  # a table of 640 pixels stands around it for Word; corners are decoration
    "td": {"word-break"},
    "a": {"display", "padding"},  # a larger ground to touch: Outlook on Windows is not touched
    "body": {"margin", "padding"},
    "div": {"display", "max-height", "overflow", "mso-hide", "padding-top"},
}
"""What may be ignored."""


@pytest.fixture
def page(dense_week):
    return render.html(dense_week, DESK, "Test desk")


def test_nothing_that_word_ignores_carries_the_layout(page):
    for element in fromstring(page).iter():
        if isinstance(element.tag, str) and element.tag != "style":
            style = {part.partition(":")[0].strip() for part in element.get("style", "").split(";")} - {""}
            assert style <= READ.get(element.tag, LETTERS) | FREE.get(element.tag, set()), (element.tag, style)


def test_bars_are_cells_with_a_height_that_word_reads(page):
    bars = [cell for cell in fromstring(page).iter("td") if "fill" in cell.get("class", "")]
    assert len(bars) == 3 * 8
    for cell in bars:
        assert f"height:{cell.get('height')}px" in cell.get("style").replace(" ", "")
        assert int(cell.get("height")) > 0 and cell.get("width") == "8"


def test_word_has_a_width_a_font_and_no_preheader(page):
    head, _, body = page.partition("<body")
    assert re.search(r"<!--\[if mso\]><style>[^<]*font-family: Arial[^<]*</style><!\[endif\]-->", head)
    fixed = r"<!--\[if mso\]><style>[^<]*\.card, \.spaced \{ table-layout: fixed; \}"
    assert re.search(fixed, head), "a quote without spaces does not widen the table"
    assert re.search(r'<!--\[if mso\]><table role="presentation" width="640"[^>]*><tr><td><!\[endif\]-->', body)
    assert page.count("<!--[if mso]>") == page.count("<![endif]-->") == 3
    assert "mso-hide: all" in body
