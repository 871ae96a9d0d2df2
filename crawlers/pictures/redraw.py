"""Draws a kept picture anew, so that what leaves is pixels alone: no metadata, no bytes behind the image, no second format.

``python -m crawlers.pictures.redraw`` is the process that decodes the file, limited and without secrets.
"""

import sys

from crawlers.pictures.image_header import ImageRefused, image_header
from crawlers.process import answer_of_child, limit_process

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
    from crawlers.pictures import decode

    body = sys.stdin.buffer.read()
    limit_process(decode.DECODE_SPACE, decode.DECODE_SECONDS)
    decode.prepare_decoder()
    image = decode.decode_image(body, image_header(body), LONGEST)
    image.info.clear()
    image.save(sys.stdout.buffer, "JPEG", quality=QUALITY, subsampling=0)


if __name__ == "__main__":
    main()
