"""A workbook holds text alone: no formula, no link, no macro, whatever the item says."""

import io
import zipfile

import openpyxl
import pytest

from desk.takedown.formats import csv_file, xlsx_file
from tests.desk.takedown.formats.conftest import ATTACKS


@pytest.mark.parametrize("change", ["new", "updated", "withdrawn"])
def test_every_cell_is_text_that_no_spreadsheet_calculates(hostile, change):
    for number in range(5):
        document = hostile(number, items=5, change=change)
        content = xlsx_file.render(document)["list.xlsx"]
        assert xlsx_file.render(document) == {"list.xlsx": content}
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        names = csv_file.RETRACTION if change == "withdrawn" else csv_file.COLUMNS
        assert [cell.value for cell in sheet[1]] == [*names, *(["screenshot"] if document.exhibits else [])]
        assert len(sheet._images) == len(document.exhibits)
        assert sheet.max_row == 6
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in ("s", "n", "inlineStr") and cell.hyperlink is None
                assert cell.value is None or not str(cell.value).lstrip(" \u200b\ufeff").startswith(tuple("=+-@＝＋－＠"))
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert not [name for name in archive.namelist() if "vba" in name.lower() or "external" in name.lower()]
            assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_each_attack_in_a_cell_can_be_read(hostile):
    assert len(ATTACKS) > 25
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_file.render(hostile(3))["list.xlsx"])).active
    assert sheet["C2"].value.startswith("https://board.example.org/jobs/300")
