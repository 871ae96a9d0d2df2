"""Looks at sites that people ask for at the desk: they wait in its database for a process that reaches sites.

A desk that reaches sites carries them out itself, beside its pages; else the Dag ``site_looks`` does (dags/jobs.py).
"""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import msgspec
from sqlalchemy import Engine, Row, delete, insert, select, update

from desk.custody import audit
from desk.database import writing
from desk.people.accounts import User, user_of
from desk.refusals import DeskRefusal
from desk.seed_editors import SiteLook
from desk.tables import site_looks, users
from foundation.messages import _
from lurewatch.app.app_errors import AppError, typed_errors

LOG = logging.getLogger("lurewatch.desk")
MOST_WAITING = 4
"""Looks that may wait behind the one that runs: each takes up to some minutes."""
KEPT = timedelta(days=1)
"""What a look found is shown so long: it may name adverts."""
LOST = timedelta(hours=1)
"""A look that began so long ago and did not end was that of a process that died."""


class AskedLook(msgspec.Struct, frozen=True, kw_only=True):
    """A look that is to be carried out."""

    number: int
    kind: str
    """``probe``, ``accept`` or ``try``."""
    subject: str
    """The venue, or the source."""
    by: User
    reason: str


Work = Callable[[AskedLook], Sequence[str]]
"""Carries out a look; returns what it found, a sentence each."""


def ask_for_look(engine: Engine, kind: str, subject: str, *, by: User, action: str, reason: str = "") -> None:
    """Put a look behind those that wait, and note in the audit log who asked; raise DeskRefusal when it waits already."""
    now = datetime.now(UTC)
    with writing(engine) as connection:
        under_way = {
            (row.kind, row.subject) for row in connection.execute(select(site_looks).where(site_looks.c.ended_at.is_(None)))
        }
        if (kind, subject) in under_way:
            raise DeskRefusal(_("%(subject)s is being looked at already; see how it stands in a minute", subject=subject))
        if len(under_way) > MOST_WAITING:
            raise DeskRefusal(_("too many looks wait; try again in some minutes"))
        row = {"kind": kind, "subject": subject, "by_id": by.id, "reason": reason, "asked_at": now, "lines": "[]", "failure": ""}
        connection.execute(insert(site_looks).values(**row))
        audit.append(connection, at=now, actor=by.name, action=action, subject=subject)


def list_looks(engine: Engine, kinds: Sequence[str], subject: str | None = None) -> list[SiteLook]:
    """Return the looks of some kinds, the newest first."""
    query = select(site_looks, users.c.name).join(users).where(site_looks.c.kind.in_(kinds)).order_by(site_looks.c.id.desc())
    query = query.where(site_looks.c.ended_at.is_(None) | (site_looks.c.ended_at >= datetime.now(UTC) - KEPT))
    if subject is not None:
        query = query.where(site_looks.c.subject == subject)
    with engine.connect() as connection:
        return [_look_of(row) for row in connection.execute(query.limit(20))]


def _look_of(row: Row) -> SiteLook:  # type: ignore[type-arg]
    titles = {"probe": f"Look at {row.subject}", "accept": f"Accept {row.subject}"}
    lines = tuple(msgspec.json.decode(row.lines, type=list[str]))
    return SiteLook(
        key=titles.get(row.kind, row.subject), by=row.name, begun=row.begun_at or row.asked_at, waits=row.begun_at is None,
        running=row.ended_at is None, lines=lines, failure=row.failure,
    )  # fmt: skip


def carry_out_looks(engine: Engine, work: Work) -> int:
    """Carry out what waits, one after another; return how many looks that were."""
    done = 0
    while (look := _take_next(engine)) is not None:
        lines, failure = _carry_out(work, look)
        values = {"ended_at": datetime.now(UTC), "lines": msgspec.json.encode(list(lines)).decode(), "failure": failure}
        with writing(engine) as connection:
            connection.execute(update(site_looks).where(site_looks.c.id == look.number).values(**values))
        done += 1
    return done


def _take_next(engine: Engine) -> AskedLook | None:
    """Return the look that waits longest, as begun: no other process takes it too."""
    now = datetime.now(UTC)
    with writing(engine) as connection:
        connection.execute(delete(site_looks).where(site_looks.c.ended_at < now - KEPT))
        lost = site_looks.c.ended_at.is_(None) & (site_looks.c.begun_at < now - LOST)
        words = "the process that looked ended before it was done; ask again"
        connection.execute(update(site_looks).where(lost).values(ended_at=now, failure=words))
        waiting = select(site_looks.c.id).where(site_looks.c.begun_at.is_(None)).order_by(site_looks.c.id).limit(1)
        number = connection.execute(waiting).scalar()
        mine = (site_looks.c.id == number) & site_looks.c.begun_at.is_(None)
        if number is None or not connection.execute(update(site_looks).where(mine).values(begun_at=now)).rowcount:
            return None
        asked = connection.execute(select(site_looks).where(site_looks.c.id == number)).one()
        by = user_of(connection.execute(select(users).where(users.c.id == asked.by_id)).one())
    return AskedLook(number=asked.id, kind=asked.kind, subject=asked.subject, by=by, reason=asked.reason)


def _carry_out(work: Work, look: AskedLook) -> tuple[tuple[str, ...], str]:
    """Return what a look found, and why it failed; a fault of the program is logged and told without its words."""
    try:
        with typed_errors():
            return tuple(work(look)), ""
    except AppError as exc:
        return (), str(exc)
    except Exception:
        LOG.exception("a look failed")
        return (), "something went wrong here; the log has the rest"


_ONE_AT_A_TIME = threading.Lock()


def look_beside_pages(engine: Engine, work: Work) -> None:
    """Carry out what waits in a thread of this process, behind those that are at it; closing the desk waits for no site."""

    def carry_out() -> None:
        with _ONE_AT_A_TIME:
            carry_out_looks(engine, work)

    threading.Thread(target=carry_out, name="looks", daemon=True).start()
