"""Where words end in writing without spaces, and that no letter is cut in two."""

from collections import Counter
from pathlib import Path

import pytest

from enrichment.assess import Assessor, PostingText
from enrichment.text.unspaced import inside_letter, joins_letters, splits_a_word, whole_words, word_across, writing
from evaluation.labelled_listings import Listing


def test_a_word_of_such_writing_is_found_from_inside_and_not_at_its_ends() -> None:
    """A phrase that begins inside another word is no hit."""
    assert word_across("招聘顾客服务", 3) == (2, 4)
    assert word_across("招聘顾客服务", 2) is None
    assert word_across("招聘顾客服务", 0) is None


def test_words_parted_by_spaces_or_of_two_writings_meet_nowhere() -> None:
    """Their ends are seen without a dictionary."""
    for text, place in (("good work", 2), ("高薪work", 2), ("งานดี高薪", 5), ("", 0), ("高", 1)):
        assert not joins_letters(text, place)
        assert word_across(text, place) is None


def test_a_vowel_or_tone_belongs_to_its_letter() -> None:
    """Thai sign, Khmer letter below."""
    assert inside_letter("ที่", 1)
    assert inside_letter("ស្រី", 2)
    assert not inside_letter("高薪", 1)


@pytest.mark.parametrize("place", [-5, 0, 1, 3, 10_000, 19_999, 20_000, 10**9])
def test_a_run_of_any_length_and_any_place_are_read(place: int) -> None:
    """As many letters around a place as are needed, no more."""
    found = word_across("高薪" * 10_000, place)
    assert found is None or found[0] < place < found[1]


def test_only_letters_of_such_writing_have_a_number() -> None:
    """Digits and signs between phrases are none."""
    assert [writing(char) for char in "aя1๑。 "] == [None] * 6
    assert writing("高") == writing("カ") != writing("ก")


@pytest.mark.parametrize(
    ("raw", "part", "whole"),
    [
        ("all passports kept", "passport", "passports"), ("write to @sample_hr_09 now", "sample_hr_0", "sample_hr_09"),
        ("墊300退345元", "墊300退3", "墊300退345"), ("работать удалённо", "работ", "работать"),
        ("日領8000元", "日領8", "日領8000"), ("包吃住宿舍", "包吃住", "包吃住"), ("นายหน้าพาไป", "นายหน้า", "นายหน้า"),
        ("नौकरी चाहिए", "नौकर", "नौकरी"), ("テレグラムで連絡", "テレグラ", "テレグラム"), ("มีสคริปต์ให้อ่าน", "สคริป", "สคริปต์"),
        ("ຖືກຍຶດໂທລະສັບ", "ໂທ", "ໂທລະສັບ"), ("ប្រាក់ខែ១២០០ដុល្លារ", "១២", "១២០០"), ("ရန်ကုန်မှာ သတိပေးချက်", "သတိပေး", "သတိပေးချက်"),
        ("งานตอบแชทลูกค้า", "ตอบแชท", "ตอบแชท"),
    ],
)  # fmt: skip
def test_a_span_is_widened_to_the_word_it_stands_in(raw: str, part: str, whole: str) -> None:
    """Letters, digits, underscores and marks; in writing without spaces what ICU's dictionaries hold."""
    start = raw.index(part)
    first, last = whole_words(raw, start, start + len(part))
    assert raw[first:last] == whole


def test_no_signal_of_a_carried_text_cuts_a_word_in_two(assessor: Assessor, labelled: list[Listing]) -> None:
    """Some texts of each language."""
    signals = 0
    for made, item in zip(
        assessor.assess_all(PostingText(one.id, one.title, one.text) for one in labelled[::2]), labelled[::2], strict=True
    ):
        for signal in made.signals:
            signals += 1
            assert item.raw[signal.start : signal.end] == signal.text
            assert " " in signal.gloss, "a reason is more than a word"
            assert whole_words(item.raw, signal.start, signal.end) == (signal.start, signal.end), signal
    assert signals > 1000


@pytest.mark.parametrize(
    ("text", "part", "word"),
    [
        ("服装成品仓库", "装成", "服装"), ("语言富有感染力", "有感染", "富有"), ("招测试工程师", "试工", "测试"),
        ("私立医院", "私", "私立"), ("网投资有限公司", "网投", "投资"),
    ],
)  # fmt: skip
def test_a_phrase_inside_other_words_is_none(text: str, part: str, word: str) -> None:
    """The longer word says something else."""
    start = text.index(part)
    assert splits_a_word(text, start, start + len(part), "") == word


@pytest.mark.parametrize(
    ("text", "part", "phrases"),
    [
        ("手机交出来", "手机交出", ""), ("会用翻译器就行", "翻译", ""), ("底薪一万二", "一万", ""),
        ("提供客房", "提供客", "客房"), ("passport", "pass", ""),
    ],
)  # fmt: skip
def test_a_word_that_goes_on_with_the_phrase_means_the_same(text: str, part: str, phrases: str) -> None:
    """Complements, suffixes, numbers, and words that another phrase of the indicator holds."""
    start = text.index(part)
    assert splits_a_word(text, start, start + len(part), phrases) is None


@pytest.mark.parametrize(
    ("language", "kept", "dropped"), [("th", 20, 13), ("lo", 20, 17), ("km", 20, 14), ("my", 20, 13), ("ja", 20, 17)]
)
def test_short_phrases_are_told_from_parts_of_words(language: str, kept: int, dropped: int) -> None:
    """Of 20 places where a short phrase of the lexicon stands and 20 inside longer words, at least so many are judged right."""
    right: Counter[str] = Counter()
    for line in Path(__file__).with_name("word_breaks.tsv").read_text().splitlines():
        spoken, stands, phrase, text = line.split("\t")
        start = text.index(phrase)
        word = splits_a_word(text, start, start + len(phrase), "")
        right[stands] += spoken == language and (word is None) == (stands == "1")
    assert right["1"] >= kept
    assert right["0"] >= dropped


@pytest.mark.parametrize(
    ("text", "part"),
    [("ຊອກຄູ່ຊີວິດ", "ຄູ"), ("ปี หากลาออกก่อนครบสัญญา", "ปี หากลาออกก"), ("កិច្ចសន្យាមានត្រា", "យាម"), ("ပင်လယ်လှိုင်းကြီးသည်", "လှိုင်")],
)
def test_no_phrase_of_any_length_ends_inside_a_letter(text: str, part: str) -> None:
    """A vowel, a tone or a stacked letter makes another syllable."""
    start = text.index(part)
    assert splits_a_word(text, start, start + len(part), "") is not None


@pytest.mark.parametrize(
    ("text", "indicator"),
    [
        ("负责接听电话，回答顾客各种问题，提前准备资料", "cover_story"), ("打印机用四联单，一式四份，开具发票", "prepaid_return"),
        ("普通话标准，语言富有感染力", "warning"), ("某网投资有限公司招聘出纳", "gambling_staff"),
    ],
)  # fmt: skip
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
    assert assessor.assess(id="1", title=None, text=text).tag in ("none", "unstated", "scam_compound", "money_scam")


@pytest.mark.parametrize("text", ["office interview approved", "Office interview approved, 5000 per day, fly within 3 days"])
def test_an_approved_office_interview_is_no_honest_term(assessor: Assessor, text: str) -> None:
    """Nobody is asked to come anywhere."""
    assert "honest" not in {signal.family for signal in assessor.assess(id="1", title=None, text=text).signals}
