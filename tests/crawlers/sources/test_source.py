"""What a source says, and when its passport lets it run."""

import dataclasses
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

from crawlers.sources.source import Source, load_source, read_sources, refusal, site

Write = Callable[..., Path]
TODAY = date(2026, 11, 25)


def test_a_valid_file_is_read_whole(written: Write) -> None:
    """Every value written is in the source, and the name is the file's stem."""
    source = load_source(written())
    assert source.name == "x_board"
    assert source.languages == ("vi", "zh-Hant")
    assert source.access.terms_checked == date(2026, 11, 20)
    assert source.crawl.start == ("https://jobs.board.example/list?p={page}",)
    assert source.expect.min.fill_rate == {"title": 0.98}
    assert source.enabled is False


def test_a_selector_may_be_written_as_scrapy_does(written: Write) -> None:
    """`::attr(href)` is taken off: every link is followed by its href anyway."""
    source = load_source(written(("schedule:", '  follow: "h2 a::attr(href)"\nschedule:')))
    assert source.crawl.follow == "h2 a"


def test_adverts_are_not_waited_for_as_lists_are(written: Write) -> None:
    """Each rendered advert took ten seconds to look for what only a list holds."""
    lines = "  render: true\n  wait_for: .card\n  scroll: true\nschedule:"
    crawl = load_source(written(("schedule:", lines))).crawl
    assert crawl.rendering_on("list") == {"render": True, "wait_for": ".card", "scroll": True}
    assert crawl.rendering_on("detail") == {"render": True, "wait_for": None, "scroll": False}


def test_a_source_cannot_be_changed(written: Write) -> None:
    """Stages hand sources on; none edits one."""
    with pytest.raises((ValidationError, dataclasses.FrozenInstanceError)):
        load_source(written()).title = "other"  # type: ignore[misc]


def test_a_valid_passport_lets_a_source_run(written: Write) -> None:
    """Up to and including its last day."""
    source = load_source(written())
    assert refusal(source, TODAY) is None
    assert refusal(source, date(2027, 5, 20)) is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("  basis: Public pages\n", ""), "no access passport"),
        (("  terms_checked: 2026-11-20\n", ""), "nobody has read the terms"),
        (('  review_by: "2027-05-20"\n', ""), "review_by is missing"),
        (('"2027-05-20"', '"2026-11-24"'), "ran out on 2026-11-24"),
        (("2026-11-20", "2026-11-26"), "lies in the future"),
    ],
)
def test_a_missing_or_expired_passport_refuses(written: Write, change: tuple[str, str], reason: str) -> None:
    """The file loads, so that the desk can show the source; it does not run."""
    assert reason in str(refusal(load_source(written(change)), TODAY))


def test_a_source_without_any_access_block_loads_and_is_refused(written: Write) -> None:
    """No passport, no crawl."""
    text = 'access:\n  basis: Public pages\n  terms_checked: 2026-11-20\n  review_by: "2027-05-20"\n'
    assert "no access passport" in str(refusal(load_source(written((text, ""))), TODAY))


def test_problems_of_all_files_come_together(tmp_path: Path, written: Write) -> None:
    """One broken file hides neither the good ones nor the other errors."""
    (tmp_path / "sources").mkdir()
    changes = {"b_one": ("kind: job_board", "kind: x"), "a_two": ("title", "titel"), "c_good": ("A board", "B")}
    for name, change in changes.items():
        written(change, name=name).rename(tmp_path / "sources" / f"{name}.yml")
    sources, problems = read_sources(tmp_path)
    assert [source.name for source in sources] == ["c_good"]
    assert {Path(problem.split(":")[0]).stem for problem in problems} == {"a_two", "b_one"}


def test_two_files_cannot_share_a_name(tmp_path: Path, written: Write) -> None:
    """x.yml and x.yaml would write into the same partitions."""
    (tmp_path / "sources").mkdir()
    text = written().read_text(encoding="utf-8")
    for suffix in ("yml", "yaml"):
        (tmp_path / "sources" / f"x_board.{suffix}").write_text(text, encoding="utf-8")
    sources, problems = read_sources(tmp_path)
    assert len(sources) == 1
    assert problems == [f"{tmp_path}/sources/x_board.yaml:1: a source file ends in .yml; rename it to x_board.yml"]


def test_a_missing_seeds_folder_is_said(tmp_path: Path) -> None:
    """Not an empty list: an operator in the wrong folder would see nothing to crawl."""
    sources, (problem,) = read_sources(tmp_path / "nowhere")
    assert not sources
    assert "set LUREWATCH_SEEDS" in problem


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.a.com.vn/x", "a.com.vn"), ("https://jobs.b.co.th", "b.co.th"), ("http://127.0.0.1:8101/", "127.0.0.1"),
        ("https://one.blogspot.com/", "one.blogspot.com"), ("https://T.me/s/x", "t.me"),
    ],
)  # fmt: skip
def test_a_site_is_its_registrable_domain(url: str, expected: str) -> None:
    """Two tenants of one host are two sites; an address without a domain is its host."""
    assert site(url) == expected


def _keys(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield name
        for kind in (field.annotation, *getattr(field.annotation, "__args__", ())):
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from _keys(kind)


def test_every_key_has_a_reader() -> None:
    """A key that nothing reads is a promise to the operator that nothing keeps."""
    root = Path(__file__).resolve().parents[3]
    own = {root / "crawlers" / name for name in ("sources.py", "source_file.py", "source_fields.py")}
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("foundation", "crawlers", "enrichment", "index", "desk", "lurewatch", "dags")
        for path in (root / folder).rglob("*")
        if path.suffix in {".py", ".html"} and path not in own
    )
    unread = {key for key in _keys(Source) if not re.search(rf"\.{key}\b|[\"']{key}[\"']", code)}
    assert not unread
