"""Lists, mails, evidence packs, people and their keys compared with the audit log: each has an entry for its making and for each
change.

A record class takes in the entries of its ``ACTIONS`` one by one, then names the rows that say something else.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from desk.custody import sealed_partitions
from desk.custody.audit import AuditEntry
from desk.custody.log_details import (
    COMPOSED,
    digest_detail,
    factor_detail,
    file_digests,
    list_detail,
    message_detail,
    password_detail,
    spell_value,
)
from desk.custody.published_heads import stored_bytes
from desk.tables import (
    UNDELIVERED,
    deliveries,
    digests,
    evidence_packs,
    list_entries,
    lists,
    partner_tokens,
    sighting_proofs,
    sightings,
    tokens,
    users,
)

BUILT, APPROVED = "list_built", "list_approved"
_LEFT = ("approved", "sent", "refused")
"""States that need an approval; a list that only takes notices back needs none."""
_GONE = ("mail_failed", "mail_recalled")
"""A message that was refused for good may be dropped and queued again."""
_MAIL_STATES = {"mail_sent": ("sent",), "mail_failed": ("failed",), "mail_recalled": ("failed", "recalled")}
"""Last entry of a message -> the states its row may have; before, it waits."""
_WORDS = {"email": "e-mail", "password_sha256": "password", "created_at": "day of making", "disabled_at": "state"}
_WORDS |= {"factor_sha256": "second factor", "recovery_sha256": "recovery codes"}


class ListRecords:
    """The log's values for each list."""

    ACTIONS = (BUILT, APPROVED, "list_sent", "list_refused", "list_superseded")

    def __init__(self, names: Mapping[int, str]) -> None:
        self._names = names
        self._steps: dict[str, dict[str, tuple[AuditEntry, dict[str, Any]]]] = {}
        self._last: dict[str, AuditEntry] = {}
        self._stock: dict[str, dict[str, Any]] = {}
        self._erased: set[str] = set()

    def see(self, entry: AuditEntry, detail: dict[str, Any]) -> None:
        """Read one entry of the log."""
        self._steps.setdefault(entry.subject, {})[entry.action] = entry, detail
        self._last[entry.subject] = entry

    def take_stock(self, subject: str, detail: dict[str, Any]) -> bool:
        """Read the inventory of a list of an earlier release; return False when the log has it already."""
        _, built = self._steps.get(subject, {}).get(BUILT, (None, {}))
        return "entries_sha256" not in built and self._stock.setdefault(subject, detail) is detail

    def see_erased(self, subject: str, detail: dict[str, Any] | None) -> None:
        """Read the values of a list after retention emptied it."""
        self._stock |= {subject: detail} if detail else {}
        self._erased.add(subject)

    def faults(self, connection: Connection) -> Iterator[str]:
        """Yield the lists that differ from what the log says."""
        contents, waiting = file_digests(connection), set(self._steps)
        for row in connection.execute(select(lists)).mappings():
            name, subject = f"takedown list {row['id']}", f"list:{row['id']}"
            waiting.discard(subject)
            steps = self._steps.get(subject, {})
            if BUILT not in steps:
                yield f"{name}: the log has no entry of its building; it was inserted in the database"
                continue
            yield from self._building_faults(name, row, *steps[BUILT])
            yield from self._approval_faults(name, row, steps[BUILT][1], steps.get(APPROVED))
            yield from self._state_faults(name, row, self._last[subject])
            if subject not in self._erased:
                yield from _file_faults(name, row["manifest_sha256"], contents.get(row["id"], {}))
            noted = self._stock.get(subject, steps[BUILT][1])
            differ = [key for key, value in list_detail(connection, row["id"]).items() if noted.get(key) != value]
            if differ:
                words = ", ".join(sorted(key.removesuffix("_sha256") for key in differ))
                yield f"{name}: its {words} differ from what the log noted when it was built; it was edited in the database"
        named = select(list_entries.c.list_id, list_entries.c.notice_id, list_entries.c.body).where(list_entries.c.body != "{}")
        for number, notice, body in connection.execute(named):
            if f'"{notice}"' not in (body if "notice_id" in body else '""'):
                yield f"takedown list {number}: the id {notice} of a notice is not the one in its entry; it was edited there"
        for subject in sorted(waiting):
            yield f"takedown {subject.replace(':', ' ')}: the log tells of it, and it is not in the database; it was deleted"

    def _building_faults(self, name: str, row: RowMapping, built: AuditEntry, detail: dict[str, Any]) -> Iterator[str]:
        differs = [key for key in ("platform", "number") if detail.get(key) != row[key]]
        if differs or detail.get("manifest") != row["manifest_sha256"] or row["built_at"] != datetime.fromisoformat(built.at):
            yield f"{name}: platform, number, manifest or day differ from entry {built.seq}; it was edited in the database"
        # Version 0.1 called every builder "system", in the table by leaving both columns empty.
        if (self._names.get(row["built_by"]) or row["service"] or "system") != built.actor:
            yield f"{name}: its builder in the database differs from entry {built.seq}; it was edited there"

    def _approval_faults(
        self, name: str, row: RowMapping, built: dict[str, Any], step: tuple[AuditEntry, dict[str, Any]] | None
    ) -> Iterator[str]:
        if step is None:
            leaves_alone = built.get("retraction") is True and row["state"] != "approved"
            if row["approved_by"] is not None or (row["state"] in _LEFT and not leaves_alone):
                yield f"{name}: it is approved in the database, and the log has no entry of an approval"
            return
        entry, detail = step
        by, at = self._names.get(row["approved_by"]), row["approved_at"]
        if by != entry.actor or at != datetime.fromisoformat(entry.at) or detail.get("manifest") != row["manifest_sha256"]:
            yield f"{name}: its approval in the database differs from entry {entry.seq}; it was edited there"

    def _state_faults(self, name: str, row: RowMapping, last: AuditEntry) -> Iterator[str]:
        state = last.action.removeprefix("list_")
        if row["state"] != state:
            yield f"{name}: it is {row['state']} in the database, and the log has it {state} (entry {last.seq})"
        elif row["state"] == "sent" and row["sent_at"] != datetime.fromisoformat(last.at):
            yield f"{name}: the day of its sending differs from entry {last.seq}; it was edited in the database"


