"""What pictures show stands in their posting, with its place."""

import os
import shutil
import signal
import struct
import sys
import time
import zlib
from pathlib import Path

import psutil
import pytest
from PIL import Image

from crawlers.frontier.sqlite_state import KnownImage
from crawlers.items import Capture, Media, Posting
from crawlers.pictures.picture import Box, PictureCode, PictureReading, PictureTask
from crawlers.pictures.read_child import read_picture
from crawlers.pictures.run_pictures import PictureReader, add_pictures
from tests.crawlers.pictures.test_image_header import gif_of, png_chunk, png_of
from tests.growth import seconds_per_step

CODE = PictureCode(
    kind="QR Code", content="https://t.me/sample_hr", box=Box(left=0, top=0, width=9, height=9), links=("https://t.me/sample_hr",)
)


def posting(text: str, *urls: str) -> Posting:
    media = tuple(Media(url=url, kind="image") for url in urls)
    return Posting(id="p", source="s", url="https://a.example/1", text=text, media=media, contacts=("tel:+84900000147",))


def known(**readings: str):
    capture = Capture(record_id="<r>", sha256="0" * 64, run="run-1")
    images = {
        url: KnownImage(capture=capture, reading=PictureReading(state="read", text=text, codes=(CODE,)))
        for url, text in readings.items()
    }
    return images.get


def test_words_follow_the_text_and_their_place_is_kept():
    joined = add_pictures(posting("Caption", "a", "b", "c"), known(a="Salary 2500", c="Call now"), "run-2")
    assert joined.text == "Caption\n\nSalary 2500\n\nCall now"
    assert [joined.text[media.start : media.end] for media in joined.media] == ["Salary 2500", "", "Call now"]
    assert joined.contacts == ("tel:+84900000147", "https://t.me/sample_hr")
    assert [media.capture.run if media.capture else None for media in joined.media] == ["run-1", None, "run-1"]


def test_a_poster_without_a_caption_is_the_text():
    joined = add_pictures(posting("", "a"), known(a="Salary 2500"), "run-1")
    assert (joined.text, joined.media[0].start, joined.media[0].capture.run) == ("Salary 2500", 0, None)


def test_the_same_words_are_not_said_twice():
    joined = add_pictures(posting("", "a", "b"), known(a="Salary 2500", b="Salary 2500"), "run-1")
    assert joined.text == "Salary 2500"
    assert (joined.media[1].start, joined.media[1].end) == (0, 0)


def test_a_posting_without_kept_pictures_stays_as_it_is():
    assert add_pictures(posting("Caption", "a"), known(), "run-1") == posting("Caption", "a")


HOSTILE_STEPS, HOSTILE_BYTES = 40_000_000, 64 * 2**20
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


