"""Tesseract as a program: which script a picture shows, and its lines of text with their places.

It runs as its own process on decoded pixels, never on the file a site sent.
A poster wraps at its edge, also inside a number or an address, which would be lost when read line by line.
"""

import csv
import io
import os
import re
import subprocess
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from PIL import Image

from crawlers.pictures.language_packs import PROGRAM
from crawlers.pictures.picture import Box, PictureLine

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


GAP, HANGUL_GAP = 0.5, 0.2
"""Of a line's height: what parts two words by a space in writing that has none between words, and in Korean, which has."""
FULL = 0.8
"""Of the widest line of its paragraph: a line so wide goes on in the next one."""
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uff00-\uffef]")
"""Thai, Lao, Burmese, Khmer, Japanese, Chinese: words follow each other without a space."""
_HANGUL = re.compile("[\uac00-\ud7af]")
_LETTER = re.compile(r"\w")
_ADDRESS_CUT = re.compile(r"(?:@|://|\bwww\.|\bt\.me/)\S*[-._/@]$")
"""A line that ends inside an address."""


def picture_lines(lines: Sequence[OcrLine], factor: float) -> tuple[str, tuple[PictureLine, ...]]:
    """Return the text of a picture and its lines, each with its place in the text and in the picture.

    ``factor`` is by how much the picture was enlarged before it was read.
    """
    kept = [(line, text) for line in lines if len(_LETTER.findall(text := line_text(line.words))) > 1]
    text, results = "", []
    for number, (line, content) in enumerate(kept):
        start = len(text)
        text += content
        box = _box(line.words, factor)
        results.append(PictureLine(start=start, end=len(text), box=box, confidence=round(line.confidence, 1)))
        if number + 1 < len(kept):
            text += _between(kept, number)
    return text, tuple(results)


def line_text(words: Sequence[OcrWord]) -> str:
    """Return the words of a line with the spaces its writing has."""
    text = words[0].text
    height = max(word.height for word in words)
    for before, word in pairwise(words):
        text += ("" if _are_joined(before, word, height) else " ") + word.text
    return text


def _are_joined(before: OcrWord, word: OcrWord, height: int) -> bool:
    """Whether two words follow each other without a space, as far as their writing and the gap between them tell."""
    gap, ends = (word.left - before.right) / height, before.text[-1] + word.text[0]
    if len(_UNSPACED.findall(ends)) == 2:
        return gap < GAP
    return len(_HANGUL.findall(ends)) == 2 and gap < HANGUL_GAP


def _between(kept: Sequence[tuple[OcrLine, str]], number: int) -> str:
    """Return what stands between a line and the next: nothing or a space where the line was only wrapped, else a line end."""
    (line, text), (following, next_text) = kept[number], kept[number + 1]
    widest = max(_width(other.words) for other, _ in kept if other.paragraph == line.paragraph)
    if line.paragraph != following.paragraph or _width(line.words) < FULL * widest:
        return "\n"
    unspaced = _UNSPACED.match(text[-1]) and _UNSPACED.match(next_text[0])
    return "" if unspaced or _ADDRESS_CUT.search(text) else " "


def _width(words: Sequence[OcrWord]) -> int:
    return max(word.right for word in words) - min(word.left for word in words)


def _box(words: Sequence[OcrWord], factor: float) -> Box:
    left, top = min(word.left for word in words), min(word.top for word in words)
    bottom = max(word.top + word.height for word in words)
    values = (round(value / factor) for value in (left, top, _width(words), bottom - top))
    return Box(**dict(zip(("left", "top", "width", "height"), values, strict=True)))
