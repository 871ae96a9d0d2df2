"""What people proposed is printed as files that can be read, and nothing of it takes effect."""

from datetime import UTC, datetime

import yaml
from click.testing import CliRunner

from desk.database import open_database
from desk.people.accounts import User, add_user
from desk.seed_proposals import propose
from enrichment.lexicon.rule_files import rules
from lurewatch.app.seeds.proposed_seeds import proposed_seeds
from lurewatch.cli.contents import cli

NOW = datetime(2026, 12, 2, tzinfo=UTC)


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
