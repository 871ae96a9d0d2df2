"""Open incidents and waiting messages, in one JSON file of the state folder.

It is not in the desk's database, because it must work when that does not answer.
"""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import msgspec

from crawlers.evidence.whole_files import replace_file
from lurewatch.app.app_errors import PermanentError, TransientError
from lurewatch.app.notifications.conditions import Subject

FILE = "notifications.json"


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """A condition that is true of a subject, or was and whose cure was not sent yet."""

    condition: str
    subject: Subject
    detail: str = ""
    since: datetime
    announced: bool = False
    """Whether a message has told that it opened."""
    cured_at: datetime | None = None


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """One message, and the channels it still has to leave by."""

    id: str
    kind: str
    """``opened`` or ``cured``."""
    condition: str
    incidents: tuple[Incident, ...]
    at: datetime
    channels: tuple[str, ...]


class NotificationLedger(msgspec.Struct, frozen=True, kw_only=True):
    """The state kept between two evaluations."""

    at: datetime | None = None
    """When the conditions were last evaluated."""
    channels: tuple[str, ...] = ()
    """By what that evaluation told: ``mail``, ``webhook``."""
    incidents: tuple[Incident, ...] = ()
    outbox: tuple[Notice, ...] = ()
    last: dict[str, datetime] = {}
    """``<kind>/<condition>`` -> when its newest message was made."""


@contextmanager
def ledger_opened(state: Path) -> Iterator[tuple[NotificationLedger, Callable[[NotificationLedger], None]]]:
    """Yield the ledger and a function that keeps a new one; nobody else has it meanwhile.

    Raises TransientError while another process notifies, PermanentError when the file cannot be read or written.
    """
    try:
        state.mkdir(parents=True, exist_ok=True)
        with (state / f"{FILE}.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as exc:
                raise TransientError("another process notifies right now; its work is not repeated") from exc
            yield read_ledger(state), lambda ledger: replace_file(state / FILE, msgspec.json.encode(ledger) + b"\n")
    except OSError as exc:
        raise PermanentError(f"{state / FILE}: {exc.strerror or exc}; make LUREWATCH_STATE writable") from exc


def read_ledger(state: Path) -> NotificationLedger:
    """Return the ledger, an empty one where there is none yet; raise PermanentError when it is damaged."""
    file = state / FILE
    if not file.exists():
        return NotificationLedger()
    try:
        return msgspec.json.decode(file.read_bytes(), type=NotificationLedger)
    except msgspec.DecodeError as exc:
        raise PermanentError(f"{file}: not a ledger of notifications ({exc}); move it away: what is open is told anew") from exc
