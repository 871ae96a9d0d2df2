"""What one person does alone to seeds, model, receivers or retention takes effect nowhere."""

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from crawlers.evidence.partition import Report
from desk.cases.accepted_seeds import SeedChange
from desk.people.accounts import add_user, set_password
from desk.refusals import DeskRefusal
from lurewatch.app import in_force as module
from lurewatch.app.app_errors import AppError
from lurewatch.app.in_force import InForce, read_in_force, refuse_other_judge
from lurewatch.app.pipeline import find_source, versions_in_force
from lurewatch.app.retention.due import days_kept
from lurewatch.app.schedule import scheduled_crawls
from lurewatch.app.seeds.seed_commits import content_digest, read_commit, read_folder
from lurewatch.assessments import address_of
from tests.seed_house import PASSWORD, SeedHouse, make_key

EVIL = "abuse@evil.example"
BOARD, EN = "sources/board.yml", "lures/en/control.yml"
EDITS = {
    "switched off": (BOARD, "enabled: true", "enabled: false"),
    "exclude": (BOARD, "exclude: [/jobs/internal-*]", "exclude: [/jobs/*]"),
    "include": (BOARD, "  max_pages: 5", "  include: [/jobs/a-*]\n  max_pages: 5"),
    "start path": (BOARD, '["https://board.example.org/"]', '["https://board.example.org/old/"]'),
    "follow": (BOARD, "article.job-card h2 a", "article.none a"),
    "next": (BOARD, 'next: "link[rel=next]"', 'next: "link[rel=prev]"'),
    "sitemap": (BOARD, "/sitemap.xml", "/none.xml"),
    "fields": (BOARD, "  max_pages: 5", "  fields: {title: h6}\n  max_pages: 5"),
    "page family": (BOARD, "  max_pages: 5", "  page: microdata\n  max_pages: 5"),
    "pages": (BOARD, "max_pages: 5", "max_pages: 1"),
    "limits": (BOARD, "  max_pages: 5", "  limits: {seconds: 60}\n  max_pages: 5"),
    "requests": (BOARD, "requests_per_run: 200", "requests_per_run: 1"),
    "passport": (BOARD, "2099-12-31", "2026-11-30"),
    "schedule": (BOARD, "schedule: by hand", 'schedule: "0 0 1 1 *"'),
    "expect": (BOARD, "{postings: 20, fill_rate", "{postings: 0, fill_rate"),
    "countries": (BOARD, "countries: [VN,", "countries: [AU,"),
    "retention days": (BOARD, "retention_days: 365", "retention_days: 1"),
    "recipient of a source": (BOARD, "abuse@board.example.org", EVIL),
    "item": (BOARD, r"/jobs/[a-z0-9-]+\.html$", r"/never/[0-9]+\.html$"),
    "format": (BOARD, "format: csv", "format: json"),
    "route": (BOARD, "contact: abuse@board.example.org, format: csv", "platform: sample_channels, format: csv"),
    "tidy": (BOARD, "# Invented site", "# Tidied: invented site"),
    "recipient of a platform": ("platforms.yml", "abuse@sample-boards.example", EVIL),
    "receiver takes a source": ("platforms.yml", "sources: [sample_channels]", "sources: [sample_channels, board]"),
    "weight of a rule": (EN, "strength: strong", "strength: weak"),
    "rule retired": (EN, "    added:", "    status: retired\n    added:"),
    "stance rule": ("lures/en/voice.yml", "strength: medium", "strength: weak"),
    "concept": ("lures/concepts.yml", "strength: strong", "strength: weak"),
    "indicator": ("lures/indicators.yml", ", tag: scam_compound", ""),
    "place": ("places.yml", "Myawaddy", "Nowhere"),
}
"""What is changed: file below the seeds, old, new."""


