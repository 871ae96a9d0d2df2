"""Each service has a role that owns its database, reaches no other and rules nothing; what release 0.2 made changes hands."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import URL, make_url

from deploy.stack.database_roles import RoleError, address_in, give_roles

ROLES = ("lw_test_desk", "lw_test_airflow")
GUEST = "lw_test_door"


@pytest.fixture
def server(postgres_url: str) -> Iterator[URL]:
    """Return the superuser's address of a server without the roles."""
    admin = make_url(postgres_url)
    yield admin
    with psycopg.connect(conninfo(admin), autocommit=True) as connection:
        for name in ROLES:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}"'.encode())
        for name in (*ROLES, GUEST):
            connection.execute(f'DROP ROLE IF EXISTS "{name}"'.encode())


def conninfo(url: URL, **other: str | None) -> str:
    """Return libpq's connection string of an address."""
    given = {"host": url.host, "port": url.port, "user": url.username, "dbname": url.database, "password": url.password}
    return psycopg.conninfo.make_conninfo(**{name: value for name, value in (given | other).items() if value is not None})


def addresses(server: URL, password: str = "first") -> list[URL]:
    """Return the addresses of two services."""
    return [server.set(username=name, password=password, database=name) for name in ROLES]


def test_a_role_owns_its_database_and_has_no_power_beyond_it(server: URL) -> None:
    """It may make tables there, connect to no other service's database, and make no role."""
    desk, airflow = addresses(server)
    assert give_roles(conninfo(server), [desk, airflow]) == [
        "role lw_test_desk", "database lw_test_desk", "role lw_test_airflow", "database lw_test_airflow",
    ]  # fmt: skip
    with psycopg.connect(conninfo(desk), autocommit=True) as connection:
        connection.execute("CREATE TABLE cases (id serial PRIMARY KEY)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE ROLE other")
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(conninfo(desk, dbname=airflow.database))


def test_a_guest_of_a_database_may_connect_and_reads_nothing(server: URL) -> None:
    """The partners' door is one: what it reads, the owner grants."""
    desk, _ = addresses(server)
    guest = desk.set(username=GUEST)
    assert give_roles(conninfo(server), [desk, guest])[-1] == f"role {GUEST}"
    assert give_roles(conninfo(server), [desk, guest]) == []
    with psycopg.connect(conninfo(desk), autocommit=True) as connection:
        connection.execute("CREATE TABLE cases (id serial PRIMARY KEY)")
    with psycopg.connect(conninfo(guest), autocommit=True) as connection:
        for statement in ("SELECT * FROM cases", "CREATE TABLE mine (id int)", "DROP TABLE cases"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())


def test_a_second_call_changes_nothing_and_takes_a_new_password(server: URL) -> None:
    """The stack calls it at every start."""
    assert give_roles(conninfo(server), addresses(server)) and give_roles(conninfo(server), addresses(server, "second")) == []
    query = "SELECT rolname FROM pg_authid WHERE rolname = 'lw_test_desk' AND rolpassword IS NOT NULL AND NOT rolsuper"
    with psycopg.connect(conninfo(server)) as connection:
        assert connection.execute(query).fetchone() == ("lw_test_desk",)


def test_a_database_that_the_superuser_filled_changes_hands(server: URL) -> None:
    """As release 0.2 left it: tables with their sequences, views, enumerations and functions."""
    desk, airflow = addresses(server)
    with psycopg.connect(conninfo(server), autocommit=True) as connection:
        connection.execute('CREATE DATABASE "lw_test_desk"')
    with psycopg.connect(conninfo(server, dbname="lw_test_desk"), autocommit=True) as connection:
        connection.execute("CREATE TYPE state AS ENUM ('open'); CREATE SEQUENCE alone")
        connection.execute("CREATE TABLE cases (id serial PRIMARY KEY, state state); INSERT INTO cases (state) VALUES ('open')")
        connection.execute("CREATE VIEW seen AS SELECT * FROM cases")
        connection.execute("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'")
    assert "5 objects of database lw_test_desk" in give_roles(conninfo(server), [desk, airflow])
    with psycopg.connect(conninfo(desk), autocommit=True) as connection:
        connection.execute("ALTER TABLE cases ADD COLUMN note text; DROP FUNCTION refuse(); ALTER TYPE state ADD VALUE 'closed'")
        connection.execute("INSERT INTO cases (state) VALUES ('open')")
        assert connection.execute("SELECT count(*) FROM seen").fetchone() == (2,)


@pytest.mark.parametrize(
    ("text", "fault"),
    [("nonsense", "no SQLAlchemy address"), ("postgresql://lurewatch:x@postgres/desk", "superuser"),
     ("postgresql://desk@postgres/desk", "password")],
)  # fmt: skip
def test_an_address_that_names_no_role_of_its_own_is_refused_with_its_file(text: str, fault: str, tmp_path: Path) -> None:
    """And with the fix."""
    path = tmp_path / "desk_database"
    path.write_text(text)
    with pytest.raises(RoleError, match=f"desk_database: .*{fault}.*make secrets"):
        address_in(path)
