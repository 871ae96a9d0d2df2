"""Pictures are read in a child process; a hostile one costs little and never ends anything."""

import shutil
import struct
import sys
import time
import zlib
from pathlib import Path

import psutil
import pytest
from PIL import Image

from crawlers.pictures.picture import PictureTask
from crawlers.pictures.read_child import read_picture
from crawlers.pictures.reader import PictureReader
from tests.growth import seconds_per_step

HOSTILE_STEPS, HOSTILE_BYTES = 40_000_000, 128 * 2**20
"""40 million steps of a loop take two to four seconds."""


@pytest.fixture
def reader(missing_service):
    if shutil.which("tesseract") is None:
        missing_service("Tesseract (Debian: tesseract-ocr)")
    with PictureReader(("en", "vi")) as made:
        yield made


def test_a_poster_gives_its_lines_and_the_contact_of_its_code(reader, poster, packed):
    reading = reader.read(packed(poster, "JPEG", quality=60))
    assert (reading.state, reading.script, reading.width, reading.height) == ("read", "Latin", 1000, 700)
    assert "URGENT HIRING in Phnom Penh" in reading.text
    assert "2500 USD" in reading.text
    assert [code.links for code in reading.codes] == [("https://t.me/sample_recruiter",)]
    assert len(reading.pdq) == 64
    line = reading.lines[0]
    assert reading.text[line.start : line.end] == "URGENT HIRING in Phnom Penh"
    assert line.box.top == pytest.approx(72, abs=12)
    assert line.box.left == pytest.approx(62, abs=8)


def test_a_script_nobody_expected_is_read_all_the_same(poster, packed, reader):
    with PictureReader(("th",)) as other:
        assert "2500 USD" in other.read(packed(poster)).text


def hostile_files(poster: Image.Image, packed) -> dict[str, tuple[bytes, str]]:
    """Name -> file and the reason it is refused for; "" for one that is read."""
    big = Image.new("RGB", (8000, 5000), (250, 250, 250))
    frames = [poster.rotate(turn) for turn in range(1, 30)]
    photograph = packed(poster, "JPEG")
    header = struct.pack(">IIBBBBB", 4000, 3000, 8, 6, 0, 0, 0)
    row = zlib.compress(bytes(4000 * 3000 * 4), 9)
    bomb = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in (
            (b"IHDR", header),
            (b"zTXt", b"a\0\0" + zlib.compress(bytes(60 << 20))),
            (b"IDAT", row[: len(row) // 2]),
        )
    )
    return {
        "40 megapixels, JPEG": (packed(big, "JPEG"), "too_many_pixels"),
        "40 megapixels, PNG": (packed(big), "too_many_pixels"),
        "truncated JPEG": (photograph[: len(photograph) // 2], "truncated"),
        "truncated PNG": (packed(poster)[:4000], "truncated"),
        "12 megapixels, cut, with a text bomb": (bomb, "truncated"),
        "animated GIF": (packed(poster, "GIF", save_all=True, append_images=frames), ""),
        "animated WebP": (packed(poster, "WEBP", save_all=True, append_images=frames[:9]), ""),
        "page in place of a picture": (b"<html>" * 1000, "not_an_image"),
    }


def test_hostile_pictures_cost_at_most_two_seconds_and_128_mib(poster, packed):
    """Measured without Tesseract, whose time has a limit of its own; `pytest -s` shows the table."""
    files = hostile_files(poster, packed)
    with PictureReader() as reader:
        reader.packs = frozenset()
        reader.read(packed(Image.new("RGB", (60, 60))))
        for name, (body, reason) in files.items():
            began = time.process_time() + _children_seconds(reader)
            reading = reader.read(body)
            seconds = time.process_time() + _children_seconds(reader) - began
            peak = _peak(reader)
            sys.stdout.write(f"{name}: {reading.state} {reading.reason}, {seconds:.2f} s of processor, peak {peak >> 20} MiB\n")
            if reason:
                assert (reading.state, reading.reason) == ("refused", reason), name
            else:
                assert reading.state == "unread" and reading.animated, name
            assert seconds / seconds_per_step() <= HOSTILE_STEPS, name
            assert peak <= HOSTILE_BYTES, name


def _children_seconds(reader: PictureReader) -> float:
    if reader._child is None:
        return 0.0
    times = psutil.Process(reader._child.pid).cpu_times()
    return float(times.user + times.system)


def _peak(reader: PictureReader) -> int:
    """Return the most memory the child ever had, in bytes."""
    if reader._child is None:
        return 0
    status = Path(f"/proc/{reader._child.pid}/status").read_text()
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def test_a_reader_that_dies_costs_its_picture_and_no_other(poster, packed):
    with PictureReader() as reader:
        reader.packs = frozenset()
        assert reader.read(packed(poster)).state == "unread"
        reader._child.kill()
        reader._child.wait()
        assert reader.read(packed(poster)).reason == "reader_died"
        assert reader.read(packed(poster)).state == "unread"


def test_a_picture_that_takes_too_long_is_given_up(poster, packed, monkeypatch):
    with PictureReader() as reader:
        reader.packs = frozenset()
        reader.read(packed(poster))
        monkeypatch.setattr("crawlers.pictures.reader.DECODE_SECONDS", 0.0)
        assert reader.read(packed(poster)).reason == "too_slow"
        assert reader._child is None


def test_without_tesseract_codes_are_read_and_the_picture_is_counted_unread(poster, packed):
    body = packed(poster)
    reading = read_picture(body, PictureTask(size=len(body)))
    assert (reading.state, reading.reason) == ("unread", "no_tesseract")
    assert reading.codes[0].content == "https://t.me/sample_recruiter"


def test_a_button_is_no_poster(packed):
    body = packed(Image.new("RGB", (30, 30)))
    assert read_picture(body, PictureTask(size=len(body))).reason == "too_small"
