"""Account names are contacts of the app that is named beside them, or that is usual where they are written."""

import pytest

from enrichment.contacts.extract import contacts
from enrichment.language.detect import language
from enrichment.text.views import Views


def read(text: str) -> list[tuple[str, str]]:
    """Return type and value of each contact of a text."""
    seen = Views(f"\n{text}")
    return [(contact.type, contact.value) for contact in contacts(seen, language(seen))]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Message us today: @sample_hr_desk, office opens soon", [("telegram", "sample_hr_desk")]),
        ("Add our Zalo: sample_desk for the form", [("zalo", "sample_desk")]),
        ("contact: sample_hr on Telegram for details", [("telegram", "sample_hr")]),
        ("联系方式 sample_desk 随时可以", [("wechat", "sample_desk")]),
    ],
)
def test_a_name_belongs_to_the_app_that_is_named_or_usual(text: str, wanted: list[tuple[str, str]]) -> None:
    """A word for an app announces a name; without one the language decides."""
    assert read(text) == wanted


def test_a_short_name_after_an_at_sign_is_no_contact() -> None:
    """``@3pm`` and ``@hcm`` are a time and a town."""
    assert read("Meeting @3pm at the office @hcm, bring your papers") == []


def test_one_name_announced_for_two_apps_is_a_contact_of_both() -> None:
    """``Telegram/Zalo: name`` gives one of each."""
    assert sorted(read("Telegram/Zalo: sample_desk")) == [("telegram", "sample_desk"), ("zalo", "sample_desk")]
