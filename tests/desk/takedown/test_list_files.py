"""No file is too large for a mail: it is written in numbered parts, and nothing is left out."""

import csv
import hashlib
import io
import json
import random

import msgspec
import pytest
from PIL import Image

from desk.platforms import FORMATS
from desk.takedown import list_files
from desk.takedown.list_files import files_of, mails_of
from desk.takedown.takedown_document import Exhibit
from tests.desk.takedown.formats.conftest import hostile  # noqa: F401 - the fixture


@pytest.fixture
def large(hostile):  # noqa: F811
    """Return a list of 24 items in every format but the one that starts a browser, each with a picture of 500 KB."""
    document = hostile(1, items=24)
    platform = document.platform.model_copy(update={"formats": tuple(name for name in FORMATS if name != "pdf")})
    noise = Image.frombytes("RGB", (400, 400), random.Random(1).randbytes(480_000))
    noise.save(out := io.BytesIO(), "JPEG", quality=97)
    rest = random.Random(2).randbytes(500_000 - len(out.getvalue()) - 1)
    exhibits = {item.item_id: Exhibit(picture=out.getvalue() + rest + bytes([at])) for at, item in enumerate(document.entries)}
    return msgspec.structs.replace(document, platform=platform, exhibits=exhibits)


WRITTEN: dict[str, bytes] = {}


@pytest.fixture
def files(large):
    """Return the files of the list; they are written once."""
    if not WRITTEN:
        WRITTEN.update({name: content for name, (_, content) in files_of(large).items()})
    return WRITTEN


def test_a_file_that_is_too_large_is_written_in_parts_that_hold_everything(large, files):
    parts = sorted(name for name in files if name.startswith("notice.part"))
    assert parts == [f"notice.part-{part}-of-{len(parts)}.html" for part in range(1, len(parts) + 1)]
    assert 3 <= len(parts) <= 4
    assert all(len(files[name]) <= list_files.PART_BYTES for name in files)
    ids = [entry.body["notice_id"] for entry in large.entries]
    assert [sum(files[part].count(name.encode()) for part in parts) for name in ids] == [1] * 24
    for split in ("list", "notices.stix", "reports.xarf"):  # machines get the picture with its notice
        told = [content.decode() for name, content in files.items() if name.startswith(f"{split}.part") and ".json" in name]
        assert len(told) >= 3 and [sum(f'"notice_id": "{name}"' in part for part in told) <= 1 for name in ids] == [True] * 24
    assert f"part 2 of {len(parts)}".encode() in files[parts[1]]
    named = [each["name"] for each in json.loads(files["manifest.json"])["files"]]
    assert sorted(named) == sorted(set(files) - {"manifest.json", "SHA256SUMS"})


def test_mails_stay_under_ten_megabytes_and_carry_every_file(files):
    mails = mails_of(files)
    assert len(mails) > 3
    assert all({"manifest.json", "SHA256SUMS"} < set(mail) for mail in mails)
    assert all(sum(len(files[name]) for name in mail) * 1.37 < 10_000_000 for mail in mails)
    assert sorted(name for mail in mails for name in mail if name not in list_files.IN_EACH_MAIL) == sorted(
        set(files) - set(list_files.IN_EACH_MAIL)
    )
    assert [mails_of({name: files[name] for name in ("list.csv", "manifest.json")})] == [[["list.csv", "manifest.json"]]]


def test_every_row_of_a_split_list_is_there_once(large, monkeypatch):
    monkeypatch.setattr(list_files, "PART_BYTES", 12_000)
    platform = large.platform.model_copy(update={"formats": ("csv",)})
    large = msgspec.structs.replace(large, platform=platform)
    files = {name: content for name, (_, content) in files_of(large).items()}
    assert files_of(large) == files_of(large)
    rows = [
        row["notice_id"] for name in sorted(files) if name.startswith("list.part") and name.endswith(".csv")
        for row in csv.DictReader(io.StringIO(files[name].decode("utf-8-sig")))
    ]  # fmt: skip
    assert rows == [entry.body["notice_id"] for entry in large.entries]
    for line in files["SHA256SUMS"].decode().splitlines():
        digest, _, name = line.partition("  ")
        assert hashlib.sha256(files[name]).hexdigest() == digest
