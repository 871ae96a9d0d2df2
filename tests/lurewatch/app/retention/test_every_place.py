"""200 canaries in every place that holds words of adverts: after a purge a search of all bytes finds none of them."""

import gzip
import hashlib
import json
import re
import urllib.request
import uuid
from contextlib import ExitStack
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

import msgspec
import psycopg
import pytest
import zstandard
from click.testing import CliRunner
from sqlalchemy import create_engine, select, text, update

from crawlers.evidence.partition import CAPTURES, REJECTS
from crawlers.frontier.frontier_store import Frontier
from crawlers.frontier.postgres_connection import hold_lease
from crawlers.frontier.visits import Step, Validators, Visit
from crawlers.items import Posting, Reject, posting_id
from desk import outbox
from desk.cases import case_decisions
from desk.cases.comments import comment, escalate
from desk.cases.leases import take_lease
from desk.cases.reason_marks import mark_reason, reason_of
from desk.custody import audit
from desk.custody.erasure import certificates, note_backup
from desk.custody.ledger_check import check_ledger
from desk.database import open_database, writing
from desk.digest import weekly_mail as digest
from desk.partners.answers import GivenAnswer, give_answers
from desk.people.accounts import add_user
from desk.rechecks.clock import note_sighting
from desk.rechecks.notice_outcomes import SentNotice
from desk.rechecks.sighting import Sighting
from desk.subscribers.mail_answers import KINDS, AnswerLink, give_answer
from desk.subscribers.subscriptions import active_subscriptions, subscribe
from desk.tables import (
    asks,
    comments,
    deliveries,
    leases,
    partner_answers,
    reason_marks,
    recheck_clock,
    sighting_proofs,
    sightings,
    translation_items,
    translations,
)
from desk.takedown import repository
from desk.takedown.notice import notice_id
from desk.translation.translator import Translator
from index.elastic.client import client
from index.maintain import migrate_alias
from index.sqlite.sqlite_store import SqliteStore
from lurewatch.app.resources import store_of
from lurewatch.app.retention.purge import PurgeIncomplete, purge
from lurewatch.cli.contents import cli
from lurewatch.settings import load_settings
from tests.desk.conftest import database_url, sqlite_url  # noqa: F401 - fixtures
from tests.index.conftest import DAY
from tests.lurewatch.app.retention.test_purge import LURE, workplace  # noqa: F401 - a fixture

MANY = 200
NOW = DAY + timedelta(days=200)
CANARY = re.compile(rb"zqcanary\d{3}zq", re.I)
NAMES = [f"zqcanary{number:03}zq" for number in range(MANY)]


def _post(name, source="board"):
    url = f"https://www.board.example.org/jobs/{name}"
    words = f"{LURE.format('sample_hr_9')}. Ask for {name} at the desk"
    return Posting(id=posting_id(source, url), source=source, url=url, title=f"Typist {name}", text=words)


POSTS = [_post(name) for name in NAMES]


def _sha256(content):
    return hashlib.sha256(content).hexdigest()


def _record(content):
    return gzip.compress(content.encode())


