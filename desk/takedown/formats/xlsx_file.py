"""A workbook for people with a spreadsheet: the rows of ``list.csv`` as text cells, no formula, no link, no macro."""

import io

import xlsxwriter

from desk.highlighting import plain_line
from desk.takedown.formats.csv_file import rows
from desk.takedown.takedown_document import TakedownDocument

LONGEST = 32_767
"""Characters that a cell takes."""
WIDTHS = {"url": 48, "explanation": 80, "title": 40, "withdrawn_because": 60, "good_faith": 40, "requested_action": 40}
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def render(document: TakedownDocument) -> dict[str, bytes]:
    """Return ``list.xlsx``; the same list gives the same bytes."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, OPTIONS)
    created = document.built_at.replace(tzinfo=None)
    book.set_properties({"title": document.name, "author": document.notifier.name, "created": created})
    sheet, head = book.add_worksheet("List"), book.add_format({"bold": True})
    body = book.add_format({"text_wrap": True, "valign": "top"})
    columns: list[str] = []
    for at, row in enumerate(rows(document)):
        columns = columns or row
        for column, value in enumerate(row):
            sheet.write_string(at, column, _text(value), body if at else head)
    for column, name in enumerate(columns):
        sheet.set_column(column, column, WIDTHS.get(name, 18))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(document.entries), len(columns) - 1)
    book.close()
    return {"list.xlsx": out.getvalue()}


def _text(value: str) -> str:
    return plain_line(value).encode("utf-8", "replace").decode()[:LONGEST]
