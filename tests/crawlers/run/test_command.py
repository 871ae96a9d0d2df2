"""`lurewatch crawl`: the address and the state of each run, and an exit code that is true to it."""

import json

import pytest
from click.testing import CliRunner

from crawlers.sample_sites import seeds_for, serve
from lurewatch.cli.contents import cli
from lurewatch.cli.stages.run_command import describe_counts
from lurewatch.settings import SHIPPED_SEEDS


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Return a function that runs the command on the sample sources, served on free ports."""
    with serve(SHIPPED_SEEDS / "sample", {}) as urls:
        monkeypatch.setenv("LUREWATCH_SEEDS", str(seeds_for(urls, tmp_path / "seeds", SHIPPED_SEEDS)))
        monkeypatch.setenv("LUREWATCH_RUNS", str(tmp_path / "runs"))
        monkeypatch.setenv("LUREWATCH_STATE", str(tmp_path / "state"))
        monkeypatch.setenv("LUREWATCH_ALLOW_LOOPBACK", "true")
        yield lambda *words: CliRunner().invoke(cli, ["crawl", *words])


def test_json_lines_carry_report_and_address_and_success_is_zero(run, tmp_path):
    """One line a source; the partition is where --runs says."""
    done = run("sample_channels", "sample_feed", "--json", "--runs", str(tmp_path / "elsewhere"))
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.exit_code, [one["state"] for one in told]) == (0, ["ok", "ok"])
    assert all(one["partition"].startswith(f"file://{tmp_path}/elsewhere/{one['source']}/") for one in told)
    assert told[0]["parsed"] == 45


def test_people_get_one_line_of_words_and_the_address(run):
    """The address alone on standard output, so that the next stage can take it."""
    done = run("sample_channels")
    assert done.stdout.strip().endswith(done.stdout.strip().rsplit("/", 1)[1])
    assert "\n" not in done.stdout.strip()
    assert "ok sample_channels: 45 postings from 6 pages (45 seen twice, 0 rejected)" in done.stderr.replace("\n", " ")


def test_a_source_that_does_not_exist_or_may_not_run_fails_by_name(run, tmp_path):
    """Unknown, refused by its passport, held by another process: exit code 1 and the reason."""
    assert "no source nowhere" in run("nowhere").output
    path = tmp_path / "seeds" / "sources" / "sample_feed.yml"
    path.write_text(path.read_text().replace('"2099-12-31"', '"2026-11-25"').replace('"2026-11-25"', '"2020-01-01"'))
    done = run("sample_feed", "--json")
    told = json.loads(done.stdout)
    assert (done.exit_code, told["state"]) == (1, "refused")
    assert "ran out" in told["reason"]


def test_a_run_that_is_not_whole_exits_with_one(run, tmp_path):
    """Fewer postings than the source promises: changed."""
    path = tmp_path / "seeds" / "sources" / "sample_channels.yml"
    path.write_text(path.read_text().replace("postings: 38", "postings: 70"))
    done = run("sample_channels", "--json")
    assert (done.exit_code, json.loads(done.stdout)["state"]) == (1, "changed")


def test_progress_shows_numbers_with_their_names():
    """Words of a stopped run do not belong on the bar."""
    assert describe_counts({"pages": 3, "postings": 2, "stopped": "x"}) == "3 pages · 2 postings"
