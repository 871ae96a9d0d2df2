"""Joins Tesseract's words to lines: spaces, wrapped lines and debris.

A poster wraps at its edge, also inside a number or an address, which would be lost when read line by line.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from crawlers.pictures.ocr import OcrLine, OcrWord
from crawlers.pictures.picture import Box, PictureLine

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