def _file_faults(name: str, manifest: str, files: dict[str, tuple[str, str]]) -> Iterator[str]:
    for file, (kept, actual) in sorted(files.items()):
        if kept != actual:
            yield f"{name}: {file} does not match its digest; it was edited in the database"
    if files and files.get("manifest.json", ("", ""))[1] != manifest:
        yield f"{name}: manifest.json is not the one it was built with; it was edited in the database"


class MailRecords:
    """The log's values for each message and digest."""

    ACTIONS = (COMPOSED, "mail_sent", "mail_failed", "mail_queued", "mail_recalled", "digest_built")

    def __init__(self) -> None:
        self._composed: dict[str, dict[str, Any]] = {}
        self._last: dict[str, AuditEntry] = {}
        self._digests: dict[str, AuditEntry] = {}
        self._bodies: dict[str, str] = {}

    def see(self, entry: AuditEntry, detail: dict[str, Any]) -> None:
        """Read one entry of the log."""
        if entry.action == "digest_built":
            self._digests[entry.subject] = entry
            self._bodies |= {entry.subject: detail["body_sha256"]} if "body_sha256" in detail else {}
            return
        self._last[entry.subject] = entry
        if entry.action == COMPOSED:
            self._composed[entry.subject] = detail

    def take_stock_of_mail(self, message_id: str, detail: dict[str, Any]) -> bool:
        """Read the inventory of a message of an earlier release; return False when the log has it already."""
        return self._composed.setdefault(message_id, detail) is detail

    def take_stock_of_digest(self, week: str, detail: dict[str, Any]) -> bool:
        """Read the inventory of a digest of an earlier release; return False when the log has it already."""
        digest = detail["body_sha256"]
        return self._bodies.setdefault(week, digest) is digest

    def see_erased_mail(self, message_id: str, digest: str) -> None:
        """Read the values of a message after retention emptied it."""
        self._composed[message_id] = self._composed.get(message_id, {}) | {"message_sha256": digest}

    def see_erased_digest(self, week: str, digest: str) -> None:
        """Read the values of a digest after retention emptied it."""
        self._bodies[week] = digest

    def faults(self, connection: Connection) -> Iterator[str]:
        """Yield the mails and digests that differ from what the log says."""
        seen = set()
        for row in connection.execute(select(deliveries).execution_options(yield_per=50)).mappings():
            seen.add(row["message_id"])
            yield from self._row_faults(row)
        lost = {name: last for name, last in self._last.items() if name not in seen and last.action not in _GONE}
        kept = {row.week: row.body for row in connection.execute(select(digests.c.week, digests.c.body))}
        lost |= {week: built for week, built in self._digests.items() if week not in kept}
        for name, entry in lost.items():
            yield f"mail {name}: entry {entry.seq} tells of it, and the database does not keep it; it was deleted or edited"
        for week, body in kept.items():
            if digest_detail(body)["body_sha256"] != self._bodies.get(week):
                yield f"weekly digest {week}: its content differs from what the log noted; it was edited in the database"

    def _row_faults(self, row: Any) -> Iterator[str]:
        name, composed = f"mail {row['message_id']} to {row['recipient']}", self._composed.get(row["message_id"])
        if composed is None:
            yield f"{name}: the log has no entry of its composing; it was inserted in the database"
            return
        actual = message_detail(row["period"], row["subscription"], row["recipient"], stored_bytes(row["message"]))
        words = {"message_sha256": "message"}
        if differ := sorted(words.get(key, key) for key, value in actual.items() if composed.get(key) != value):
            noted = f" (noted: {composed['recipient']})" if "recipient" in differ else ""
            yield f"{name}: {', '.join(differ)} in the database differ from the log{noted}; it was edited there"
        last = self._last.get(row["message_id"])
        if row["state"] not in _MAIL_STATES.get(last.action if last else "", UNDELIVERED):
            yield f"{name}: it is {row['state']} in the database, and the log has no entry of that"