def webp_of(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"WEBP" + b"".join(kind + struct.pack("<I", len(part)) + part + bytes(len(part) % 2) for kind, part in chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def webp_canvas(side: int, flags: int = 0) -> tuple[bytes, bytes]:
    return b"VP8X", bytes([flags, 0, 0, 0]) + 2 * (side - 1).to_bytes(3, "little")


def webp_pixels(packed, side: int) -> tuple[bytes, bytes]:
    """A lossless picture of 16 pixels that says it has ``side``."""
    body = packed(Image.new("RGB", (16, 16), (9, 9, 9)), "WEBP", lossless=True)[20:]
    return b"VP8L", body[:1] + struct.pack("<I", (side - 1) | (side - 1) << 14) + body[5:]


def jpeg_of(*frames: tuple[int, int]) -> bytes:
    """Frame headers of (marker, side) and a scan without data."""
    parts = [
        struct.pack(">BBHBHHB", 0xFF, marker, 17, 8, side, side, 3) + b"".join(bytes((number, 17, 0)) for number in range(3))
        for marker, side in frames
    ]
    return b"\xff\xd8" + b"".join(parts) + b"\xff\xda\0\x08\x01\x01\0\0\x3f\0\xff\xd9"


def contradictory_files(packed) -> dict[str, tuple[bytes, str]]:
    """Files of a few bytes whose parts name different sizes, or millions of pixels that are not there."""
    frame = b"ANMF", bytes(6) + 2 * (16382).to_bytes(3, "little") + bytes(4) + webp_of(webp_pixels(packed, 16383))[12:]
    formats = ("TIFF", "ICO", "BMP", "AVIF", "PPM", "TGA", "ICNS", "JPEG2000", "PCX", "DDS", "SGI")
    return {
        "GIF, frame over its screen": (gif_of((50, 50), (0, 0, 65535, 65535)), "too_many_pixels"),
        "PNG, second header": (png_of(50, 50) + png_of(14_000, 14_000)[8:] + png_chunk(b"IDAT", b""), "contradictory"),
        "JPEG, two frame headers": (jpeg_of((0xC0, 50), (0xC0, 20_000)), "contradictory"),
        "JPEG, lossless": (jpeg_of((0xC3, 50)), "damaged"),
        "JPEG, arithmetic": (jpeg_of((0xC9, 3500)), "empty"),
        "WebP, pixels over the canvas": (webp_of(webp_canvas(50), webp_pixels(packed, 16383)), "damaged"),
        "WebP, canvas without pixels": (webp_of(webp_canvas(3500), webp_pixels(packed, 16)), "empty"),
        "WebP, two canvases": (webp_of(webp_canvas(50), webp_canvas(16383), webp_pixels(packed, 50)), "damaged"),
        "WebP, frame over the canvas": (webp_of(webp_canvas(50, 2), (b"ANIM", bytes(6)), frame), "damaged"),
        "WebP, one colour": (webp_of(webp_pixels(packed, 3500)), "empty"),
        **{kind: (packed(Image.new("RGB", (64, 64)), kind), "not_an_image") for kind in formats},
    }


def hostile_files(poster: Image.Image, packed) -> dict[str, tuple[bytes, str]]:
    """Name -> file and the reason it is refused for; "" for one that is read."""
    big = Image.new("RGB", (8000, 5000), (250, 250, 250))
    frames = [poster.rotate(turn) for turn in range(1, 30)]
    photograph = packed(poster, "JPEG")
    header = struct.pack(">IIBBBBB", 4000, 3000, 8, 6, 0, 0, 0)
    row = zlib.compress(bytes(4000 * 3000 * 4), 9)
    bomb = b"\x89PNG\r\n\x1a\n" + b"".join(
        png_chunk(kind, content)
        for kind, content in (
            (b"IHDR", header),
            (b"zTXt", b"a\0\0" + zlib.compress(bytes(60 << 20))),
            (b"IDAT", row[: len(row) // 2]),
        )
    )
    return contradictory_files(packed) | {
        "40 megapixels, JPEG": (packed(big, "JPEG"), "too_many_pixels"),
        "40 megapixels, PNG": (packed(big), "too_many_pixels"),
        "truncated JPEG": (photograph[: len(photograph) // 2], "truncated"),
        "truncated PNG": (packed(poster)[:4000], "truncated"),
        "12 megapixels, cut, with a text bomb": (bomb, "truncated"),
        "animated GIF": (packed(poster, "GIF", save_all=True, append_images=frames), ""),
        "animated WebP": (packed(poster, "WEBP", save_all=True, append_images=frames[:9]), ""),
        "page in place of a picture": (b"<html>" * 1000, "not_an_image"),
    }


def test_hostile_pictures_cost_at_most_two_seconds_and_64_mib(poster, packed):
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


@pytest.mark.parametrize(("limit", "reason"), [("DECODE_SPACE", "too_large"), ("DECODE_SECONDS", "too_slow")])
def test_a_file_beyond_the_limits_of_decoding_is_refused(packed, monkeypatch, limit, reason):
    """The last wall, for what its header does not give away: the kernel refuses memory, or ends the process."""
    small = "4 << 20" if limit == "DECODE_SPACE" else "1"  # room for a small picture; seconds count from the last whole one
    script = f"from crawlers.pictures import read_child as r; r.{limit} = {small}; r.main()"
    monkeypatch.setattr("crawlers.pictures.run_pictures.CHILD", ("-c", script))
    noise = Image.effect_noise((3500, 3500), 60).convert("RGB")
    body = packed(noise, "JPEG", progressive=True, quality=90)
    start = body.rindex(b"\xff\xda")
    body = body[:-2] + body[start:-2] * 60 + body[-2:]  # its last scan over and over, which decoders accept
    with PictureReader() as reader:
        reader.packs = frozenset()
        assert (reading := reader.read(body)).state == "refused"
        assert reading.reason == reason
        assert reader.read(packed(Image.new("RGB", (20, 20)))).reason == "too_small"


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
        os.kill(reader._child.pid, signal.SIGSTOP)
        monkeypatch.setattr("crawlers.pictures.run_pictures.DECODE_SECONDS", 0.1)
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
