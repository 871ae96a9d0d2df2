"""A page case keeps what a parser needs and nothing that reaches a person; a parser that changes its mind is named."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawlers.discovery.page_case import expected_values, problems, redact_page
from crawlers.pages import page_families

WHEN = datetime(2026, 11, 25, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Gọi 0500 000 201 gặp chị", "Gọi 0000 000 000 gặp chị"),
        ("tel +84 50 000 0201.", "tel +00 00 000 0000."),
        ("(02) 5550-1234-5", "(00) 0000-0000-0"),
        ("mail real.name+x@corp.example now", "mail contact@example.org now"),
        ("Telegram @real_person!", "Telegram @sample_handle!"),
        ("https://t.me/real_person", "https://t.me/sample_handle"),
        ("https://zalo.me/0500000201", "https://zalo.me/sample_handle"),
        ("https://wa.me/84500000201?text=hi", "https://wa.me/sample_handle?text=hi"),
    ],
)
def test_what_reaches_a_person_is_replaced(text: str, kept: str) -> None:
    """By reserved or empty values of the same form."""
    assert redact_page(text) == kept


@pytest.mark.parametrize("text", [
    "2025-03-12T08:30:00+00:00", "Posted 12/03/2025", "lương 11.000.000 đ",
    '{"@type": "JobPosting", "@context": "https://schema.org"}', "@media (max-width: 40em) {}",
    '<a href="/jobs/welder-1012345678.html">', "https://t.me/s/channel_name",
])  # fmt: skip
def test_what_a_parser_needs_stays(text: str) -> None:
    """Dates, pay, JSON-LD keys, addresses of pages."""
    assert redact_page(text) == text


def test_scripts_go_and_facts_in_json_stay() -> None:
    """A saved page runs nothing and weighs little."""
    page = '<script>track()</script><script type="application/ld+json">{"a": 1}</script><SCRIPT src=x></SCRIPT>'
    assert redact_page(page) == '<script type="application/ld+json">{"a": 1}</script>'


def test_a_case_names_each_field_that_is_read_differently(seeds: Path, tmp_path: Path) -> None:
    """Family, numbers and every fact."""
    text = (seeds / "sample/jobboard-microdata/listing-05.html").read_text(encoding="utf-8")
    url = "https://b.example/listing-05.html"
    read = page_families.parse(text, url, now=WHEN)
    facts = {"url": url, "fetched_at": WHEN.isoformat(), "family": read.family, **expected_values(read)}
    (tmp_path / "page.html").write_text(text, encoding="utf-8")
    (tmp_path / "case.json").write_text(json.dumps(facts), encoding="utf-8")
    assert list(problems(tmp_path)) == []
    facts["family"], facts["postings"], facts["first"][0]["company"] = "plain", 2, "Other Ltd"
    (tmp_path / "case.json").write_text(json.dumps(facts), encoding="utf-8")
    assert [problem.partition(": ")[2] for problem in problems(tmp_path)] == [
        "read as rdfa, expected plain", "1 postings, expected 2", "posting 0: company is '禾田五金制品厂', expected 'Other Ltd'",
    ]  # fmt: skip
