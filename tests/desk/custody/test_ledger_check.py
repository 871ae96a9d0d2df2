"""An insider with the database rewrites the log or what it tells of: the desk's own check names it, on both engines."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner
from sqlalchemy import Connection, Engine, insert, text

from crawlers.evidence.partition import REPORT, Report
from desk import outbox
from desk.cases import approvals, cases, openings
from desk.custody import audit
from desk.custody.ledger_check import check_ledger
from desk.custody.ledger_inventory import take_inventory
from desk.custody.published_heads import MANIFEST_KEY, REPORT_KEY
from desk.database import writing
from desk.digest import build
from desk.people.accounts import set_password, user
from desk.platforms import Platforms
from desk.tables import evidence_packs, rulings
from desk.takedown import repository
from index.sqlite.store import SqliteStore
from lurewatch.app.doctor import checks
from lurewatch.cli.contents import cli
from lurewatch.settings import Settings

Sql = Callable[..., None]
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
BOARD = {
    "title": "Board",
    "enabled": True,
    "item": r"^https://board\.example\.org/jobs/\d+$",
    "formats": ["json"],
    "contact": "abuse@board.example.org",
}
CLAUSE = {"title": "Forced labour", "law": "Palermo Protocol", "means": "People cannot leave."}
RECEIVERS = Platforms.model_validate({"clauses": {"forced_labour": CLAUSE}, "platforms": {"board": BOARD}})
RUN = {"partition": "board/run-1", "report_sha256": "cd" * 32, "warc_sha256": "ef" * 32}
EMPTY = hashlib.sha256(b"").hexdigest()


@pytest.fixture
def item(engine: Engine, staff: Any, record: Any, now: Any, tmp_path: Any) -> Any:
    """Return an item that minh confirmed and the weekly mail told of."""
    minh, found = staff(engine)["minh"], record(1)
    store = SqliteStore(tmp_path / "index.sqlite")
    store.put([found])
    confirm = {"tag": "scam_compound", "severity": "high", "clause": "forced_labour", "note": "seen"}
    cases.confirm(engine, [found], by=minh, now=now, seen={found.id: 0}, **confirm)
    build.build(
        engine, store, [], "/nowhere", week="2026-W48", now=now + timedelta(hours=1), recipients=["one@example.org"],
        sender="watch@example.org", desk_url="https://desk.example.org", organisation="Test desk",
    )  # fmt: skip
    store.close()
    return found


@pytest.fixture
def insider(engine: Engine) -> Sql:
    """Return a function that runs SQL past the triggers and puts them back, as somebody who hides would."""

    def run(*statements: str, work: Callable[[Connection], None] | None = None) -> None:
        with engine.begin() as connection:
            if engine.dialect.name == "sqlite":
                query = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
                back = [tuple(row) for row in connection.execute(query)]
                for name, _ in back:
                    connection.execute(text(f'DROP TRIGGER "{name}"'))
            else:
                connection.execute(text("SET LOCAL session_replication_role = replica"))
                back = []
            for statement in statements:
                connection.execute(text(statement))
            if work:
                work(connection)
            for _, sql in back:
                connection.execute(text(sql))

    return run


def rewrite(connection: Connection, change: Callable[[audit.AuditEntry], audit.AuditEntry | None]) -> None:
    """Write the whole chain anew, every hash recomputed: whole in itself."""
    entries = list(audit.entries(connection))
    connection.execute(text("DELETE FROM audit"))
    seq, prev = 0, audit.GENESIS
    for entry in entries:
        changed = change(entry)
        if changed is None:
            continue
        seq += 1
        draft = msgspec.structs.replace(changed, seq=seq, prev=prev)
        done = msgspec.structs.replace(draft, hash=audit.digest(draft))
        connection.execute(
            text("INSERT INTO audit VALUES (:seq, :at, :actor, :action, :subject, :detail, :prev, :hash)"),
            msgspec.structs.asdict(done),
        )
        prev = done.hash


@pytest.fixture
def checked(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[], tuple[int, str]]:
    """Return a function that runs `lurewatch users audit` and gives exit code and output."""
    monkeypatch.setenv("LUREWATCH_DATABASE", database_url)

    def run(*words: str) -> tuple[int, str]:
        result = CliRunner().invoke(cli, ["users", "audit", *words])
        return result.exit_code, result.output

    return run


def forge(entry: audit.AuditEntry) -> audit.AuditEntry:
    """Return an entry that names somebody else."""
    return msgspec.structs.replace(entry, actor="mallory") if entry.actor == "system" else entry


@pytest.fixture
def listed(engine: Engine, item: Any, now: Any) -> int:
    """Return a takedown list of the item, approved by the lead and sent."""
    with engine.connect() as connection:
        decision = cases.cases(connection, [item.id])[item.id].in_force
        lead, head = user(connection, "lead"), audit.head(connection)
    manifest = json.dumps({MANIFEST_KEY: head}).encode()
    digest = hashlib.sha256(manifest).hexdigest()
    entry = repository.ListEntry(
        item_id=item.id, change="new", decision_id=decision.id, body={"url": "x", "grounds": [{"quote": "x"}]}
    )
    with writing(engine) as connection:
        number = repository.keep(
            connection, platform="board", number=1, previous=None, manifest_sha256=digest, by="dag:takedown_lists", now=now,
            found=[entry], contents={"manifest.json": (digest, manifest)},
        )  # fmt: skip
    openings.note_opening(engine, item, by=lead, now=now)
    approvals.approve(engine, RECEIVERS, number, by=lead, now=now, ticked=[item.id])
    with writing(engine) as connection:
        repository.mark_sent(connection, number, now, "abuse@board.example.org")
    return number


@pytest.fixture
def faults(engine: Engine) -> Callable[[], tuple[str, ...]]:
    """Return a function that checks the ledger and gives what is wrong."""

    def check() -> tuple[str, ...]:
        with engine.connect() as connection:
            return check_ledger(connection).faults

    return check


def test_a_rewritten_chain_is_told_by_the_head_in_the_weekly_mail(
    item: Any, insider: Sql, checked: Any, database_url: str
) -> None:
    """Every hash fits; the mail that left the house carries another."""
    assert checked() == (0, checked()[1]) and "3 heads" not in checked()[1]
    insider(work=lambda connection: rewrite(connection, forge))
    code, said = checked()
    assert (code, "the weekly digest 2026-W48 and 1 more heads" in said) == (1, True), said
    assert json.loads(checked("--json")[1])["fault"].startswith("entry ")
    finding = checks.audit_log(Settings(database=database_url))
    assert (finding.status, "2026-W48" in finding.detail, "users audit" in finding.fix) == ("missing", True, True)


@pytest.mark.parametrize("carrier", ["digests", "deliveries", "evidence_packs", "list_files"])
def test_each_place_that_carries_a_head_tells_a_rewritten_chain_alone(
    engine: Engine, item: Any, listed: int, insider: Sql, faults: Any, carrier: str
) -> None:
    """Even when the copies in all other places were removed."""
    with writing(engine) as connection:
        head = audit.head(connection)
        pack = {"item_id": item.id, "sha256": "ab" * 32, "audit_head": head, "packed_by": "minh", "packed_at": NOW}
        connection.execute(insert(evidence_packs).values(pack))
        note_run(connection)
        detail: dict[str, object] = {"sha256": "ab" * 32, "audit_head": head} | RUN
        audit.append(connection, at=NOW, actor="minh", action="evidence_packed", subject=item.id, detail=detail)
    assert faults() == ()
    others = {"digests", "deliveries", "evidence_packs", "list_files"} - {carrier}
    insider(*(f"DELETE FROM {table}" for table in others), work=lambda connection: rewrite(connection, forge))
    words = {
        "digests": "the weekly digest", "deliveries": "the mail 2026-W48 to one@example.org",
        "evidence_packs": "the evidence pack of", "list_files": "the manifest of takedown list",
    }  # fmt: skip
    assert words[carrier] in faults()[0]


def note_run(connection: Connection) -> None:
    """Note a run in the ledger, as it is when it was sealed."""
    detail: dict[str, object] = {"report_sha256": RUN["report_sha256"], "report": {}}
    audit.append(connection, at=NOW, actor="system", action="partition_sealed", subject=RUN["partition"], detail=detail)


def test_a_cut_tail_is_told_without_any_anchor_at_hand(item: Any, insider: Sql, faults: Any) -> None:
    """The mail's head names an entry that is no longer there."""
    insider("DELETE FROM audit WHERE seq > 5")
    assert "the log was cut or written anew" in faults()[0]


