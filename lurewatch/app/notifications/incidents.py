"""Turns samples into messages: opened and cured incidents, one message for each condition.

A condition's first message leaves at once. What opens in the hour after it is gathered into one more, and so is what is cured.
"""

import fcntl
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from operator import attrgetter
from pathlib import Path

import msgspec
from msgspec.structs import replace

from foundation.whole_files import replace_file
from lurewatch.app.app_errors import PermanentError, TransientError
from lurewatch.app.monitoring.catalogue import SeriesSample
from lurewatch.app.notifications.conditions import CONDITIONS, Condition, Subject, unknown

FILE = "notifications.json"


class Incident(msgspec.Struct, frozen=True, kw_only=True):
    """A condition that is true of a subject, or was and whose cure was not sent yet."""

    condition: str
    subject: Subject
    detail: str = ""
    since: datetime
    announced: bool = False
    """Whether a message about its opening was sent."""
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
    """The channels of that evaluation: ``mail``, ``webhook``."""
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


GATHERED = timedelta(hours=1)
"""After a message of one kind about a condition, the next waits this long and tells all that came meanwhile."""
GIVEN_UP = timedelta(days=1)
"""A message that no channel accepted for so long is dropped; open incidents stay in the ledger."""


def evaluate_ledger(
    ledger: NotificationLedger, samples: Sequence[SeriesSample], now: datetime, channels: tuple[str, ...]
) -> NotificationLedger:
    """Return the ledger at ``now``: incidents opened and cured, and the messages that tell it in the outbox."""
    incidents = [
        incident for condition in CONDITIONS.values() for incident in _incidents(condition, ledger.incidents, samples, now)
    ]
    kept: list[Incident] = []
    outbox = [notice for notice in ledger.outbox if now - notice.at < GIVEN_UP]
    last = dict(ledger.last)
    for name in CONDITIONS:
        mine = [incident for incident in incidents if incident.condition == name]
        for kind in ("opened", "cured"):
            untold = [incident for incident in mine if _is_untold(incident, kind)]
            key = f"{kind}/{name}"
            if not untold or (key in last and now - last[key] < GATHERED):
                continue
            last[key] = now
            if channels:
                outbox.append(_notice(kind, name, untold, now, channels))
            rest = [incident for incident in mine if incident not in untold]
            mine = rest + [replace(incident, announced=True) for incident in untold if kind == "opened"]
        kept += mine
    kinds = tuple(sorted({name.partition("/")[0] for name in channels}))
    return NotificationLedger(at=now, channels=kinds, incidents=tuple(kept), outbox=tuple(outbox), last=last)


def _is_untold(incident: Incident, kind: str) -> bool:
    return incident.cured_at is not None if kind == "cured" else incident.cured_at is None and not incident.announced


def _incidents(
    condition: Condition, before: Iterable[Incident], samples: Sequence[SeriesSample], now: datetime
) -> list[Incident]:
    """Return the incidents of one condition: open, new, and cured ones that were announced."""
    mine = {incident.subject: incident for incident in before if incident.condition == condition.name}
    if unknown(condition, samples):
        return list(mine.values())
    subjects = condition.true_of(samples)
    new = Incident(condition=condition.name, subject=(), since=now)
    holding = [
        replace(mine.get(subject, replace(new, subject=subject)), detail=detail, cured_at=None)
        for subject, detail in sorted(subjects.items())
    ]
    cured = [
        replace(incident, cured_at=incident.cured_at or now)
        for subject, incident in mine.items()
        if subject not in subjects and incident.announced
    ]
    return holding + sorted(cured, key=attrgetter("subject"))


def _notice(kind: str, condition: str, incidents: Sequence[Incident], now: datetime, channels: tuple[str, ...]) -> Notice:
    key = "|".join([kind, condition, now.isoformat(), *("/".join(incident.subject) for incident in incidents)])
    return Notice(
        id=hashlib.sha256(key.encode()).hexdigest()[:40],
        kind=kind,
        condition=condition,
        incidents=tuple(incidents),
        at=now,
        channels=channels,
    )
