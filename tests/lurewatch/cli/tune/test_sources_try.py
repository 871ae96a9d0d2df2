"""The first contact with a site ends in a verified file, or in what failed with its fix; over loopback HTTP."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crawlers.sample_sites import seeds_for
from crawlers.sources.source import load_source, refusal
from lurewatch.cli.contents import cli
from lurewatch.settings import SHIPPED_SEEDS

Run = Callable[..., Result]


@pytest.fixture
def unverified(sites: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A source file as they are shipped: written without a fetch, with a selector and bounds that are wrong."""
    seeds_for(sites, tmp_path / "seeds", SHIPPED_SEEDS)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LUREWATCH_ALLOW_LOOPBACK", "true")
    path = tmp_path / "seeds" / "sources" / "a_board.yml"
    path.write_text(
        f"""\
# Written from what is publicly known about the site, not from a fetch: addresses, selectors and bounds are unverified.
# Before enabling: `lurewatch sources try a_board`, then correct what it shows.
title: A board
summary: A board nobody has looked at
kind: job_board
languages: [en, vi]
enabled: false
note: "Confirm: the terms."  # the operator's own remark

operator: {{name: A board, url: "{sites["jobboard-jsonld"]}/"}}

access:
  basis: Listings are public without an account
  delay_seconds: 0

crawl:
  spider: board
  start: ["{sites["jobboard-jsonld"]}/"]
  follow: "div.no-such-card a"

expect:
  min: {{postings: 900}}
""",
        encoding="utf-8",
    )
    return path


def verify(*words: str) -> Result:
    """Run the command in the working folder."""
    return CliRunner().invoke(cli, ["sources", "verify", *words])


def test_the_first_contact_mends_selectors_and_bounds_and_keeps_the_operators_lines(unverified: Path) -> None:
    """Every change is shown; the source stays disabled and may not run before somebody says the terms were read."""
    result = verify("a_board", "--yes")
    assert result.exit_code == 0, result.output
    source = load_source(unverified)
    assert (source.enabled, source.verified) == (False, datetime.now(UTC).date())
    assert source.crawl.follow != "div.no-such-card a"
    assert 1 <= source.expect.min.postings < 900
    assert "# the operator's own remark" in unverified.read_text(encoding="utf-8")
    assert "-  min: {postings: 900}" in result.output
    assert "--terms-read" in result.output
    assert refusal(source, datetime.now(UTC).date())


def test_saying_that_the_terms_were_read_writes_the_passport(unverified: Path) -> None:
    """Today, and for half a year; in one JSON line for a program."""
    result = verify("a_board", "--terms-read", "--yes", "--json")
    assert result.exit_code == 0, repr(result.exception) + result.output
    line = json.loads(result.stdout)
    assert (line["passed"], line["written"]) == (True, True)
    assert {check["name"] for check in line["checks"]} == {"robots", "terms", "list", "adverts", "bounds"}
    assert line["requests"] <= 24
    assert refusal(load_source(unverified), datetime.now(UTC).date()) is None


def test_without_a_yes_nothing_is_written(unverified: Path) -> None:
    before = unverified.read_bytes()
    assert verify("a_board", "--json").exit_code == 0
    assert unverified.read_bytes() == before


def test_a_site_that_is_not_there_fails_with_what_to_do_and_the_file_stays(unverified: Path) -> None:
    """A port where nobody listens."""
    text = unverified.read_text(encoding="utf-8")
    start = text[text.index("start:") :].split('"')[1]
    unverified.write_text(text.replace(start, "http://127.0.0.1:9/"), encoding="utf-8")
    before = unverified.read_bytes()
    result = verify("a_board", "--yes")
    assert result.exit_code == 1
    assert "open it with a browser" in result.output
    assert "not verified" in result.output
    assert unverified.read_bytes() == before


def test_the_list_says_which_sources_nobody_has_verified(unverified: Path) -> None:
    """In words and for a program."""
    result = CliRunner().invoke(cli, ["sources", "list"])
    assert "1 were never verified" in result.output
    lines = [json.loads(line) for line in CliRunner().invoke(cli, ["sources", "list", "--json"]).output.splitlines()]
    assert [line["source"] for line in lines if line["verified"] is None] == ["a_board"]