FORGERIES = {
    "edited": ("UPDATE decisions SET note = 'x'", "decision 1: note in the database differ"),
    "handed to another": ("UPDATE decisions SET by_id = by_id - 1", "decision 1: by in the database differ"),
    "dated back": ("UPDATE decisions SET at = '2020-01-01 00:00:00'", "decision 1: at in the database differ"),
    "deleted": ("DELETE FROM decisions", "decision 1: entry 7 tells of it, and it is not in the database"),
    "inserted": (
        "INSERT INTO decisions (id, item_id, seq, kind, note, source, url, revision, text_sha256, by_id, at) "
        "SELECT 99, item_id, 2, 'undo', '', source, url, revision, text_sha256, by_id, at FROM decisions",
        "decision 99: it stands in the database, and the log has no entry of it",
    ),
    "promoted": ("UPDATE users SET role = 'admin' WHERE name = 'viewer'", "person viewer: role in the database differ"),
    "mail deleted": ("DELETE FROM digests", "mail 2026-W48: entry"),
}


@pytest.mark.parametrize(("statement", "words"), FORGERIES.values(), ids=FORGERIES)
def test_what_was_changed_in_the_database_beside_the_log_is_told(
    item: Any, insider: Sql, faults: Any, statement: str, words: str
) -> None:
    """The chain is whole; the table says something else."""
    assert faults() == ()
    insider(statement)
    assert any(fault.startswith(words) for fault in faults()), faults()


