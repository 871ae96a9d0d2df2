"""The door's own role, and its own connections on SQLite, read what it serves and no other table."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError as Refused

from desk.database import DatabaseError, writing
from desk.partners.answers import GivenAnswer, answers_of, give_answers
from desk.partners.door_access import count_request, forget_requests
from desk.partners.door_database import READ, grant, open_door_database
from desk.partners.partner_tokens import token_partner
from desk.partners.served import VIEWS, file_of, notices_after, notices_named, sent_lists
from tests.desk.partners.conftest import open_door_token, tell


@pytest.fixture
def door(engine, database_url):
    """Return the database as the door opens it: by a role of its own on PostgreSQL."""
    if engine.dialect.name == "sqlite":
        yield (opened := open_door_database(database_url))
        opened.dispose()
        return
    role, admin = f"door_{uuid.uuid4().hex}", create_engine(database_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE ROLE {role} LOGIN PASSWORD 'x'"))
    grant(engine, role)
    address = make_url(database_url).set(username=role, password="x").render_as_string(hide_password=False)
    yield (opened := open_door_database(address))
    opened.dispose()
    with admin.connect() as connection:
        connection.execute(text(f"DROP OWNED BY {role}"))
        connection.execute(text(f"DROP ROLE {role}"))
    admin.dispose()


def test_it_serves_and_takes_answers_and_reads_no_other_table(engine, door, staff, now):
    people = staff(engine)
    (notice,) = tell(engine, people["minh"], now, "board", "item")
    token = open_door_token(engine, "board", scopes=("read",), now=now)
    assert token_partner(door, token, now).platform == "board"
    given = [GivenAnswer(key="1", notice_id=notice, kind="removed")]
    assert [each.outcome for _ in range(2) for each in give_answers(door, "board", given, now=now)] == ["recorded", "known"]
    with door.connect() as connection:
        assert [each.number for each in sent_lists(connection, "board")] == [1]
        assert notices_named(connection, "board", [notice])[notice].is_standing
        assert file_of(connection, "board", 1, "list.csv") == b"board 1"
        assert [each.key for each in answers_of(connection, "board", limit=9)] == ["1"]
    for table in inspect(engine).get_table_names():
        columns = [column["name"] for column in inspect(engine).get_columns(table)]
        shut = [name for name in columns if name not in READ.get(table, ())]
        for name in shut:
            with pytest.raises(Refused), door.connect() as connection:
                connection.execute(text(f'SELECT "{name}" FROM "{table}"')).all()


def test_two_processes_share_one_limit(engine, door, database_url, now):
    """Each of the two has a connection of its own, and 40 requests come at once."""
    other = open_door_database(door.url.render_as_string(hide_password=False))

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda number: count_request((door, other)[number % 2], "token 1", 15, now), range(40)))
    other.dispose()
    assert told.count(True) == 15
    later = now + timedelta(minutes=1)
    assert [count_request(door, *asked) for asked in (("token 2", 1, now), ("token 1", 1, later), ("token 1", 1, later))] == [
        True, True, False,
    ]  # fmt: skip
    forget_requests(engine, now + timedelta(hours=2))
    with door.connect() as connection:
        assert connection.execute(text("SELECT requests FROM partner_requests")).all() == []


@pytest.mark.parametrize("statement", [
    "UPDATE partner_answers SET kind = 'x'", "DELETE FROM partner_answers", "UPDATE partner_tokens SET expires_at = created_at",
    "INSERT INTO partner_answers (platform, key, notice_id, kind, reason, body, given_at, item_id)"
    " VALUES ('a','b','c','d','e','f','2026-01-01','x')",
    "INSERT INTO audit VALUES (1, '', '', '', '', '', '', '')", "DROP VIEW partner_lists", "CREATE TABLE x (y int)",
    "DELETE FROM partner_requests", "UPDATE partner_requests SET key = 'x'", "DELETE FROM lists",
    "UPDATE users SET role = 'admin'",
])  # fmt: skip
def test_it_changes_nothing_but_adds_answers(engine, door, statement):
    """SQLite asks about the table alone, not its columns; the desk sets the item anew when it takes an answer."""
    column_of_the_desk = "item_id" in statement and engine.dialect.name == "sqlite"
    with nullcontext() if column_of_the_desk else pytest.raises(Refused), writing(door) as connection:
        connection.execute(text(statement))


def test_a_desk_of_an_older_release_is_named(tmp_path):
    with pytest.raises(DatabaseError, match="start this release"):
        open_door_database(f"sqlite:///{tmp_path / 'new.sqlite'}")


def test_a_list_that_has_not_left_is_not_served(engine, staff, now):
    people = staff(engine)
    tell(engine, people["minh"], now, "board", "item", mailed=False)
    with engine.connect() as connection:
        assert sent_lists(connection, "board") == []
        assert notices_after(connection, "board", "all", "", 9) == []
    assert len(VIEWS) == 3