def observe(now: InForce) -> object:
    """Return all that follows from what is in force: what is crawled, when, who is told, what is kept, what judges."""
    refuse_other_judge(now)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lurewatch.app.schedule.load_in_force", lambda: now)
        scheduled = [crawl.source for crawl in scheduled_crawls()]
    return content_digest(read_folder(now.seeds)), now.sources, scheduled, now.receivers, days_kept(now), now.judging.digest


def accept_own(house: SeedHouse, commit: str, name: str) -> None:
    """Accept a commit as somebody would who writes the request by hand, whatever the page shows."""
    house.accept(name, _seen(house, commit))


def _seen(house: SeedHouse, commit: str) -> SeedChange:
    content = content_digest(read_commit(house.seeds, commit))
    return SeedChange(commit=commit, content=content, author="mallory", at="2026-01-01", subject="Tidy")


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_takes_effect_when_another_person_accepts_it(house: SeedHouse, name: str) -> None:
    before = observe(house.in_force())
    house.edit(*EDITS[name])
    house.commit()
    made = house.commit("mallory")
    with pytest.raises(AppError, match="second person"):
        accept_own(house, made, "mallory")
    assert observe(house.in_force()) == before, "written, committed, signed and accepted by one"
    accept_own(house, made, "ann")
    assert observe(house.in_force()) != before and house.in_force().commit == made


def second_file(house: SeedHouse) -> None:
    text = house.board.read_text(encoding="utf-8").replace("abuse@board.example.org", EVIL)
    house.board.with_name("sample_boards.yml").write_text(text, encoding="utf-8")
    house.commit("mallory")


def copy_changed(house: SeedHouse) -> None:
    copy = house.in_force().seeds / BOARD
    copy.write_text(copy.read_text(encoding="utf-8").replace("enabled: true", "enabled: false"), encoding="utf-8")


def note_changed(house: SeedHouse) -> None:
    house.edit(BOARD, "enabled: true", "enabled: false")
    made = house.commit("mallory")
    accepted = msgspec.structs.replace(
        house.in_force().acceptance, commit=made, content=content_digest(read_commit(house.seeds, made))
    )
    (house.settings.state / "accepted" / module.NOTE).write_bytes(msgspec.json.encode(accepted))


def repository_gone(house: SeedHouse) -> None:
    house.edit(BOARD, "enabled: true", "enabled: false")
    shutil.rmtree(house.seeds / ".git")


def repository_and_copies_gone(house: SeedHouse) -> None:
    repository_gone(house)
    shutil.rmtree(house.settings.state / "accepted")


def object_replaced(house: SeedHouse) -> None:
    """Another blob under the name that the accepted commit gives, loose objects being read before packs."""
    oid = house.git("rev-parse", f"HEAD:{BOARD}")
    house.edit(BOARD, "enabled: true", "enabled: false")
    other = house.git("hash-object", "-w", BOARD)
    objects = house.seeds / ".git" / "objects"
    (objects / oid[:2] / oid[2:]).unlink()
    shutil.copy(objects / other[:2] / other[2:], objects / oid[:2] / oid[2:])
    shutil.rmtree(house.settings.state / "accepted")


def ref_replaced(house: SeedHouse) -> None:
    house.edit(BOARD, "enabled: true", "enabled: false")
    made = house.commit()
    house.git("replace", house.in_force().commit, made)
    shutil.rmtree(house.settings.state / "accepted")


def older_commit(house: SeedHouse) -> None:
    first = house.in_force().commit
    house.edit(BOARD, "max_pages: 5", "max_pages: 6")
    house.commit("ann")
    house.accept("mallory")
    house.git("reset", "--quiet", "--hard", first)
    accept_own(house, first, "ann")


def signer_added(house: SeedHouse) -> None:
    line = make_key(house.folder, "eve").replace("eve@", "ann@")
    signers = house.seeds / "allowed_signers"
    signers.write_text(signers.read_text() + line)
    house.edit(BOARD, "enabled: true", "enabled: false")
    accept_own(house, house.commit("eve"), "mallory")


