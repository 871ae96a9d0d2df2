"""Prepares a picture for Tesseract: grey, letters large enough, lines level.

Uneven light and bright letters on dark are left to Tesseract: evening the light beforehand cost more lines than it won
(docs/decisions/0263).
"""

import numpy as np
from PIL import Image

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
