"""The pages of lure rules: by language and family, tried on a text, switched with a reason."""

import re
import shutil
from dataclasses import replace

import pytest

from lurewatch.app.seeds.rule_edits import LureRules
from lurewatch.settings import Settings

TEXT = "Kazi ya call center Thailand, mshahara dola 1200 <img src=x onerror=alert(1)>"


@pytest.fixture
def settings(tmp_path, seeds):
    folder = tmp_path / "seeds"
    (folder / "lures").mkdir(parents=True)
    shutil.copy(seeds / "lures" / "indicators.yml", folder / "lures")
    shutil.copytree(seeds / "lures" / "sw", folder / "lures" / "sw")
    shutil.copy(seeds / "places.yml", folder)
    return Settings(seeds=folder, state=tmp_path / "state")


@pytest.fixture
def desk(desk, settings):
    return replace(desk, lure_rules=LureRules(settings, desk.engine))


def first(page):
    return (
        re.search(r'name="rule" value="([^"]+)"', page)[1],
        re.search(r'name="version" value="([0-9a-f]{64})"', page)[1],
    )


def test_rules_are_found_by_language_and_family(login):
    viewer = login("viewer")
    assert 'href="/rules/sw/pay"' in viewer.page("/rules") and "Swahili" in viewer.page("/rules")
    page = viewer.page("/rules/sw/pay")
    assert "good pay or a sum of money is named" in page and "sw/pay.yml:2" in page and "<select" not in page
    assert viewer.get("/rules/sw/nothing").status_code == 404


def test_a_text_is_judged_and_stays_text(login):
    answer = login("viewer").post("/rules/try", text=TEXT)
    assert answer.status_code == 200 and "points" in answer.text and "Nothing was kept" in answer.text
    assert "sw-pay-out-of-line" in answer.text and "dola 1200" in answer.text and "<img src=x" not in answer.text
    for text in ("", " \n", "x" * 20_001):
        assert login("viewer").post("/rules/try", text=text).status_code == 422


def test_an_operator_switches_a_rule_with_a_reason(login, settings):
    operator = login("operator")
    rule, version = first(operator.page("/rules/sw/pay"))
    answer = operator.post("/rules/sw/pay/status", rule=rule, version=version, status="shadow", why="")
    assert answer.status_code == 422 and "say why" in answer.text
    answer = operator.post("/rules/sw/pay/status", rule=rule, version=version, status="shadow", why="honest adverts")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/rules/sw/pay#{rule}")
    assert "shadow, signed by operator" in operator.page("/rules/sw/pay")
    assert "status: shadow" not in (settings.seeds / "lures" / "sw" / "pay.yml").read_text(encoding="utf-8")
    answer = login("lead").post("/rules/sw/pay/status", rule=rule, version=version, status="shadow", why="so they are")
    assert answer.status_code == 303
    assert "status: shadow" in (settings.seeds / "lures" / "sw" / "pay.yml").read_text(encoding="utf-8")
    assert operator.post("/rules/sw/pay/status", rule=rule, version=version, status="gone", why="x").status_code == 422
    assert operator.post("/rules/sw/pay/status", rule=rule, version=version, status="active", why="x").status_code == 422
