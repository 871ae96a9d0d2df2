"""QQ numbers and WeChat ids of digits are told from amounts, telephones and everything else that digits count."""

import pytest

from enrichment.assessment import Language
from enrichment.contacts.digit_accounts import digit_accounts
from enrichment.contacts.extract import contacts

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
