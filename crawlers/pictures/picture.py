"""What one picture of a posting shows: its hashes, its lines of text and its codes, each with a box.

It contains no part of the picture: no crop, no face. Only the run's WARC has the file.
"""

from typing import Literal

import msgspec

PictureState = Literal["read", "unread", "refused"]


class Box(msgspec.Struct, frozen=True, kw_only=True):
    """Where something stands, in pixels from the upper left corner of the picture, levelled when it was tilted."""

    left: int
    top: int
    width: int
    height: int


class PictureLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of text: ``text[start:end]`` of its PictureReading."""

    start: int
    end: int
    box: Box
    confidence: float
    """Tesseract's, in per cent."""


class PictureCode(msgspec.Struct, frozen=True, kw_only=True):
    """A QR or bar code."""

    kind: str
    """As zxing-cpp names it (``QR Code``, ``EAN-13``)."""
    content: str
    box: Box
    links: tuple[str, ...] = ()
    """The addresses in it that reach somebody, as a page would publish them."""


class PictureReading(msgspec.Struct, frozen=True, kw_only=True):
    """The result of reading one picture."""

    state: PictureState
    """``refused``: not decoded; ``unread``: decoded or not, and no text was looked for."""
    reason: str = ""
    """Why it was refused or not read (``too_many_pixels``, ``truncated``, ``no_tesseract``, ``no_time``)."""
    width: int = 0
    height: int = 0
    animated: bool = False
    """More than one frame: only the first was read."""
    pdq: str = ""
    """Perceptual hash, 64 hex digits; "" for a picture with too few features."""
    script: str = ""
    """The script found, as Tesseract names it."""
    packs: tuple[str, ...] = ()
    """Language packs it was read with."""
    text: str = ""
    """What it says, from top to bottom; lines that were only wrapped are joined."""
    lines: tuple[PictureLine, ...] = ()
    codes: tuple[PictureCode, ...] = ()


class PictureTask(msgspec.Struct, frozen=True, kw_only=True):
    """One picture to read; its file follows."""

    size: int
    """Bytes of the file."""
    languages: tuple[str, ...] = ()
    """Languages it may be written in (ISO 639-1)."""
    packs: tuple[str, ...] = ()
    """Installed language packs of Tesseract; none: its text is not read."""
    seconds: float = 60.0
    """What reading its text may take."""
