"""A desk to test with: its database on both engines, people of every role, and records to decide about."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
import zxcvbn
from argon2 import PasswordHasher
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright
from sqlalchemy import Engine, create_engine, insert, select, text
from sqlalchemy.engine import make_url

from crawlers.items import Posting, posting_id
from desk.cases import case_decisions
from desk.cases.case_decisions import Decision
from desk.custody import audit
from desk.custody.audit import AuditEntry
from desk.database import engine_of, open_database, writing
from desk.digest import weekly_mail
from desk.digest.edition import iso_week
from desk.list_maker import Notifier
from desk.mail import Transport
from desk.people import passwords
from desk.people.accounts import User, add_user, user
from desk.people.roles import RIGHTS
from desk.subscribers import subscriptions
from desk.subscribers.subscriptions import Subscription
from desk.tables import audit as audit_log
from desk.tables import users
from desk.translation.provider import JsonService, LibreTranslate
from desk.translation.translator import Translator
from enrichment.assessment import Assessment, Contact, Harm, Language, Signal
from index.base import Record, Revision
from index.sqlite.sqlite_store import SqliteStore
from tests.services.mail_server import Inbox, serve_mail
from tests.services.processes import PATIENCE
from tests.services.translation_double import Double, serving_double

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PASSWORD = "gravel-lantern-otter-93"
NOTIFIER = Notifier(name="Test desk", email="desk@example.org", sender="watch@example.org")
"""Who answers for notices, and as whom letters leave."""
STAFF = {role: role for role in RIGHTS} | {"minh": "analyst"}
"""Name -> role of the people of a desk."""


def build_week(engine: Engine, store: Any, at: datetime = NOW, sources: Any = (), runs: Any = "/nowhere", **more: Any) -> Any:
    """Build the weekly mail of a moment for nobody; return it with the number of messages queued."""
    given = {"week": iso_week(at), "recipients": (), "sender": "watch@example.org", "organisation": "Test desk"}
    given |= {"desk_url": "https://desk.example.org"} | more
    return weekly_mail.build(engine, store, sources, str(runs), now=at, **given)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium once for the tests of a file.

    Playwright keeps a loop running in the thread that started it: nothing else of asyncio can begin there before it ends, so no
    file may leave it to the files that the same process runs after it.
    """
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium missing in CI")
        pytest.skip("Chromium missing: install chromium-headless-shell")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=path, args=flags)
        new_context = opened.new_context

        def patient(**options: object) -> BrowserContext:
            context = new_context(**options)
            context.set_default_timeout(PATIENCE * 1000)
            return context

        opened.new_context = patient
        expect.set_options(timeout=PATIENCE * 1000)
        yield opened
        opened.close()


@pytest.fixture(autouse=True, scope="session")
def cheap_hashes() -> Iterator[None]:
    """Hash with little memory, so that the tests take seconds; one test holds the real parameters against ASVS."""
    judge = cache(zxcvbn.zxcvbn)  # everybody in the tests has the same password
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        patch.setattr(zxcvbn, "zxcvbn", lambda password, user_inputs: judge(password, tuple(user_inputs)))
        yield


@pytest.fixture
def now() -> datetime:
    """Return the moment the tests play at."""
    return NOW


@pytest.fixture
def password() -> str:
    """Return the password everybody in the tests has."""
    return PASSWORD


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Return the address of a new SQLite desk."""
    return f"sqlite:///{tmp_path / 'desk' / 'desk.sqlite'}"


@contextmanager
def new_database(postgres_url: str, template: str = "template1") -> Iterator[str]:
    """Give the address of a new database of a server, a copy of the template."""
    server = make_url(postgres_url)
    name = f"desk_{uuid.uuid4().hex}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    yield server.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(scope="session")
def migrated_database(postgres_url: str) -> Iterator[str]:
    """Return the name of a migrated, empty desk: to copy it takes a third of the time of its migrations."""
    with new_database(postgres_url) as address:
        open_database(address).dispose()
        yield str(make_url(address).database)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Return the address of a new desk on each engine; one that is asked for migrated begins as a copy."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    template = request.getfixturevalue("migrated_database") if "engine" in request.fixturenames else "template1"
    with new_database(request.getfixturevalue("postgres_url"), template) as address:
        yield address


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a migrated, empty desk: to copy it takes a fifth of the time of its migrations."""
    file = tmp_path_factory.mktemp("migrated") / "desk.sqlite"
    open_database(f"sqlite:///{file}").dispose()
    return file


def open_migrated(address: str, migrated_file: Path) -> Engine:
    """Return an engine on a new desk; one of SQLite begins as a copy."""
    if address.startswith("sqlite"):
        file = Path(address.removeprefix("sqlite:///"))
        if not file.exists():  # a test may ask for the same desk by two names
            file.parent.mkdir(parents=True, mode=0o700)
            shutil.copy(migrated_file, file)
            return engine_of(address)  # to look whether it is at the newest revision would load each of them
    return open_database(address)


@pytest.fixture
def engine(database_url: str, migrated_file: Path) -> Iterator[Engine]:
    """Return a migrated, empty desk database, once on SQLite and once on PostgreSQL."""
    opened = open_migrated(database_url, migrated_file)
    yield opened
    opened.dispose()


@pytest.fixture
def desk_db(sqlite_url: str, migrated_file: Path) -> Iterator[Engine]:
    """Return a migrated, empty desk database on SQLite, for what does not depend on the engine."""
    opened = open_migrated(sqlite_url, migrated_file)
    yield opened
    opened.dispose()