def proof_faults(connection: Connection) -> Iterator[str]:
    """Yield the proofs of sightings that differ from their digest; the log vouches for that. Retention may empty them."""
    columns = (sightings.c.id, sightings.c.proof_sha256, sightings.c.salt, sighting_proofs.c.content)
    query = select(*columns).join(sighting_proofs, sighting_proofs.c.sighting_id == sightings.c.id)
    for row in connection.execute(query.order_by(sightings.c.id).execution_options(yield_per=50)):
        content = stored_bytes(row.content)
        if content and hashlib.sha256(content).hexdigest() != row.proof_sha256:
            yield f"sighting {row.id}: its proof does not match its digest; it was edited in the database"
        elif not content and row.salt:
            yield f"sighting {row.id}: its proof is empty, and retention erased nothing of it; it was edited in the database"


class PackRecords:
    """The log's values for each pack and run."""

    ACTIONS = ("evidence_packed", sealed_partitions.ACTION)

    def __init__(self) -> None:
        self._packs: dict[str, tuple[AuditEntry, dict[str, Any]]] = {}
        self._runs: dict[str, dict[str, Any]] = {}
        self._faults: list[str] = []
        self._of_old = 0
        """Number of the entry up to which packs were noted without their run."""

    def see(self, entry: AuditEntry, detail: dict[str, Any]) -> None:
        """Read one entry of the log."""
        if entry.action == sealed_partitions.ACTION:
            if self._runs.setdefault(entry.subject, detail) is not detail:
                self._faults.append(f"run {entry.subject}: entry {entry.seq} notes it a second time; that entry was inserted")
            return
        digest = str(detail.get("sha256", ""))
        name = f"evidence pack {digest[:16]}…: entry {entry.seq}"
        if digest in self._packs:
            self._faults.append(f"{name} notes it a second time; that entry was inserted")
        self._packs[digest] = entry, detail
        if "partition" in detail:
            run = self._runs.get(detail["partition"])
            if run is None or run.get("report_sha256") != detail.get("report_sha256"):
                self._faults.append(
                    f"{name} names the run {detail['partition']}, and no entry before it notes that run with such a report; "
                    "this desk did not make it"
                )

    def take_stock(self, entry: AuditEntry) -> None:
        """Note that an inventory was taken: the packs before it may lack their run."""
        self._of_old = max(self._of_old, entry.seq)

    def faults(self, connection: Connection) -> Iterator[str]:
        """Yield the packs that differ from what the log says."""
        yield from self._faults
        rows = {row.sha256: row for row in connection.execute(select(evidence_packs))}
        for digest, row in rows.items():
            entry, detail = self._packs.get(digest, (None, {}))
            if entry is None or (entry.subject, entry.actor, detail.get("audit_head")) != (
                row.item_id,
                row.packed_by,
                row.audit_head,
            ):
                yield f"evidence pack {digest[:16]}…: it stands in the database, and the log has no such entry"
        for digest, (entry, detail) in self._packs.items():
            if "partition" not in detail and entry.seq > self._of_old:
                yield f"evidence pack {digest[:16]}…: entry {entry.seq} names no run it was made from; this desk did not make it"
            # Version 0.1 noted packs in the log alone, without the head each carried.
            if digest not in rows and "audit_head" in detail:
                yield f"evidence pack {digest[:16]}…: entry {entry.seq} tells of it, and the database has no row; it was deleted"


