"""Accounts compared with the audit log: role, state, e-mail address, password, and when each was made and disabled."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from desk.custody.audit import AuditEntry
from desk.tables import users

ACTIONS = ("user_added", "role_changed", "user_disabled", "user_enabled", "password_changed")
_WORDS = {"email": "e-mail", "password_sha256": "password", "created_at": "day of making", "disabled_at": "state"}


def account_detail(email: str, password_hash: str) -> dict[str, object]:
    """Return what the log keeps of an account beside its role; of the password's hash only a digest."""
    return {"email": email, **password_detail(password_hash)}


def password_detail(password_hash: str) -> dict[str, object]:
    """Return what the log keeps of a password's hash."""
    return {"password_sha256": hashlib.sha256(password_hash.encode("utf-8", "surrogatepass")).hexdigest()}


class PeopleRecords:
    """The log's values for each account."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, Any]] = {}
        """Name -> column, or ``password_sha256`` -> value; a column the log says nothing of is absent."""

    def see(self, entry: AuditEntry, detail: dict[str, Any]) -> None:
        """Read one entry of the log."""
        person, at = self._known.setdefault(entry.subject, {}), datetime.fromisoformat(entry.at)
        if entry.action == "user_added":
            person |= {"role": "", "disabled_at": None, "created_at": at} | detail
        elif entry.action == "role_changed":
            person["role"] = detail.get("to", "")
        elif entry.action == "password_changed":
            person |= detail
        else:
            person["disabled_at"] = at if entry.action == "user_disabled" else None

    def take_stock(self, name: str, detail: dict[str, Any]) -> bool:
        """Read the inventory of an account of an earlier release; return False when the log has it already."""
        person = self._known.setdefault(name, {})
        new = not person.keys() & detail.keys()
        person |= {key: value for key, value in detail.items() if key not in person}
        return new

    def faults(self, connection: Connection) -> Iterator[str]:
        """Yield the accounts that differ from what the log says."""
        known = dict(self._known)
        for row in connection.execute(select(users).order_by(users.c.name)).mappings():
            person = known.pop(row["name"], {})
            if "role" not in person:
                yield f"person {row['name']}: the log has no entry of adding them; they were inserted in the database"
                continue
            values = dict(row) | password_detail(row["password_hash"])
            differ = sorted({_WORDS.get(name, name) for name, value in person.items() if values[name] != value})
            if differ:
                yield f"person {row['name']}: {', '.join(differ)} in the database differ from the log; they were edited there"
            if {"email", "password_sha256"} - person.keys():
                yield f"person {row['name']}: the log knows no e-mail and password of them; they were inserted in the database"
        for name in known:
            yield f"person {name}: the log tells of them, and they are not in the database; they were deleted"
