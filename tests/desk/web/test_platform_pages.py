"""Pages of platforms: how each takes notices, and the tokens of its door."""

import html
import re
import shutil
from dataclasses import replace

import pytest

from desk.custody import audit
from desk.partners.partner_tokens import token_partner
from desk.platforms import load_platforms
from lurewatch.settings import Settings


@pytest.fixture
def settings(tmp_path, seeds):
    folder = tmp_path / "seeds"
    (folder / "sources").mkdir(parents=True)
    for name in ("platforms.yml", "places.yml"):
        shutil.copy(seeds / name, folder)
    shutil.copytree(seeds / "platforms", folder / "platforms")
    return Settings(seeds=folder, state=tmp_path / "state")


@pytest.fixture
def desk(desk, settings):
    return replace(desk, read_platforms=lambda: load_platforms(settings.seeds))


def test_every_platform_says_how_it_takes_notices(login, settings):
    viewer, lead = login("viewer"), login("lead")
    assert "<form" not in viewer.page("/platforms/topcv").partition("<main")[2].partition("</main>")[0]
    table = viewer.page("/platforms")
    for key, each in load_platforms(settings.seeds).platforms.items():
        assert f'href="/platforms/{key}"' in table
        page = html.unescape(lead.page(f"/platforms/{key}"))
        assert each.note in page and (not each.route or each.route.person in page)
    assert "No public address of one item is known" in lead.page("/platforms/zalo")
    assert lead.get("/platforms/nowhere").status_code == 404


def test_a_lead_makes_a_token_for_a_platform_sees_it_once_and_revokes_it(login, desk_db, clock):
    lead, minh = login("lead"), login("minh")
    assert "t-tokens" not in minh.page("/platforms/topcv")
    given = {"name": "<b>case tool", "scopes": ["read", "answer"], "days": "30"}
    assert minh.post("/platforms/topcv/tokens", **given).status_code == 403
    page = lead.post("/platforms/topcv/tokens", **given).text
    value = re.search(r"lwp_[\w-]+", page)[0]
    assert token_partner(desk_db, value, clock.at) is None, "one person let it in"
    assert lead.post("/platforms/topcv/tokens/1/open").status_code == 409
    assert login("admin").post("/platforms/topcv/tokens/1/open").status_code == 303
    assert token_partner(desk_db, value, clock.at).platform == "topcv"
    page = lead.page("/platforms/topcv")
    assert value not in page and "&lt;b&gt;case tool" in page and "never" not in page.split("t-tokens")[1].split("</tbody>")[0]
    for wrong in ({"scopes": []}, {"scopes": ["all"]}, {"days": "400"}, {"name": ""}):
        assert lead.post("/platforms/topcv/tokens", **(given | wrong)).status_code == 422, wrong
    assert lead.post("/platforms/nobody/tokens", **given).status_code == 404
    assert lead.post("/platforms/zalo/tokens/1/revoke").status_code == 404, "another platform's"
    assert lead.post("/platforms/topcv/tokens/1/revoke").status_code == 303
    assert token_partner(desk_db, value, clock.at) is None
    assert "lwp_" not in lead.page("/platforms/topcv")
    with desk_db.connect() as connection:
        log = list(audit.entries(connection, subject="partner:topcv"))
    steps = [("lead", "made"), ("admin", "opened"), ("lead", "revoked")]
    assert [(entry.actor, entry.action) for entry in log] == [(who, f"partner_token_{step}") for who, step in steps]
