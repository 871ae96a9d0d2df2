"""The pages of lure rules: by language and family, tried on a text, shown and changed by no page."""

import shutil
from dataclasses import replace

import pytest

from lurewatch.app.seeds.desk_seeds import DeskSeeds
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
    return replace(desk, seeds=DeskSeeds(settings, desk.engine))


def test_rules_are_found_by_language_and_family(login):
    viewer = login("viewer")
    assert 'href="/rules/sw/pay"' in viewer.page("/rules") and "Swahili" in viewer.page("/rules")
    page = viewer.page("/rules/sw/pay")
    assert (
        "good pay or a sum of money is named" in page
        and "sw/pay.yml:2" in page
        and "<form" not in page.partition("<main")[2].partition("</main>")[0]
    )
    assert viewer.get("/rules/sw/nothing").status_code == 404


def test_a_text_is_judged_and_stays_text(login):
    answer = login("viewer").post("/rules/try", text=TEXT)
    assert answer.status_code == 200 and "points" in answer.text and "Nothing was kept" in answer.text
    assert "sw-pay-out-of-line" in answer.text and "dola 1200" in answer.text and "<img src=x" not in answer.text
    for text in ("", " \n", "x" * 20_001):
        assert login("viewer").post("/rules/try", text=text).status_code == 422
