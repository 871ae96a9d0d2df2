"""Give services PostgreSQL roles of their own: ``python -m deploy.stack.database_roles PASSWORD_FILE FILE …``.

Each FILE holds a SQLAlchemy address; its user becomes the owner of its database and of all in it, and nobody else may connect. A
later FILE that names the database of an earlier one makes a guest: a role that may connect and owns nothing (`lurewatch
takedown partners grant` says what it reads).
Run at every start: what is as it should be is left, a changed password is set, and a database that release 0.2 left to the
superuser changes hands. Managed PostgreSQL: make the roles there and leave this service out.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import click
import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

SUPERUSER = "lurewatch"
"""Who POSTGRES_USER of docker-compose.yml makes."""
OBJECTS = """
    SELECT kind, name FROM (
    SELECT CASE relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END AS kind, relname AS name,
           pg_get_userbyid(relowner) AS owner
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'S')
      AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_class.oid AND deptype IN ('a', 'i') AND relkind = 'S')
    UNION ALL
    SELECT 'TYPE', typname, pg_get_userbyid(typowner) FROM pg_type
    WHERE typnamespace = 'public'::regnamespace AND typtype = 'e'
    UNION ALL
    SELECT 'ROUTINE', proname, pg_get_userbyid(proowner) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    ) AS objects WHERE owner <> %s
"""
"""Tables, views, sequences no column owns, enumerations and routines; indexes and a column's sequence follow their table."""


class RoleError(Exception):
    """A role cannot be made; the message names the file and the fix."""


def give_roles(admin: str, addresses: Sequence[URL]) -> list[str]:
    """Make role and database of each address over the superuser's connection string; return what was made or changed.

    Raises psycopg.Error.
    """
    changed = []
    owners: dict[str, URL] = {}
    for address in addresses:
        owners.setdefault(str(address.database), address)
    with psycopg.connect(admin, dbname="postgres", autocommit=True) as connection:
        for address in addresses:
            role, database = sql.Identifier(str(address.username)), sql.Identifier(str(address.database))
            if not _exists(connection, "pg_roles", "rolname", str(address.username)):
                connection.execute(sql.SQL("CREATE ROLE {}").format(role))
                changed.append(f"role {address.username}")
            limits = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD"
            connection.execute(sql.SQL("ALTER ROLE {} {} {}").format(role, sql.SQL(limits), sql.Literal(address.password)))
            if owners[str(address.database)] is not address:
                connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, role))
                continue
            if not _exists(connection, "pg_database", "datname", str(address.database)):
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, role))
                changed.append(f"database {address.database}")
            connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(database, role))
            connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    for address in owners.values():
        with psycopg.connect(admin, dbname=address.database, autocommit=True) as connection:
            role = sql.Identifier(str(address.username))
            connection.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(role))
            others = connection.execute(OBJECTS, [address.username]).fetchall()
            for kind, name in others:
                connection.execute(sql.SQL("ALTER {} public.{} OWNER TO {}").format(sql.SQL(kind), sql.Identifier(name), role))
            if others:
                changed.append(f"{len(others)} objects of database {address.database}")
    return changed


def _exists(connection: psycopg.Connection, table: str, column: str, name: str) -> bool:
    query = sql.SQL("SELECT 1 FROM {} WHERE {} = %s").format(sql.Identifier(table), sql.Identifier(column))
    return connection.execute(query, [name]).fetchone() is not None


def address_in(path: Path) -> URL:
    """Return the address a file holds; raise RoleError when it is none of a role of its own."""
    try:
        address = make_url(path.read_text(encoding="utf-8").strip())
    except ArgumentError as exc:
        raise RoleError(f"{path}: no SQLAlchemy address; delete it and run `make secrets`") from exc
    if not (address.username and address.password and address.database):
        raise RoleError(f"{path}: user, password or database is missing; delete it and run `make secrets`")
    if address.username == SUPERUSER:
        raise RoleError(f"{path}: names the superuser; delete it and run `make secrets`, which gives the service its own role")
    return address


def main(password_file: str, *files: str) -> None:
    """Make the roles on the server the addresses name; end with one line that names the fault when they cannot be made."""
    try:
        addresses = [address_in(Path(file)) for file in files]
        password = Path(password_file).read_text(encoding="utf-8").strip()
        host, port = addresses[0].host, addresses[0].port or 5432
        admin = psycopg.conninfo.make_conninfo(host=host, port=port, user=SUPERUSER, password=password)
        for what in give_roles(admin, addresses):
            click.echo(f"made or handed over: {what}")
    except (OSError, RoleError, psycopg.Error) as exc:
        sys.exit(f"no role is made: {exc}")


if __name__ == "__main__":
    main(*sys.argv[1:])
