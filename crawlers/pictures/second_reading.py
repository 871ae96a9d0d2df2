"""Reads lines of a picture again: one wrong character in a contact may name another person.

Handles and addresses are read a second time, enlarged, and with the Latin pack alone: beside another script Tesseract loses
signs inside a handle (``lina_hr_5063`` in Korean became ``108 11「_5063``), and in a line of words it takes an underscore for a
space. The second reading replaces the words it covers.

Then contacts that were not read with certainty are marked. Most words pass by Tesseract's confidence; a word below it must be
read the same in two more sizes of its line. Only Latin letters and ASCII digits are looked at: the pack for them is there.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, zip_longest
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageOps

from crawlers.pictures import ocr
from crawlers.pictures.language_packs import LATIN
from crawlers.pictures.ocr import OcrFailed, OcrLine, OcrWord

ENLARGED = 1.5
MARGIN = 12
SURE_HANDLE = 55.0
"""Per cent of confidence from which the second reading counts."""
MOST = 24
"""Lines read again at most."""
_CUE = re.compile(r"@|[A-Za-z]+[_.&:]|\d+[A-Za-z]|[A-Za-z]\d|_|t\.me|\b(?:telegram|line|zalo|whatsapp|wechat|id)\b", re.I)
"""What makes a line worth a second look."""
_WHOLE_HANDLE = re.compile(r"@?[A-Za-z0-9](?=[\w.@/:+-]*[_@.\d])[\w.@/:+-]{3,}", re.ASCII)
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
            if word.confidence >= SURE_HANDLE and _WHOLE_HANDLE.fullmatch(text):
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


SURE = 85.0
"""A word with this confidence in per cent is kept as read; docs/posters.md has the cost."""
LEAST = 40.0
"""Below this confidence in per cent, further readings do not help: each misses the same dot."""
SCALES = (1.0, 2.0)
"""Times the picture's size in which a line is read again."""
UNREAD = "▢▢▢"
"""Text in place of a contact that may be misread."""
_EDGES = "()[]{}<>,;:!?\"'|.。、*•-"
_NAME = re.compile(
    r"@?(?=[\w.@/:+-]*(?:\w{2}\.\w{2}|\w\.\w+/|[a-z]\d{2,}$))[\w.@/:+-]{4,}|(?=\S{4})[!-~]*[@_][!-~]*", re.I | re.ASCII
)
"""Has an underscore, an ``@`` or a dot inside, or ends in figures; a figure for a letter (``kidn3y``) makes no name."""
_AMOUNT = re.compile(r"[\d.,:/+-]+[a-z%]{0,4}|[a-z]{1,3}[\d.,]+", re.I | re.ASCII)
"""Pay, times and dates: ``2500USD``, ``8:00am``, ``K1``."""
_DIGITS = re.compile(r"[+(]?\d[\d().+-]*", re.ASCII)
_TELEPHONE = 7
"""Digits in a row of words from which they are a telephone number."""
_HANDLE = re.compile(r"@[a-z][\w.]{2,}", re.I | re.ASCII)
_PART = re.compile(r"[a-z0-9][\w.]*", re.I | re.ASCII)
"""What may be the rest of a handle."""
_REST = re.compile(r"[a-z]{1,12}\d[a-z\d]*")
"""What is hardly anything else: ``hr88``."""
INK = 64
"""Grey levels by which a stroke differs from the ground."""
_APP = re.compile(
    r"telegram|tele|tg|line|zalo|whatsapp|wechat|weixin|viber|skype|kakao\w*|facebook|fb|messenger|signal|id|qq|instagram|ig",
    re.I,
)
_AFTER_APP = re.compile(r"@?[a-z][\w.-]{3,}", re.I | re.ASCII)


