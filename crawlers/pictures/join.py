"""What pictures show becomes part of their posting: words at the end of its text, addresses in codes among its contacts."""

from collections.abc import Callable

from msgspec.structs import replace

from crawlers.items import Posting
from crawlers.pictures.image_table import KnownImage

BETWEEN = "\n\n"
Known = Callable[[str], KnownImage | None]


def add_pictures(posting: Posting, known: Known, run_id: str) -> Posting:
    """Return the posting with what is ``known`` of its pictures by their address; the same one when nothing is.

    ``run_id`` is the run whose partition it will lie in.
    """
    text, media, links = posting.text, [], list(posting.contacts)
    for item in posting.media:
        image = known(item.url) if item.kind == "image" else None
        if image is None:
            media.append(item)
            continue
        capture = replace(image.capture, run=None) if image.capture.run == run_id else image.capture
        start = end = 0
        if image.reading and image.reading.text and image.reading.text not in text:
            start = len(text) + len(BETWEEN) if text else 0
            text = f"{text}{BETWEEN}{image.reading.text}" if text else image.reading.text
            end = len(text)
        if image.reading:
            links += [link for code in image.reading.codes for link in code.links]
        reading = replace(image.reading, text="") if image.reading else None
        media.append(replace(item, capture=capture, reading=reading, start=start, end=end))
    return replace(posting, text=text, media=tuple(media), contacts=tuple(dict.fromkeys(links)))
