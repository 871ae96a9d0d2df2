"""A lure rule gets another status at the desk: one word of its file changes, and the lexicon still reads."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Engine

from desk.people.accounts import User, add_user
from desk.refusals import DeskRefusal
from desk.seed_editors import RuleFile
from enrichment.lexicon.lexicon import lexicon
from lurewatch.app.seeds.rule_edits import LureRules
from lurewatch.settings import Settings
from tests.lurewatch.app.seeds.conftest import changes

TEXT = "Kazi ya call center Thailand, mshahara dola 1200, nauli ya bure"


@pytest.fixture
def lures(settings: Settings, engine: Engine) -> LureRules:
    return LureRules(settings, engine)


@pytest.fixture
def two(engine: Engine) -> tuple[User, User]:
    """Return two operators."""
    now, word = datetime.now(UTC), "gravel-lantern-otter-93"
    minh, an = (
        add_user(engine, name=name, email=f"{name}@example.org", role="operator", password=word, now=now)
        for name in ("minh", "an")
    )
    return minh, an


def pay(lures: LureRules) -> RuleFile:
    file = lures.read("sw", "pay")
    assert file is not None
    return file


def test_files_and_rules_are_listed_by_language_and_family(lures: LureRules, settings: Settings) -> None:
    ((language, families),) = lures.files()
    assert language == "sw" and "pay" in families
    first = pay(lures).rules[0]
    assert first.place == "sw/pay.yml:2" and first.status == "active" and first.indicator == "pay_out_of_line"
    assert lures.read("sw", "nothing") is None and lures.read("..", "places") is None


def test_each_rule_can_be_switched_and_nothing_else_changes(
    lures: LureRules, settings: Settings, engine: Engine, two: tuple[User, User]
) -> None:
    path = settings.seeds / "lures" / "sw" / "pay.yml"
    for number in (0, len(pay(lures).rules) - 1):
        before, seen = path.read_text(encoding="utf-8").splitlines(), pay(lures)
        rule = seen.rules[number]
        for who in two:
            lures.switch("sw", "pay", rule.id, status="shadow", version=seen.version, by=who, reason="too many honest adverts")
        after = path.read_text(encoding="utf-8").splitlines()
        added = next(place for place, line in enumerate(after) if line not in (before[place : place + 1] or [""]))
        assert after[added].strip() == "status: shadow"
        assert after[:added] + after[added + 1 :] == before, "an active rule says nothing of its status"
        assert pay(lures).rules[number].status == "shadow"
    switched = [entry["subject"] for entry in changes(engine) if entry["action"] == "rule_status"]
    assert switched == [seen.rules[0].id, rule.id]
    lexicon(settings.seeds / "lures")


def test_a_retired_rule_is_not_found_in_a_text_any_more(lures: LureRules, two: tuple[User, User]) -> None:
    hits = {hit.id for hit in lures.try_text(TEXT).hits}
    rule = next(rule for rule in pay(lures).rules if rule.id in hits)
    for who in two:
        lures.switch("sw", "pay", rule.id, status="retired", version=pay(lures).version, by=who, reason="a test")
    assert {hit.id for hit in lures.try_text(TEXT).hits} == hits - {rule.id}


def test_one_person_alone_switches_no_rule(lures: LureRules, settings: Settings, two: tuple[User, User]) -> None:
    """It waits, is shown with who signed it, and a second signature of the same person is refused."""
    path = settings.seeds / "lures" / "sw" / "pay.yml"
    before, seen = path.read_bytes(), pay(lures)
    rule = seen.rules[0].id
    lures.switch("sw", "pay", rule, status="retired", version=seen.version, by=two[0], reason="tidy")
    assert path.read_bytes() == before and pay(lures).rules[0].waiting == "retired, signed by minh"
    with pytest.raises(DeskRefusal, match="did so already"):
        lures.switch("sw", "pay", rule, status="retired", version=seen.version, by=two[0], reason="tidy")
    assert path.read_bytes() == before


def test_a_language_that_would_not_read_is_refused_and_stays(
    lures: LureRules, settings: Settings, engine: Engine, operator: User
) -> None:
    path = settings.seeds / "lures" / "sw" / "pay.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("strength: medium", "strength: mild", 1), encoding="utf-8")
    seen = pay(lures)
    assert "sw/pay.yml:2" in seen.fault
    with pytest.raises(DeskRefusal, match=r"sw/pay\.yml:2.*strength"):
        lures.switch("sw", "pay", seen.rules[-1].id, status="shadow", version=seen.version, by=operator, reason="why")
    assert changes(engine) == []


def test_it_takes_a_right_a_reason_a_rule_and_the_version_that_was_seen(
    lures: LureRules, engine: Engine, operator: User, settings: Settings
) -> None:
    seen = pay(lures)
    rule = seen.rules[0].id
    viewer = msgspec.structs.replace(operator, role="viewer")
    for who, name, version, why, message in (
        (viewer, rule, seen.version, "why", "ask an operator"),
        (operator, rule, seen.version, "", "say why"),
        (operator, "sw-pay-none-000000", seen.version, "why", "has no rule"),
        (operator, rule, "0" * 64, "why", "changed since"),
    ):
        with pytest.raises(DeskRefusal, match=message):
            lures.switch("sw", "pay", name, status="shadow", version=version, by=who, reason=why)
    with pytest.raises(DeskRefusal, match="says so already"):
        lures.switch("sw", "pay", rule, status="active", version=seen.version, by=operator, reason="why")
    assert changes(engine) == []


def test_every_shipped_rule_is_found_by_its_id(seeds: Path) -> None:
    """However its entry is written: quoted, with comments, with a wording over several lines."""
    from enrichment.lexicon.rule_files import rules
    from lurewatch.app.seeds.rule_edits import _set_status

    for language in ("en", "vi", "zh", "ar"):
        for path in sorted((seeds / "lures" / language).glob("*.yml")):
            text = path.read_text(encoding="utf-8")
            for _, rule in rules(path, []):
                assert _set_status(text, rule.id, rule.status) == text, rule.id
