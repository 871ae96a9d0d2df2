"""One person of the house, with every right and the shell, tries alone to divert a list, move a crawl or erase a source.

``pytest -s`` prints the table: what was tried, what the house said, what is in force after it.
"""

import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from crawlers.items import Capture, Posting, posting_id
from desk.cases import approvals, case_decisions
from desk.database import open_database
from desk.list_maker import Notifier
from desk.people.accounts import User, add_user, set_disabled, set_password, set_role, user, vouch
from desk.refusals import DeskRefusal
from desk.takedown import list_drafts as builder
from enrichment.assessment import Assessment, Language
from enrichment.errors import SeedsError
from index.base import Record
from index.sqlite.sqlite_store import SqliteStore
from lurewatch.app.lures.lexicon_in_force import accept_lexicon, lexicon_in_force
from lurewatch.app.retention.due import days_kept
from lurewatch.app.seeds.rule_edits import LureRules
from lurewatch.app.seeds.settings_in_force import (
    lexicon_content,
    observe_files,
    pending_at,
    receivers_in_force,
    sign,
    source_to_crawl,
)
from lurewatch.app.seeds.source_edits import SourceFiles
from lurewatch.app.seeds.sources_in_force import source_named, sources_in_force
from lurewatch.cli.contents import cli
from lurewatch.settings import Settings, load_settings

PASSWORD = "gravel-lantern-otter-93"
ITEM = r"'^https://board\.example\.org/jobs/[a-z0-9-]+\.html$'"
ROUTE = f"\n  takedown: {{contact: abuse@board.example.org, format: csv, item: {ITEM}}}"
EVIL = "mallory@elsewhere.example.org"
RECEIVER = """
  {name}:
    title: Evil
    enabled: true
    {what}
    item: '^https://board\\.example\\.org/jobs/\\d+$'
    formats: [csv, json]
    contact: mallory@elsewhere.example.org
"""