def puppet_accepts(house: SeedHouse) -> None:
    now = datetime.now(UTC)
    add_user(house.engine, name="doll", email="doll@example.org", role="lead", password=PASSWORD, now=now, actor="mallory")
    house.edit(BOARD, "enabled: true", "enabled: false")
    accept_own(house, house.commit("mallory"), "doll")


def accepts_as_another(house: SeedHouse) -> None:
    set_password(house.engine, "ann", "teapot-orchard-violin-7", now=datetime.now(UTC), actor="mallory")
    house.edit(BOARD, "enabled: true", "enabled: false")
    accept_own(house, house.commit("mallory"), "ann")


SCRIPTS: dict[str, Callable[[SeedHouse], object]] = {
    "source file deleted": lambda house: house.board.unlink(),
    "source renamed": lambda house: house.board.rename(house.board.with_name("other.yml")),
    "second file of a site, named like a receiver": second_file,
    "places gone": lambda house: (house.seeds / "places.yml").unlink(),
    "language gone": lambda house: shutil.rmtree(house.seeds / "lures" / "en"),
    "copy changed": copy_changed,
    "note changed": note_changed,
    "repository gone": repository_gone,
    "repository and copies gone": repository_and_copies_gone,
    "object replaced": object_replaced,
    "commit replaced": ref_replaced,
    "older commit": older_commit,
    "own key under another's name": signer_added,
    "accepted by a made account": puppet_accepts,
    "accepted under a password set for another": accepts_as_another,
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_nothing_one_person_does_takes_effect_alone(house: SeedHouse, name: str) -> None:
    """What was accepted stays in force, or nothing runs and the message says what to put back."""
    before = observe(house.in_force())
    with suppress(DeskRefusal, AppError):
        SCRIPTS[name](house)
    try:
        now = house.in_force()
    except AppError as exc:
        assert any(words in str(exc) for words in ("not what its commit says", "not a git repository", "put the repository back"))
        return
    if name == "older commit":
        assert (now.sources[0].crawl.max_pages, now.commit) == (6, house.in_force().commit)
        return
    assert observe(now) == before


def test_what_is_made_names_the_commit(house: SeedHouse) -> None:
    now = house.in_force()
    now_at = datetime.now(UTC)
    report = Report(source="board", run_id="run-1", state="ok", started_at=now_at, finished_at=now_at, fetched=0, parsed=0)
    assert versions_in_force(now, find_source(now, "board"))["seeds"] == now.receivers.seeds == now.commit
    assert address_of("assessed", report, "abc", now.commit) == f"assessed/board/run-1/abc-{now.commit[:12]}.jsonl.zst"


def test_a_service_without_the_database_reads_what_the_others_noted(house: SeedHouse, tmp_path: Path) -> None:
    expected = observe(house.in_force())
    blind = house.settings.model_copy(update={"database": f"sqlite:///{tmp_path / 'none.sqlite'}"})
    assert observe(read_in_force(blind)) == expected


def test_services_that_need_a_commit_at_once_each_read_it_whole(house: SeedHouse) -> None:
    def read_copy(_service: int) -> str:
        return content_digest(read_folder(read_in_force(house.settings).seeds))

    expected = read_copy(0)
    for _ in range(5):
        shutil.rmtree(house.settings.state / "accepted")
        with ThreadPoolExecutor(8) as services:
            assert set(services.map(read_copy, range(8))) == {expected}


def test_before_the_first_acceptance_the_seeds_of_the_release_are_in_force(house: SeedHouse, tmp_path: Path) -> None:
    new = house.settings.model_copy(update={"database": f"sqlite:///{tmp_path / 'none.sqlite'}", "state": tmp_path / "state"})
    now = read_in_force(new)
    assert (now.seeds, now.commit) == (module.SHIPPED_SEEDS, "") and "no commit was accepted yet" in now.sentence