APPROVALS = {
    "another approver": ("UPDATE lists SET approved_by = approved_by + 1", "its approval in the database differs"),
    "no approval": ("UPDATE lists SET approved_by = NULL, state = 'built'", "its approval in the database differs"),
    "another builder": ("UPDATE lists SET built_by = 1", "its builder in the database differs"),
    "another manifest": ("UPDATE lists SET manifest_sha256 = 'x'", "platform, number, manifest or day differ"),
    "another file": ("UPDATE list_files SET content = 'x'", "manifest.json does not match its digest"),
    "another platform": ("UPDATE lists SET platform = 'x'", "platform, number, manifest or day differ"),
    "deleted": ("DELETE FROM approvals; DELETE FROM list_files; DELETE FROM list_entries; DELETE FROM lists", "it was deleted"),
    "sent without a word": (
        "INSERT INTO lists (id, platform, number, state, manifest_sha256, built_at) "
        "SELECT 9, 'board', 9, 'sent', '', built_at FROM lists", "the log has no entry of its building",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("statements", "words"), APPROVALS.values(), ids=APPROVALS)
def test_an_approval_that_was_forged_in_the_database_is_told(
    item: Any, listed: int, insider: Sql, faults: Any, statements: str, words: str
) -> None:
    """Who approved, what was approved, and that somebody did."""
    assert faults() == ()
    insider(*statements.split("; "))
    assert any(words in fault for fault in faults()), faults()


def test_a_list_approved_in_the_database_alone_is_told(engine: Engine, item: Any, now: Any, insider: Sql, faults: Any) -> None:
    """Nobody approved it in the log."""
    with writing(engine) as connection:
        repository.keep(
            connection, platform="board", number=1, previous=None, manifest_sha256="ab" * 32, by="dag:takedown_lists",
            now=now, found=[repository.ListEntry(item_id=item.id, change="new", decision_id=1, body={})],
            contents={"list.json": (EMPTY, b"")},
        )  # fmt: skip
    insider("UPDATE lists SET state = 'approved', approved_by = 1, approved_at = built_at")
    assert any("the log has no entry of an approval" in fault for fault in faults())


def test_a_ruling_that_was_edited_or_inserted_is_told(engine: Engine, staff: Any, now: Any, insider: Sql, faults: Any) -> None:
    """Campaigns are decided about too."""
    minh = staff(engine)["minh"]
    values = {"kind": "lock", "campaign": "c1", "ids": '["a","ợ"]', "others": "[]", "contact": "", "note": "sure"}
    with writing(engine) as connection:
        connection.execute(insert(rulings).values(**values, by_id=minh.id, at=now))
        detail: dict[str, object] = {"ruling": 1, "ids": ["a", "ợ"], "why": "sure"}
        audit.append(connection, at=now, actor="minh", action="campaign_lock", subject="c1", detail=detail)
    assert faults() == ()
    insider("UPDATE rulings SET note = 'x'")
    assert [fault.partition(" in the")[0] for fault in faults()] == ["ruling 1: note"]


def test_a_trigger_that_is_missing_changed_or_added_is_told(engine: Engine, faults: Any) -> None:
    """Whether the log is whole today or not."""
    assert faults() == ()
    if engine.dialect.name == "sqlite":
        changes = [
            ("DROP TRIGGER audit_no_DELETE", "audit_no_DELETE is missing"),
            ("CREATE TRIGGER audit_no_DELETE BEFORE DELETE ON audit BEGIN SELECT 1; END", "audit_no_DELETE was changed"),
            ("CREATE TRIGGER x AFTER INSERT ON decisions BEGIN SELECT 1; END", "trigger x was added"),
        ]
    else:
        changes = [
            ("ALTER TABLE audit DISABLE TRIGGER audit_append_only", "audit_append_only on audit is missing or switched off"),
            (
                "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger AS $$ BEGIN RETURN NULL; END $$ LANGUAGE plpgsql",
                "decisions_append_only on decisions was changed",
            ),
            ("CREATE RULE quiet AS ON UPDATE TO decisions DO INSTEAD NOTHING", "a rule quiet was added"),
        ]
    for statement, words in changes:
        with engine.begin() as connection:
            connection.execute(text(statement))
        assert any(words in fault for fault in faults()), faults()


def test_a_head_from_outside_tells_what_every_copy_inside_was_made_to_fit(item: Any, insider: Sql, checked: Any) -> None:
    """Somebody who owns the database can rewrite the copies in it, not the mail a reader kept."""
    head = json.loads(checked("--json")[1])["head"]
    insider("DELETE FROM digests", "DELETE FROM deliveries", work=lambda connection: rewrite(
        connection, lambda entry: None if entry.action in ("digest_built", "mail_composed") else forge(entry)
    ))  # fmt: skip
    assert checked()[0] == 0
    code, said = checked("--anchor", head)
    assert (code, "the head in --anchor" in said) == (1, True), said
    assert "not <number>" in checked("--anchor", "x")[1]


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


@pytest.mark.parametrize(("statement", "words"), HOLES.values(), ids=HOLES)
def test_mails_lists_and_people_are_covered_in_every_part(
    item: Any, listed: int, insider: Sql, checked: Any, faults: Any, database_url: str, statement: str, words: str
) -> None:
    """What the log of release 0.2 did not cover; `users audit` and the doctor both name it."""
    assert faults() == ()
    insider(statement)
    assert any(words in fault for fault in faults()), faults()
    code, said = checked()
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
    item: Any, listed: int, insider: Sql, checked: Any, crawled: Any, database_url: str, tmp_path: Any
) -> None:
    """The database agrees with itself in every part; the newest run knows another head."""
    crawled("run-1")
    assert checked()[0] == 0
    carriers = ("digests", "deliveries", "evidence_packs", "approvals", "list_files", "list_entries", "lists")
    gone = ("digest_built", "mail_", "evidence_packed", "list_")
    insider(*(f"DELETE FROM {table}" for table in carriers), work=lambda connection: rewrite(
        connection, lambda entry: None if entry.action.startswith(gone) else forge(entry)
    ))  # fmt: skip
    code, said = checked()
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
    engine: Engine, item: Any, insider: Sql, checked: Any, crawled: Any, change: Change
) -> None:
    """No mail, list or pack is younger than the export; the next crawl's report is."""
    with writing(engine) as connection:
        for number in range(2):
            audit.append(connection, at=NOW, actor="minh", action="export", subject=f"file {number}")
    assert "entries are younger than every head given out" in checked()[1]
    crawled("run-1")
    assert "entries are younger" not in checked()[1]
    insider(work=lambda connection: rewrite(connection, change))
    code, said = checked()
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
