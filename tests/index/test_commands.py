"""load, search, explain, link and index as people call them, on real seeds and an embedded index."""

import csv
import json
import re
import shutil
from contextlib import closing

import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from crawlers.items import Posting
from index.sqlite.sqlite_store import SqliteStore
from lurewatch.cli.contents import cli

LURE = (
    "Công ty game bên Mộc Bài cần 20 bạn làm chăm sóc khách hàng, không cần bằng cấp, không cần kinh nghiệm, lương 22 triệu, "
    "bao ăn ở, lo giấy tờ, xe đón tận nơi. Nhắn tele @sample_hr_moonriver"
)
HONEST = "Nhà hàng tại Đà Nẵng cần phụ bếp, đóng bảo hiểm, phỏng vấn trực tiếp. Email jobs@nhahang.example.org"


@pytest.fixture
def workplace(tmp_path, seeds, monkeypatch):
    """Put settings into the environment: everything in a folder of its own."""
    places = {"SEEDS": seeds, "RUNS": tmp_path / "runs", "STATE": tmp_path / "state", "STORE": tmp_path / "index.sqlite"}
    for name, value in (places | {"ASSESSED": tmp_path / "assessed"}).items():
        monkeypatch.setenv(f"LUREWATCH_{name}", str(value))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _post(name, text, title="Tuyển gấp"):
    return Posting(id=name, source="board", url=f"https://www.board.example.org/{name}", title=title, text=text)


def _run(*args, code=0, **more):
    result = CliRunner().invoke(cli, [str(arg) for arg in args], **more)
    assert result.exit_code == code, result.output + str(result.exception)
    return result


@pytest.fixture
def filled(workplace, partition):
    """Load three postings from two runs, one edited in between."""
    partition("run-1", [_post("a", LURE), _post("b", LURE.replace("20 bạn", "15 bạn")), _post("h", HONEST, "=cmd|x")])
    partition("run-2", [_post("a", LURE.replace("22 triệu", "35 triệu"))], day=2)
    _run("load", "--pending")
    return workplace


def test_loading_twice_is_said_and_changes_nothing(filled):
    again = _run("load", "--pending")
    assert "nothing is pending" in again.stderr
    lines = _run("load", filled / "runs/board/run-1", "--json").stdout.splitlines()
    assert json.loads(lines[0]) | {"campaigns": 0} == {
        "partition": f"file://{filled}/runs/board/run-1" if "file://" in lines[0] else f"{filled}/runs/board/run-1",
        "state": "loaded", "inserted": 0, "revised": 0, "unchanged": 3, "dead": [], "flags": [], "campaigns": 0, "relinked": 0,
    }  # fmt: skip


def test_load_without_anything_to_do_says_what_to_give(workplace):
    assert "name some or use --pending" in _run("load", "--json", code=2).stderr
    assert "there is no such run" in _run("load", workplace / "nowhere", code=1).stderr


def test_search_finds_marks_counts_and_tells_the_next_page(filled):
    result = _run("search", "luong", "trieu", "--lang", "vi", "--size", "1", "--facets")
    assert "1 of 2 for: luong trieu lang:vi" in result.stderr
    assert "--after" in result.stderr
    assert "language: vi 2" in result.stdout
    line = json.loads(_run("search", "khong can bang cap", "--json").stdout.splitlines()[0])
    start, end = line["highlights"][0]
    assert f"{line['title']}\n{line['text']}"[start:end] == "không cần bằng cấp"


def test_search_that_finds_nothing_tells_what_to_try(filled):
    assert "Nothing among 3 records. Try fewer words" in _run("search", "xyzzy", "--tag", "organ_trade").stderr
    assert "did you mean scam_compound?" in _run("search", "--tag", "scam_compond", code=1).stderr


def test_an_empty_index_says_how_to_fill_it(workplace):
    assert "lurewatch load --pending" in _run("search", "anything").stderr
    assert "the index is empty" in _run("explain", "a", code=1).stderr


def test_a_contact_pasted_in_any_form_is_pivoted(filled):
    for form in ("@sample_hr_moonriver", "https://t.me/Sample_HR_Moonriver", "telegram:sample_hr_moonriver"):
        assert "2 of 2" in _run("search", "--contact", form, "--json").stderr


