"""The text of an advert that an API gives in parts."""

import json

from crawlers.spiders.json_api import text_of


def test_the_parts_of_an_advert_are_joined_in_order() -> None:
    """SmartRecruiters names its sections; a part that repeats is taken once."""
    sections = {
        "companyDescription": {"title": "Company", "text": "<p>We run houses.</p>"},
        "jobDescription": {"title": "Job", "text": "<p>Cook for <b>fifty</b>.</p>"},
        "additionalInformation": {"title": "More", "text": ""},
    }
    answer = json.dumps({"id": "1", "name": "Cook", "jobAd": {"sections": sections}, "description": "<p>We run houses.</p>"})
    assert text_of(answer) == "We run houses.\n\nCook for fifty."


def test_a_page_and_an_answer_without_text_give_none() -> None:
    """The page is read by its parser then."""
    assert [text_of(text) for text in ("<html>", "{", '{"id": 1}', "[]")] == ["", "", "", ""]
