"""The page of the seeds: what waits, what it does, one button for another person; what was accepted is shown at once.

What people proposed is printed as files, and nothing of it takes effect.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import yaml
from click.testing import CliRunner
from starlette.testclient import TestClient

from desk.database import open_database
from desk.people.accounts import User, add_user
from desk.refusals import DeskRefusal
from desk.seed_views import propose
from desk.web.app import create_app
from enrichment.lexicon.rule_files import rules
from lurewatch.app.seeds.desk_seeds import DeskSeeds, proposed_seeds
from lurewatch.cli.administer.serve_command import open_desk
from lurewatch.cli.contents import cli
from tests.seed_house import PASSWORD, SeedHouse

NOW = datetime(2026, 12, 2, tzinfo=UTC)


@pytest.fixture
def visit(house: SeedHouse) -> Callable[[str], TestClient]:
    """Return a function that logs a person in, at one desk that is never started again."""
    app = create_app(open_desk(house.settings.model_copy(update={"public_url": "http://127.0.0.1:8080"})))

    def log_in(name: str) -> TestClient:
        client = TestClient(app, base_url="http://127.0.0.1:8080", follow_redirects=False)
        assert client.post("/login", data={"name": name, "password": PASSWORD}).status_code == 303
        return client

    return log_in


def press(client: TestClient, page: str, **data: str) -> int:
    form = dict(re.findall(r'name="(csrf|commit|content)" value="([^"]+)"', page))
    return client.post("/seeds/accept", data=form | data).status_code


def test_another_person_than_the_signer_accepts_what_the_page_shows(house: SeedHouse, visit: Callable[[str], TestClient]) -> None:
    house.edit("sources/board.yml", "title: JobLantern (sample)", "title: Jobs <b>")
    house.edit("sources/board.yml", "enabled: true", "enabled: false")
    made = house.commit("ann", "Stop <i>")
    ann, mallory, ben = map(visit, ("ann", "mallory", "ben"))
    shown = mallory.get("/seeds").text
    assert f"commit {house.in_force().commit[:12]}, signed by ann, accepted by mallory" in shown
    assert "board is switched off" in shown and shown.index("switched off") < shown.index("title: ") and "<i>" not in shown
    assert "Stop" in shown and "JobLantern (sample)" in mallory.get("/sources/board").text
    for client in (ann, ben):
        assert 'action="/seeds/accept"' not in client.get("/seeds").text
    assert press(ann, shown, csrf=re.search(r'name="csrf" value="([^"]+)"', ann.get("/account").text)[1], why="mine") == 409
    assert press(mallory, shown, content="0" * 64, why="right") == 409
    assert press(mallory, shown, why="they asked us to") == 303
    after = mallory.get("/seeds").text
    assert f"commit {made[:12]}, signed by ann, accepted by mallory" in after and "they asked us to" in after
    assert 'action="/seeds/accept"' not in after
    page = mallory.get("/sources/board").text
    assert "Jobs &lt;b&gt;" in page and made[:12] in page and "Stop" in page


def test_what_another_process_accepted_is_read_without_a_new_start(house: SeedHouse) -> None:
    seeds = DeskSeeds(house.settings, house.engine)
    first = seeds.in_force()
    assert seeds.in_force() is first and seeds.sources()[0].crawl.max_pages == 5
    house.edit("sources/board.yml", "max_pages: 5", "max_pages: 6")
    house.commit("ann")
    assert seeds.in_force() is first
    house.accept("mallory")
    assert seeds.sources()[0].crawl.max_pages == 6 and len(seeds.list_accepted()) == 2
    with pytest.raises(DeskRefusal, match="look at it again"):
        seeds.accept(first.commit, content="", by=house.person("ann"), reason="again")


def fill(settings) -> User:
    """Propose one of each kind; return who did."""
    engine = open_database(settings.database)
    ana = add_user(engine, name="ana", email="ana@example.org", role="analyst", password="gravel-lantern-otter-93", now=NOW)
    for kind, value, language in (
        ("site", "https://board.example.org/jobs", ""),
        ("phrase", "boss keeps the passport", "sw"),
        ("receiver", "Board trust@board.example https://board.example/", ""),
    ):
        propose(engine, kind, value, language=language, by=ana, reason="seen\nthree times", now=NOW)
    return ana


def test_each_proposal_is_printed_as_its_file_would_have_it(settings, monkeypatch):
    assert proposed_seeds(settings) == [], "no desk, no proposals"
    fill(settings)
    before = {path: path.read_bytes() for path in settings.seeds.rglob("*.yml")}
    (site,) = proposed_seeds(settings, "site")
    assert site.splitlines() == [
        "# proposed by ana on 2026-12-02: seen three times", "lurewatch sources new https://board.example.org/jobs"
    ]  # fmt: skip
    phrase, receiver = proposed_seeds(settings, "phrase", "receiver")
    file = settings.seeds / "lures" / "sw" / "new.yml"
    indented = "".join(f"  {line}\n" for line in phrase.splitlines())
    file.write_text(f"rules:\n{indented}".replace("indicator: ''", "indicator: documents_held"), encoding="utf-8")
    faults: list[str] = []
    list(rules(file, faults))
    assert "write id: " in faults[0], "the id follows from the indicator that a person chooses"
    text = file.read_text(encoding="utf-8").replace("- status", f"- id: {faults.pop().rpartition('write id: ')[2]}\n    status")
    file.write_text(text, encoding="utf-8")
    assert [rule.wording for _place, rule in rules(file, faults)] == ["boss keeps the passport"], faults
    file.unlink()
    read = yaml.safe_load(receiver)["NAME"]
    assert (read["enabled"], read["contact"], read["hosts"]) == (False, "trust@board.example", ["board.example"])
    assert {path: path.read_bytes() for path in settings.seeds.rglob("*.yml")} == before
    monkeypatch.setenv("LUREWATCH_DATABASE", settings.database)
    assert "sources new https://board.example.org/jobs" in CliRunner().invoke(cli, ["sources", "new"]).output
    printed = CliRunner().invoke(cli, ["lures", "draft"]).output
    assert "status: experimental" in printed and "board.example" in printed and "sources new" not in printed
