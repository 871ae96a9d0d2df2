"""Draws a kept picture anew, so that what leaves is pixels alone: no metadata, no bytes behind the image, no second format.

``python -m crawlers.pictures.redraw`` is the process that decodes the file, limited and without secrets. Pictures of unknown
origin are decoded only within such a process; Pillow loads there alone.
"""

import io
import sys
import warnings
from typing import TYPE_CHECKING

from crawlers.pictures.image_header import ImageHeader, ImageRefused, image_header
from crawlers.process import answer_of_child, limit_process

if TYPE_CHECKING:
    from PIL import Image

LONGEST = 1600
"""Pixels of the longer side."""
MOST_BYTES = 16 << 20
"""Of a file that is decoded; screenshots have the most."""
SECONDS = 20.0
"""For the whole process, on a busy machine; it takes 0.3 s."""
QUALITY = 85


def redraw(body: bytes) -> bytes:
    """Return a picture as a new JPEG file; raise ImageRefused for what must not or cannot be decoded."""
    if len(body) > MOST_BYTES:
        raise ImageRefused("too_large")
    image_header(body)
    answer = answer_of_child("crawlers.pictures.redraw", body, seconds=SECONDS)
    if not answer:
        raise ImageRefused("damaged")
    return answer


def main() -> None:
    """Decode standard input and write it as JPEG to standard output."""
    body = sys.stdin.buffer.read()
    prepare_decoder()  # loads Pillow, which the limits are not to count
    limit_process(DECODE_SPACE, DECODE_SECONDS)
    image = decode_image(body, image_header(body), LONGEST)
    image.info.clear()
    image.save(sys.stdout.buffer, "JPEG", quality=QUALITY, subsampling=0)


WHITE = (255, 255, 255)
DECODE_SPACE, DECODE_SECONDS = 256 << 20, 3
"""Bytes of addresses and seconds of processor that decoding one file may add: 12 million pixels with transparency take 180 MiB
and 0.7 s, a progressive photograph of as many 1.8 s."""


def prepare_decoder() -> None:
    """Set Pillow up for files whose header was checked, and whose text beside the pixels nobody reads."""
    from PIL import Image, PngImagePlugin

    Image.MAX_IMAGE_PIXELS = None
    PngImagePlugin.MAX_TEXT_MEMORY = PngImagePlugin.MAX_TEXT_CHUNK


def decode_image(body: bytes, header: ImageHeader, longest: int) -> "Image.Image":
    """Return the first frame as RGB on white, turned as the camera says, no side over ``longest``; raise ImageRefused."""
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image: Image.Image = Image.open(io.BytesIO(body), formats=(header.kind.upper(),))
            if image.size != (header.width, header.height):  # the decoder took another part's word: nothing is decoded yet
                raise ImageRefused("contradictory")
            image.draft("RGB", (longest, longest))
            image.load()
            ImageOps.exif_transpose(image, in_place=True)
            if image.mode != "RGB":
                image = image.convert("RGBA")
                flat = Image.new("RGB", image.size, WHITE)
                flat.paste(image, mask=image.getchannel("A"))
                image = flat
    except MemoryError:
        raise ImageRefused("too_large") from None
    except (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, TypeError, OverflowError):
        raise ImageRefused("truncated" if _is_cut(body, header) else "damaged") from None
    if max(image.size) > longest:
        image.thumbnail((longest, longest))
    return image


def _is_cut(body: bytes, header: ImageHeader) -> bool:
    """Whether a file lacks the end its format closes with."""
    if header.kind == "webp":
        return int.from_bytes(body[4:8], "little") + 8 > len(body)
    return {"png": b"IEND", "jpeg": b"\xff\xd9", "gif": b";"}[header.kind] not in body[-64:]


if __name__ == "__main__":
    main()
