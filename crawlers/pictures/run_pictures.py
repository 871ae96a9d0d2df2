"""The pictures of a run after its walk: read in a child process, counted, and joined to their postings.

Words they show stand at the end of the posting's text, addresses in their codes among its contacts.
One picture is read at a time, within a time limit, and none ever ends the run: one whose child dies or takes too long is
``refused``, and the next one gets a new child.
"""

import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Self

import msgspec
from msgspec.structs import replace

from crawlers.evidence import warc
from crawlers.frontier.frontier_store import Frontier
from crawlers.frontier.sqlite_state import KnownImage
from crawlers.items import Posting
from crawlers.pictures.image_header import ImageRefused, image_header
from crawlers.pictures.language_packs import installed_packs
from crawlers.pictures.picture import PictureReading, PictureTask
from crawlers.process import ask_child, end_child, open_child, require
from crawlers.sources.source import Source

SECONDS = 900.0
"""Seconds for reading the pictures of a run; the rest are kept and counted as not read."""
INSTALL = "`apt-get install tesseract-ocr` and the packs that docs/posters.md lists, then crawl again"


def read_pictures(frontier: Frontier, source: Source) -> None:
    """Read every waiting picture of the run; each result is stored at once, so a killed run continues."""
    waiting = frontier.images.unread()
    if not waiting:
        return
    ends = time.monotonic() + SECONDS
    readings: dict[str, PictureReading] = {}
    with PictureReader(source.languages) as reader:
        for key in waiting:
            body = frontier.images.file(key)
            digest = warc.sha256(body)  # one poster is often shown at many addresses
            if digest not in readings:
                late = time.monotonic() > ends
                readings[digest] = PictureReading(state="unread", reason="no_time") if late else reader.read(body)
            frontier.images.put_reading(key, readings[digest])


class PictureTally:
    """Joins the pictures of a run to its postings and counts their states, each picture once."""

    def __init__(self, frontier: Frontier, run_id: str, now: str) -> None:
        self._frontier = frontier
        self._run_id = run_id
        self._now = now
        self._counted: set[str] = set()
        self._states: Counter[str] = Counter()

    def join(self, lines: Iterator[bytes]) -> Iterator[bytes]:
        """Yield the lines of postings with what their pictures show."""
        decoder, encode = msgspec.json.Decoder(Posting), msgspec.json.Encoder().encode
        for line in lines:
            if b'"image"' not in line:
                yield line
                continue
            posting = add_pictures(
                decoder.decode(line), lambda url: self._frontier.images.find(self._frontier.key(url)), self._run_id
            )
            for media in posting.media:
                if media.capture:
                    self._count(self._frontier.key(media.url), media.reading)
            yield encode(posting)

    def _count(self, key: str, reading: PictureReading | None) -> None:
        if key in self._counted:
            return
        self._counted.add(key)
        self._frontier.images.see(key, self._now)
        state = reading.state if reading else "unread"
        self._states[f"image/{state}" + (f"/{reading.reason}" if reading and reading.reason else "")] += 1

    @property
    def counters(self) -> dict[str, int]:
        """The number of pictures by state."""
        return dict(self._states)

    def warnings(self) -> tuple[str, ...]:
        """Return sentences, with the fix, why pictures were not read."""
        lacking = self._states["image/unread/no_tesseract"] + self._states["image/unread/no_language_pack"]
        results = (
            [f"{lacking} pictures are kept and not read, Tesseract or a language pack is missing: {INSTALL}"] if lacking else []
        )
        if late := self._states["image/unread/no_time"]:
            results.append(f"{late} pictures are kept and not read, there was no time: lower crawl.images.per_run")
        return tuple(results)


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


START_SECONDS, DECODE_SECONDS = 60.0, 10.0
"""Seconds for a new child's first answer and for decoding a picture, for a busy machine; decoding takes 0.1 s."""
OCR_SECONDS = 60.0
CHILD = ("-m", "crawlers.pictures.read_child")
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "OMP_THREAD_LIMIT": "1"}


class PictureReader:
    """A child process kept for many pictures. ``packs`` are Tesseract's installed language packs: none, and no text is read."""

    def __init__(self, languages: tuple[str, ...] = ()) -> None:
        """Prepare for pictures expected in ``languages`` (ISO 639-1); raise ModuleNotFoundError without the extra ``crawl``."""
        for module in ("PIL", "zxingcpp"):
            require(module)
        self.packs = installed_packs()
        self._languages = languages
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The process id of the child, None while there is none."""
        return self._child.pid if self._child else None

    def read(self, body: bytes) -> PictureReading:
        """Return what the picture in ``body`` shows; whatever the file is, no error is raised for it."""
        try:
            image_header(body)
        except ImageRefused as exc:
            return PictureReading(state="refused", reason=exc.reason)
        languages, packs = self._languages, tuple(sorted(self.packs))
        task = PictureTask(size=len(body), languages=languages, packs=packs, seconds=OCR_SECONDS)
        fresh = self._child is None
        child = self._child = self._child or open_child(*CHILD, environment=_ONE_THREAD)
        seconds = DECODE_SECONDS + (OCR_SECONDS if packs else 0) + (START_SECONDS if fresh else 0)
        answer = ask_child(child, msgspec.json.encode(task) + b"\n" + body, seconds)
        if answer is None:
            reason = "too_slow" if child.poll() in (None, -signal.SIGXCPU) else "reader_died"
            self.close()
            return PictureReading(state="refused", reason=reason)
        return msgspec.json.decode(answer, type=PictureReading)

    def close(self) -> None:
        """End the child and what it started."""
        if self._child is not None:
            end_child(self._child)
        self._child = None