class House(NamedTuple):
    """An installation in which two people have accepted everything, and the one who turns against it."""

    settings: Settings
    engine: Engine
    mallory: User
    ann: User

    @property
    def board(self) -> Path:
        return self.settings.seeds / "sources" / "board.yml"

    @property
    def platforms(self) -> Path:
        return self.settings.seeds / "platforms.yml"

    def edit(self, path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def edit_rules(self) -> None:
        """Weaken every rule of the one file on disk."""
        rules = self.settings.seeds / "lures" / "en" / "control.yml"
        self.edit(rules, "strength: strong", "strength: weak")

    def save(self, old: str, new: str) -> None:
        """Edit the source at the desk."""
        files = SourceFiles(self.settings, self.engine)
        file = files.read("board")
        assert file is not None and old in file.text
        files.save("board", file.text.replace(old, new), version=file.version, by=self.mallory, reason="tidy")

    def sign(self, place: str = "board", by: User | None = None) -> None:
        observe_files(self.settings, self.engine)
        sign(self.settings, self.engine, pending_at(self.settings, place), by=by or self.mallory, reason="tidy")

    def puppet(self, name: str = "puppet", email: str = "puppet@example.org") -> User:
        now = datetime.now(UTC)
        return add_user(self.engine, name=name, email=email, role="admin", password=PASSWORD, now=now, actor="mallory")

    def shell(self, *words: str, typed: str = f"{PASSWORD}\n{PASSWORD}\n") -> None:
        result = CliRunner().invoke(cli, list(words), input=typed)
        if result.exit_code:
            raise DeskRefusal(result.output.strip().splitlines()[-1])

    def people(self, name: str) -> User:
        with self.engine.connect() as connection:
            return user(connection, name)


@pytest.fixture
def house(workplace: Path, seeds: Path) -> House:
    board = workplace / "seeds" / "sources" / "board.yml"
    text = re.sub(r"(operator:\n(?:  .*\n)*?  url: .*)", lambda found: found[1] + ROUTE, board.read_text())
    text = text.replace("http://127.0.0.1:8101", "https://board.example.org")
    board.write_text(text.replace("retention_days: 30", "retention_days: 365"), encoding="utf-8")
    (workplace / "seeds" / "platforms.yml").unlink()
    (workplace / "seeds" / "platforms.yml").write_bytes((seeds / "platforms.yml").read_bytes())
    rules = workplace / "seeds" / "lures" / "en"
    rules.unlink()
    rules.mkdir()
    (rules / "control.yml").write_bytes((seeds / "lures" / "en" / "control.yml").read_bytes())
    settings = load_settings()
    engine = open_database(settings.database)
    names = {
        name: add_user(engine, name=name, email=f"{name}@example.org", role=role, password=PASSWORD, now=datetime.now(UTC))
        for name, role in (("mallory", "admin"), ("ann", "lead"), ("ben", "analyst"))
    }
    made = House(settings, engine, names["mallory"], names["ann"])
    made.sign(by=names["mallory"])
    made.sign(by=names["ann"])
    accept_lexicon(settings)
    return made


def twice(house: House) -> None:
    house.edit(house.board, "abuse@board.example.org", EVIL)
    house.sign()
    house.sign()


def with_puppet(house: House, vouched_by: User | None = None) -> None:
    puppet = house.puppet()
    house.edit(house.board, "abuse@board.example.org", EVIL)
    house.sign()
    if vouched_by:
        vouch(house.engine, "puppet", by=vouched_by, reason="I know them", now=datetime.now(UTC))
    house.sign(by=puppet)


def two_puppets(house: House) -> None:
    first, second = house.puppet(), house.puppet("doll", "doll@example.org")
    house.edit(house.board, "abuse@board.example.org", EVIL)
    house.sign(by=first)
    house.sign(by=second)


def puppets_vouch(house: House) -> None:
    first, second = house.puppet(), house.puppet("doll", "doll@example.org")
    vouch(house.engine, "doll", by=first, reason="I know them", now=datetime.now(UTC))
    house.edit(house.board, "abuse@board.example.org", EVIL)
    house.sign()
    house.sign(by=second)


def as_ann(house: House) -> None:
    set_password(house.engine, "ann", "teapot-orchard-violin-7", now=datetime.now(UTC), actor="mallory")
    house.edit(house.board, "abuse@board.example.org", EVIL)
    house.sign()
    house.sign(by=house.ann)


def somebody_who_left(house: House) -> None:
    now = datetime.now(UTC)
    set_role(house.engine, "ben", "lead", now=now, actor="mallory")
    set_disabled(house.engine, "ben", disabled=True, now=now, actor="mallory")
    set_disabled(house.engine, "ben", disabled=False, now=now, actor="mallory")
    house.edit(house.board, "abuse@board.example.org", EVIL)
    house.sign()
    house.sign(by=house.people("ben"))


def account_from_the_shell(house: House) -> None:
    set_disabled(house.engine, "ann", disabled=True, now=datetime.now(UTC), actor="mallory")
    words = ("--role", "lead", "--email", "puppet@example.org", "--password-stdin")
    house.shell("users", "add", "puppet", *words)
    house.edit(house.board, "abuse@board.example.org", EVIL)
    house.sign()
    house.sign(by=house.people("puppet"))


def commands_with_two_passwords(house: House) -> None:
    house.edit(house.board, "abuse@board.example.org", EVIL)
    words = ("--role", "lead", "--email", "puppet@example.org", "--password-stdin", "--as", "mallory")
    house.shell("users", "add", "puppet", *words)
    for name in ("mallory", "puppet"):
        house.shell("sources", "accept", "board", "--why", "tidy", "--as", name, "--password-stdin")


def renamed(house: House) -> None:
    house.edit(house.board, "abuse@board.example.org", EVIL)
    house.edit(house.board, "retention_days: 365", "retention_days: 1")
    house.board.rename(house.board.with_name("board_two.yml"))


def second_file(house: House) -> None:
    text = house.board.read_text(encoding="utf-8").replace("abuse@board.example.org", EVIL)
    house.board.with_name("another.yml").write_text(text, encoding="utf-8")


def named_like_a_receiver(house: House) -> None:
    text = house.board.read_text(encoding="utf-8").replace("abuse@board.example.org", EVIL)
    house.board.with_name("sample_boards.yml").write_text(text, encoding="utf-8")


def receiver_first_in_the_file(house: House) -> None:
    house.edit(
        house.platforms, "\nplatforms:\n", "\nplatforms:" + RECEIVER.format(name="evil", what="hosts: [board.example.org]")
    )


def receiver_takes_a_source(house: House) -> None:
    house.edit(house.platforms, "sources: [sample_channels]", "sources: [sample_channels, board, sample_board]")


def route_to_a_receiver(house: House) -> None:
    house.edit(house.board, ROUTE.strip(), "takedown: {platform: sample_channels}")


def host(house: House) -> None:
    house.board.write_text(moved(house.board.read_text(encoding="utf-8")), encoding="utf-8")
    house.sign()


def moved(text: str) -> str:
    return text.replace("https://board.example.org", "https://elsewhere.example.net").replace(
        r"board\.example\.org/jobs", r"elsewhere\.example\.net/jobs"
    )


def host_at_the_desk(house: House) -> None:
    text = house.board.read_text(encoding="utf-8")
    house.save(text, moved(text))


def approves_own_decision(house: House, approver: Callable[[House], User]) -> None:
    """Confirm an item, have its list built, and approve it under one's own name or another."""
    url, now = "https://board.example.org/jobs/typing-1001.html", datetime.now(UTC)
    capture = Capture(record_id="<urn:uuid:00000000-0000-4000-8000-000000000001>", sha256="ab" * 32)
    store = SqliteStore(Path(house.settings.store))
    record = record_of(
        Posting(id=posting_id("board", url), source="board", url=url, text="Typing, Myawaddy", capture=capture), now
    )
    store.put([record])
    case_decisions.confirm(
        house.engine, [record], tag="scam_compound", severity="high", clause="forced_labour", by=house.mallory, now=now,
        seen={record.id: 0}, ground="Typing, Myawaddy",
    )  # fmt: skip
    platforms = receivers_in_force(house.settings, house.engine)[1]
    notifier = Notifier(name="Test", email="desk@example.org", sender="watch@example.org")
    built, _ = builder.build(house.engine, store, platforms, routes={}, notifier=notifier, now=now, by="dag:takedown_lists")
    (list_id,) = [report.list_id for report in built if report.list_id]
    approvals.approve(house.engine, platforms, list_id, by=approver(house), now=now, ticked=[record.id], notifier=notifier)
    raise AssertionError("approved alone")


def record_of(posting: Posting, now: datetime) -> Record:
    language = Language(code="en", script="Latn", confidence=0.99)
    judged = Assessment(
        id=posting.id, language=language, stance="offer", score=90, flagged=True, tag="scam_compound", lexicon_version="test-1"
    )
    return Record(
        id=posting.id, posting=posting, assessment=judged, revision=1, first_seen=now, last_seen=now, run_id="20261123T030000Z",
        partition="file:///nowhere/run",
    )  # fmt: skip


def rule(house: House) -> None:
    """Retire a lure rule at the desk, twice."""
    rules = LureRules(house.settings, house.engine)
    language, families = rules.files()[0]
    file = rules.read(language, families[0])
    assert file is not None
    for _ in range(2):
        rules.switch(
            language, file.family, file.rules[0].id, status="retired", version=file.version, by=house.mallory, reason="tidy"
        )


def rule_on_disk(house: House) -> None:
    """Weaken the lure rules in their file."""
    house.edit_rules()


def rule_on_disk_signed(house: House) -> None:
    house.edit_rules()
    house.sign("lexicon:files")
    house.sign("lexicon:files")


def rule_on_disk_then_at_the_desk(house: House) -> None:
    """Have a switch at the desk, which a second person would sign, bring the edit on disk into force as well."""
    house.edit_rules()
    rule(house)


def copy_in_force(house: House) -> None:
    """Weaken the rules, and the copy of them that is in force."""
    house.edit_rules()
    for kept in (house.settings.state / "accepted" / "lexicon").glob("*/lures/en/control.yml"):
        kept.write_bytes((house.settings.seeds / "lures" / "en" / "control.yml").read_bytes())


def places_on_disk(house: House) -> None:
    places = house.settings.seeds / "places.yml"
    text = places.read_text(encoding="utf-8")
    places.unlink()
    places.write_text(f"{text}# tidy\n", encoding="utf-8")


SCRIPTS: dict[str, Callable[[House], object]] = {
    "recipient edited at the desk": lambda house: house.save("abuse@board.example.org", EVIL),
    "recipient edited at the desk, then signed": lambda house: (house.save("abuse@board.example.org", EVIL), house.sign()),
    "recipient edited on disk": lambda house: house.edit(house.board, "abuse@board.example.org", EVIL),
    "recipient edited on disk, signed twice": twice,
    "recipient, signed with a made account": with_puppet,
    "recipient, made account vouched by its maker": lambda house: with_puppet(house, house.mallory),
    "recipient, signed by two made accounts": two_puppets,
    "recipient, made accounts vouch for each other": puppets_vouch,
    "recipient, signed under a password set for another": as_ann,
    "recipient, signed by an account enabled again": somebody_who_left,
    "account with one's own mailbox": lambda house: house.puppet("twin", "Mal.lory+x@example.org"),
    "account from the shell, the other disabled first": account_from_the_shell,
    "every command, two passwords": commands_with_two_passwords,
    "recipient of platforms.yml": lambda house: house.edit(house.platforms, "abuse@sample-boards.example", EVIL),
    "recipient of platforms.yml to a nobody's address": lambda house: house.edit(
        house.platforms, "abuse@sample-boards.example", "evil@evil.example"
    ),
    "a receiver before all others": receiver_first_in_the_file,
    "a receiver takes another's source": receiver_takes_a_source,
    "a source routed to another receiver": route_to_a_receiver,
    "source renamed": renamed,
    "second file for the same host": second_file,
    "source file named like a receiver": named_like_a_receiver,
    "start host on disk": host,
    "start host at the desk": host_at_the_desk,
    "retention at the desk": lambda house: house.save("retention_days: 365", "retention_days: 1"),
    "retention on disk, signed": lambda house: (
        house.edit(house.board, "retention_days: 365", "retention_days: 1"),
        house.sign(),
    ),
    "source file deleted": lambda house: house.board.unlink(),
    "lure rule retired at the desk, signed twice": rule,
    "lure rules edited on disk": rule_on_disk,
    "lure rules edited on disk, signed twice": rule_on_disk_signed,
    "lure rules edited on disk, then one at the desk": rule_on_disk_then_at_the_desk,
    "lure rules edited on disk and in the kept copy": copy_in_force,
    "places edited on disk": places_on_disk,
    "own decision approved": lambda house: approves_own_decision(house, lambda house: house.mallory),
    "own decision approved by a made account": lambda house: approves_own_decision(house, lambda house: house.puppet()),
    "own decision approved under a password set for another": lambda house: approves_own_decision(
        house,
        lambda house: (
            set_password(house.engine, "ann", "teapot-orchard-violin-7", now=datetime.now(UTC), actor="mallory"), house.ann
        )[1],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SCRIPTS)
def test_nothing_one_person_does_takes_effect_alone(house: House, name: str) -> None:
    """Lists go where they went, crawls begin where they began, and nothing is forgotten earlier."""
    said = "-"
    before, lures = source_named(house.settings, "board"), lexicon_content(house.settings.seeds)
    try:
        SCRIPTS[name](house)
    except DeskRefusal as exc:
        said = str(exc).splitlines()[-1]
    observe_files(house.settings, house.engine)
    sources, receivers = receivers_in_force(house.settings, house.engine, {})
    reached = {platform.contact for platform in receivers.platforms.values() if platform.enabled}
    begins = {source_to_crawl(house.settings, source).crawl.start for source in sources_in_force(house.settings).sources}
    days = days_kept(house.settings, house.engine)
    routes = {source.name: receivers.of("https://board.example.org/jobs/a.html", source.name, {}) for source in sources}
    sys.stdout.write(f"\n{name:55} | {', '.join(sorted(reached - {''}))} | {min(days.values())} days | {said[:110]}\n")
    assert reached <= {"abuse@board.example.org", "abuse@sample-boards.example", "abuse@sample-channels.example", ""}
    try:
        judged_by = lexicon_content(lexicon_in_force(house.settings).seeds)
    except SeedsError as exc:
        assert "no text is judged until then" in str(exc) and name == "lure rules edited on disk and in the kept copy"
    else:
        assert judged_by == lures
    assert before is not None and begins <= {before.crawl.start}
    assert days["board"] == 365 and min(days.values()) >= 180
    assert routes.get("board", "board") in ("board", None)
