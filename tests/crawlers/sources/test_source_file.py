"""Every error of a source file names the file, the line and what to write instead."""

from collections.abc import Callable
from pathlib import Path

import pytest

from crawlers.sources.source import load_source
from foundation.crawl_errors import SourceError

Write = Callable[..., Path]

CASES = {
    "a wrong choice names the choices and the nearest": (
        ("spider: board", "spider: bord"),
        "14: crawl.spider: 'bord' is not one of board, feed, channel, forum, json_api; write spider: board",
    ),
    "an unknown key names the nearest key": (
        ("  basis: Public", "  bases: Public"),
        "10: access.bases: unknown key, did you mean basis; correct or remove it",
    ),
    "a key of the wrong level is refused": (("schedule:", "render: true\nschedule:"), "16: render: unknown key"),
    "a missing key says which line to add": (("title: Board\n", ""), "1: title: missing; add the line `title: ...`"),
    "a missing nested key is placed at its parent": (("  name: Board Ltd\n", ""), "6: operator.name: missing"),
    "a doubled key is refused": (("schedule:", "title: Twice\nschedule:"), "16: title: written twice; remove one"),
    "an address outside the operator's site is refused": (
        ("https://jobs.board.example/", "https://jobs.other.example/"),
        "15: crawl.start.0: https://jobs.other.example/list?p={page} lies outside board.example",
    ),
    "a placeholder nobody fills in is refused": (("{page}", "{pg}"), "15: crawl.start.0: {pg} is not filled in"),
    "a file address is refused": (("https://jobs.board.example/list", "file:///etc/passwd"), "15: crawl.start.0:"),
    "a password in an address is refused": (("https://jobs.", "https://u:p@jobs."), "15: crawl.start.0: an address here"),
    "a wrong selector is refused": (("schedule:", '  follow: "a[["\nschedule:'), "16: crawl.follow: 'a[[' is not a CSS selector"),
    "a page parser that does not exist is refused": (
        ("schedule:", "  page: job_postin\nschedule:"),
        "16: crawl.page: there is no page parser 'job_postin', did you mean",
    ),
    "a day that does not exist is refused": (('"2027-05-20"', '"2027-02-30"'), "12: access.review_by:"),
    "a day in local form is refused": (("2026-11-20", "20/11/2026"), "11: access.terms_checked: '20/11/2026' is not a date"),
    "a time of day is not a day": (("2026-11-20", "2026-11-20 10:00:00"), "11: access.terms_checked:"),
    "a review before the check is refused": (('"2027-05-20"', '"2025-05-20"'), "9: access: review_by 2025-05-20 lies before"),
    "robots can only be obeyed": (("  basis:", "  robots: ignore\n  basis:"), "10: access.robots: 'ignore' is not one of obey"),
    "an hour past 23 is refused": (("17 3", "17 25"), "16: schedule: '17 25 * * *' is not a schedule (bad hour)"),
    "a schedule by name is refused": (('"17 3 * * *"', "'@daily'"), "16: schedule: '@daily' is not a schedule (it has 1 fields)"),
    "a field no posting has is refused": (("{title: 0.98}", "{titel: 0.98}"), "18: expect.min.fill_rate: 'titel' is not a field"),
    "a share over one is refused": (("{title: 0.98}", "{title: 98}"), "18: expect.min.fill_rate.title:"),
    "bounds the wrong way round are refused": (("{postings: 100}", "{postings: 10}"), "17: expect: max.postings 10 lies under"),
    "a country in small letters is refused": (("[VN]", "[vn]"), "5: countries.0: 'vn' is not an ISO 3166 code"),
    "scrolling without a browser is refused": (
        ("schedule:", "  scroll: true\nschedule:"),
        "13: crawl: wait_for, scroll and steps need",
    ),
    "json_api needs its paths": (("spider: board", "spider: json_api"), "13: crawl: spider json_api and the paths under json:"),
    "a channel needs its preview address": (("spider: board", "spider: channel"), "13: crawl: a channel starts at its"),
    "a broken line is named": (("languages: [vi", "languages: [vi}"), "4: not YAML:"),
    "the name is the file's": (("title: Board", "name: y\ntitle: Board"), "1: name: comes from the file name"),
}


@pytest.mark.parametrize(("change", "message"), CASES.values(), ids=CASES.keys())
def test_an_error_names_file_line_and_fix(written: Write, change: tuple[str, str], message: str) -> None:
    """The message begins with the path and the line."""
    path = written(change)
    with pytest.raises(SourceError) as caught:
        load_source(path)
    assert str(caught.value).startswith(f"{path}:{message}"), str(caught.value)


def test_all_errors_are_reported_at_once(written: Write) -> None:
    """An operator mends a file in one go, top to bottom."""
    path = written(("kind: job_board", "kind: board"), ("spider: board", "spider: bord"), ("17 3", "99 3"))
    with pytest.raises(SourceError) as caught:
        load_source(path)
    assert [line.split(":")[1] for line in str(caught.value).splitlines()] == ["3", "14", "16"]


def test_a_file_that_is_not_utf8_names_the_line(written: Write) -> None:
    """A Latin-1 save is found at its line."""
    path = written()
    path.write_bytes(path.read_bytes().replace(b"summary: A board", b"summary: caf\xe9"))
    with pytest.raises(SourceError, match=r"x_board\.yml:2: not UTF-8; save the file as UTF-8"):
        load_source(path)


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "just words\n"])
def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path, text: str) -> None:
    """Empty files and lists are told what a source file looks like."""
    path = tmp_path / "x_board.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=r"x_board\.yml:1: the file must be a list of `key: value` lines"):
        load_source(path)


def test_control_characters_do_not_reach_the_terminal(written: Write) -> None:
    """A pasted escape sequence is shown, never performed."""
    path = written()
    path.write_bytes(path.read_bytes().replace(b"kind: job_board", b'kind: "\\x1b[2J"'))
    with pytest.raises(SourceError) as caught:
        load_source(path)
    assert "\x1b" not in str(caught.value)


def test_a_yaml_tag_makes_no_object(written: Write) -> None:
    """`!!python/object` is text of the file, not an instruction."""
    path = written(("title: Board", "title: !!python/object/apply:os.getcwd []"))
    with pytest.raises(SourceError, match="title"):
        load_source(path)
