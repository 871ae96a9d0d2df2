"""No contact, account or name leaves in a sentence, and each comes back where it stood. All names and numbers are invented."""

import msgspec
import pytest

from desk.translation.text_mask import LONGEST, MOST, mask_sentence, masked_sentences, restore_words
from enrichment.assessment import Language
from enrichment.contacts.extract import contacts

FORMS = (
    """
Telegram: @{h} | telegram {h} | tele @{h} inbox | Add me on t.me/{h} | https://t.me/{h} | Zalo {n} | zalo: {n}
WhatsApp +84 {n} | wa.me/84{d} | Viber {n} (chị Lan) | LINE ID: {h} | line id {h} | ไลน์ {h} | ไลน์ไอดี: {h}
微信：{h} | 微信号 {h} | 加微信{h} | wechat id {h} | vx: {h} | QQ：{d} | mail {h}@example.org | {h} [at] example [dot] org
E-mail: {h}@mail.example.com! | FB: facebook.com/{h} | fb {h} | Instagram {h} | ig: @{h} | TikTok @{h}
skype:{h} | hotline {n} | Call {n} now | SĐT {s} | 电话 {d} | โทร {n} | Kontak WA {n} | Телеграм @{h}
телеграм: {h} | вайбер {n} | www.{h}.example.org/apply | http://{h}.example.net | {h}_hr | @{h} | Signal {n}
kakao id {h} | liên hệ em Mai {n} | Contact Mr Tran Binh {n} | Chị Ngọc zalo {s} | ib @ {h} | ｔｅｌｅ @{h}
@\u200b{h}
""".strip()
    .replace("\n", " | ")
    .split(" | ")
)
"""Forms of contacts: {h} a handle, {n} a number in groups, {s} one with dots, {d} digits."""
FRAMES = {
    "en": "Work abroad, good pay. {} Free room! Come soon", "vi": "Việc nhẹ lương cao. {} Bao ăn ở! Đi ngay",
    "th": "งานดี เงินดี {} มีที่พัก สนใจ", "zh": "高薪招聘。{} 包吃住！",
}  # fmt: skip


def planted(code, number):
    """Return four texts' worth of forms with a handle and numbers of their own, the text and what must not leave."""
    form = FORMS[number % len(FORMS)]
    handle, digits = f"zq{code}hr{number:03}x", f"09{number:03}{number * 7 % 1000:03}4{number % 10}"
    grouped, dotted = f"{digits[:4]} {digits[4:7]} {digits[7:]}", f"{digits[:4]}.{digits[4:7]}.{digits[7:]}"
    words = form.format(h=handle, n=grouped, d=digits, s=dotted)
    return FRAMES[code].format(words), [handle] if "{h}" in form else [grouped, dotted, digits]


@pytest.fixture
def assessed(record):
    """Return a function that makes a record of a text with the contacts that enrichment finds in it."""

    def make(text, code="vi", title=None):
        language = Language(code=code, script="Latn", confidence=1.0)
        made = record(title=title, text=text)
        found = contacts(f"{title or ''}\n{text}", language)
        return msgspec.structs.replace(
            made, assessment=msgspec.structs.replace(made.assessment, contacts=found, language=language)
        )

    return make


def sent(record, text):
    return [mask_sentence(text, one) for one in masked_sentences(record, text, 1)]


def test_two_hundred_planted_handles_none_leaves(assessed):
    texts = [(code, *planted(code, number)) for number in range(50) for code in FRAMES]
    assert len(texts) == 200
    leaked = []
    for code, text, secrets in texts:
        left = " ".join(sent(assessed(text, code), text))
        leaked += [(code, text, left) for secret in secrets if secret in left]
    assert leaked == []


def test_none_leaves_either_when_enrichment_found_nothing(record):
    """An older assessment may not have it."""
    texts = [(code, *planted(code, number)) for number in range(50) for code in FRAMES]
    leaked = []
    for code, text, secrets in texts:
        made = record(title=None, text=text, language=code)
        left = " ".join(sent(made, text))
        leaked += [(code, text, left) for secret in secrets if secret in left]
    assert leaked == []


def test_the_words_around_stay_so_that_they_can_be_translated(assessed):
    text = "Tuyển nhân viên chat. Liên hệ Telegram @bright_hr_demo để biết thêm! Lương 1500$."
    assert sent(assessed(text), text) == [
        "Tuyển nhân viên chat.", "Liên hệ Telegram ⟦1⟧ để biết thêm!", "Lương 1500$.",
    ]  # fmt: skip


def test_of_writing_without_spaces_the_name_alone_is_masked(assessed):
    text = "日入过万加微信zq_hr01聊聊工作内容，飞机@zqhr02x代理介绍"
    assert sent(assessed(text, "zh"), text) == ["日入过万加微信⟦1⟧聊聊工作内容,飞机⟦2⟧代理介绍".replace(",", "，")]


def test_each_masked_part_comes_back_where_the_engine_put_it(assessed):
    text = "Mail hr@example.org or call 0901 234 567"
    (sentence,) = masked_sentences(assessed(text, "en"), text, 1)
    restored = restore_words(text, sentence, "Appelez ⟦2⟧ ou écrivez à ⟦ 1 ⟧")
    assert (restored.words, restored.complete) == ("Appelez 0901 234 567 ou écrivez à hr@example.org", True)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("Appelez", "Appelez"), ("⟦1⟧ ⟦1⟧ ⟦2⟧", "hr@example.org hr@example.org 0901 234 567"), ("⟦7⟧ ⟦0⟧", "… …"),
        ("⟦99999⟧", "⟦99999⟧"), ("a\u202eb\x00c\n<b>", "abc <b>"),
    ],
)  # fmt: skip
def test_what_a_lying_engine_makes_of_them_is_told(assessed, answer, words):
    text = "Mail hr@example.org or call 0901 234 567"
    (sentence,) = masked_sentences(assessed(text, "en"), text, 1)
    restored = restore_words(text, sentence, answer)
    assert (restored.words, restored.complete) == (words, False)


def test_an_answer_far_longer_than_its_sentence_is_cut(assessed):
    text = "Việc nhẹ"
    (sentence,) = masked_sentences(assessed(text), text, 1)
    restored = restore_words(text, sentence, "x" * 1_000_000)
    assert len(restored.words) == 201
    assert not restored.complete


def test_brackets_of_the_text_are_no_numbers_of_ours(assessed):
    text = "Lương ⟦1⟧ triệu, zalo 0901 234 567"
    (sentence,) = masked_sentences(assessed(text), text, 1)
    assert mask_sentence(text, sentence) == "Lương [1] triệu, zalo ⟦1⟧"


def test_long_texts_and_sentences_are_bounded(assessed):
    text = "từ " * 20_000
    found = masked_sentences(assessed(text), text, 1)
    assert max(one.end - one.start for one in found) <= LONGEST
    assert found[-1].end <= MOST


@pytest.mark.parametrize("text", ["", "\n\n", "😀😀", "@bright_hr_demo", "... !!! ???", "⟦1⟧"])
def test_what_has_no_words_is_not_sent(assessed, text):
    assert sent(assessed(text), text) == []
