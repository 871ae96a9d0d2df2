"""LibreOffice, which calculates what it takes for a formula, finds none in a list."""

import os
import re
import shutil
import subprocess

import pytest

from desk.takedown.formats import csv_file
from tests.desk.takedown.formats.conftest import ATTACKS

pytestmark = pytest.mark.skipif(
    shutil.which("soffice") is None and not os.environ.get("CI"), reason="LibreOffice is not here; `.ci/machine test` installs it"
)
CSV = "CSV:44,34,76,1,,0,false,true,false,false,false,0,true"
"""Commas, double quotes, UTF-8, numbers detected and formulas evaluated: the worst that its dialog allows."""


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """Return a function that opens files as a spreadsheet and returns each as LibreOffice's own XML, in which formulas show."""
    home = tmp_path_factory.mktemp("office")

    def do(files, suffix, *options):
        folder = tmp_path_factory.mktemp("files")
        for number, content in enumerate(files):
            (folder / f"{number}.{suffix}").write_bytes(content)
        command = ["soffice", f"-env:UserInstallation={home.as_uri()}", "--headless", *options, "--convert-to", "fods"]
        files_there = sorted(folder.iterdir())
        done = subprocess.run([*command, "--outdir", folder, *files_there], capture_output=True, timeout=180, check=True)
        shown = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.fods"))]
        assert len(shown) == len(files), done.stderr.decode()
        return shown

    return do


def formulas(shown):
    return re.findall(r'table:formula="([^"]*)"', shown)


def test_a_bare_formula_is_found_in_a_csv(opened):
    """So that finding none means something."""
    (shown,) = opened([b'"=1+1","text"\r\n'], "csv", f"--infilter={CSV}")
    assert formulas(shown) == ["of:=1+1"]


def test_no_list_of_hostile_text_has_a_live_formula(hostile, opened):
    documents = [hostile(number, items=12, change=change) for number, change in enumerate(["new", "updated", "withdrawn", "new"])]
    lists = opened([csv_file.render(document)["list.csv"] for document in documents], "csv", f"--infilter={CSV}")
    assert sum(attack.startswith("=") for attack in ATTACKS) > 2
    for document, shown in zip(documents, lists, strict=True):
        assert formulas(shown) == []
        assert shown.count(document.entries[0].body["notice_id"]) >= 1
        assert not re.findall(r'xlink:href="(?!#)(?!\./)[^"]*"', shown.partition("<office:body>")[2])
