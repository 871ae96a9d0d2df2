"""A workbook for people with a spreadsheet: the rows of ``list.csv`` as text cells, and screenshots; no formula or macro."""

import io

import xlsxwriter
from PIL import Image
from xlsxwriter.worksheet import Worksheet

from desk.highlighting import plain_line
from desk.takedown.formats.csv_file import rows
from desk.takedown.takedown_document import TakedownDocument

LONGEST = 32_767
"""Characters that a cell takes."""
TALL = 180
"""Pixels of a screenshot in its row; the whole picture is in the file."""
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
    for at, entry in enumerate(document.entries, 1):
        if picture := document.exhibit(entry).picture:
            _set_picture(sheet, at, len(columns), picture)
    for column, name in enumerate(columns):
        sheet.set_column(column, column, WIDTHS.get(name, 18))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(document.entries), len(columns) - 1)
    book.close()
    return {"list.xlsx": out.getvalue()}


def _set_picture(sheet: Worksheet, row: int, column: int, picture: bytes) -> None:
    """Set a screenshot into the cell after a row's last one."""
    with Image.open(io.BytesIO(picture), formats=("JPEG",)) as image:
        scale = TALL / image.height
    sheet.set_row_pixels(row, TALL)
    sheet.write_string(0, column, "screenshot")
    sheet.set_column(column, column, 24)
    sheet.insert_image(row, column, "screenshot.jpg", {
        "image_data": io.BytesIO(picture), "x_scale": scale, "y_scale": scale, "object_position": 1,
        "description": "Screenshot of the item, as captured",
    })  # fmt: skip


def _text(value: str) -> str:
    return plain_line(value).encode("utf-8", "replace").decode()[:LONGEST]
