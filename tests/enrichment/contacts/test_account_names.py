"""Account names are contacts of the app that is named beside them, or that is usual where they are written."""

import pytest

from enrichment.assessment import Language
from enrichment.contacts.account_names import digit_accounts
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


HANS = Language(code="zh", script="Hans", confidence=0.9)


@pytest.mark.parametrize(
    "text",
    [
        "QQ：123450012", "QQ123450012", "扣扣 123450012", "扣123450012", "Q裙：123450012", "Q群 123450012",
        "加Q 123450012", "企鹅123450012", "加扣扣号：123450012", "QQ群号:123450012", "q q: 123450012", "球球 123450012",
        "加QQ：１２３４５００１２", "qq号是123450012", "蔻123450012", "看图-123450012-扣.", "想看加123450012，有直播",
    ],
)  # fmt: skip
def test_qq_numbers_are_read_behind_every_name_of_it(text: str) -> None:
    assert [(one.type, one.value) for one in contacts(text, HANS)] == [("qq", "123450012")]


@pytest.mark.parametrize("text", ["加微 83430012", "嶶83430012", "薇: 83430012", "加V83430012"])
def test_wechat_ids_of_digits_are_read_where_the_text_asks_to_add_them(text: str) -> None:
    assert [(one.type, one.value) for one in contacts(text, HANS)] == [("wechat", "83430012")]


@pytest.mark.parametrize(
    "text",
    [
        "扣1000000元押金", "加50000块", "QQ飞车人气500020", "微信红包 88888元", "加班费1200000", "工号 123450012",
        "微信零钱 1234500", "游戏币123450012个", "@qq9631230", "QQ 12.3450012", "扣除123450012", "企鹅 300000",
    ],
)  # fmt: skip
def test_amounts_and_counts_are_no_accounts(text: str) -> None:
    assert list(digit_accounts(text)) == []


def test_a_mail_address_of_digits_stays_a_mail_address() -> None:
    assert [(one.type, one.value) for one in contacts("123450012@qq.com", HANS)] == [("email", "123450012@qq.com")]
