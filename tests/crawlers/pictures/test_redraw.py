"""A picture that is shown is drawn anew: pixels alone leave, and what must not be decoded is refused before it costs."""

import io
import struct
import zlib

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from crawlers.pictures.image_header import ImageRefused
from crawlers.pictures.redraw import LONGEST, redraw


def png(width: int = 640, height: int = 480, **more: object) -> bytes:
    file = io.BytesIO()
    Image.effect_noise((width, height), 90).convert("RGB").save(file, "PNG", **more)
    return file.getvalue()


def test_metadata_and_bytes_behind_the_image_do_not_leave():
    told = PngInfo()
    told.add_text("Comment", "camera-of-somebody")
    exif = Image.Exif()
    exif[0x010E] = "camera-of-somebody"
    drawn = redraw(png(pnginfo=told, exif=exif) + b"<script>pwned()</script>PK\x03\x04")
    assert drawn.startswith(b"\xff\xd8\xff")
    assert b"camera-of-somebody" not in drawn
    assert b"script" not in drawn
    assert drawn.endswith(b"\xff\xd9")
    with Image.open(io.BytesIO(drawn)) as image:
        assert (image.size, dict(image.getexif())) == ((640, 480), {})


def test_a_large_picture_is_made_smaller():
    with Image.open(io.BytesIO(redraw(png(2400, 1200)))) as image:
        assert image.size == (LONGEST, LONGEST // 2)


def bomb() -> bytes:
    """Return a PNG of 40,000 x 40,000 pixels in a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='pwned()'/>", "not_an_image"),
        (b"<html><script>pwned()</script>", "not_an_image"), (bomb(), "too_many_pixels"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * (17 << 20), "too_large"), (b"\x89PNG\r\n\x1a\n", "truncated"), (png()[:3000], "damaged"),
    ],
)  # fmt: skip
def test_what_must_not_be_decoded_is_refused(body, reason):
    with pytest.raises(ImageRefused, match=reason):
        redraw(body)
