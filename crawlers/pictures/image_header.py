"""Reads the header of an image file without decoding a pixel.

Formats: PNG (W3C PNG, third edition), JPEG (ITU-T T.81, B.2), GIF (GIF89a), WebP (RFC 9649). Anything else is refused.
"""

import struct
from typing import Literal, NamedTuple

ImageKind = Literal["png", "jpeg", "gif", "webp"]
MAX_PIXELS = 12_500_000
"""Of one frame: a telephone's photograph has 12.2 million. At four bytes each it is 50 MB while it is decoded."""
MAX_SIDE = 20_000
EMPTIEST = 1000
"""The most pixels for each byte of a file above SMALL pixels: a poster of 12 million pixels has 100,000 bytes or more, a plain
colour 40."""
SMALL = 1_000_000
_FRAME_MARKERS = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_BARE_MARKERS = frozenset({0x01, *range(0xD0, 0xD9)})


class ImageRefused(Exception):
    """An image is not decoded; ``reason`` is ``not_an_image``, ``truncated``, ``too_many_pixels``, ``empty`` or
    ``contradictory`` (its parts name different sizes)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ImageHeader(NamedTuple):
    """Format, size in pixels of its first frame, and whether it has more frames."""

    kind: ImageKind
    width: int
    height: int
    animated: bool


def image_header(body: bytes) -> ImageHeader:
    """Return what the header of an image says; raise ImageRefused for what must not be decoded."""
    try:
        header = _sniff_header(body)
    except (struct.error, IndexError):
        raise ImageRefused("truncated") from None
    if header.width < 1 or header.height < 1:
        raise ImageRefused("empty")
    if header.width * header.height > MAX_PIXELS or max(header.width, header.height) > MAX_SIDE:
        raise ImageRefused("too_many_pixels")
    if header.width * header.height > max(SMALL, EMPTIEST * len(body)):
        raise ImageRefused("empty")
    return header


def _sniff_header(body: bytes) -> ImageHeader:
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(body)
    if body.startswith(b"\xff\xd8\xff"):
        return _jpeg(body)
    if body.startswith((b"GIF87a", b"GIF89a")):
        return _gif(body)
    if body.startswith(b"RIFF") and body[8:12] == b"WEBP":
        return _webp(body)
    raise ImageRefused("not_an_image")


def _png(body: bytes) -> ImageHeader:
    width, height = struct.unpack_from(">II", body, 16)
    at, animated = 8, False
    while at + 8 <= len(body):
        length, kind = struct.unpack_from(">I4s", body, at)
        if (kind == b"IHDR") != (at == 8):
            raise ImageRefused("contradictory")
        if kind == b"acTL":
            animated = struct.unpack_from(">I", body, at + 8)[0] > 1
        if kind in (b"acTL", b"IDAT"):
            break
        at += 12 + length
    return ImageHeader("png", width, height, animated)


def _jpeg(body: bytes) -> ImageHeader:
    """Return the size in the first frame header; each segment says how long it is."""
    at = 2
    while True:
        if body[at] != 0xFF:
            raise ImageRefused("not_an_image")
        marker = body[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker in _BARE_MARKERS:
            at += 2
        elif marker in _FRAME_MARKERS:
            height, width = struct.unpack_from(">HH", body, at + 5)
            return ImageHeader("jpeg", width, height, False)
        else:
            length = struct.unpack_from(">H", body, at + 2)[0]
            if length < 2 or marker == 0xDA:  # pixels before their size
                raise ImageRefused("not_an_image")
            at += 2 + length


def _gif(body: bytes) -> ImageHeader:
    """Return the canvas, which a decoder enlarges to hold the first frame, and whether a second frame follows."""
    width, height, flags = struct.unpack_from("<HHB", body, 6)
    at, images = 13 + _palette_bytes(flags), 0
    while at < len(body) and images < 2:
        block = body[at]
        if block == 0x2C:
            images += 1
            left, top, across, down, flags = struct.unpack_from("<4HB", body, at + 1)
            if images == 1:
                width, height = max(width, left + across), max(height, top + down)
            at += 11 + _palette_bytes(flags)
        elif block == 0x21:
            at += 2
        elif block == 0x3B:
            break
        else:  # decoders pass over a stray byte
            at += 1
            continue
        while at < len(body) and body[at]:
            at += 1 + body[at]
        at += 1
    return ImageHeader("gif", width, height, images > 1)


def _palette_bytes(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _webp(body: bytes) -> ImageHeader:
    kind = body[12:16]
    if kind == b"VP8X":
        width, height = (int.from_bytes(body[at : at + 3], "little") + 1 for at in (24, 27))
        return ImageHeader("webp", width, height, bool(body[20] & 2))
    if kind == b"VP8L":
        bits = struct.unpack_from("<I", body, 21)[0]
        return ImageHeader("webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, False)
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", body, 26)
        return ImageHeader("webp", width & 0x3FFF, height & 0x3FFF, False)
    raise ImageRefused("not_an_image")
