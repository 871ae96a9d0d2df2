"""One list's fault keeps no other list in the house: it is named and counted, and the exit code tells."""

import json
import shutil
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from crawlers.items import Capture
from desk.cases import approvals, case_decisions, openings
from desk.database import open_database, writing
from desk.people.accounts import add_user
from desk.takedown import repository
from index.sqlite.sqlite_store import SqliteStore
from lurewatch.app import takedown_lists
from lurewatch.app.in_force import load_in_force
from lurewatch.app.resources import index_opened
from lurewatch.cli.contents import cli

PASSWORD = "gravel-lantern-otter-93"
OWN = """\
title: {title}
summary: a board
kind: job_board
enabled: true
operator:
  name: Board
  url: https://board.example.org/
  takedown: {{contact: {contact}, format: csv, item: '^https://board\\.example\\.org/jobs/\\d+$'}}
crawl: {{spider: board, start: ["https://board.example.org/"]}}
"""


@pytest.fixture
def desk(tmp_path, seeds, mail_port, record, monkeypatch):
    """A desk with two approved lists: one for a source that is its own receiver, one for the sample boards."""
    own = tmp_path / "seeds"
    (own / "sources").mkdir(parents=True)
    shutil.copy(seeds / "platforms.yml", own)
    write = (own / "sources" / "own_board.yml").write_text
    write(OWN.format(title="Board", contact="abuse@board.example"))
    for name, value in {
        "DATABASE": f"sqlite:///{tmp_path}/desk.sqlite",
        "STORE": f"{tmp_path}/index.sqlite",
        "SEEDS": str(own),
        "STATE": f"{tmp_path}/state",
        "SMTP": f"smtp://127.0.0.1:{mail_port}",
        "MAIL_FROM": "watch@example.org",
        "CONTACT_EMAIL": "desk@example.org",
    }.items():
        monkeypatch.setenv(f"LUREWATCH_{name}", value)
    monkeypatch.chdir(tmp_path)
    now = datetime.now(UTC)
    engine = open_database(f"sqlite:///{tmp_path}/desk.sqlite")
    minh, mai = (
        add_user(engine, name=name, email=f"{name}@example.org", role=role, password=PASSWORD, now=now)
        for name, role in (("minh", "analyst"), ("mai", "lead"))
    )
    capture = Capture(record_id="<urn:uuid:00000000-0000-4000-8000-000000000001>", sha256="ab" * 32)
    sites = [("own_board", "https://board.example.org/jobs/1"), ("sample_board", "http://127.0.0.1:8101/jobs/typing-1001.html")]
    items = [
        record(number, source=source, url=url, first_seen=now, last_seen=now, capture=capture)
        for number, (source, url) in enumerate(sites)
    ]
    store = SqliteStore(tmp_path / "index.sqlite")
    store.put(items)
    store.close()
    for item in items:
        openings.note_opening(engine, item, by=minh, now=now)
        fields = {"tag": "scam_compound", "severity": "high", "clause": "forced_labour", "by": minh, "now": now}
        case_decisions.confirm(engine, [item], seen={item.id: 0}, **fields)
    settings = load_in_force()
    with index_opened(settings) as index:
        built, _ = takedown_lists.build(settings, engine, index, "dag:takedown_lists")
    lists = {each.platform: each.list_id for each in built if each.list_id}
    for list_id in lists.values():
        with engine.connect() as connection:
            ticked = [entry.item_id for entry in repository.entries(connection, list_id)]
        approvals.approve(
            engine, takedown_lists.platforms_of(settings), list_id, by=mai, now=now, ticked=ticked,
            notifier=takedown_lists.notifier_of(settings),
        )  # fmt: skip
    yield write, engine, lists
    engine.dispose()


def send(*words):
    result = CliRunner().invoke(cli, ["takedown", "send", *words])
    return result.exit_code, result.output


@pytest.mark.parametrize(
    "title", ['"Board\\nof Viet Nam"', "|\n  Board\n  of Viet Nam", '"Board\\rof"', '"Board \\u202e"', '"\\0"', "''"]
)
def test_a_title_that_is_no_line_keeps_only_its_own_list(desk, inbox, title):
    write, _, lists = desk
    write(OWN.format(title=title, contact="abuse@board.example"))
    code, said = send()
    assert (code, inbox.told) == (1, ["abuse@sample-boards.example"])
    assert f"list {lists['own_board']} does not leave: " in said
    assert "own_board.yml:1: title: " in said
    assert "1 of 2 lists did not leave" in said
    write(OWN.format(title="Board", contact="abuse@board.example"))
    assert send()[0] == 0
    assert inbox.told == ["abuse@sample-boards.example", "abuse@board.example"]


@pytest.mark.parametrize("contact", ['"a b@x.example"', "nobody", '"x@board.example.org\\nBcc: y@z.example"', "x@b@c.example"])
def test_a_contact_that_is_no_address_is_not_written_to_and_keeps_no_other_list(desk, inbox, contact):
    """Its file is refused, by name and line."""
    write, _, lists = desk
    write(OWN.format(title="Board", contact=contact))
    code, said = send()
    assert (code, inbox.told) == (1, ["abuse@sample-boards.example"])
    assert f"list {lists['own_board']} does not leave: " in said
    assert "own_board.yml:8: contact: holds a line break" in said or "not an e-mail address" in said


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE list_entries SET body = '{' WHERE list_id = :list",
        "UPDATE list_entries SET body = '[]' WHERE list_id = :list",
        "UPDATE list_files SET content = CAST('x' AS BLOB) WHERE list_id = :list",
        "DELETE FROM list_files WHERE list_id = :list",
        "DELETE FROM list_entries WHERE list_id = :list",
    ],
)
def test_a_damaged_list_keeps_only_itself(desk, inbox, damage):
    _, engine, lists = desk
    with writing(engine) as connection:
        for (name,) in connection.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'list_%'")
        ).all():
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text(damage), {"list": lists["own_board"]})
    code, said = send("--json")
    assert (code, inbox.told) == (1, ["abuse@sample-boards.example"])
    told = {line["list"]: line for line in map(json.loads, said.splitlines()[:2])}
    assert told[lists["own_board"]]["refusal"]
    assert told[lists["sample_boards"]]["sent"] == 1


def test_a_mail_server_that_hangs_up_on_one_list_takes_the_other_and_the_first_later(desk, inbox):
    _, _, lists = desk
    inbox.rude = "abuse@board.example"
    code, said = send()
    assert (code, inbox.told) == (1, ["abuse@sample-boards.example"])
    assert f"list {lists['own_board']} to abuse@board.example: 0 sent, 0 refused, 1 waiting" in said
    assert "hung up" in said
    inbox.rude = ""
    assert send()[0] == 0
    assert inbox.told == ["abuse@sample-boards.example", "abuse@board.example"]


def test_the_schedule_sends_the_others_and_fails_for_a_person(desk, inbox):
    from airflow.sdk.exceptions import AirflowFailException

    from lurewatch import tasks

    write, _, _ = desk
    write(OWN.format(title='"Board\\nof Viet Nam"', contact="abuse@board.example"))
    with pytest.raises(AirflowFailException, match=r"own_board\.yml:1: title: holds a line break"):
        tasks.send_takedowns()
    assert inbox.told == ["abuse@sample-boards.example"]