def test_an_export_records_the_query_and_no_cell_is_a_formula(filled):
    assert "3 records written" in _run("search", "--sort", "newest", "--export", "all.csv").stderr
    rows = list(csv.DictReader((filled / "all.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert {row["query"] for row in rows} == {"sort:newest"}
    assert {row["id"]: row["title"] for row in rows}["h"] == "'=cmd|x"
    _run("search", "lương", "--export", "some.jsonl")
    head, *lines = map(json.loads, (filled / "some.jsonl").read_text(encoding="utf-8").splitlines())
    assert head["export"]["query"] == "lương"
    assert {line["id"] for line in lines} == {"a", "b"}
    assert "neither .csv nor .jsonl" in _run("search", "x", "--export", "x.xlsx", code=2).stderr


def test_explain_shows_every_reason_the_edit_and_the_campaign(filled):
    found = json.loads(_run("explain", "a", "--json").stdout)
    shown = _run("explain", "a", env={"COLUMNS": "300"}).stdout
    assert found["record"]["assessment"]["signals"], "the seed lexicon gives this text signals"
    for signal in found["record"]["assessment"]["signals"]:
        assert signal["indicator"] in shown or signal["family"] == "wording"
    assert "22 35" in shown.replace("  ", " ") or ("22" in shown and "35" in shown)
    assert "edited" in shown
    assert found["campaign"]["campaign"]["members"] == ["a", "b"]
    assert "same contact sample_hr_moonriver" in shown
    assert "no posting 'nope'" in _run("explain", "nope", code=1).stderr


def test_link_groups_texts_and_leaves_a_warning_out(workplace):
    warning = "CẢNH BÁO: nick @sample_hr_moonriver lừa người sang Campuchia, ai thấy bài “" + LURE[:120] + "” thì báo công an."
    rows = [
        {"id": "a", "title": None, "text": LURE}, {"id": "w", "title": "Cảnh báo lừa đảo", "text": warning},
        {"id": "b", "title": "x", "text": LURE.replace("20 bạn", "15 bạn")}, {"id": "h", "title": None, "text": HONEST},
    ]  # fmt: skip
    told = [json.loads(line) for line in _run("link", "-", "--json", input="\n".join(map(json.dumps, rows))).stdout.splitlines()]
    assert [line["id"] for line in told] == ["a", "w", "b", "h"]
    assert told[0]["campaign"] == told[2]["campaign"] is not None
    assert told[1]["campaign"] is told[3]["campaign"] is None


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "standard input:1: not JSON"),
        ('{"text": "x"}', "standard input:1: Object missing required field `id`"),
        ('{"id": "a", "text": "x"}\n{"id": "a", "text": "y"}', "id 'a' stands twice"),
        ('{"id": "a", "text": "x", "title": 3}', "standard input:1: Expected `str | null`, got `int`"),
    ],
)
def test_link_names_the_line_that_is_wrong(workplace, line, says):
    assert says in _run("link", "-", input=line, code=1).stderr


def test_verify_rebuild_and_migrate_agree_field_by_field(filled):
    before = json.loads(_run("index", "verify", "--json").stdout)
    assert (before["records"], before["missing"], before["problems"]) == (3, [], [])
    told = json.loads(_run("index", "rebuild", "--json").stdout)
    same = {"records": 3, "same": 3, "changed": 0, "new": 0, "gone": 0, "flags": []}
    assert told == same | {"carried_over": 0, "damaged": [], "replaced": True}
    assert "3 records; now in" in _run("index", "migrate", "--force").stdout
    assert json.loads(_run("index", "verify", "--json").stdout) == before
    assert "up to date" in _run("index", "migrate").stdout
    assert not list(filled.glob("index.sqlite.sqlite_store.*"))


@pytest.mark.parametrize("again", [("index", "rebuild"), ("load", "runs/board/run-1", "runs/board/run-2")])
def test_flags_that_another_version_gives_and_takes_are_named(filled, again):
    """The advert was judged honest and the honest one a lure; loading or rebuilding says what this version makes of them."""
    with closing(SqliteStore(filled / "index.sqlite")) as store:
        for record in store.get_many(["a", "h"]).values():
            flagged = not record.assessment.flagged
            judged = replace(record.assessment, flagged=flagged, score=88.8 if flagged else 11.1)
            store.put([replace(record, assessment=judged, revision=record.revision + 1)])
    told = _run(*again).stdout
    assert told.count("flags: ") == told.count("flags: 1 fell, 1 rose") + 2 * told.count("flags: 0 fell, 1 rose") > 0
    assert re.search(r"fell  88\.8 -> +\d+\.\d  h  =cmd\|x\n", told)
    assert re.search(r"rose  11\.1 -> +\d+\.\d  a  Tuyển gấp\n", told)
    assert "flags: " not in _run("index", "rebuild").stdout


def test_verify_tells_what_is_pending(filled, partition):
    address = partition("run-3", [_post("new", "text")], day=3)
    result = _run("index", "verify", code=1)
    assert "1 pending partitions; fix: `lurewatch load --pending`" in result.stdout
    assert address in result.stdout


def test_a_rebuild_never_loses_records_silently(filled):
    shutil.rmtree(filled / "runs/board/run-1")
    assert "2 records of the index are in no partition" in _run("index", "rebuild", code=1).stderr
    assert json.loads(_run("search", "--json", "lương", "--size", "1").stdout.splitlines()[0])["id"] in ("a", "b")
    assert json.loads(_run("index", "rebuild", "--accept-loss", "--json").stdout)["gone"] == 2
