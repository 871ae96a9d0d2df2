"""An insider with the database rewrites the log or what it tells of: the desk's own check names it, on both engines."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner
from sqlalchemy import Connection, Engine, insert, text

from desk.cases import approvals, case_decisions, openings
from desk.custody import audit
from desk.custody.ledger_check import ChainRecords, check_ledger
from desk.custody.published_heads import MANIFEST_KEY
from desk.database import open_database, snapshot, writing
from desk.people import tokens
from desk.people.accounts import user
from desk.platforms import Platforms
from desk.tables import evidence_packs, rulings
from desk.takedown import repository
from index.sqlite.sqlite_store import SqliteStore
from lurewatch.app.doctor import checks
from lurewatch.cli.contents import cli
from lurewatch.settings import Settings, load_settings
from tests.desk.conftest import NOTIFIER, build_week

Sql = Callable[..., None]
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
BOARD = {
    "title": "Board", "enabled": True, "item": r"^https://board\.example\.org/jobs/\d+$", "formats": ["json"],
    "contact": "abuse@board.example.org",
}  # fmt: skip
CLAUSE = {"title": "Forced labour", "law": "Palermo Protocol", "means": "People cannot leave."}
RECEIVERS = Platforms.model_validate({"clauses": {"forced_labour": CLAUSE}, "platforms": {"board": BOARD}})
RUN = {"partition": "board/run-1", "report_sha256": "cd" * 32, "warc_sha256": "ef" * 32}
BODY = {"url": "x", "clause": {"key": "forced_labour"}, "grounds": [{"indicator": "closed_site", "quote": "x"}]}
EMPTY = hashlib.sha256(b"").hexdigest()


def alternate(cases: dict[str, tuple[str, ...]]) -> list[Any]:
    """Return each case with one engine, in turn: the check compares rows, whoever keeps them."""
    return [pytest.param(("sqlite", "postgresql")[at % 2], *case, id=name) for at, (name, case) in enumerate(cases.items())]


@pytest.fixture
def item(engine: Engine, staff: Any, record: Any, now: Any, tmp_path: Any) -> Any:
    """Return an item that minh confirmed and the weekly mail told of."""
    minh, found = staff(engine)["minh"], record(1)
    store = SqliteStore(tmp_path / "index.sqlite")
    store.put([found])
    confirm = {"tag": "scam_compound", "severity": "high", "clause": "forced_labour", "note": "seen"}
    case_decisions.confirm(engine, [found], by=minh, now=now, seen={found.id: 0}, **confirm)
    build_week(engine, store, now + timedelta(hours=1), recipients=["one@example.org"])
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


def run_audit(*words: str) -> tuple[int, str]:
    """Run `lurewatch users audit`; return exit code and output."""
    result = CliRunner().invoke(cli, ["users", "audit", *words])
    return result.exit_code, result.output


@pytest.fixture
def audit_desk(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    """Return ``run_audit``, of the desk of the test."""
    monkeypatch.setenv("LUREWATCH_DATABASE", database_url)
    return run_audit


def forge(entry: audit.AuditEntry) -> audit.AuditEntry:
    """Return an entry that names somebody else."""
    return msgspec.structs.replace(entry, actor="mallory") if entry.actor == "system" else entry


@pytest.fixture
def listed(engine: Engine, item: Any, now: Any) -> int:
    """Return a takedown list of the item, approved by the lead and sent."""
    with engine.connect() as connection:
        decision = case_decisions.cases(connection, [item.id])[item.id].in_force
        lead, head = user(connection, "lead"), audit.head(connection)
    manifest = json.dumps({MANIFEST_KEY: head}).encode()
    digest = hashlib.sha256(manifest).hexdigest()
    entry = repository.ListEntry(item_id=item.id, change="new", decision_id=decision.id, body=BODY)
    with writing(engine) as connection:
        number = repository.keep(
            connection, platform="board", number=1, previous=None, manifest_sha256=digest, by="dag:takedown_lists", now=now,
            found=[entry], contents={"manifest.json": (digest, manifest)},
        )  # fmt: skip
    openings.note_opening(engine, item, by=lead, now=now)
    approvals.approve(engine, RECEIVERS, number, by=lead, now=now, ticked=[item.id], notifier=NOTIFIER)
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
    item: Any, insider: Sql, audit_desk: Any, database_url: str
) -> None:
    """Every hash fits; the mail that left the house carries another."""
    assert audit_desk() == (0, audit_desk()[1]) and "3 heads" not in audit_desk()[1]
    insider(work=lambda connection: rewrite(connection, forge))
    code, said = audit_desk()
    assert (code, "the weekly digest 2026-W48 and 1 more heads" in said) == (1, True), said
    assert json.loads(audit_desk("--json")[1])["fault"].startswith("entry ")
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


@pytest.mark.parametrize(("database_url", "statement", "words"), alternate(FORGERIES), indirect=["database_url"])
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


@pytest.mark.parametrize(("database_url", "statements", "words"), alternate(APPROVALS), indirect=["database_url"])
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
            now=now, found=[repository.ListEntry(item_id=item.id, change="new", decision_id=1, body=BODY)],
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


def test_a_head_from_outside_tells_what_every_copy_inside_was_made_to_fit(item: Any, insider: Sql, audit_desk: Any) -> None:
    """Somebody who owns the database can rewrite the copies in it, not the mail a reader kept."""
    head = json.loads(audit_desk("--json")[1])["head"]
    insider("DELETE FROM digests", "DELETE FROM deliveries", work=lambda connection: rewrite(
        connection, lambda entry: None if entry.action in ("digest_built", "mail_composed") else forge(entry)
    ))  # fmt: skip
    assert audit_desk()[0] == 0
    code, said = audit_desk("--anchor", head)
    assert (code, "the head in --anchor" in said) == (1, True), said
    assert "not <number>" in audit_desk("--anchor", "x")[1]


def test_an_older_database_put_back_is_told_by_the_head_in_the_state_folder(tmp_path: Path, monkeypatch: Any, now: Any) -> None:
    """No mail, list, pack or run is newer than the copy; nothing was handed in as an anchor."""
    state, file = tmp_path / "state", tmp_path / "desk.sqlite"
    state.mkdir()
    monkeypatch.setenv("LUREWATCH_DATABASE", f"sqlite:///{file}")
    monkeypatch.setenv("LUREWATCH_STATE", str(state))
    monkeypatch.setenv("LUREWATCH_RUNS", str(tmp_path / "runs"))

    def write(*actions: str, database: Path = file) -> None:
        engine = open_database(f"sqlite:///{database}", state)
        with writing(engine) as connection:
            for action in actions:
                audit.append(connection, at=now, actor="minh", action=action)
        engine.dispose()

    write("login")
    older = file.read_bytes()
    write("login", "login")
    assert run_audit() == (0, run_audit()[1])
    (kept,) = state.iterdir()
    file.write_bytes(older)
    code, said = run_audit()
    assert (code, str(kept) in said, "the log was cut" in said) == (1, True, True), said
    assert checks.audit_log(load_settings()).status == "missing"
    for _ in range(5):  # it grows past the number that is kept
        write("login_refused")
        assert run_audit()[0] == 1
    write("login", database=tmp_path / "copy.sqlite")  # another address is another log
    with pytest.raises(ZeroDivisionError), writing(open_database(f"sqlite:///{tmp_path / 'copy.sqlite'}", state)) as connection:
        audit.append(connection, at=now, actor="minh", action="login")
        1 / 0  # noqa: B018 - what was rolled back is kept nowhere
    monkeypatch.setenv("LUREWATCH_DATABASE", f"sqlite:///{tmp_path / 'copy.sqlite'}")
    assert run_audit() == (0, run_audit()[1])
    monkeypatch.setenv("LUREWATCH_DATABASE", f"sqlite:///{file}")
    for damaged in ("", "what a crash left"):
        kept.write_text(damaged)
        assert run_audit()[0] == 0
    write("login")
    with open_database(f"sqlite:///{file}").connect() as connection:
        assert kept.read_text() == f"{audit.head(connection)}\n"


def test_what_is_written_between_reading_the_log_and_its_tables_is_no_fault(
    engine: Engine, staff: Any, now: Any, monkeypatch: Any
) -> None:
    """A token made at the desk meanwhile was one that somebody inserted."""
    lead, verify = staff(engine)["lead"], audit.verify

    def write_meanwhile(*given: Any) -> audit.Verdict:
        verdict = verify(*given)
        tokens.make_token(engine, "case tool", scopes=["read"], days=9, by=lead, now=now)
        return verdict

    monkeypatch.setattr(audit, "verify", write_meanwhile)
    with snapshot(engine) as connection:
        assert check_ledger(connection).faults == ()


def test_a_head_that_is_kept_while_the_log_is_read_is_no_fault(tmp_path: Path, now: Any) -> None:
    """The desk writes on; a check and a backup see the log as it was when they began."""
    engine = open_database(f"sqlite:///{tmp_path / 'desk.sqlite'}", tmp_path)
    with writing(engine) as connection:
        audit.append(connection, at=now, actor="minh", action="login")
    with engine.connect() as earlier:
        assert audit.head(earlier).startswith("1:")
        with writing(engine) as connection:
            written = audit.append(connection, at=now, actor="minh", action="login")
        assert audit.kept_head(earlier).seq == written.seq
        report = check_ledger(earlier)
    assert (report.entries, report.faults) == (1, ())


def test_an_entry_that_lacks_what_its_action_has_is_named_and_stops_no_check(tmp_path: Path, now: Any) -> None:
    """Somebody who owns the database appends it by the rules of the chain; `users audit` ended in a bare ValueError."""
    engine = open_database(f"sqlite:///{tmp_path / 'desk.sqlite'}")
    with engine.connect() as connection:
        actions = [*ChainRecords(connection)._readers, "partition_sealed", "evidence_packed"]
    details: tuple[Any, ...] = ({}, 7, [1], {"id": {}, "by": 7, "items": 7, "now": 7, "mails": 7})
    for action, detail, subject in product(actions, details, ("", "list:x")):
        with engine.connect() as connection:
            written = audit.append(connection, at=now, actor="minh", action=action, subject=subject, detail=detail)
            faults = check_ledger(connection).faults
            if not isinstance(detail, dict):
                assert any(f"entry {written.seq}: " in fault for fault in faults), (action, detail, faults)
            connection.rollback()
