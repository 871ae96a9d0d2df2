"""`lurewatch sources` on a seeds folder of its own, with the sample sites behind it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crawlers.discovery.page_case import problems
from crawlers.items import Posting
from crawlers.sample_sites import seeds_for
from crawlers.sources.source import load_source
from lurewatch.cli.contents import cli
from lurewatch.cli.tune.sources_try import facts
from lurewatch.settings import SHIPPED_SEEDS

Run = Callable[..., Result]


@pytest.fixture
def sources(sites: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs a subcommand in an empty working folder whose seeds are the samples."""
    seeds_for(sites, tmp_path / "seeds", SHIPPED_SEEDS)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LUREWATCH_ALLOW_LOOPBACK", "true")
    return lambda *words: CliRunner().invoke(cli, ["sources", *words])


def test_list_shows_state_schedule_passport_and_last_run(sources: Run) -> None:
    """As a table, and as one JSON line each."""
    told = sources("list")
    assert told.exit_code == 0, told.output
    assert "sample_board" in told.output
    lines = [json.loads(line) for line in sources("list", "--json").output.splitlines()]
    assert len(lines) == 7
    assert lines[0] | {"state": "enabled", "passport_until": "2099-12-31", "last_run": None} == lines[0]


def test_check_reports_every_error_of_every_file(sources: Run, tmp_path: Path) -> None:
    """Exit code 1, each with file and line; a passport that lets an enabled source down is one of them."""
    assert sources("check").exit_code == 0
    folder = tmp_path / "seeds" / "sources"
    good = (folder / "sample_forum.yml").read_text(encoding="utf-8")
    (folder / "sample_forum.yml").write_text(good.replace("spider: forum", "spider: forun"), encoding="utf-8")
    (folder / "sample_feed.yml").write_text("title: only\n", encoding="utf-8")
    expired = good.replace("2099-12-31", "2020-01-01").replace("2026-11-25", "2019-01-01")
    (folder / "old.yml").write_text(expired, encoding="utf-8")
    told = sources("check", "--json")
    assert told.exit_code == 1
    found = json.loads(told.output)["problems"]
    assert any("sample_forum.yml:" in problem and "write spider: forum" in problem for problem in found)
    assert sum("sample_feed.yml:1: " in problem for problem in found) >= 4
    assert any("old.yml: enabled, but may not run: the access passport ran out" in problem for problem in found)


def test_health_exits_1_when_a_source_needs_attention(sources: Run) -> None:
    """Never run counts."""
    told = sources("health", "sample_board", "--json")
    assert told.exit_code == 1
    assert json.loads(told.output)["findings"][0]["name"] == "never_run"
    assert "lurewatch crawl sample_board" in sources("health").output


def test_an_unknown_source_is_said(sources: Run) -> None:
    """With where to look."""
    told = sources("health", "nobody")
    assert told.exit_code == 1
    assert "no source nobody" in told.output


def test_new_writes_a_source_and_a_case_and_never_overwrites(sources: Run, sites: dict[str, str], tmp_path: Path) -> None:
    """A dry run writes nothing; a second run under the same name is refused."""
    words = ("new", f"{sites['jobboard-microdata']}/", "--name", "x_new")
    dry = sources(*words, "--dry-run", "--json")
    assert dry.exit_code == 0, dry.output
    assert json.loads(dry.output)["written"] is False
    assert not (tmp_path / "seeds/sources/x_new.yml").exists()
    told = sources(*words, "--yes")
    assert told.exit_code == 0, told.output
    source = load_source(tmp_path / "seeds/sources/x_new.yml")
    assert (source.enabled, source.crawl.spider) == (False, "board")
    case = tmp_path / "tests/sources/x_new"
    assert list(problems(case)) == []
    assert "0500 000 201" not in (case / "page.html").read_text(encoding="utf-8")
    again = sources(*words, "--yes")
    assert again.exit_code == 1
    assert "is not overwritten" in again.output


def test_new_says_why_it_proposes_nothing(sources: Run, sites: dict[str, str]) -> None:
    """A forbidden page, a private address, something that is no address."""
    assert "robots.txt forbids this page" in sources("new", f"{sites['jobboard-jsonld']}/admin/", "--yes").output
    assert "AddressRefused" in sources("new", "http://10.0.0.1/jobs", "--yes").output
    assert "cannot be the name of a source" in sources("new", f"{sites['forum']}/", "--name", "../../x", "--yes").output
    assert "is not a web address" in sources("new", "ftp://site.example/", "--yes").output


def test_try_prints_postings_and_what_is_filled(sources: Run) -> None:
    """One list page, one detail page, nothing kept."""
    told = sources("try", "sample_classifieds", "--json")
    assert told.exit_code == 0, told.output
    posting = json.loads(told.stdout.splitlines()[0])
    assert posting["source"] == "sample_classifieds"
    assert posting["title"]
    assert not Path("data").exists()


def test_try_reads_one_page_of_the_site(sources: Run, sites: dict[str, str]) -> None:
    """With the fields that it fills."""
    told = sources("try", "sample_classifieds", "--url", f"{sites['jobboard-microdata']}/listing-05.html")
    assert told.exit_code == 0, told.output
    assert "禾田五金制品厂" in told.output
    missing = sources("try", "sample_classifieds", "--url", f"{sites['jobboard-microdata']}/none.html")
    assert missing.exit_code == 1
    assert "HTTP 404" in missing.output


def test_what_a_page_says_cannot_steer_the_terminal() -> None:
    """Lines stay lines; nothing invisible, re-ordering or of control comes through."""
    hostile = Posting(id="a", source="board", url="https://board.example.org/a", text="free\x1b[2Jflight\u202e\nនាំ\u200bទៅ")
    assert dict(facts(hostile))["text"] == "free[2Jflight\nនាំទៅ"
