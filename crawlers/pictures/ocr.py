"""Tesseract as a program: which script a picture shows, and its lines of text with their places.

It runs as its own process on decoded pixels, never on the file a site sent.
"""

import csv
import io
import os
import re
import subprocess
from collections.abc import Sequence
from typing import NamedTuple

from PIL import Image

from crawlers.pictures.language_packs import PROGRAM

ONE_BLOCK, WHOLE_PAGE = 6, 3
"""Tesseract's page segmentation modes."""
LEAST_CONFIDENCE = 20.0
"""Per cent below which a word is what Tesseract makes of an ornament."""
_SCRIPT = re.compile(r"^Script: (\w+)$", re.M)
_DIRECTION_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class OcrFailed(Exception):
    """Tesseract did not answer; the message is ``too_slow`` or ``failed``."""


class OcrWord(NamedTuple):
    """One word: pixels of the picture Tesseract was given, confidence in per cent."""

    text: str
    left: int
    top: int
    width: int
    height: int
    confidence: float

    @property
    def right(self) -> int:
        """The first column after it."""
        return self.left + self.width


class OcrLine(NamedTuple):
    """The words of one line from left to right, and the number of the paragraph they stand in."""

    words: tuple[OcrWord, ...]
    paragraph: int

    @property
    def confidence(self) -> float:
        """The mean of its words, in per cent."""
        return sum(word.confidence for word in self.words) / len(self.words)


def detected_script(picture: Image.Image, seconds: float) -> str | None:
    """Return the script Tesseract's own detector finds (``Latin``, ``Thai``, ``Han``); None for too little text to tell."""
    match = _SCRIPT.search(_output(picture, ["--psm", "0", "-l", "osd"], seconds, accept_failure=True))
    return match.group(1) if match else None


def lines_of(picture: Image.Image, packs: Sequence[str], seconds: float, *, mode: int = WHOLE_PAGE) -> tuple[OcrLine, ...]:
    """Return the lines of a picture from top to bottom; raise OcrFailed. ``mode`` is the page segmentation mode."""
    table = _output(picture, ["--psm", str(mode), "-l", "+".join(packs), "tsv"], seconds)
    lines: dict[tuple[str, str, str], list[OcrWord]] = {}
    paragraphs: dict[tuple[str, str], int] = {}
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        text = _DIRECTION_MARKS.sub("", row["text"] or "").strip()
        if row["level"] != "5" or not text or float(row["conf"]) < LEAST_CONFIDENCE:
            continue
        left, top, width, height = (int(row[name]) for name in ("left", "top", "width", "height"))
        paragraph = row["block_num"], row["par_num"]
        paragraphs.setdefault(paragraph, len(paragraphs))
        lines.setdefault((*paragraph, row["line_num"]), []).append(OcrWord(text, left, top, width, height, float(row["conf"])))
    return tuple(OcrLine(tuple(words), paragraphs[key[:2]]) for key, words in lines.items())


def _output(picture: Image.Image, arguments: list[str], seconds: float, *, accept_failure: bool = False) -> str:
    file = io.BytesIO()
    picture.save(file, "PPM")
    environment = os.environ | {"OMP_THREAD_LIMIT": "1"}  # its threads wait for each other: two take longer than one
    try:
        done = subprocess.run(
            [PROGRAM, "stdin", "stdout", *arguments],
            input=file.getvalue(),
            capture_output=True,
            timeout=seconds,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise OcrFailed("too_slow") from None
    if done.returncode != 0 and not accept_failure:
        raise OcrFailed("failed")
    return done.stdout.decode("utf-8", "replace")