@cache
def staff_rows() -> tuple[list[dict[str, Any]], list[AuditEntry]]:
    """Return the rows and log entries of a desk that the people of ``STAFF`` were added to, one after another."""
    with tempfile.TemporaryDirectory() as folder:
        opened = open_database(f"sqlite:///{folder}/desk.sqlite")
        for name, role in STAFF.items():
            add_user(opened, name=name, email=f"{name}@example.org", role=role, password=PASSWORD, now=NOW)
        with opened.connect() as connection:
            people = [dict(row) for row in connection.execute(select(users)).mappings()]
            entries = list(audit.entries(connection))
        opened.dispose()
    for row in people:
        del row["id"]  # the desk numbers them in their order
    return people, entries


@pytest.fixture
def staff() -> Callable[[Engine], dict[str, User]]:
    """Return a function that gives a new desk one person per role, named like the role, and a second analyst ``minh``."""

    def hire(engine: Engine) -> dict[str, User]:
        with writing(engine) as connection:
            people, entries = staff_rows()
            connection.execute(insert(users), people)
            if connection.execute(select(audit_log.c.seq).limit(1)).first() is None:
                connection.execute(insert(audit_log), [msgspec.structs.asdict(entry) for entry in entries])
            else:
                for entry in entries:
                    audit.append(
                        connection, at=NOW, actor=entry.actor, action=entry.action, subject=entry.subject, detail=entry.values
                    )
            return {name: user(connection, name) for name in STAFF}

    return hire


@pytest.fixture
def record() -> Callable[..., Record]:
    """Return a function that makes a record; every field may be given."""

    def make(
        number: int = 1,
        *,
        source: str = "sample_board",
        title: str | None = "Chat operator, Bavet, $1,500",
        text: str = "No experience. We pay flight and visa, passport kept at the office. Telegram @bright_hr_demo",
        score: float = 88.0,
        flagged: bool = True,
        tag: str = "scam_compound",
        stance: str = "offer",
        harm: Harm = Harm(),  # noqa: B008 - a frozen value
        language: str = "en",
        first_seen: datetime = NOW - timedelta(days=1),
        last_seen: datetime | None = None,
        campaign: str | None = None,
        url: str | None = None,
        revision: int = 1,
        change: str = "first_seen",
        partition: str = "file:///nowhere/run",
        **posting: Any,
    ) -> Record:
        url = url or f"https://board.example.org/jobs/{number}"
        ident, raw = posting_id(source, url), f"{title or ''}\n{text}"
        at = raw.find("passport kept")
        handle = raw.find("@bright_hr_demo")
        signals = (
            (
                Signal(
                    indicator="documents_held", family="control", start=at, end=at + 13, text="passport kept", weight=30.0,
                    gloss="the employer keeps the passport", reference="ILO indicator 7",
                ),
            ) if at >= 0 else ()
        )  # fmt: skip
        contacts = (Contact(type="telegram", value="bright_hr_demo", start=handle, end=handle + 15),) if handle >= 0 else ()
        return Record(
            id=ident, posting=Posting(id=ident, source=source, url=url, title=title, text=text, posted_at=first_seen, **posting),
            assessment=Assessment(
                id=ident, language=Language(code=language, script="Latn", confidence=0.99), stance=stance, score=score,
                flagged=flagged, tag=tag, harm=harm, signals=signals, contacts=contacts, lexicon_version="test-1",
            ),
            revision=revision, first_seen=first_seen, last_seen=last_seen or NOW, run_id="20261123T030000Z", partition=partition,
            campaign=campaign,
            revisions=(
                Revision(
                    revision=revision, change=change, at=first_seen, run_id="20261123T030000Z", text_sha256="0" * 64, title=title,
                    text=text,
                ),
            ),
        )  # fmt: skip

    return make


def confirm_item(engine: Engine, item: Record, *, by: User, now: datetime, seen: int = 0, **more: Any) -> Decision:
    """Confirm a record, as forced labour where nothing else is said; return the decision."""
    values = {"tag": "scam_compound", "severity": "high", "clause": "forced_labour"} | more
    (decision,) = case_decisions.confirm(engine, [item], by=by, now=now, seen={item.id: seen}, **values)
    return decision


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """Give an index of its own, empty."""
    opened = SqliteStore(tmp_path / "index.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def inbox() -> Inbox:
    """Return what arrives at ``mail_port``."""
    return Inbox()


@pytest.fixture
def mail_port(inbox: Inbox) -> Iterator[int]:
    """Return the port of a real mail server."""
    with serve_mail(inbox) as port:
        yield port


@pytest.fixture
def smtp(mail_port: int) -> Transport:
    """Return the way to it."""
    return Transport(host="127.0.0.1", port=mail_port, tls=False)


@pytest.fixture
def people(staff, desk_db: Engine) -> dict[str, User]:
    """Return the people of a desk on SQLite, by name."""
    return staff(desk_db)


@pytest.fixture
def add_reader(desk_db: Engine, people, now) -> Callable[..., Subscription]:
    """Return a function that subscribes somebody and returns the subscription."""

    def subscribe(by="minh", **values):
        number = subscriptions.subscribe(desk_db, by=people[by], now=now, **values)
        with desk_db.connect() as connection:
            return next(one for one in subscriptions.active_subscriptions(connection) if one.id == number)

    return subscribe


@pytest.fixture
def double() -> Iterator[Double]:
    """Serve a test double of LibreTranslate."""
    with serving_double() as made:
        yield made


@pytest.fixture
def libre(double) -> LibreTranslate:
    """Return the provider of the double, patient for one second."""
    return LibreTranslate(JsonService(double.url, seconds=1), "sample-key")


@pytest.fixture
def translator(desk_db, libre, now) -> Translator:
    """Return what translates for a desk on SQLite."""
    return Translator(engine=desk_db, provider=libre, clock=lambda: now)
