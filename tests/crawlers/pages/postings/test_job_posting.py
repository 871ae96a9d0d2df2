"""schema.org's JobPosting becomes a posting, in each form its fields may take; foreign values are passed over."""

from typing import Any

import pytest

from crawlers.pages.document import PageDocument
from crawlers.pages.postings import job_posting
from crawlers.text.stated_pay import Pay

URL = "https://board.example.org/jobs/1"


def read(**facts: Any) -> Any:
    return job_posting.posting({"title": "Cook", **facts}, PageDocument("", URL))


@pytest.mark.parametrize(("salary", "pay"), [
    ({"currency": "vnd", "value": {"minValue": "1.200.000", "maxValue": 2e6, "unitText": "MONTH"}}, (1.2e6, 2e6, "VND", "month")),
    ({"currency": "USD", "value": {"value": "300", "unitText": "week"}}, (300, 300, "USD", "week")),
    (300, (300, 300, None, None)),
    ([{"value": 5, "unitText": "ANN"}], (5, 5, None, "year")),
    ({"value": {"minValue": 9, "maxValue": 3}}, (3, 9, None, None)),
    ({"value": "negotiable"}, None),
    ({"value": {"value": "0"}}, None),
    ({"value": True}, None),
    ([], None),
])  # fmt: skip
def test_pay_is_read_in_every_form(salary: object, pay: tuple[float, float, str | None, str | None] | None) -> None:
    stated: Pay | None = read(baseSalary=salary).pay
    assert (stated and (stated.low, stated.high, stated.currency, stated.period)) == pay


@pytest.mark.parametrize(
    ("place", "location"),
    [
        ({"address": {"addressLocality": "Huế", "addressCountry": {"name": "VN"}}}, "Huế, VN"),
        ([{"address": "Hue"}, "Remote", None, 3, {"address": 7}], "Hue; Remote"),
        ({"address": {"addressLocality": "Toronto, Ontario, Canada", "addressCountry": "Canada"}}, "Toronto, Ontario, Canada"),
        ({"name": "柬埔寨西港"}, "柬埔寨西港"),
        ([], None),
    ],
)
def test_a_place_is_read_in_every_form(place: object, location: str | None) -> None:
    assert read(jobLocation=place).location == location


def test_who_hires_and_whom_to_write_to() -> None:
    posting = read(
        hiringOrganization={"name": ["Reef"], "sameAs": "http://Stealth co"},
        applicationContact={"email": "mailto:a@example.org", "telephone": "+1 555 0100"},
        identifier={"value": 7},
        employmentType=["FULL_TIME", "FULL_TIME"],
        jobLocationType="TELECOMMUTE",
    )
    assert (posting.company, posting.company_url, posting.native_id) == ("Reef", None, "7")
    assert posting.contacts == ("mailto:a@example.org", "tel:+1 555 0100")
    assert (posting.employment_type, posting.remote) == ("FULL_TIME", True)


def test_markup_of_a_description_is_read_and_its_scripts_are_not() -> None:
    posting = read(description="&lt;p&gt;Cook&lt;/p&gt;&lt;script&gt;x&lt;/script&gt;&lt;a href='javascript:x'&gt;j&lt;/a&gt;")
    assert (posting.text, posting.contacts, posting.links) == ("Cook\nj", (), ())


@pytest.mark.parametrize("facts", [{}, {"title": "", "description": "<script>x</script>"}, {"title": None, "name": [None]}])
def test_without_title_and_description_there_is_no_posting(facts: dict[str, object]) -> None:
    assert job_posting.posting(facts, PageDocument("", URL)) is None
