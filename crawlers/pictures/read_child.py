"""The process that decodes pictures: ``python -m crawlers.pictures.read_child``, started by ``crawlers.pictures.run_pictures``.

On standard input: a JSON line (``PictureTask``) and the bytes of the file, again and again; on standard output a JSON line
each. A hostile file can at most end this process, which holds no secret and is limited in memory.
"""

import os
import re
import resource
import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import msgspec
import numpy as np
import zxingcpp
from PIL import Image

from crawlers.pages.page_urls import is_contact, is_web
from crawlers.pictures import ocr, script
from crawlers.pictures.certainty import mark_unread
from crawlers.pictures.image_header import ImageRefused, image_header
from crawlers.pictures.ocr import picture_lines
from crawlers.pictures.pdq import pdq
from crawlers.pictures.picture import Box, PictureCode, PictureReading, PictureTask
from crawlers.pictures.redraw import DECODE_SECONDS, DECODE_SPACE, WHITE, decode_image, prepare_decoder
from crawlers.process import limit_process

ADDRESS_SPACE = 1 << 30
"""Bytes of addresses, libraries included, that the process and each Tesseract may have."""
LEAST_SIDE = 48
"""Pixels: a smaller picture is a button or a flag, and has no text."""
LEAST_QUALITY = 50
"""Of PDQ: below it pictures are too plain to be told apart (ThreatExchange, pdq/README)."""
WORKING_SIDE = 3000
"""Pixels of the longer side that are kept of a larger picture."""


def read_picture(
    body: bytes,
    task: PictureTask,
    *,
    limits: AbstractContextManager[None] = nullcontext(),  # noqa: B008 - it holds nothing
) -> PictureReading:
    """Return what a picture shows; a file that must not or cannot be decoded is ``refused``. It is decoded within ``limits``."""
    try:
        header = image_header(body)
        with limits:
            image = decode_image(body, header, WORKING_SIDE)
    except ImageRefused as exc:
        return PictureReading(state="refused", reason=exc.reason)
    base = PictureReading(state="unread", width=image.width, height=image.height, animated=header.animated)
    if min(image.size) < LEAST_SIDE:
        return msgspec.structs.replace(base, reason="too_small")
    digest, quality = pdq(image)
    found = codes_in(image)
    base = msgspec.structs.replace(base, pdq=digest if quality >= LEAST_QUALITY else "", codes=found)
    if not task.packs:
        return msgspec.structs.replace(base, reason="no_tesseract")
    try:
        return _read_text(base, image, task)
    except ocr.OcrFailed as exc:
        return msgspec.structs.replace(base, reason=f"ocr_{exc}")


def codes_in(image: Image.Image) -> tuple[PictureCode, ...]:
    """Return the QR and bar codes of a picture, each content once."""
    results = {}
    for barcode in zxingcpp.read_barcodes(np.asarray(image.convert("L"))):
        corners = [getattr(barcode.position, name) for name in ("top_left", "top_right", "bottom_left", "bottom_right")]
        content = barcode.text[:LONGEST].replace("\x00", "")
        if content.strip():
            box = _box(((corner.x, corner.y) for corner in corners), image.size)
            results[content] = PictureCode(kind=str(barcode.format), content=content, box=box, links=contact_links(content))
    return tuple(results.values())


def _box(corners: Iterable[tuple[int, int]], size: tuple[int, int]) -> Box:
    columns, rows = zip(*corners, strict=True)
    left, top = max(0, min(columns)), max(0, min(rows))
    return Box(left=left, top=top, width=min(max(columns), size[0]) - left, height=min(max(rows), size[1]) - top)


def _read_text(base: PictureReading, image: Image.Image, task: PictureTask) -> PictureReading:
    """Return the reading with the lines of the picture; codes are covered first, which Tesseract takes for letters."""
    for code in base.codes:
        corner = code.box.left, code.box.top
        image.paste(WHITE, (*corner, corner[0] + code.box.width, corner[1] + code.box.height))
    picture, factor = script.prepare_image(image)
    script_name, packs, lines = script.read(picture, task)
    if not packs:
        return msgspec.structs.replace(base, reason="no_language_pack", script=script_name)
    lines = mark_unread(picture, lines, task.seconds)
    text, placed = picture_lines(lines, factor)
    return msgspec.structs.replace(base, state="read", script=script_name, packs=packs, text=text, lines=placed)


@contextmanager
def decoding_limits() -> Iterator[None]:
    """Limit this process to what decoding one file may take: more memory is refused, and the kernel ends it (SIGXCPU)."""
    limit_process(DECODE_SPACE, DECODE_SECONDS, most=ADDRESS_SPACE)
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
        resource.setrlimit(resource.RLIMIT_CPU, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def main() -> None:
    """Answer tasks until standard input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    prepare_decoder()
    while line := sys.stdin.buffer.readline():
        task = msgspec.json.decode(line, type=PictureTask)
        body = sys.stdin.buffer.read(task.size)
        try:
            reading = read_picture(body, task, limits=decoding_limits())
        except MemoryError:
            reading = PictureReading(state="refused", reason="too_large")
        sys.stdout.buffer.write(msgspec.json.encode(reading) + b"\n")
        sys.stdout.buffer.flush()


LONGEST = 2000
"""Characters of a code that are kept: a QR code has at most 4,296."""
_CARD_LINE = re.compile(r"^(?:item\d+\.)?(TEL|EMAIL|URL|IMPP)(?:;[^:\r\n]{0,200})?:(.{1,300})$", re.I | re.M)
_MECARD_PART = re.compile(r"(?:^|[:;])(TEL|EMAIL|URL):((?:\\.|[^;\\]){1,300})", re.I)
_NUMBER = re.compile(r"\+?\d[\d ().-]{6,22}")
_MAIL = re.compile(r"(?:MATMSG:TO:|SMTP:)([^;:\s]{3,200})", re.I)


def contact_links(content: str) -> tuple[str, ...]:
    """Return the addresses in a code by which somebody is reached, each once, as a page would publish them as links."""
    return tuple(dict.fromkeys(_links(content.strip())))


def _links(content: str) -> Iterator[str]:
    upper = content[:12].upper()
    if upper.startswith(("BEGIN:VCARD", "MECARD:")):
        pattern = _CARD_LINE if upper.startswith("BEGIN") else _MECARD_PART
        for kind, value in pattern.findall(content):
            yield from _card_contacts(kind.upper(), value.strip().replace("\\:", ":").replace("\\;", ";"))
    elif upper.startswith("SMSTO:"):
        yield f"sms:{content[6:].partition(':')[0]}"
    elif mail := _MAIL.match(content):
        yield f"mailto:{mail.group(1)}"
    elif is_contact(content) or is_web(content):
        scheme, colon, rest = content.partition(":")
        yield scheme.lower() + colon + rest
    elif _NUMBER.fullmatch(content) and content.startswith(("+", "0")):
        yield f"tel:{content}"


def _card_contacts(kind: str, value: str) -> Iterator[str]:
    if kind == "TEL":
        yield value.lower() if value.lower().startswith("tel:") else f"tel:{value}"
    elif kind == "EMAIL":
        yield f"mailto:{value}"
    elif is_contact(value) or is_web(value):
        yield value


if __name__ == "__main__":
    os.nice(5)
    main()
