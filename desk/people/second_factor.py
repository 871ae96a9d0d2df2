"""The second factor of an account: a code of RFC 6238 that a telephone shows, or one of ten recovery codes.

The secret lies in the database, because a code is computed from it; of the recovery codes only digests do. The log has digests
of both, so that ``users audit`` names an account whose factor was swapped or taken away in the database.
"""

import base64
import hashlib
import hmac
import re
import secrets
from datetime import datetime
from typing import Any

import pyotp
from sqlalchemy import Connection, Engine, Row, delete, select, update

from desk.custody import audit
from desk.custody.log_details import factor_detail
from desk.database import writing
from desk.refusals import DeskRefusal
from desk.tables import sessions, users
from foundation.messages import _

_SECRET = re.compile(r"[A-Z2-7]{32}")
WINDOW, RECOVERY_CODES = 1, 10
"""Steps of 30 seconds that a telephone's clock may be wrong, to either side, and how many recovery codes somebody gets."""


def new_secret() -> str:
    """Return a secret of 160 random bits, in base32."""
    return pyotp.random_base32()


def enrolment_address(name: str, secret: str, issuer: str) -> str:
    """Return what the QR code says to a telephone."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=f"LureWatch {issuer}".strip())


def set_factor(engine: Engine, name: str, secret: str, code: str, *, now: datetime) -> tuple[str, ...]:
    """Give an account without a second factor its own, after one right code; return the recovery codes, which are kept nowhere.

    Sessions that began with a password alone end. Raises DeskRefusal.
    """
    step = _step(secret, _plain(code), now) if _SECRET.fullmatch(secret) else None
    if step is None:
        raise DeskRefusal(_("the code does not fit; set the clock of the telephone right, and type the code it shows now"))
    codes = tuple(base64.b32encode(secrets.token_bytes(10)).decode().lower() for _code in range(RECOVERY_CODES))
    kept = " ".join(map(_digest, codes))
    values = {"second_factor": secret, "factor_step": step, "recovery_codes": kept}
    with writing(engine) as connection:
        alone = (users.c.name == name) & (users.c.second_factor == "")
        if connection.execute(update(users).where(alone).values(values)).rowcount != 1:
            raise DeskRefusal(_("this account has a second factor; remove it first"))
        _end_sessions(connection, name)
        audit.append(connection, at=now, actor=name, action="factor_set", subject=name, detail=factor_detail(secret, kept))
    return codes


def remove_factor(engine: Engine, name: str, *, now: datetime, actor: str) -> None:
    """Take the second factor from an account, as of somebody who lost the telephone; its sessions end. Raises DeskRefusal."""
    values = {"second_factor": "", "factor_step": 0, "recovery_codes": ""}
    with writing(engine) as connection:
        having = (users.c.name == name) & (users.c.second_factor != "")
        if connection.execute(update(users).where(having).values(values)).rowcount != 1:
            raise DeskRefusal(_("%(name)s has no second factor", name=name))
        _end_sessions(connection, name)
        audit.append(connection, at=now, actor=actor, action="factor_removed", subject=name, detail=factor_detail("", ""))


def spend_code(connection: Connection, row: Row[Any], code: str, now: datetime) -> bool:
    """Tell whether a code opens an account, a row of ``users``, and spend it: neither it nor an older one opens it again."""
    mine, code = users.c.id == row.id, _plain(code)
    step, digest, kept = _step(row.second_factor, code, now), _digest(code), row.recovery_codes.split()
    if step is not None:
        newer = update(users).where(mine, users.c.second_factor == row.second_factor, users.c.factor_step < step)
        return connection.execute(newer.values(factor_step=step)).rowcount == 1
    if digest not in kept:
        return False
    left = " ".join(each for each in kept if each != digest)
    spent = update(users).where(mine, users.c.recovery_codes == row.recovery_codes).values(recovery_codes=left)
    if connection.execute(spent).rowcount != 1:
        return False
    detail = factor_detail(row.second_factor, left)
    audit.append(connection, at=now, actor=row.name, action="recovery_code_used", subject=row.name, detail=detail)
    return True


def _step(secret: str, code: str, now: datetime) -> int | None:
    """Return the step of time that a code is of; None when it is of none in the window."""
    if not secret:
        return None
    totp, given = pyotp.TOTP(secret), code.encode("utf-8", "replace")
    present = totp.timecode(now)
    steps = range(present - WINDOW, present + WINDOW + 1)
    return max((step for step in steps if hmac.compare_digest(totp.generate_otp(step).encode(), given)), default=None)


def _plain(code: str) -> str:
    """Return a code without what people put between its letters."""
    return "".join(code.split()).replace("-", "").lower()


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode("utf-8", "replace")).hexdigest()


def _end_sessions(connection: Connection, name: str) -> None:
    owner = select(users.c.id).where(users.c.name == name).scalar_subquery()
    connection.execute(delete(sessions).where(sessions.c.user_id == owner))
