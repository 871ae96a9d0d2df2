"""`lurewatch extract` prints one JSON line per posting, then one about the page; a page cannot steer the terminal."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from lurewatch.cli.contents import cli

CHANNEL = """<div class="tgme_widget_message" data-post="harbour_jobs/7">
<div class="tgme_widget_message_text">Cook \x1b[31mwanted</div>
<time datetime="2025-03-02T10:00:00+00:00"></time></div>"""


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    file = tmp_path / "page.html"
    file.write_text(CHANNEL, encoding="utf-8")
    return file


def test_json_lines_hold_every_field_and_end_with_the_page(saved: Path) -> None:
    result = CliRunner().invoke(cli, ["extract", str(saved), "--url", "https://t.me/s/harbour_jobs", "--json"])
    posting, page = map(json.loads, result.output.splitlines())
    assert result.exit_code == 0
    assert (posting["kind"], posting["native_id"], posting["posted_at"]) == ("posting", "harbour_jobs/7", "2025-03-02T10:00:00Z")
    assert (page["kind"], page["family"], page["item_count"], page["encoding"]) == ("page", "channel", 1, "utf-8")
    assert {"title", "next_page", "previous_page", "links", "urls", "rejected", "facts"} <= page.keys()


def test_standard_input_is_read_as_bytes() -> None:
    body = "<h1>พ่อครัว</h1><p><b>บริษัท:</b> ครัวท่าเรือ</p><p>ทำกับข้าวให้คนแปดสิบคนทุกวัน</p>".encode("cp874")
    result = CliRunner().invoke(
        cli,
        ["extract", "-", "--url", "https://b.example.org/1", "--json", "--content-type", "text/html; charset=tis-620"],
        input=body,
    )
    posting = json.loads(result.output.splitlines()[0])
    assert (posting["title"], posting["company"]) == ("พ่อครัว", "ครัวท่าเรือ")


def test_relative_dates_count_from_the_time_of_the_fetch(tmp_path: Path) -> None:
    file = tmp_path / "ad.html"
    file.write_text(
        "<html lang='vi'><h1>Phụ bếp</h1><p>Đăng lúc: 3 giờ trước</p><div class='description'>Rửa rau và dọn bếp mỗi ngày.</div>",
        encoding="utf-8",
    )
    result = CliRunner().invoke(cli, ["extract", str(file), "--fetched", "2025-03-20T12:00:00Z", "--json"])
    posting = json.loads(result.output.splitlines()[0])
    assert (posting["posted_at"], posting["posted_at_raw"]) == ("2025-03-20T09:00:00Z", "3 giờ trước")


def test_people_get_readable_lines_without_control_characters(saved: Path) -> None:
    result = CliRunner().invoke(cli, ["extract", str(saved)])
    assert "family channel" in result.output and "harbour_jobs/7" in result.output
    assert "\x1b" not in result.output


def test_an_empty_page_says_that_it_is_empty(tmp_path: Path) -> None:
    file = tmp_path / "empty.xml"
    file.write_text("<urlset></urlset>", encoding="utf-8")
    result = CliRunner().invoke(cli, ["extract", str(file)])
    assert "Nothing on this page" in result.output


def test_a_page_that_cannot_be_read_is_a_failure(tmp_path: Path) -> None:
    file = tmp_path / "empty.html"
    file.write_text("<img>", encoding="utf-8")
    result = CliRunner().invoke(cli, ["extract", str(file), "--json"])
    assert result.exit_code == 1
    assert json.loads(result.output)["rejected"][0]["reason"] == "no_text"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["missing.html"], "cannot be read"),
        (["{saved}", "--page", "guess"], "channel, feed, forum"),
        (["{saved}", "--fetched", "soon"], "write 2025-03-20"),
    ],
)
def test_a_wrong_argument_says_what_to_do(arguments: list[str], says: str, saved: Path) -> None:
    result = CliRunner().invoke(cli, ["extract", *(argument.format(saved=saved) for argument in arguments)])
    assert result.exit_code != 0
    assert says in result.output


def test_the_families_are_listed_with_a_sentence_each() -> None:
    result = CliRunner().invoke(cli, ["extract", "--families"])
    assert result.exit_code == 0
    assert "job_posting_ld  Job pages with JSON-LD" in result.output