def mark_unread(picture: Image.Image, lines: Sequence[OcrLine], seconds: float) -> tuple[OcrLine, ...]:
    """Return the lines with UNREAD in place of each uncertain contact that further readings do not confirm."""
    lines = [line._replace(words=tuple(_mark_cut(picture, line.words))) for line in lines]
    doubtful = {at: places for at, line in enumerate(lines) if (places := _doubtful(line.words))}
    if not doubtful:
        return tuple(lines)
    again = [_read_again(picture, [(at, lines[at]) for at in list(doubtful)[:MOST]], scale, seconds) for scale in SCALES]
    results = list(lines)
    for at, places in doubtful.items():
        words = list(lines[at].words)
        for place in places:
            said = _plain_letters(words[place].text)
            if words[place].confidence < LEAST or not all(said in reading.get(at, frozenset()) for reading in again):
                words[place] = words[place]._replace(text=UNREAD)
        results[at] = lines[at]._replace(words=tuple(words))
    return tuple(results)


def _mark_cut(picture: Image.Image, words: Sequence[OcrWord]) -> Iterator[OcrWord]:
    """Yield the words with UNREAD in place of both parts of a handle that was cut in two: an underscore is easily read as a
    space, and the first part alone may be somebody else's name."""
    cut = False
    for word, following in zip_longest(words, words[1:]):
        before, text = cut, word.text.lstrip(_EDGES)
        after = following.text.strip(_EDGES) if following else ""
        named = before or bool(_HANDLE.fullmatch(text))
        cut = named and bool(_REST.fullmatch(after) or (_PART.fullmatch(after) and _has_underscore(picture, word, following)))
        yield word._replace(text=UNREAD) if before or cut else word


def _has_underscore(picture: Image.Image, word: OcrWord, following: OcrWord) -> bool:
    """Tell whether a line is drawn low in the gap between two words."""
    left, right, foot = word.left + word.width, following.left, word.top + word.height
    gap = np.asarray(
        picture.crop((left, foot - word.height // 4, max(left + 1, right), foot + word.height // 3)).convert("L"), int
    )
    inked = abs(gap - np.median(np.asarray(picture.convert("L")))) > INK
    return bool((inked.mean(axis=1) > 0.5).any())


def _doubtful(words: Sequence[OcrWord]) -> list[int]:
    """Return the places of words that are a contact, or part of one, and not surely read."""
    return [place for place in _contacts(words) if words[place].confidence < SURE]


def _contacts(words: Sequence[OcrWord]) -> Iterator[int]:
    texts = [word.text.strip(_EDGES) for word in words]
    numbers = [bool(_DIGITS.fullmatch(text)) for text in texts]
    for place, text in enumerate(texts):
        if numbers[place]:
            if _digits_around(texts, numbers, place) >= _TELEPHONE:
                yield place
        elif (_NAME.fullmatch(text) and not _AMOUNT.fullmatch(text)) or (
            place and _AFTER_APP.fullmatch(text) and not _APP.fullmatch(text) and _APP.fullmatch(texts[place - 1])
        ):
            yield place


def _digits_around(texts: Sequence[str], numbers: Sequence[bool], place: int) -> int:
    first = next((at + 1 for at in range(place, -1, -1) if not numbers[at]), 0)
    last = next((at for at in range(place, len(texts)) if not numbers[at]), len(texts))
    return sum(letter.isdigit() for text in texts[first:last] for letter in text)


def _read_again(
    picture: Image.Image, lines: Sequence[tuple[int, OcrLine]], scale: float, seconds: float
) -> dict[int, frozenset[str]]:
    """Return for each line the words that a reading in another size finds, those that it took apart put together too."""
    crops = crops_of(picture, lines, scale)
    try:
        read = ocr.lines_of(sheet_of(crops), (LATIN,), seconds, mode=ocr.ONE_BLOCK)
    except OcrFailed:
        return {}
    found: dict[int, frozenset[str]] = {}
    for line in read:
        if (crop := crop_of(crops, line)) is not None:
            texts = [_plain_letters(word.text) for word in line.words]
            joined = (text for at in range(len(texts)) for text in accumulate(texts[at : at + 4]))
            found[crop.number] = found.get(crop.number, frozenset()).union(joined)
    return found


def _plain_letters(text: str) -> str:
    return re.sub(r"^[\W_]+|\W+$", "", text, flags=re.ASCII).casefold()
