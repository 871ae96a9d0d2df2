"""Reads pictures in a child process, one at a time, each within a time limit; none ends the run.

A picture whose child dies or takes too long is ``refused``; the next one gets a new child.
"""

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import time
from types import TracebackType
from typing import Self

import msgspec

from crawlers.pictures.image_header import ImageRefused, image_header
from crawlers.pictures.language_packs import installed_packs
from crawlers.pictures.picture import PictureReading, PictureTask
from crawlers.process import page_reader_environment, require

START_SECONDS, DECODE_SECONDS = 60.0, 10.0
"""Seconds for a new child's first answer and for decoding a picture, for a busy machine; decoding takes 0.1 s."""
OCR_SECONDS = 60.0
CHILD = ("-m", "crawlers.pictures.read_child")
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "OMP_THREAD_LIMIT": "1"}


class PictureReader:
    """A child process kept for many pictures. ``packs`` are Tesseract's installed language packs: none, and no text is read."""

    def __init__(self, languages: tuple[str, ...] = (), *, ocr_seconds: float = OCR_SECONDS) -> None:
        """Prepare for pictures expected in ``languages`` (ISO 639-1); raise ModuleNotFoundError without the extra ``crawl``."""
        for module in ("PIL", "zxingcpp"):
            require(module)
        self.packs = installed_packs()
        self._languages = languages
        self._ocr_seconds = ocr_seconds
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
        task = PictureTask(size=len(body), languages=languages, packs=packs, seconds=self._ocr_seconds)
        fresh = self._child is None
        child = self._child = self._child or self._start_child()
        seconds = DECODE_SECONDS + (self._ocr_seconds if packs else 0) + (START_SECONDS if fresh else 0)
        answer = _answer_of(child, msgspec.json.encode(task) + b"\n" + body, seconds)
        if answer is None:
            reason = "too_slow" if child.poll() in (None, -signal.SIGXCPU) else "reader_died"
            self.close()
            return PictureReading(state="refused", reason=reason)
        return msgspec.json.decode(answer, type=PictureReading)

    def close(self) -> None:
        """End the child and what it started."""
        if self._child is None:
            return
        child, self._child = self._child, None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        for stream in (child.stdin, child.stdout):
            if stream:
                with contextlib.suppress(OSError):
                    stream.close()

    def _start_child(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, *CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=page_reader_environment() | _ONE_THREAD,
            start_new_session=True,
        )


def _answer_of(child: subprocess.Popen[bytes], question: bytes, seconds: float) -> bytes | None:
    """Return the line a child answers, None when it dies or takes longer than ``seconds``."""
    assert child.stdin and child.stdout
    ends, answer = time.monotonic() + seconds, b""
    try:
        child.stdin.write(question)
        child.stdin.flush()
    except OSError:
        return None
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        while not answer.endswith(b"\n"):
            if not selector.select(max(0.0, ends - time.monotonic())):
                return None
            chunk = os.read(child.stdout.fileno(), 1 << 20)
            if not chunk:
                child.wait()
                return None
            answer += chunk
    return answer
