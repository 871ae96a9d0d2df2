"""The desk's database opens, migrates and refuses what it cannot serve."""

import stat
import sys
import threading
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, insert, select, text
from sqlalchemy.engine import make_url

from desk import database, migrations
from desk.database import DatabaseError, Moment, open_database, writing
from desk.tables import attempts, metadata, rulings, saved_searches, users


@pytest.fixture(autouse=True)
def migrated_for_real(monkeypatch):
    """Run the migrations and wait for the disk: elsewhere a new desk begins as a copy of a migrated one."""
    monkeypatch.setattr(database, "PRAGMAS", database.PRAGMAS[:-1])
    monkeypatch.setattr(database, "_migrate", database._migrate.__wrapped__)


def test_the_migrations_make_exactly_the_tables_the_code_reads(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": lambda *args: None})
        assert compare_metadata(context, metadata) == []


def test_the_newest_migration_is_known_by_its_file_s_name_and_an_open_desk_needs_none(sqlite_url, desk_db, monkeypatch):
    """Each process that opens the desk would load Alembic and all migrations."""
    newest = ScriptDirectory(str(database.MIGRATIONS)).get_current_head()
    monkeypatch.setitem(sys.modules, "alembic", None)
    assert database.revision(sqlite_url) == (newest, newest)
    open_database(sqlite_url).dispose()


def test_eight_processes_opening_at_once_migrate_once(database_url):
    engines, errors = [], []

    def begin():
        try:
            engines.append(open_database(database_url))
        except Exception as exc:  # noqa: BLE001 - the test reports any failure
            errors.append(exc)

    threads = [threading.Thread(target=begin) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for engine in engines:
        engine.dispose()
    assert errors == []


def test_times_come_back_aware_and_naive_ones_are_refused(engine, now):
    with writing(engine) as connection:
        connection.execute(insert(attempts).values(name="a", address="b", at=now))
        assert connection.execute(select(attempts.c.at)).scalar_one() == now
    with pytest.raises(ValueError, match="naive"):
        Moment().process_bind_param(now.replace(tzinfo=None), engine.dialect)


def test_sqlite_is_durable_private_and_new_enough(sqlite_url, desk_db):
    with desk_db.connect() as connection:

        def asked(name):
            return connection.execute(text(f"PRAGMA {name}")).scalar_one()

        assert (asked("journal_mode"), asked("synchronous"), asked("foreign_keys")) == ("wal", 2, 1)
        version = connection.execute(text("SELECT sqlite_version()")).scalar_one()
        assert tuple(map(int, version.split("."))) >= (3, 51, 3)
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("nonsense", "SQLAlchemy URL"), ("mysql://x/y", "not served"), ("sqlite://", "must outlive"),
        ("postgresql://x:hunter2@127.0.0.1:1/none", "start it"),
    ],
)  # fmt: skip
def test_what_cannot_be_opened_says_what_to_do_and_never_shows_the_password(address, words):
    with pytest.raises(DatabaseError, match=words) as refused:
        open_database(address)
    assert "hunter2" not in str(refused.value)


def test_a_file_that_is_no_database_is_refused_and_left_as_it_was(tmp_path):
    file = tmp_path / "desk.sqlite"
    file.write_text("once upon a time " * 100)
    with pytest.raises(DatabaseError, match=r"desk\.sqlite.*not a database.*LUREWATCH_DATABASE"):
        open_database(f"sqlite:///{file}")
    assert file.read_text() == "once upon a time " * 100


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DatabaseError, match=r"file/desk\.sqlite.*LUREWATCH_DATABASE"):
        open_database(f"sqlite:///{tmp_path}/file/desk.sqlite")


def test_a_folder_in_place_of_the_file_is_named(tmp_path):
    with pytest.raises(DatabaseError, match="LUREWATCH_DATABASE"):
        open_database(f"sqlite:///{tmp_path}")


def test_a_database_of_a_newer_release_is_refused(sqlite_url, desk_db):
    with writing(desk_db) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    desk_db.dispose()
    with pytest.raises(DatabaseError, match="newer than this LureWatch"):
        open_database(sqlite_url)


def test_a_desk_of_the_first_release_keeps_its_people_when_it_is_migrated(database_url, now):
    """Migrate to the tables of release 0.1, add somebody, then open with this release."""
    if database_url.startswith("sqlite"):
        Path(database_url.removeprefix("sqlite:///")).parent.mkdir(parents=True)
    plain = create_engine(make_url(database_url).set(drivername="postgresql+psycopg" if "postgres" in database_url else "sqlite"))
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with plain.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        values = {"name": "minh", "email": "minh@example.org", "role": "lead", "password_hash": "x", "created_at": now}
        connection.execute(insert(users).values(**values))
    plain.dispose()
    engine = open_database(database_url)
    with engine.connect() as connection:
        assert connection.execute(select(users.c.name)).scalars().all() == ["minh"]
        assert connection.execute(select(rulings)).all() == connection.execute(select(saved_searches)).all() == []
    engine.dispose()
