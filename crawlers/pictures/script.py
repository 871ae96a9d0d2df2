"""The script of a picture, and its text in it: found by reading a strip with each script the source may be written in.

Tesseract's own detector (OSD) is asked only where nothing is expected or nothing fits: of 29 development posters in 27
languages it named a wrong script for seven, among them Khmer, Burmese, Lao, Tamil, Sinhala and Amharic, and took as long as
reading the text (docs/decisions/0263). Uneven light and bright letters on dark are left to Tesseract: evening the light
beforehand lost more lines than it won.
"""

import time
from collections.abc import Sequence

import numpy as np
from PIL import Image

from crawlers.pictures import ocr
from crawlers.pictures.language_packs import LATIN, packs_for, scripts_of
from crawlers.pictures.ocr import OcrLine
from crawlers.pictures.picture import PictureTask
from crawlers.pictures.second_reading import replace_handles

POOR = 55.0
"""Mean confidence in per cent below which the script may be another one."""
STRIP = 0.3
"""Of the height: what is read to tell the script."""
ReadText = tuple[str, tuple[str, ...], tuple[OcrLine, ...]]


def read(picture: Image.Image, task: PictureTask) -> ReadText:
    """Return the script, the packs used and the lines of a picture; no packs when none is installed for it.

    Raises OcrFailed, also when all of it takes longer than the task's seconds.
    """
    ends = time.monotonic() + task.seconds

    def text_in(script: str) -> ReadText:
        packs = packs_for(script, task.languages, task.packs)
        left = max(0.5, ends - time.monotonic())
        lines = ocr.lines_of(picture, packs, left, mode=ocr.WHOLE_PAGE) if packs else ()
        if LATIN in packs:
            lines = replace_handles(picture, lines, latin=script == "Latin", seconds=max(0.5, ends - time.monotonic()))
        return script, packs, lines

    expected = tuple(name for name in scripts_of(task.languages) if packs_for(name, task.languages, task.packs))
    best: ReadText = ("", (), ())
    if expected:
        best = text_in(expected[0] if len(expected) == 1 else _likeliest(picture, expected, task))
        if confidence(best[2]) >= POOR:
            return best
    detected = ocr.detected_script(picture, max(0.5, ends - time.monotonic()))
    if detected is None:
        return best if expected else text_in("Latin")
    other = text_in(_NAMES.get(detected, detected))
    return max(best, other, key=lambda text: confidence(text[2])) if other[0] != best[0] else best


_NAMES = {"HanS": "Han", "HanT": "Han", "Korean": "Hangul", "Katakana": "Japanese", "Hiragana": "Japanese"}


def confidence(lines: Sequence[OcrLine]) -> float:
    """Return the mean confidence of the letters of lines, in per cent; 0 for none."""
    words = [word for line in lines for word in line.words]
    letters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / letters if letters else 0.0


def _likeliest(picture: Image.Image, scripts: Sequence[str], task: PictureTask) -> str:
    """Return the script whose pack is surest of the busiest strip."""
    strip = _busiest(picture)

    def sureness(script: str) -> float:
        own = [pack for pack in packs_for(script, task.languages, task.packs) if pack != LATIN or script == "Latin"]
        lines = ocr.lines_of(strip, own[:1], task.seconds, mode=ocr.ONE_BLOCK) if own else ()
        return sum(max(0.0, word.confidence - POOR / 2) * len(word.text) for line in lines for word in line.words)

    return max(scripts, key=sureness)


def _busiest(picture: Image.Image) -> Image.Image:
    """Return the strip in which brightness changes most from pixel to pixel: text, rather than a border or a photograph."""
    height = max(1, round(picture.height * STRIP))
    changes = np.abs(np.diff(np.asarray(picture, np.int16), axis=1)).clip(0, 80).sum(axis=1)
    sums = np.insert(np.cumsum(changes), 0, 0)
    top = int(np.argmax(sums[height:] - sums[: len(sums) - height]))
    return picture.crop((0, top, picture.width, top + height))


LONG_SIDE = range(1400, 2200)
"""Pixels of the longer side while it is read: Tesseract reads letters of 20 to 40 pixels best."""
ENLARGED = 2.0
"""At most so many times: more adds time and no strokes."""
TILTS = np.arange(-6.0, 6.01, 0.5)
"""Degrees tried."""
_SMALL = 500
"""Pixels of the longer side while the tilt is looked for."""
_LIGHT = 24
"""How many times the picture is reduced to see its light without its letters."""


def prepare_image(image: Image.Image) -> tuple[Image.Image, float]:
    """Return an RGB image as a level one of brightnesses, of the size to read it in, and by how much it was enlarged."""
    gray = image.convert("L")
    longest = max(gray.size)
    factor = 1.0
    if longest < LONG_SIDE.start:
        factor = min(ENLARGED, LONG_SIDE.start / longest)
    elif longest > LONG_SIDE.stop:
        factor = LONG_SIDE.stop / longest
    if factor != 1.0:
        size = (max(1, round(gray.width * factor)), max(1, round(gray.height * factor)))
        gray = gray.resize(size, Image.Resampling.BICUBIC)
    if tilt := tilt_of(gray):
        gray = gray.rotate(tilt, Image.Resampling.BICUBIC, fillcolor=int(np.median(np.asarray(gray))))
    return gray, factor


def tilt_of(gray: Image.Image) -> float:
    """Return by how many degrees to turn a picture so that its lines are level: the turn whose rows differ most in ink."""
    ink = _ink(gray)
    margin_x, margin_y = ink.width // 10, ink.height // 10

    def sharpness(tilt: float) -> float:
        turned = np.asarray(ink.rotate(tilt, Image.Resampling.BILINEAR), np.float32)
        rows = turned[margin_y : ink.height - margin_y, margin_x : ink.width - margin_x].sum(axis=1)
        return float((np.diff(rows) ** 2).sum())

    scores = [sharpness(float(tilt)) for tilt in TILTS]
    best = int(np.argmax(scores))
    return float(TILTS[best]) if scores[best] > 1.1 * scores[len(scores) // 2] else 0.0


def _ink(gray: Image.Image) -> Image.Image:
    """Return the picture small, with its letters bright and its background dark whatever the light."""
    light = gray.reduce(_LIGHT) if min(gray.size) > _LIGHT * 4 else gray
    detail = np.asarray(gray, np.float32) - np.asarray(light.resize(gray.size, Image.Resampling.BICUBIC), np.float32)
    if float((detail**3).sum()) > 0:  # the few are bright: white letters on dark
        detail = -detail
    spread = max(float(np.percentile(-detail, 98)), 16.0)
    ink = Image.fromarray(np.clip(30 - detail * (200 / spread), 0, 255).astype(np.uint8))
    ink.thumbnail((_SMALL, _SMALL))
    return ink
