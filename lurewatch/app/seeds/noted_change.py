"""Changes one file under ``seeds/`` and notes the change in the audit log."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from difflib import unified_diff
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, Engine

from desk.cases.signed_settings import Key, Standing, sign_change, standings
from desk.custody import audit
from desk.database import writing
from desk.people.accounts import User
from desk.people.roles import Right
from desk.refusals import DeskRefusal
from foundation.messages import _
from foundation.whole_files import replace_file
from lurewatch.settings import Settings

MOST_BYTES = 256 << 10
"""Of a text that is saved at the desk."""


def version_of(content: bytes) -> str:
    """Return the version of a file: its SHA-256, hex."""
    return hashlib.sha256(content).hexdigest()


def refuse_reader(settings: Settings, by: User, reason: str) -> None:
    """Raise DeskRefusal where no change is possible: no right, no reason, or the shipped folder."""
    if not by.may(Right.SEEDS):
        raise DeskRefusal(_("the role %(role)s changes no sources and rules; ask an operator or a lead", role=by.role))
    if not reason.strip():
        raise DeskRefusal(_("say why in a sentence"))
    if why := settings.read_only_seeds:
        raise DeskRefusal(why)


def read_seen(path: Path, content: bytes, version: str) -> bytes:
    """Return the text of a file that is to become ``content``; raise DeskRefusal as ``change`` does."""
    if len(content) > MOST_BYTES:
        sizes = {"size": f"{len(content):,}", "most": f"{MOST_BYTES:,}"}
        raise DeskRefusal(_("%(file)s would have %(size)s bytes; %(most)s at most are saved here", file=path.name, **sizes))
    try:
        before = path.read_bytes()
    except OSError as exc:
        raise DeskRefusal(_("%(file)s: cannot be read (%(why)s); look at the list again", file=path, why=exc.strerror)) from exc
    if version_of(before) != version:
        raise DeskRefusal(
            _("%(file)s was changed since you opened it; look at it again, then repeat your change", file=path.name)
        )
    if before == content:
        raise DeskRefusal(_("%(file)s says so already; nothing was changed", file=path.name))
    return before


def change(
    engine: Engine, path: Path, content: bytes, *, version: str, by: User, now: datetime, action: str, subject: str,
    detail: Mapping[str, object], note: Callable[[Connection], object] = lambda _: None,
) -> None:  # fmt: skip
    """Replace the file whose SHA-256 is ``version``; the audit log has who, why, the change as a diff, and both versions.

    ``note`` writes what else belongs to the change, in the same transaction.

    The entry is part of a transaction that ends after the file stands in its place, so no change is without one. Raises
    DeskRefusal when the file was changed since the person saw it, is as asked already, or cannot be written.
    """
    with writing(engine) as connection:
        before = read_seen(path, content, version)
        old, new = (text.decode("utf-8", "replace").splitlines() for text in (before, content))
        versions = {
            "before": version, "after": version_of(content), "diff": "\n".join(unified_diff(old, new, n=1, lineterm="")),
        }  # fmt: skip
        audit.append(connection, at=now, actor=by.name, action=action, subject=subject, detail={**detail, **versions})
        note(connection)
        try:
            replace_file(path, content)
        except OSError as exc:
            told = _("%(file)s: cannot be written (%(why)s); give the desk's user the folder", file=path, why=exc.strerror)
            raise DeskRefusal(told) from exc


def sign_file(
    engine: Engine, path: Path, content: bytes, key: Key, value: str, before: str | None, *, version: str, by: User,
    now: datetime, reason: str, action: str, subject: str, detail: Mapping[str, object],
    check: Callable[[Connection], object] = lambda _: None,
) -> bool:  # fmt: skip
    """Sign a value; the second person's signature changes the file that says it, as ``change`` does. Tell whether it did.

    ``check`` may refuse the second signature, and writes what else belongs to the change. Raises DeskRefusal.
    """
    read_seen(path, content, version)
    sign = partial(sign_change, key=key, value=value, before=before, by=by, reason=reason, now=now)

    def note(connection: Connection) -> None:
        if not sign(connection):
            raise DeskRefusal(_("the first signature on %(subject)s is not there any more; look again", subject=subject))
        check(connection)

    with engine.connect() as connection:
        first = standings(connection).get(key, Standing()).signer(value, now) is None
    if first:
        with writing(engine) as connection:
            sign(connection)
        return False
    change(
        engine, path, content, version=version, by=by, now=now, action=action, subject=subject,
        detail={"reason": reason, "file": path.name, **detail}, note=note,
    )  # fmt: skip
    return True
