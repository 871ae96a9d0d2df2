"""Looks at sites that a page of the desk asks for: one at a time, beside the pages, kept until the desk is closed."""

import logging
import queue
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import msgspec

from desk.seed_editors import SiteLook
from lurewatch.app.app_errors import AppError, typed_errors

LOG = logging.getLogger("lurewatch.desk")
MOST_WAITING = 4
"""Looks that may wait behind the one that runs: each takes up to some minutes."""
KEPT = 20


class LooksBusy(Exception):
    """Too many looks wait, or this one is under way already."""


class BackgroundLooks:
    """Carries out looks one after another in a thread of its own; a page never waits for a site."""

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[tuple[str, Callable[[], Sequence[str]]]] = queue.SimpleQueue()
        self._looks: dict[str, SiteLook] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(self, key: str, by: str, work: Callable[[], Sequence[str]]) -> None:
        """Begin a look, or put it behind those that run; ``work`` returns what it found, a sentence each."""
        with self._lock:
            under_way = [look.key for look in self._looks.values() if look.running]
            if key in under_way:
                raise LooksBusy(f"{key} is being looked at already; see how it stands in a minute")
            if len(under_way) > MOST_WAITING:
                raise LooksBusy("too many looks wait; try again in some minutes")
            self._looks.pop(key, None)
            self._looks[key] = SiteLook(key=key, by=by, begun=datetime.now(UTC))
            for old in [each.key for each in self._looks.values() if not each.running][: max(0, len(self._looks) - KEPT)]:
                del self._looks[old]
            self._waiting.put((key, work))
            if self._thread is None:  # a daemon: closing the desk does not wait for a site
                self._thread = threading.Thread(target=self._carry_out, name="looks", daemon=True)
                self._thread.start()

    def looks(self) -> list[SiteLook]:
        """Return the looks, the newest first."""
        with self._lock:
            return list(self._looks.values())[::-1]

    def _carry_out(self) -> None:
        while True:
            key, work = self._waiting.get()
            lines, failure = _take_look(work)
            with self._lock:
                self._looks[key] = msgspec.structs.replace(self._looks[key], running=False, lines=lines, failure=failure)


def _take_look(work: Callable[[], Sequence[str]]) -> tuple[tuple[str, ...], str]:
    """Return what a look found, and why it failed; a fault of the program is logged and told without its words."""
    try:
        with typed_errors():
            return tuple(work()), ""
    except AppError as exc:
        return (), str(exc)
    except Exception:
        LOG.exception("a look failed")
        return (), "something went wrong here; the log has the rest"
