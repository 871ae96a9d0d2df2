"""What the log tells of is covered in every part: mails, lists, people and packs that were changed beside it are named."""
# ruff: noqa: F811 - pytest takes a fixture by the name it is imported under

import json
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import msgspec
import pytest
from sqlalchemy import Engine, insert

from crawlers.evidence.partition import REPORT, Report
from desk import outbox
from desk.custody import audit
from desk.custody.log_details import take_inventory
from desk.custody.published_heads import REPORT_KEY
from desk.database import writing
from desk.partners import partner_tokens
from desk.people import tokens
from desk.people.accounts import set_password
from desk.tables import evidence_packs
from lurewatch.app.doctor import checks
from lurewatch.settings import Settings
from tests.desk.custody.test_ledger_check import (  # noqa: F401 - fixtures
    NOW,
    Sql,
    alternate,
    audit_desk,
    faults,
    forge,
    insider,
    item,
    listed,
    note_run,
    rewrite,
)

HOLES = {
    "a sent message's bytes": ("UPDATE deliveries SET message = 'x'", "message in the database differ from the log"),
    "its recipient": (
        "UPDATE deliveries SET recipient = 'other@example.org'",
        "recipient in the database differ from the log (noted: one@example.org)",
    ),
    "its subscription": ("UPDATE deliveries SET subscription = 'x'", "subscription in the database differ"),
    "how far it came": ("UPDATE deliveries SET state = 'sent'", "it is sent in the database, and the log has no entry of that"),
    "a waiting message deleted": ("DELETE FROM deliveries", "the database does not keep it"),
    "a message inserted": (
        "INSERT INTO deliveries (id, period, subscription, recipient, message_id, message, state, attempts, error, queued_at) "
        "SELECT 99, '2026-W49', subscription, 'x@example.org', 'x', message, 'queued', 0, '', queued_at FROM deliveries",
        "mail x to x@example.org: the log has no entry of its composing",
    ),
    "a digest": ("UPDATE digests SET body = replace(body, '2026', '2027')", "its content differs from what the log noted"),
    "a sent list's entries": ("UPDATE list_entries SET body = '{}'", "its entries differ from what the log noted"),
    "an entry of it deleted": ("DELETE FROM list_entries", "its entries differ"),
    "an entry of it withdrawn": ("UPDATE list_entries SET change = 'withdrawn'", "its entries differ"),
    "the id of a notice": ("UPDATE list_entries SET notice_id = 'x'", "the id x of a notice is not the one in its entry"),
    "a file added to it": (
        "INSERT INTO list_files SELECT list_id, 'list.csv', sha256, content FROM list_files",
        "its files differ",
    ),
    "the list before it": ("UPDATE lists SET previous = id", "its previous differ"),
    "its state": ("UPDATE lists SET state = 'refused'", "it is refused in the database, and the log has it sent"),
    "the day of its sending": ("UPDATE lists SET sent_at = '2026-01-01 00:00:00'", "the day of its sending differs"),
    "the day of its building": ("UPDATE lists SET built_at = '2026-01-01 00:00:00'", "manifest or day differ"),
    "a person's e-mail": ("UPDATE users SET email = 'x@example.org' WHERE name = 'lead'", "person lead: e-mail in the database"),
    "a person's password": ("UPDATE users SET password_hash = 'x' WHERE name = 'lead'", "person lead: password in the database"),
    "since when there is a person": (
        "UPDATE users SET created_at = '2026-01-01 00:00:00' WHERE name = 'lead'",
        "person lead: day of making in the database",
    ),
    "a person disabled": (
        "UPDATE users SET disabled_at = '2026-01-01 00:00:00' WHERE name = 'lead'",
        "person lead: state in the database",
    ),
    "a person inserted": (
        "INSERT INTO users (id, name, email, role, password_hash, created_at) "
        "SELECT 99, 'eve', 'eve@example.org', role, password_hash, created_at FROM users WHERE name = 'lead'",
        "person eve: the log has no entry of adding them",
    ),
}


@pytest.mark.parametrize(("database_url", "statement", "words"), alternate(HOLES), indirect=["database_url"])
def test_mails_lists_and_people_are_covered_in_every_part(
    item: Any, listed: int, insider: Sql, audit_desk: Any, faults: Any, database_url: str, statement: str, words: str
) -> None:
    """What the log of release 0.2 did not cover; `users audit` and the doctor both name it."""
    assert faults() == ()
    insider(statement)
    assert any(words in fault for fault in faults()), faults()
    code, said = audit_desk()
    assert (code, words in said) == (1, True), said
    assert checks.audit_log(Settings(database=database_url)).status == "missing"


def test_a_new_password_is_covered_too(engine: Engine, item: Any, insider: Sql, faults: Any, now: Any) -> None:
    set_password(engine, "lead", "copper-violin-harbour-71", now=now, actor="admin")
    assert faults() == ()
    insider("UPDATE users SET password_hash = (SELECT password_hash FROM users u WHERE u.name = 'minh') WHERE name = 'lead'")
    assert faults() == ("person lead: password in the database differ from the log; they were edited there",)


