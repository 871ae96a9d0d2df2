"""JSON-LD is found in whatever place, repaired where no value is invented, and rejected by name beyond that."""

import json
from typing import Any

import pytest

from crawlers.pages import page_families
from crawlers.pages.document import PageDocument
from crawlers.pages.postings import job_posting_ld
from tests.growth import LIMIT, MORE, growth

URL = "https://board.example.org/jobs"


def script(body: str) -> str:
    return f'<script type="application/ld+json">{body}</script>'


@pytest.mark.parametrize(
    ("block", "value", "repair"),
    [
        ('{"a":1}', {"a": 1}, ""), ('{"a":[1,,2,],}', {"a": [1, 2]}, "commas"), ('<!-- {"a":1} -->', {"a": 1}, "unwrapped"),
        ("{&quot;a&quot;:1}", {"a": 1}, "entities"), ('{"a":"việc\nlàm"}', {"a": "việc\nlàm"}, "control characters"),
        (r'{"a":"C:\q"}', {"a": r"C:\q"}, "backslashes"), ('{"a":"x","b":"y"z"w"}', {"a": "x", "b": 'y"z"w'}, "inner quotes"),
    ],
)  # fmt: skip
def test_a_block_is_read_or_repaired(block: str, value: object, repair: str) -> None:
    assert job_posting_ld.read(block) == (value, repair)


@pytest.mark.parametrize("block", ["", "{a", '{"a":', "[" * 100_000, "<b>Cook</b>"])
def test_a_block_beyond_repair_is_none_with_its_reason(block: str) -> None:
    value, why = job_posting_ld.read(block)
    assert value is None and "line 1 column" in why


def test_blocks_in_comments_and_outside_of_scripts_are_not_read() -> None:
    text = f"{script('1')}<!-- {script('2')} --><SCRIPT type=application/ld+json>3</SCRIPT> ld+json >4"
    assert list(job_posting_ld.blocks(text)) == ["1", "3"]


def test_a_posting_is_found_at_whatever_depth_but_not_below_all_bounds() -> None:
    job: Any = {"@type": ["Thing", "https://schema.org/JobPosting"], "title": "Đầu bếp"}
    assert job_posting_ld.job_postings({"@graph": [{"x": [job]}, job, {"@type": "NotAJobPosting"}, None, 7]}) == [job, job]
    deep = job
    for _ in range(500):
        deep = [deep]
    assert job_posting_ld.job_postings(deep) == []


def test_several_postings_have_addresses_of_their_own() -> None:
    facts = ({"title": "A", "url": "/a"}, {"title": "B", "url": "javascript:x"}, {"url": "/c"})
    jobs = json.dumps([{"@type": "JobPosting", **fact} for fact in facts])
    page = job_posting_ld.parse(PageDocument(script(jobs), URL))
    assert [posting.url for posting in page.postings] == ["https://board.example.org/a", f"{URL}#job-2"]
    assert page.links == ("https://board.example.org/a",)
    assert [reject.reason for reject in page.rejected] == ["no_title"]


def test_a_broken_page_is_rejected_by_name() -> None:
    page = job_posting_ld.parse(PageDocument(script('{"@type":"JobPosting","title":'), URL))
    assert (page.postings, [reject.reason for reject in page.rejected]) == ((), ["json_ld_broken"])


def test_repairing_is_linear_work() -> None:
    assert growth(job_posting_ld.read, '{"a":"' + '"b' * 5_000, '{"a":"' + '"b' * 5_000 * MORE) <= LIMIT


@pytest.mark.parametrize(
    "member", ['"identifier":{}', '"baseSalary":{{"value":{}}}', '"baseSalary":{{"value":"{}"}}', '"totalJobOpenings":{}']
)
def test_a_number_of_five_thousand_digits_is_no_fault(member: str) -> None:
    """Regression: Python refuses to read it, and the page was lost with a traceback."""
    facts = f'{{"@type":"JobPosting","title":"Cook","description":"Cook wanted",{member.format("9" * 5_000)}}}'
    page = page_families.parse(f'<script type="application/ld+json">{facts}</script>', "https://a.example.org/1")
    (posting,) = page.postings
    assert (posting.title, posting.pay) == ("Cook", None)
