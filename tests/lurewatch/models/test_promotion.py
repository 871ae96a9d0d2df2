"""A person promotes, for a reason, seen by the audit log; what speaks against it must be overridden in words."""

from typing import Any

import pytest

from desk.custody import audit
from lurewatch.models import model_registry, promotion
from lurewatch.models.model_registry import SHIPPED, RegistryError
from lurewatch.models.promotion import PromotionRefused
from tests.lurewatch.models.conftest import NOW


@pytest.fixture
def models(tmp_path):
    folder = tmp_path / "models"
    for version in ("aa11", "bb22"):
        model_registry.keep(folder, version, lambda part: (part / "card.json").write_text("{}") and None)
    return folder


@pytest.fixture
def promote(desk, models, person):
    lead = person("lan", "lead")

    def act(version: str = "aa11", **changed: Any):
        values = {"by": lead, "reason": "finds more", "findings": (), "compared": SHIPPED, "override": False, "now": NOW}
        return promotion.promote(desk, models, version, **(values | changed))

    return act


def entries(desk):
    with desk.connect() as connection:
        return [(one.action, one.actor, one.subject) for one in audit.entries(connection) if one.action.startswith("model_")]


def test_a_promotion_says_who_and_why_in_the_registry_and_in_the_audit_log(desk, models, promote):
    event = promote()
    state = model_registry.read(models)
    assert (state.champion, state.history) == ("aa11", (event,))
    assert (event.by, event.reason, event.before) == ("lan", "finds more", SHIPPED)
    assert entries(desk) == [("model_promoted", "lan", "aa11")]
    assert promotion.unfinished_change(desk, state) == ""


@pytest.mark.parametrize("role", ["viewer", "analyst", "operator"])
def test_only_who_may_promotes(models, promote, person, role):
    with pytest.raises(PromotionRefused, match="ask a lead"):
        promote(by=person("minh", role))
    assert model_registry.read(models).champion == SHIPPED


def test_a_worse_challenger_is_refused_unless_overridden_and_then_it_is_written_down(models, promote):
    findings = ("authored: recall 0.800, floor 0.930",)
    with pytest.raises(PromotionRefused, match=r"recall 0\.800, floor 0\.930"):
        promote(findings=findings)
    assert model_registry.read(models).champion == SHIPPED
    assert promote(findings=findings, override=True).overrode == findings


def test_a_reason_is_needed(promote):
    with pytest.raises(PromotionRefused, match="say why"):
        promote(reason="  ")


def test_a_challenger_compared_with_another_champion_is_refused(promote):
    promote()
    with pytest.raises(PromotionRefused, match="compared with shipped, but aa11 judges now"):
        promote("bb22")


def test_rollback_goes_back_one_promotion_at_a_time(desk, models, promote, person):
    promote()
    promote("bb22", compared="aa11")
    lead = person("thu", "lead")
    back = [promotion.rollback(desk, models, by=lead, reason="floods the queue", now=NOW).model for _ in range(2)]
    assert back == ["aa11", SHIPPED]
    with pytest.raises(PromotionRefused, match="nothing to go back to"):
        promotion.rollback(desk, models, by=lead, reason="again", now=NOW)
    with pytest.raises(PromotionRefused, match="ask a lead"):
        promotion.rollback(desk, models, by=person("minh", "analyst"), reason="x", now=NOW)


def test_a_shadow_never_judges(desk, models):
    promotion.shadow(desk, models, "aa11", by="shell:ops", now=NOW)
    state = model_registry.read(models)
    assert (state.champion, state.shadow) == (SHIPPED, "aa11")
    promotion.shadow(desk, models, None, by="shell:ops", now=NOW)
    assert model_registry.read(models).shadow is None
    with pytest.raises(RegistryError, match="no such model"):
        promotion.shadow(desk, models, "cc33", by="shell:ops", now=NOW)


def test_a_kill_between_log_and_registry_changes_no_champion_and_is_told(desk, models, promote, monkeypatch):
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(model_registry, "replace_file", killed)
        promote()
    state = model_registry.read(models)
    assert state.champion == SHIPPED
    assert "model_promoted aa11 by lan" in promotion.unfinished_change(desk, state)
    promote()
    assert promotion.unfinished_change(desk, model_registry.read(models)) == ""