def test_a_message_refused_for_good_and_queued_once_more_is_as_it_should_be(
    engine: Engine, item: Any, faults: Any, now: Any
) -> None:
    message = EmailMessage()
    message["Message-ID"], message["To"] = "<a@example.org>", "two@example.org"
    key = {"period": "list-1", "subscription": "takedown:board"}
    for _ in range(2):
        with writing(engine) as connection:
            outbox.forget_refused(connection, **key)
            outbox.queue(connection, message, **key, recipient="two@example.org", now=now)
        assert [fault for fault in faults() if "no head" not in fault] == []
        with writing(engine) as connection:
            outbox.recall(connection, **key, why="test", now=now)
        assert faults() == ()


MOVED_KEYS = {
    "a token given to another person": (
        "UPDATE tokens SET user_id = (SELECT id FROM users WHERE name = 'admin')", "token of the API 1: owner in the database",
    ),
    "what it may": ("UPDATE tokens SET scopes = 'read decide'", "token of the API 1: scopes in the database"),
    "a revoked token in force": ("UPDATE tokens SET revoked_at = NULL", "token of the API 2: it is in force"),
    "a partner's token given to another": (
        "UPDATE partner_tokens SET platform = 'forum'", "token of a platform 1: owner in the database",
    ),
    "its value": ("UPDATE partner_tokens SET token_sha256 = 'x'", "token of a platform 1: token_sha256 in the database"),
    "one that nobody let in": ("UPDATE partner_tokens SET opened_at = created_at", "token of a platform 1: it is open"),
    "its last day": ("UPDATE partner_tokens SET expires_at = '2036-01-01 00:00:00'", "token of a platform 1: expires_at"),
    "one inserted": (
        "INSERT INTO partner_tokens (id, platform, name, token_sha256, scopes, created_at, expires_at) "
        "SELECT 9, platform, name, 'x', scopes, created_at, expires_at FROM partner_tokens",
        "token of a platform 9: the log has no entry of its making",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("database_url", "statement", "words"), alternate(MOVED_KEYS), indirect=["database_url"])
def test_tokens_are_covered(
    engine: Engine, staff: Any, insider: Sql, faults: Any, now: Any, database_url: str, statement: str, words: str
) -> None:
    people = staff(engine)
    for name in ("minh", "lead"):
        tokens.make_token(engine, "case tool", scopes=["read"], days=9, by=people[name], now=now)
    set_password(engine, "lead", "copper-violin-harbour-71", now=now, actor="admin")  # ends the second token
    partner_tokens.issue_token(engine, "board", "desk", scopes=["read"], days=9, actor="lead", now=now)
    assert faults() == ()
    insider(statement)
    assert any(words in fault for fault in faults()), faults()


def test_tokens_that_a_backup_left_out_are_no_fault(engine: Engine, staff: Any, insider: Sql, faults: Any, now: Any) -> None:
    lead = staff(engine)["lead"]
    for _ in range(2):
        tokens.make_token(engine, "case tool", scopes=["read"], days=9, by=lead, now=now)
        assert faults() == ()
        tokens.revoke_token(engine, 1, now=now, actor="lead")
        insider("DELETE FROM tokens")
        if engine.dialect.name == "postgresql":
            insider("ALTER SEQUENCE tokens_id_seq RESTART")
        assert faults() == ()


FORGED = {
    "no run": ({}, "names no run it was made from"),
    "a run the ledger never noted": (
        {"partition": "board/run-9", "report_sha256": "cd" * 32},
        "names the run board/run-9, and no",
    ),
    "another report": ({"partition": "board/run-1", "report_sha256": "0" * 64}, "names the run board/run-1, and no"),
}


@pytest.mark.parametrize(("more", "words"), FORGED.values(), ids=FORGED)
def test_a_forged_pack_appended_to_the_log_is_told(
    engine: Engine, item: Any, faults: Any, more: dict[str, object], words: str
) -> None:
    """Row and entry agree and every hash fits; a pack of this desk names the run it was made from, noted before it."""
    with writing(engine) as connection:
        note_run(connection)
        head = audit.head(connection)
        row = {"item_id": item.id, "sha256": "12" * 32, "audit_head": head, "packed_by": "minh", "packed_at": NOW}
        connection.execute(insert(evidence_packs).values(row))
        detail: dict[str, object] = {"sha256": "12" * 32, "audit_head": head} | more
        audit.append(connection, at=NOW, actor="minh", action="evidence_packed", subject=item.id, detail=detail)
    assert [words in fault for fault in faults()] == [True], faults()


def test_a_run_noted_a_second_time_is_told(engine: Engine, item: Any, faults: Any) -> None:
    with writing(engine) as connection:
        note_run(connection)
        note_run(connection)
    assert [fault.partition(":")[0] for fault in faults()] == ["run board/run-1"]


@pytest.fixture
def crawled(engine: Engine, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return a function that seals a run whose report carries the head of this moment: no user of the database writes there."""
    monkeypatch.setenv("LUREWATCH_RUNS", str(tmp_path / "runs"))

    def seal(run_id: str) -> None:
        with engine.connect() as connection:
            head = audit.head(connection)
        folder = tmp_path / "runs" / "board" / run_id
        folder.mkdir(parents=True)
        report = Report(
            source="board", run_id=run_id, state="ok", started_at=NOW, finished_at=NOW, fetched=0, parsed=0,
            versions={REPORT_KEY: head},
        )  # fmt: skip
        (folder / REPORT).write_bytes(msgspec.json.encode(report))

    return seal


def test_all_carriers_deleted_and_the_chain_made_anew_is_told_by_the_reports_of_runs(
    item: Any, listed: int, insider: Sql, audit_desk: Any, crawled: Any, database_url: str, tmp_path: Any
) -> None:
    """The database agrees with itself in every part; the newest run knows another head."""
    crawled("run-1")
    assert audit_desk()[0] == 0
    carriers = ("digests", "deliveries", "evidence_packs", "approvals", "list_files", "list_entries", "lists")
    gone = ("digest_built", "mail_", "evidence_packed", "list_")
    insider(*(f"DELETE FROM {table}" for table in carriers), work=lambda connection: rewrite(
        connection, lambda entry: None if entry.action.startswith(gone) else forge(entry)
    ))  # fmt: skip
    code, said = audit_desk()
    assert (code, "differs from the head in the report of run board/run-1" in said) == (1, True), said
    assert said.count("BROKEN") == 1, said
    finding = checks.audit_log(Settings(database=database_url, runs=str(tmp_path / "runs")))
    assert (finding.status, "the report of run board/run-1" in finding.detail) == ("missing", True)


Change = Callable[[audit.AuditEntry], audit.AuditEntry | None]
TAILS: dict[str, Change] = {
    "edited": lambda entry: msgspec.structs.replace(entry, actor="mallory") if entry.action == "export" else entry,
    "taken out": lambda entry: None if entry.action == "export" else entry,
}


@pytest.mark.parametrize("change", TAILS.values(), ids=TAILS)
def test_entries_after_the_last_head_are_counted_until_a_run_vouches_for_them(
    engine: Engine, item: Any, insider: Sql, audit_desk: Any, crawled: Any, change: Change
) -> None:
    """No mail, list or pack is younger than the export; the next crawl's report is."""
    with writing(engine) as connection:
        for number in range(2):
            audit.append(connection, at=NOW, actor="minh", action="export", subject=f"file {number}")
    assert "entries are younger than every head given out" in audit_desk()[1]
    crawled("run-1")
    assert "entries are younger" not in audit_desk()[1]
    insider(work=lambda connection: rewrite(connection, change))
    code, said = audit_desk()
    assert (code, "the report of run board/run-1" in said) == (1, True), said


def test_what_stood_before_the_log_covered_it_is_noted_once(
    engine: Engine, item: Any, listed: int, insider: Sql, faults: Any
) -> None:
    """As after an upgrade: entries of an earlier release say less, the migration's inventory says the rest."""
    fewer = {"email", "password_sha256", "previous", "body_sha256"}

    def older(entry: audit.AuditEntry) -> audit.AuditEntry | None:
        detail = json.loads(entry.detail)
        unknown = fewer | ({"entries_sha256", "files"} if entry.action == "list_built" else set())
        kept = {name: value for name, value in detail.items() if name not in unknown}
        return None if entry.action == "mail_composed" else msgspec.structs.replace(entry, detail=audit.canonical(kept))

    insider(work=lambda connection: rewrite(connection, older))
    before = faults()
    for words in ("no entry of its composing", "knows no e-mail and password", "its entries, files", "its content differs"):
        assert any(words in fault for fault in before), before
    with writing(engine) as connection:
        take_inventory(connection, NOW)
    assert [fault for fault in faults() if "differs from the head" not in fault] == []
    insider("UPDATE users SET email = 'x@example.org' WHERE name = 'lead'", "UPDATE list_entries SET body = '{}'")
    assert len([fault for fault in faults() if "lead" in fault or "entries" in fault]) == 2, faults()
    with writing(engine) as connection:
        audit.append(connection, at=NOW, actor="system", action="login", subject="lead")
        take_inventory(connection, NOW)
    assert any("it takes a second inventory" in fault for fault in faults())


def test_an_inventory_of_what_the_log_covers_is_told(engine: Engine, item: Any, faults: Any) -> None:
    """An inventory that was appended by hand makes nothing right."""
    with writing(engine) as connection:
        take_inventory(connection, NOW)
    assert sum("which the log covers already" in fault for fault in faults()) > 3, faults()
