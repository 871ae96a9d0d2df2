"""Reads handles and addresses a second time: enlarged, and with the Latin pack alone.

Beside another script Tesseract loses signs inside a handle (``lina_hr_5063`` in Korean became ``108 11「_5063``), and in a line
of words it takes an underscore for a space. The second reading replaces the words it covers.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageOps

from crawlers.pictures import ocr
from crawlers.pictures.language_packs import LATIN
from crawlers.pictures.ocr import OcrLine, OcrWord

ENLARGED = 1.5
MARGIN = 12
SURE = 55.0
"""Per cent of confidence from which the second reading counts."""
MOST = 24
"""Lines read again at most."""
_CUE = re.compile(r"@|[A-Za-z]+[_.&:]|\d+[A-Za-z]|[A-Za-z]\d|_|t\.me|\b(?:telegram|line|zalo|whatsapp|wechat|id)\b", re.I)
"""What makes a line worth a second look."""
_HANDLE = re.compile(r"@?[A-Za-z0-9](?=[\w.@/:+-]*[_@.\d])[\w.@/:+-]{3,}", re.ASCII)
_ASCII = re.compile(r"[A-Za-z0-9@_]{2}|\d")


class Crop(NamedTuple):
    """One line of a picture on a sheet of lines."""

    number: int
    """Of the line."""
    left: int
    """In the picture."""
    top: int
    """On the sheet."""
    image: Image.Image


def replace_handles(picture: Image.Image, lines: Sequence[OcrLine], *, latin: bool, seconds: float) -> tuple[OcrLine, ...]:
    """Return the lines with handles as the second reading has them; ``latin``: only lines with a cue are read again."""
    candidates = [(at, line) for at, line in enumerate(lines) if _is_candidate(line, latin=latin)]
    crops = crops_of(picture, candidates[:MOST], ENLARGED)
    if not crops:
        return tuple(lines)
    results = list(lines)
    for line in ocr.lines_of(sheet_of(crops), (LATIN,), seconds, mode=ocr.ONE_BLOCK):
        crop = crop_of(crops, line)
        for word in line.words if crop else ():
            assert crop is not None
            text = word.text.strip("()[]{}<>,;:!?\"'|")
            if word.confidence >= SURE and _HANDLE.fullmatch(text):
                left, width = round(crop.left + word.left / ENLARGED), round(word.width / ENLARGED)
                results[crop.number] = _replace_words(results[crop.number], text, left, left + width, word.confidence)
    return tuple(results)


def _is_candidate(line: OcrLine, *, latin: bool) -> bool:
    text = " ".join(word.text for word in line.words)
    return bool(_CUE.search(text)) if latin else bool(_ASCII.search(text))


def crops_of(picture: Image.Image, lines: Sequence[tuple[int, OcrLine]], scale: float) -> list[Crop]:
    """Return each line cut out, dark on bright, ``scale`` times as large, and where it stands on their sheet."""
    crops, top = [], 0
    for number, line in lines:
        left = max(0, min(word.left for word in line.words) - MARGIN)
        right = max(word.right for word in line.words) + MARGIN
        upper = max(0, min(word.top for word in line.words) - MARGIN // 2)
        lower = max(word.top + word.height for word in line.words) + MARGIN // 2
        crop = picture.crop((left, upper, min(right, picture.width), min(lower, picture.height)))
        if np.median(np.asarray(crop)) < 128:
            crop = ImageOps.invert(crop)
        crop = crop.resize((max(1, round(crop.width * scale)), max(1, round(crop.height * scale))), Image.Resampling.BICUBIC)
        crops.append(Crop(number, left, top, crop))
        top += crop.height
    return crops


def sheet_of(crops: Sequence[Crop]) -> Image.Image:
    """Return the lines cut out one below the other."""
    sheet = Image.new("L", (max(crop.image.width for crop in crops), crops[-1].top + crops[-1].image.height), 255)
    for crop in crops:
        sheet.paste(crop.image, (0, crop.top))
    return sheet


def crop_of(crops: Sequence[Crop], line: OcrLine) -> Crop | None:
    """Return the cut-out line that a line read from their sheet stands in."""
    middle = line.words[0].top + line.words[0].height / 2
    return next((crop for crop in crops if crop.top <= middle < crop.top + crop.image.height), None)


def _replace_words(line: OcrLine, text: str, left: int, right: int, confidence: float) -> OcrLine:
    """Return the line with ``text`` in the place of the words that stand between two columns, when these are mostly covered and
    have Latin letters or digits; they keep the higher confidence when they say the same."""
    covered = [word for word in line.words if min(right, word.right) - max(left, word.left) > 0.5 * word.width]
    said = "".join(word.text for word in covered)
    if not covered or not _ASCII.search(said) or len(text) < 0.7 * len(said):
        return line
    first, last = covered[0], covered[-1]
    if said == text:  # read twice and the same: the surer reading counts
        confidence = max(confidence, *(word.confidence for word in covered))
    new = OcrWord(text, left, first.top, max(right, last.right) - left, first.height, confidence)
    at = line.words.index(first)
    return OcrLine((*line.words[:at], new, *(word for word in line.words[at:] if word not in covered)), line.paragraph)
