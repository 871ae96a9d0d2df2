"""Headers are read without decoding; what must not be decoded is refused by name."""

import struct
import zlib

import pytest
from PIL import Image

from crawlers.pictures.image_header import ImageRefused, image_header


def png_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_of(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))


def gif_of(canvas: tuple[int, int], frame: tuple[int, int, int, int], before: bytes = b"") -> bytes:
    screen = b"GIF89a" + struct.pack("<HHBBB", *canvas, 0, 0, 0)
    return screen + before + b"," + struct.pack("<4HB", *frame, 0) + b"\x02\x02\x4c\x01\0;"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_format_and_size_are_read_from_the_bytes(poster, packed, kind):
    header = image_header(packed(poster, kind))
    assert header == (kind.lower(), 1000, 700, False)


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
def test_an_image_of_several_frames_is_animated(poster, packed, kind):
    frames = [poster.rotate(turn).convert("P" if kind == "GIF" else "RGB") for turn in (90, 180)]
    assert image_header(packed(poster, kind, save_all=True, append_images=frames)).animated


def test_a_lossless_webp_says_its_size_too(poster, packed):
    assert image_header(packed(poster, "WEBP", lossless=True))[1:3] == (1000, 700)


def test_a_jpeg_with_a_photograph_in_its_metadata_has_the_size_of_the_outer_one(poster, packed):
    inner = packed(Image.new("RGB", (40, 30)), "JPEG")
    outer = packed(poster, "JPEG")
    nested = outer[:2] + b"\xff\xe1" + struct.pack(">H", len(inner) + 2) + inner + outer[2:]
    assert image_header(nested)[1:3] == (1000, 700)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<html>not found</html>", "not_an_image"),
        (b"", "not_an_image"),
        (b"%PDF-1.7", "not_an_image"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not_an_image"),
        (png_of(8000, 5000), "too_many_pixels"),
        (png_of(1, 50_000), "too_many_pixels"),
        (png_of(0, 10), "empty"),
        (png_of(10, 10)[:18], "truncated"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "truncated"),
        (b"\xff\xd8\xff\xe0\x00\x00\x00\x00", "not_an_image"),
        (b"GIF89a\x01", "truncated"),
        (gif_of((50, 50), (0, 0, 65535, 65535)), "too_many_pixels"),
        (gif_of((50, 50), (65535, 65535, 1, 1)), "too_many_pixels"),
        (gif_of((50, 50), (0, 0, 65535, 65535), before=b"\x01\x99"), "too_many_pixels"),
        (gif_of((50, 50), (0, 0, 65535, 65535), before=b"!\xfe\x03abc\0"), "too_many_pixels"),
        (gif_of((3500, 3500), (0, 0, 1, 1)), "empty"),
        (png_of(50, 50) + png_of(14_000, 14_000)[8:], "contradictory"),
        (png_of(50, 50)[:8] + png_chunk(b"tEXt", bytes(20)) + png_of(50, 50)[8:], "contradictory"),
        (png_of(3500, 3500), "empty"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8X", "truncated"),
    ],
)
def test_what_is_not_decoded_is_refused_by_name(body, reason):
    with pytest.raises(ImageRefused) as caught:
        image_header(body)
    assert caught.value.reason == reason
