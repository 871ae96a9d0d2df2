"""`lurewatch campaigns`, `contact` and `search --saved`, as a shell calls them."""

import json

import pytest
from click.testing import CliRunner

from desk.cases import campaign_rulings
from desk.database import open_database
from desk.people import saved_searches
from index.campaigns.relink import link_all
from index.sqlite.sqlite_store import SqliteStore
from lurewatch.cli.contents import cli

PASSWORD = "gravel-lantern-otter-93"


@pytest.fixture
def run(tmp_path, seeds, monkeypatch, staff, record):
    """Return a function that runs a command against an index with a campaign of four, and a desk with people."""
    places = {"DATABASE": f"sqlite:///{tmp_path}/desk.sqlite", "STORE": f"{tmp_path}/index.sqlite", "SEEDS": seeds}
    for name, value in places.items():
        monkeypatch.setenv(f"LUREWATCH_{name}", str(value))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)
    people = staff(open_database(f"sqlite:///{tmp_path}/desk.sqlite"))
    store = SqliteStore(tmp_path / "index.sqlite")
    store.put([record(number, title=f"item {number}\x1b[31m", language=("en", "vi")[number % 2]) for number in range(4)])
    link_all(store)
    store.close()

    def do(*words, code=0, typed=f"{PASSWORD}\n"):
        result = CliRunner().invoke(cli, list(words), input=typed)
        assert result.exit_code == code, result.output
        assert "\x1b[31m" not in result.output
        return result

    do.people = people
    return do


def listed(run):
    return [json.loads(line)["campaign"] for line in run("campaigns", "list", "--json").stdout.splitlines()]


def test_a_campaign_is_listed_and_shown_with_reasons_weeks_and_slots(run):
    (crew,) = listed(run)
    assert f"{crew['id']}  4" in run("campaigns", "list", "--sort", "size").stdout
    shown = run("campaigns", "show", crew["members"][2]).stdout
    why = "same contact bright_hr_demo (telegram): 3 links"
    for told in ("4 adverts", why, "4 copies", "telegram:bright_hr_demo 4", "item 3"):
        assert told in shown, told
    line = json.loads(run("campaigns", "show", crew["id"], "--json").stdout)
    assert (line["members"], line["languages"]) == (crew["members"], [["en", 2], ["vi", 2]])
    assert line["templates"][0]["members"] == crew["members"]
    assert "campaigns list" in run("campaigns", "show", "c-nothing", code=1).stderr


def test_rulings_are_listed_with_their_reason(run, tmp_path, now):
    (crew,) = listed(run)
    engine, store = open_database(f"sqlite:///{tmp_path}/desk.sqlite"), SqliteStore(tmp_path / "index.sqlite")
    assert "Nobody ruled" in run("campaigns", "list", "--rulings").stderr
    campaign_rulings.split(
        engine, store, crew["id"], crew["members"][2:], own=True, by=run.people["minh"], now=now, why="told by two people"
    )
    store.close()
    assert "told by two people" in run("campaigns", "list", "--rulings").stdout


def test_a_contact_is_followed_from_any_form(run):
    shown = run("campaigns", "contact", "https://t.me/Bright_HR_demo").stdout
    for told in ("bright_hr_demo: 4 adverts, 4 flagged", "telegram:bright_hr_demo 4", "most in a week: 4", "board.example.org 4"):
        assert told in shown, told
    line = json.loads(run("campaigns", "contact", "@bright_hr_demo", "--json").stdout)
    assert (len(line["records"]), line["campaigns"][0][1], line["weeks"][0]["adverts"]) == (4, 4, 4)
    assert "last eight digits" in run("campaigns", "contact", "0500000123").stderr
    assert "2 older ones" in run("campaigns", "contact", "@bright_hr_demo", "--size", "2").stderr


def test_a_shared_search_runs_from_the_shell(run, tmp_path, now):
    engine = open_database(f"sqlite:///{tmp_path}/desk.sqlite")
    saved_searches.save(engine, "Viet", "lang:vi", shared=True, by=run.people["minh"], now=now)
    saved_searches.save(engine, "Viet", "lang:en", shared=True, by=run.people["lead"], now=now)
    saved_searches.save(engine, "Own", "lang:en", shared=False, by=run.people["lead"], now=now)
    assert "2 of 2 for: lang:vi item" in run("search", "item", "--saved", "minh/Viet", "--json").stderr
    assert "several share" in run("search", "--saved", "Viet", code=1).stderr
    assert "there are: lead/Viet, minh/Viet" in run("search", "--saved", "Own", code=1).stderr