def _fill_crawl_state(folder, shared):
    """Leave what a finished run and one that was broken off leave."""
    frontier = Frontier.open_at(folder, shared=shared)
    frontier.begin("run-1", DAY, [Step(url=post.url, role="detail") for post in POSTS])
    for lease in frontier.commit([], requests=0, lease=MANY):
        post = next(post for post in POSTS if post.url == lease.step.url)
        seen = {"postings": (post,), "seen": 1, "evidence": _record(post.text), "keep": True}
        validators = Validators(
            etag=f'"{post.title}"', modified=None, run="run-1", record_id="r", sha256="0", fetched_at=DAY, postings=(post.id,),
            steps=(),
        )  # fmt: skip
        visit = Visit(row=lease.row, step=lease.step, outcome="ok", at=DAY, validators=validators, **seen)
        frontier.commit([visit], requests=1, lease=0)
    frontier.finish(forget_before=DAY - timedelta(days=1))
    frontier.begin("run-2", DAY, [Step(url=f"{post.url}?again", role="detail") for post in POSTS])
    for lease in frontier.commit([], requests=0, lease=MANY // 2):
        reject = Reject(reason="empty", url=lease.step.url, detail=lease.step.url)
        visit = Visit(row=lease.row, step=lease.step, outcome="ok", at=DAY, rejected=(reject,), evidence=_record(lease.step.url))
        frontier.commit([visit], requests=1, lease=0)
    frontier.close()


class Echo:
    """A translation service that gives back what it is sent."""

    name = "echo"

    def describe_engine(self):
        return "echo 1"

    def translate(self, texts, source, target):
        return list(texts)


def _fill_desk(settings, engine, store):
    """Decide, send a list and take it back, send the weekly mail: nothing of the canaries is confirmed or held by anybody now."""
    lea = add_user(engine, name="lea", email="lea@example.org", role="lead", password="gravel-lantern-otter-93", now=DAY)
    add_user(engine, name="mai", email="mai@example.org", role="lead", password="gravel-lantern-otter-93", now=DAY)
    shown = [store.get(post.id) for post in POSTS[:10]]
    step = {"tag": "scam_compound", "severity": "critical", "clause": "forced_labour", "by": lea, "now": DAY}
    made = {
        one.item_id: one.id
        for one in case_decisions.confirm(engine, shown, seen=dict.fromkeys((one.id for one in shown), 0), **step)
    }
    for number, change in ((1, "new"), (2, "withdrawn")):
        entries = [
            repository.ListEntry(
                item_id=one.id,
                change=change,
                decision_id=made[one.id],
                body={"notice_id": notice_id("board", one.id), "text": one.posting.text},
            )
            for one in shown
        ]
        words = "\n".join(one.posting.text for one in shown).encode()
        with writing(engine) as connection:
            manifest = msgspec.json.encode({"audit_head": audit.head(connection)})
            files = {"items.csv": words, "manifest.json": manifest, f"{repository.SHOWN}x.json": words}
            kept = repository.keep(
                connection, platform="board", number=number, previous=None, manifest_sha256=_sha256(manifest), by=lea, now=DAY,
                found=entries, contents={name: (_sha256(content), content) for name, content in files.items()},
            )  # fmt: skip
            message = EmailMessage()
            message["Message-ID"], message["Subject"] = f"<list-{number}@example.org>", f"List {number}"
            message.set_content("A list")
            message.add_attachment(words, maintype="application", subtype="octet-stream", filename="items.csv")
            key = dict(zip(("subscription", "period"), repository.mail_key("board", number), strict=True))
            outbox.queue(connection, message, recipient="abuse@example.org", now=DAY, **key)
            repository.mark_sent(connection, kept, DAY, recipient="abuse@example.org")
    for one in POSTS[10:20]:
        comment(engine, one.id, f"@lea {one.text}", by=lea, now=DAY, to="mai")
        take_lease(engine, store.get(one.id), by=lea, now=DAY)
    for one in POSTS[30:40]:
        Translator(engine=engine, provider=Echo()).translate_item(store.get(one.id), "vi")
    for one in POSTS[40:50]:
        record = store.get(one.id)
        signal = msgspec.structs.replace(record.assessment.signals[0], text=one.text)
        judged = msgspec.structs.replace(record.assessment, signals=(signal,))
        mark_reason(engine, msgspec.structs.replace(record, assessment=judged), reason_of(signal), "struck", by=lea, now=DAY)
    for one in POSTS[50:60]:
        seen = Sighting(state="moved", status=200, url=one.url, evidence=_record(one.text))
        note_sighting(engine, SentNotice(platform="board", item_id=one.id, sent_at=DAY, tag=None), seen, DAY)
    subscribe(engine, by=lea, now=DAY)
    with engine.connect() as connection:
        (reader,) = active_subscriptions(connection)
    for one in POSTS[60:70]:
        for kind in KINDS:
            give_answer(engine, AnswerLink(reader=reader, kind=kind, item_id=one.id), store.get(one.id), now=DAY)
    escalate(engine, POSTS[20].id, POSTS[20].text, by=lea, now=DAY)
    case_decisions.undo(engine, [one.id for one in shown], by=lea, now=DAY, seen=dict.fromkeys((one.id for one in shown), 1))
    digest.build(
        engine, store, [], settings.runs, week="2026-W10", now=DAY + timedelta(days=5), recipients=["reader@example.org"],
        sender="desk@example.org", desk_url="https://desk.example.org", organisation="Test",
    )  # fmt: skip
    with writing(engine) as connection:
        connection.execute(update(deliveries).values(state="sent", sent_at=DAY))
        for name in connection.execute(select(deliveries.c.message_id)).scalars().all():
            audit.append(connection, at=DAY, actor="system", action="mail_sent", subject=name)
    words = POSTS[0].text
    given = [GivenAnswer(key="k", notice_id=notice_id("board", POSTS[0].id), kind="refused", reason="other", words=words)]
    assert give_answers(engine, "board", given, now=DAY)[0].outcome == "recorded"


@pytest.fixture(params=["files", "servers"])
def planted(request, workplace, partition, monkeypatch):  # noqa: F811 - pytest's way
    """Plant the canaries, in files alone or in PostgreSQL and Elasticsearch; return what searches all bytes, by place."""
    servers, alias = request.param == "servers", ""
    searches = {"files": lambda: _in_files(workplace)}
    with ExitStack() as stack:
        shared = None
        if servers:
            url, address = request.getfixturevalue("elasticsearch_url"), _own_database(request, stack)
            alias = request.getfixturevalue("elastic_index")()
            for name, value in (("STORE", url), ("STORE_INDEX", alias), ("DATABASE", address), ("CRAWL_STATE", address)):
                monkeypatch.setenv(f"LUREWATCH_{name}", value)
            shared = stack.enter_context(hold_lease(address, "board"))
            searches |= {
                "rows of PostgreSQL": lambda: _in_rows(address),
                "files of PostgreSQL": lambda: _in_postgres_files(address),
                "documents of Elasticsearch": lambda: _in_documents(url, alias),
                "files of Elasticsearch": lambda: _in_elastic_files(url),
            }
        _fill_crawl_state(workplace / "state" / "board", shared)
    if servers:
        _fill_crawl_state(workplace / "state" / "board", None)  # from before the state was shared
    (workplace / "state/board/crawl.log").write_text("".join(f"parsed {post.url}\n" for post in POSTS) + "an honest line\n")
    partition("run-1", POSTS)
    run = workplace / "runs/board/run-1"
    (run / CAPTURES).write_bytes(b"".join(_record(post.text) for post in POSTS))
    (run / REJECTS).write_bytes(zstandard.compress(msgspec.json.encode(Reject(reason="x", url=POSTS[0].url, detail="y")) + b"\n"))
    killed = workplace / "runs/board/20260301T120000Z-abcd"
    killed.mkdir()
    (killed / CAPTURES).write_bytes((run / CAPTURES).read_bytes())
    partition("run-9", [Posting(id="young", source="board", url="https://www.board.example.org/y", text="A waiter")], day=195)
    assert CliRunner().invoke(cli, ["load", "--pending"]).exit_code == 0
    settings = load_settings()
    store, engine = store_of(settings), open_database(settings.database)
    _fill_desk(settings, engine, store)
    if servers:
        migrate_alias(settings.store, settings.store_index, force=True)
    else:
        copy = SqliteStore(workplace / "index.sqlite.rebuilding")
        copy.put(store.get_many([post.id for post in POSTS]).values())
        copy.close()
    board = workplace / "seeds/sources/board.yml"
    board.write_text(board.read_text().replace("enabled: true", "enabled: false"))
    yield settings, engine, store, searches
    store.close()
    engine.dispose()


def test_no_byte_of_200_canaries_is_left_in_any_place(planted, record_property):
    settings, engine, store, searches = planted
    before = {place: len(search()) for place, search in searches.items()}
    note_backup(engine, "nightly", by="shell:lea", now=NOW - timedelta(days=3))
    note_backup(engine, "old", by="shell:lea", now=NOW - timedelta(days=90))
    with engine.connect() as connection:
        faults = check_ledger(connection).faults
    assert all("entry of an approval" in fault for fault in faults), "nobody approved these lists, and nothing else is wrong"
    done = purge(settings, engine, store, by="system", now=NOW, override="the clock of this test is set forward")
    after = {place: sorted(search()) for place, search in searches.items()}
    record_property("canaries", {place: (before[place], len(after[place])) for place in searches})
    assert set(before.values()) == {MANY}, before
    assert after == {place: [] for place in searches}, {place: len(found) for place, found in after.items()}
    assert (done.items, done.partitions) == (MANY, 1)
    assert store.get("young")
    with engine.connect() as connection:
        for table in (asks, leases, recheck_clock, translations, translation_items):
            assert connection.execute(select(table)).all() == []
        assert connection.execute(select(comments.c.body, comments.c.salt)).all() == [("", "")] * 11
        assert connection.execute(select(reason_marks.c.body, reason_marks.c.salt)).all() == [("", "")] * 10
        assert connection.execute(select(sightings.c.body, sightings.c.salt)).all() == [("", "")] * 10
        assert {bytes(content) for content in connection.execute(select(sighting_proofs.c.content)).scalars()} == {b""}
        assert connection.execute(select(partner_answers.c.body, partner_answers.c.salt)).all() == [("", "")]
    with engine.connect() as connection:
        (certificate,) = certificates(connection)
        assert check_ledger(connection).faults == faults
    searched = json.loads(certificate.closing.detail)["searched"]
    assert {"index", "crawl state of board", "older versions of the index"} <= set(searched["places"])
    assert searched["traces"] > 4 * MANY
    assert searched["still_in"] == []
    assert searched["backups"] == [f"nightly, until {NOW + timedelta(days=32):%Y-%m-%d}"]
    assert (settings.state / "board/crawl.log").read_text() == "an honest line\n"


@pytest.mark.parametrize("planted", ["files"], indirect=True)
def test_a_place_that_cannot_be_erased_is_named_and_the_erasure_stays_open(planted):
    settings, engine, store, searches = planted
    from crawlers.process import lock_folder

    with (
        lock_folder(settings.state / "board"),
        pytest.raises(PurgeIncomplete, match=r"stays open: crawl state of board: .*is crawling it now"),
    ):
        purge(settings, engine, store, by="system", now=NOW, override="set forward")
    with engine.connect() as connection:
        assert certificates(connection) == []
    assert store.count() == MANY + 1, "the index keeps the words that the other places are searched for"
    assert purge(settings, engine, store, by="system", now=NOW, override="set forward").certificate
    assert {place: len(search()) for place, search in searches.items()} == dict.fromkeys(searches, 0)


def _own_database(request, stack):
    from sqlalchemy.engine import make_url

    server = make_url(request.getfixturevalue("postgres_url"))
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    name = f"erasure_{uuid.uuid4().hex}"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    request.addfinalizer(lambda: _drop(admin, name))
    return server.set(database=name).render_as_string(hide_password=False)


def _drop(admin, name):
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def _canaries(chunks):
    return {match.lower().decode() for chunk in chunks for match in CANARY.findall(chunk)}


def _in_files(folder):
    """Search every file, and what is packed in it."""
    files = [path for path in Path(folder).rglob("*") if path.is_file() and "seeds" not in path.parts]
    return _canaries(part for path in files for part in _unpacked(path))


def _unpacked(path):
    content = path.read_bytes()
    yield content
    if content[:2] == b"\x1f\x8b":
        yield gzip.decompress(content)
    if content[:4] == b"\x28\xb5\x2f\xfd":
        yield zstandard.ZstdDecompressor().decompressobj().decompress(content)
    for start in (match.start() for match in re.finditer(rb"\x1f\x8b\x08\x00", content)):  # records inside a database
        try:
            yield gzip.zlib.decompressobj(31).decompress(content[start:])
        except gzip.zlib.error:
            continue


def _in_rows(address):
    found = set()
    with psycopg.connect(address.replace("+psycopg", "")) as connection:
        query = (
            "SELECT format('%I.%I', table_schema, table_name) FROM information_schema.tables "
            "WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'"
        )
        for (table,) in connection.execute(query).fetchall():
            with connection.cursor().copy(f"COPY {table} TO STDOUT (FORMAT binary)") as rows:
                found |= _canaries([b"".join(map(bytes, rows))])
        for (message,) in connection.execute("SELECT message FROM deliveries").fetchall():
            parts = message_from_bytes(message).walk()
            found |= _canaries(part.get_payload(decode=True) for part in parts if not part.is_multipart())
    return found


def _in_postgres_files(address):
    """Search the files of the server, but for its write-ahead log, which it overwrites by itself."""
    with psycopg.connect(address.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        folder, name = connection.execute(
            "SELECT current_setting('data_directory'), oid::text FROM pg_database WHERE datname = current_database()"
        ).fetchone()
    return _canaries(path.read_bytes() for path in Path(folder, "base", name).rglob("*") if path.is_file())


def _in_documents(url, alias):
    es = client(url)
    es.indices.refresh(index=f"{alias}-*")
    found = set()
    for name in es.indices.get(index=f"{alias}-*"):
        answer = es.search(index=name, size=5000)
        found |= _canaries([json.dumps(answer["hits"]["hits"]).encode()])
    es.close()
    return found


def _in_elastic_files(url):
    with urllib.request.urlopen(f"{url}/_nodes/settings", timeout=30) as answer:
        (node,) = json.load(answer)["nodes"].values()
    data = node["settings"]["path"]["data"]
    folder = Path(data[0] if isinstance(data, list) else data)
    return _canaries(path.read_bytes() for path in folder.rglob("*") if path.is_file())
