"""The desk's page finds, refuses, blocks and takes back what the command does, on a desk and an index of their own."""

import threading
import time
from datetime import UTC, datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from desk.custody import audit
from desk.database import open_database
from desk.people.accounts import User, add_user, set_role
from desk.refusals import DeskRefusal
from index.base import StoreUnavailable
from index.sqlite.sqlite_store import SqliteStore
from lurewatch.app.venues.decide import SuggestionList, carry_out_look
from lurewatch.app.venues.look_queue import carry_out_looks
from lurewatch.settings import Settings

NAME = "telegram:sample_crew"


@pytest.fixture
def settings(tmp_path, record) -> Settings:
    """Return the settings of a desk whose index holds three lures that name one channel."""
    (tmp_path / "seeds" / "sources").mkdir(parents=True)
    store = SqliteStore(tmp_path / "index.sqlite")
    store.put([record(name, contacts=(NAME,), title=f"<b>{name}</b>") for name in ("a", "b", "c")])
    store.close()
    return Settings(
        seeds=tmp_path / "seeds", store=str(tmp_path / "index.sqlite"), database=f"sqlite:///{tmp_path / 'desk.sqlite'}"
    )


@pytest.fixture
def lan(settings) -> User:
    """Return an operator."""
    now = datetime(2026, 11, 29, tzinfo=UTC)
    engine = open_database(settings.database)
    return add_user(engine, name="lan", email="lan@example.org", role="operator", password="gravel-lantern-otter-93", now=now)


def test_a_venue_is_listed_with_its_reasons_and_leaves_the_list_when_refused(settings, lan):
    pages = SuggestionList(settings)
    (line,) = pages.list_venues(every=False)
    assert (line.venue, line.hidden, line.ruling) == (NAME, "", "")
    assert line.facts[0].startswith("3 different lures (0 confirmed) in 1 source lead there")
    assert sorted(item for item, _ in line.lures) == ["a", "b", "c"]
    assert line.lures[0][1].startswith("flagged, names it, board: ")
    pages.rule("refuse", NAME, by=lan, reason="an honest board")
    assert pages.list_venues(every=False) == []
    (hidden,) = pages.list_venues(every=True)
    assert hidden.ruling.startswith("refused by lan") and hidden.hidden.startswith("refused by lan")
    pages.rule("undo", NAME, by=lan, reason="a mistake")
    assert [line.venue for line in pages.list_venues(every=False)] == [NAME]


def test_what_cannot_be_ruled_says_why(settings, lan):
    pages = SuggestionList(settings)
    with pytest.raises(DeskRefusal, match="say why"):
        pages.rule("block", NAME, by=lan, reason=" ")
    with pytest.raises(DeskRefusal, match="names no venue"):
        pages.rule("block", "no venue at all", by=lan, reason="x")
    with pytest.raises(DeskRefusal, match="no ruling is in force"):
        pages.rule("undo", NAME, by=lan, reason="x")


def test_an_index_that_is_away_is_named(settings):
    Path(settings.store).write_bytes(b"no database" * 100)
    with pytest.raises((StoreUnavailable, DeskRefusal), match="index"):
        SuggestionList(settings).list_venues(every=False)


def found(pages):
    """Return the newest look, when it has ended."""
    until = time.monotonic() + 120
    while pages.looks()[0].running:
        assert time.monotonic() < until
        time.sleep(0.05)
    return pages.looks()[0]


def test_a_look_and_an_acceptance_need_the_right_a_reason_and_a_lure(settings, lan):
    pages, minh = SuggestionList(settings), User(id=99, name="minh", email="m@example.org", role="analyst", disabled=False)
    with pytest.raises(DeskRefusal, match="looks at no sources"):
        pages.rule("look", NAME, by=minh, reason="")
    with pytest.raises(DeskRefusal, match="rules on no sources"):
        pages.rule("accept", NAME, by=minh, reason="x")
    with pytest.raises(DeskRefusal, match="say why"):
        pages.rule("accept", NAME, by=lan, reason=" ")
    assert pages.looks() == []
    pages.rule("accept", "telegram:nobody_names_it", by=lan, reason="x")
    assert "no lure in the index leads to" in found(pages).failure


class Asked(BaseHTTPRequestHandler):
    """A site of this machine that keeps what it was asked for."""

    paths: ClassVar[list[str]] = []

    def do_GET(self):
        self.paths.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<h1>jobs</h1>")


def test_an_address_of_this_machine_is_refused_as_a_crawl_refuses_it(settings, lan, record):
    """What lures name may be an address of the house itself: it is not asked, and no file is written."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Asked) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/jobs"
        store = SqliteStore(Path(settings.store))
        store.put([record(name, contacts=(f"url:{address}",)) for name in ("d", "e", "f")])
        store.close()
        pages = SuggestionList(settings)
        pages.rule("look", address, by=lan, reason="")
        said = " ".join((*found(pages).lines, found(pages).failure))
        assert said and "readable -" not in said
        pages.rule("accept", address, by=lan, reason="x")
        assert found(pages).failure
        server.shutdown()
    assert Asked.paths == []
    assert list((settings.seeds / "sources").iterdir()) == []


def test_who_asked_for_a_look_is_in_the_audit_log(settings, lan):
    pages = SuggestionList(settings)
    pages.rule("look", "https://chat.whatsapp.com/AbC", by=lan, reason="")
    assert "cannot be read publicly" in " ".join(found(pages).lines)
    with open_database(settings.database).connect() as connection:
        asked = [(each.actor, each.subject) for each in audit.entries(connection, "source_look_asked")]
    assert asked == [("lan", found(pages).key.removeprefix("Look at "))]


def test_a_desk_without_a_way_out_leaves_the_look_to_the_schedule(settings, lan):
    """It takes nothing for gone: what it was asked for waits until a process that reaches sites carries it out."""
    settings = settings.model_copy(update={"desk_looks": False})
    pages, engine = SuggestionList(settings), open_database(settings.database)
    pages.rule("look", "https://chat.whatsapp.com/AbC", by=lan, reason="")
    (look,) = pages.looks()
    assert look.waits and look.running
    assert carry_out_looks(engine, partial(carry_out_look, settings)) == 1
    (look,) = SuggestionList(settings).looks()
    assert not look.running and "cannot be read publicly" in " ".join(look.lines)
    pages.rule("accept", NAME, by=lan, reason="three lures")
    set_role(engine, "lan", "viewer", now=datetime.now(UTC), actor="system")
    assert carry_out_looks(engine, partial(carry_out_look, settings)) == 1
    assert "rules on no sources" in pages.looks()[0].failure  # the rights are those of the moment it is carried out