class PeopleRecords:
    """The log's values for each account."""

    SECRETS = ("password_changed", "factor_set", "factor_removed", "recovery_code_used")
    ACTIONS = ("user_added", "role_changed", "user_disabled", "user_enabled", *SECRETS)

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
        elif entry.action in self.SECRETS:
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
            values |= factor_detail(row["second_factor"], row["recovery_codes"])
            told = factor_detail("", "") | person
            differ = sorted({_WORDS.get(name, name) for name, value in told.items() if values[name] != value})
            if differ:
                yield f"person {row['name']}: {', '.join(differ)} in the database differ from the log; they were edited there"
            if {"email", "password_sha256"} - person.keys():
                yield f"person {row['name']}: the log knows no e-mail and password of them; they were inserted in the database"
        for name in known:
            yield f"person {name}: the log tells of them, and they are not in the database; they were deleted"


class AccessRecords:
    """The log's values for what opens the API and the partners' door.

    A row that is not there is no fault: a backup holds none of them.
    """

    ACTIONS = tuple(f"{key}_{step}" for key in ("token", "partner_token") for step in ("made", "revoked"))
    ACTIONS += ("access_ended", "partner_token_opened")
    ENDING = ("access_ended", "user_disabled", "password_changed")
    """Entries that end every token of a person."""
    TABLES = (
        ("token", "token of the API", tokens, "revoked_at"),
        ("partner_token", "token of a platform", partner_tokens, "revoked_at"),
    )
    """Beginning of the actions, name, table, and the column that says since when a row is over."""

    def __init__(self, names: Mapping[int, str]) -> None:
        self._names = names
        self._made: dict[tuple[str, int], tuple[AuditEntry, dict[str, Any]]] = {}
        self._over: set[tuple[str, int]] = set()
        self._opened: set[int] = set()

    def see(self, entry: AuditEntry, detail: dict[str, Any]) -> None:
        """Read one entry of the log."""
        key, _, step = entry.action.rpartition("_")
        if entry.action in self.ENDING:
            self._over |= {name for name, (made, _) in self._made.items() if made.subject == entry.subject}
        elif step == "opened":
            self._opened.add(detail["token"])
        elif step == "made":
            name = key, detail.pop(key.removeprefix("partner_"))
            self._made[name] = entry, detail
            self._over.discard(name)  # after a restored backup numbers begin anew
        else:
            self._over.add((key, detail[key.removeprefix("partner_")]))

    def faults(self, connection: Connection) -> Iterator[str]:
        """Yield what differs from what the log says, or is in force although the log says that it is over."""
        for key, kind, table, end in self.TABLES:
            for row in connection.execute(select(table).order_by(table.c.id)).mappings():
                name, (entry, detail) = f"{kind} {row['id']}", self._made.get((key, row["id"]), (None, {}))
                if entry is None:
                    yield f"{name}: the log has no entry of its making; it was inserted in the database"
                    continue
                owner = f"partner:{row['platform']}" if "platform" in row else self._names.get(row["user_id"])
                differ = [column for column, value in detail.items() if spell_value(row.get(column)) != value]
                differ += ["owner"] if owner != entry.subject else []
                differ += ["day of making"] if row["created_at"] != entry.moment else []
                if differ:
                    yield f"{name}: {', '.join(differ)} in the database differ from entry {entry.seq}; it was edited there"
                if row.get("opened_at") and row["id"] not in self._opened:
                    yield f"{name}: it is open in the database, and the log has no entry of its opening"
                if row[end] is None and (key, row["id"]) in self._over:
                    yield f"{name}: it is in force in the database, and the log says that it is over"
