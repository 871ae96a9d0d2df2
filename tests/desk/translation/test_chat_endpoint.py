"""A language model that the operator hosts: translations in a strict form, and drafts that are marked and kept nowhere."""

import json

import pytest

from desk.translation.provider import TranslationError
from desk.translation.translator import DRAFT, NeverSent, Translator


@pytest.fixture
def writer(desk_db, model, now):
    """Return a translator that asks the language model."""
    return Translator(engine=desk_db, provider=model, clock=lambda: now)


def test_it_translates_and_names_its_model(writer, double, record):
    found = writer.translate_item(record(1, title=None, text="งานดี zalo 0901 234 567", language="th"), "vi")
    assert found.engine == "language model small-model"
    assert "".join(piece.text for piece in found.text[0].words) == "EN งานดี zalo 0901 234 567"
    body = json.loads(double.bodies[0])
    assert "Vietnamese" in body["messages"][0]["content"]
    assert "0901" not in body["messages"][1]["content"]


def test_a_fence_around_the_answer_is_no_matter(writer, double, record):
    double.chat = lambda texts: "```json\n" + json.dumps({"translations": ["x"] * len(texts)}) + "\n```"
    assert writer.translate_item(record(1, title=None, text="งานดี", language="th"), "en").text


@pytest.mark.parametrize(
    "said", ["Sure! Here you are: x", '{"translations": "x"}', '{"translations": [1]}', "[]", "", '{"summary": {"a": 1}}', "```"]
)
def test_another_form_is_refused(writer, double, record, said):
    double.chat = lambda texts: said
    with pytest.raises(TranslationError, match="not answer in the form"):
        writer.translate_item(record(1, title=None, text="งานดี", language="th"), "en")
    with pytest.raises(TranslationError, match="not answer in the form"):
        writer.draft_summary([record(1, language="th")], "en")


def test_a_draft_is_made_of_masked_adverts_that_may_leave(writer, double, record):
    adverts = [record(1), record(2, text="I was beaten there, call 0901 234 567", stance="testimony")]
    assert writer.draft_summary(adverts, "fr") == "They offer work."
    (content,) = (json.loads(body)["messages"][1]["content"] for body in double.bodies)
    assert "bright_hr_demo" not in content
    assert "beaten" not in content
    with pytest.raises(NeverSent):
        writer.draft_summary(adverts[1:], "fr")


def test_a_draft_is_bounded(writer, double, record):
    double.chat = lambda texts: json.dumps({"summary": "x" * 900_000})
    assert len(writer.draft_summary([record(1)], "en")) == DRAFT
