"""Decodes one picture of unknown origin; only within a process that is limited and holds no secret."""

import io
import warnings

from PIL import Image, ImageOps, PngImagePlugin

from crawlers.pictures.image_header import ImageHeader, ImageRefused

WHITE = (255, 255, 255)
DECODE_SPACE, DECODE_SECONDS = 256 << 20, 3
"""Bytes of addresses and seconds of processor that decoding one file may add: 12 million pixels with transparency take 180 MiB
and 0.7 s, a progressive photograph of as many 1.8 s."""


def prepare_decoder() -> None:
    """Set Pillow up for files whose header was checked, and whose text beside the pixels nobody reads."""
    Image.MAX_IMAGE_PIXELS = None
    PngImagePlugin.MAX_TEXT_MEMORY = PngImagePlugin.MAX_TEXT_CHUNK


def decode_image(body: bytes, header: ImageHeader, longest: int) -> Image.Image:
    """Return the first frame as RGB on white, turned as the camera says, no side over ``longest``; raise ImageRefused."""
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
