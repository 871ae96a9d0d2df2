"""A broken lexicon changes nothing but what operators are told: texts are judged by what was accepted last."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from airflow.sdk.exceptions import AirflowFailException

from desk.database import open_database
from desk.people.accounts import add_user
from enrichment.errors import SeedsError
from enrichment.lexicon.lexicon import lexicon
from lurewatch import assessments, tasks
from lurewatch.app.doctor.checks import lures
from lurewatch.app.lures.lexicon_in_force import (
    LexiconInForce,
    accept_lexicon,
    accepted_lexicon,
    lexicon_in_force,
    lexicon_version,
)
from lurewatch.app.pipeline import versions_in_force
from lurewatch.app.seeds.settings_in_force import lexicon_content, pending_at, sign
from lurewatch.settings import load_settings
from tests.lurewatch.conftest import Seal

ADVERT = "Typist wanted in Sihanoukville, free ticket and visa, we hold your passport"


@pytest.fixture
def rules(workplace: Path, seeds: Path) -> Path:
    """Return a lure file of the workplace that may be edited."""
    folder = workplace / "seeds" / "lures" / "en"
    folder.unlink()
    folder.mkdir()
    file = folder / "control.yml"  # one file: an edit compiles the phrases again
    file.write_bytes((seeds / "lures" / "en" / file.name).read_bytes())
    return file


def test_texts_are_judged_by_the_lexicon_accepted_last_while_a_file_is_broken(rules: Path, sealed: Seal) -> None:
    settings, partition = load_settings(), sealed("run-1", [("a", ADVERT)])
    good = rules.read_bytes()
    judged = tasks.assess_partition(partition)["assessed"]
    expected = list(assessments.read(judged))
    for broken in (good + b"\n  - phrase: [\n", good.replace(b"strength: strong", b"strength: enormous", 1)):
        assert broken != good
        rules.write_bytes(broken)
        again = tasks.assess_partition(partition)["assessed"]
        assert (again, list(assessments.read(again))) == (judged, expected)
        in_force = lexicon_in_force(settings)
        assert in_force.seeds != settings.seeds
        assert all(str(rules) in problem for problem in in_force.problems) and in_force.problems
        assert "accepted last stays in force" in lures(settings).detail and lures(settings).status == "missing"
    rules.write_bytes(good + b"# mended\n")
    assert tasks.assess_partition(partition)["assessed"] != judged
    assert lexicon_in_force(settings).problems == ()


def test_places_that_are_broken_leave_the_old_ones_in_force(rules: Path, sealed: Seal) -> None:
    settings, partition = load_settings(), sealed("run-1", [("a", ADVERT)])
    judged = tasks.assess_partition(partition)
    places = settings.seeds / "places.yml"
    places.unlink()
    places.write_text("places: [", encoding="utf-8")
    assert tasks.assess_partition(partition) == judged
    assert "places.yml" in lexicon_in_force(settings).problems[0]


def test_a_lexicon_that_was_never_right_fails_at_once(rules: Path, sealed: Seal) -> None:
    rules.write_text("rules: [", encoding="utf-8")
    for read in (lexicon_in_force, accept_lexicon):
        with pytest.raises(SeedsError, match=r"control\.yml:\d+"):
            read(load_settings())
    with pytest.raises(AirflowFailException, match=r"control\.yml:\d+"):
        tasks.assess_partition(sealed("run-1", [("a", ADVERT)]))


def test_the_version_is_that_of_the_files_accepted_last_and_two_are_kept(rules: Path) -> None:
    settings = load_settings()
    good = rules.read_bytes()
    for number in range(4):
        rules.write_bytes(good + f"# {number}\n".encode())
        assert accept_lexicon(settings).problems == ()
        assert lexicon_version(settings)[:12] == lexicon(settings.seeds / "lures").version
    folder = settings.state / "accepted" / "lexicon"
    assert len([path for path in folder.iterdir() if path.is_dir()]) == 2
    version = lexicon_version(settings)
    rules.write_text("rules: [", encoding="utf-8")
    assert versions_in_force(settings, "board")["lures"] == version


def test_edited_rules_judge_once_two_people_have_signed_them(rules: Path) -> None:
    file, settings = rules, load_settings()
    engine = open_database(settings.database)
    now = datetime.now(UTC)
    people = [
        add_user(
            engine, name=name, email=f"{name}@example.org", role="lead", password="gravel-lantern-otter-93", now=now, actor=name
        )
        for name in ("ann", "ben")
    ]
    first = accept_lexicon(settings)
    file.write_text(file.read_text(encoding="utf-8") + "# read again\n", encoding="utf-8")
    waiting = lexicon_in_force(settings)
    assert lexicon_content(waiting.seeds) == lexicon_content(accepted_lexicon(settings) or Path()) != lexicon_content(first.seeds)
    assert "lurewatch sources accept lexicon:files" in waiting.problems[0]
    for person in people:
        assert lexicon_in_force(settings).problems
        sign(settings, engine, pending_at(settings, "lexicon:files"), by=person, reason="read again")
    assert lexicon_in_force(settings) == LexiconInForce(seeds=settings.seeds)
