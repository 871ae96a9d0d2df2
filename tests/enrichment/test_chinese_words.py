"""Chinese hits respect word boundaries."""

import pytest

from enrichment.assess import Assessor
from enrichment.chinese_words import splits_a_word


@pytest.mark.parametrize(
    ("text", "part", "word"),
    [
        ("服装成品仓库", "装成", "服装"),
        ("语言富有感染力", "有感染", "富有"),
        ("招测试工程师", "试工", "测试"),
        ("私立医院", "私", "私立"),
        ("网投资有限公司", "网投", "投资"),
    ],
)
def test_a_phrase_inside_other_words_is_none(text: str, part: str, word: str) -> None:
    """The longer word says something else."""
    start = text.index(part)
    assert splits_a_word(text, start, start + len(part), "") == word


@pytest.mark.parametrize(
    ("text", "part", "phrases"),
    [
        ("手机交出来", "手机交出", ""),
        ("会用翻译器就行", "翻译", ""),
        ("底薪一万二", "一万", ""),
        ("提供客房", "提供客", "客房"),
        ("passport", "pass", ""),
    ],
)
def test_a_word_that_goes_on_with_the_phrase_means_the_same(text: str, part: str, phrases: str) -> None:
    """Complements, suffixes, numbers, and words that another phrase of the indicator holds."""
    start = text.index(part)
    assert splits_a_word(text, start, start + len(part), phrases) is None


@pytest.mark.parametrize(
    ("text", "indicator"),
    [
        ("负责接听电话，回答顾客各种问题，提前准备资料", "cover_story"),
        ("打印机用四联单，一式四份，开具发票", "prepaid_return"),
        ("普通话标准，语言富有感染力", "warning"),
        ("某网投资有限公司招聘出纳", "gambling_staff"),
    ],
)
def test_honest_advertisements_show_no_lure_by_a_part_of_a_word(assessor: Assessor, text: str, indicator: str) -> None:
    """As honest employers write."""
    assert indicator not in {signal.indicator for signal in assessor.assess(id="1", title=None, text=text).signals}


@pytest.mark.parametrize(
    ("text", "indicator"),
    [
        ("做满三联单一起提现，先垫付再返", "prepaid_return"),
        ("过海关就说去旅游，问答提前练熟", "cover_story"),
        ("进园区护照统一保管，手机交出来", "documents_held"),
    ],
)
def test_lures_are_read_as_before(assessor: Assessor, text: str, indicator: str) -> None:
    """The same indicators, where words begin and end with the phrase."""
    assert indicator in {signal.indicator for signal in assessor.assess(id="1", title=None, text=text).signals}


@pytest.mark.parametrize(
    "text",
    [
        "[TB] TẶNG 100% GIÁ TRỊ khi Quý khách nạp tiền điện thoại trong ngày, chi tiết gọi 198",
        "Isi pulsa hari ini dapat bonus 20% kuota, depo mulai 10rb, berlaku sampai jam 24.00",
        "Aaj recharge par 20% cashback, plan me 1.5GB roz",
        "Top up today and get a 20% bonus on every recharge, dial *121#",
        "Ongeza salio leo upate bonasi ya 50% kwa kila recharge, piga *149#",
    ],
)
def test_top_up_promotions_ask_nobody_to_deposit_for_work(assessor: Assessor, text: str) -> None:
    """An operator's own bonus is no commission."""
    made = assessor.assess(id="1", title=None, text=text)
    assert not made.flagged
    assert "deposit_commission" not in {signal.indicator for signal in made.signals}


@pytest.mark.parametrize("text", ["CS kripto kamboja", "loker cs kripto kamboja, chat sample_hr", "客服 加密货币 柬埔寨"])
def test_crypto_support_in_cambodia_is_no_organ_trade(assessor: Assessor, text: str) -> None:
    """A trade is named by a phrase of its own only."""
    assert assessor.assess(id="1", title=None, text=text).tag in ("none", "scam_compound", "money_scam")
