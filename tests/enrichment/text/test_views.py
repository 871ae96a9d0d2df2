"""Views fold disguises away for matching, and every position leads back to the raw text."""

import random

import pytest

from enrichment.text.views import Views, bare, dense, fold, views


def spans_hold(found: Views) -> None:
    for view in found.distinct():
        last = 0
        for place in range(len(view.text)):
            start, end = view.span(place, place + 1)
            assert 0 <= start < end <= len(found.raw)
            assert view.offset(place) == start >= last
            last = start
        assert view.offset(len(view.text)) <= len(found.raw)


@pytest.mark.parametrize(
    ("raw", "name", "seen"),
    [
        ("ＴＥＬＥ：ａｂｃ", "folded_view", "tele:abc"), ("٠١٢ ០៩ ๐๙ ໐໙ ၀၉ ०९", "folded_view", "012 09 09 09 09 09"),
        ("0️⃣9️⃣ ①⑨", "folded_view", "09 19"), ("V\u200biệc \u202enh\u2060ẹ", "folded_view", "việc nhẹ"),
        ("Ѕurrоgаtе mоthеrs", "folded_view", "surrogate mothers"), ("𝐄𝐚𝐬𝐲 𝓳𝓸𝓫 🅹🅾🅱", "folded_view", "easy job job"),
        ("高薪招聘國際客服", "folded_view", "高薪招聘国际客服"), ("أفضل وظيفة", "folded_view", "افضل وظیفه"),
        ("น้ํา", "folded_view", "น้ำ"), ("Vie\u0323\u0302c", "folded_view", "việc"), ("Đường Straße", "bare", "duong strasse"),
        ("高 薪 招-聘", "dense", "高薪招聘"), ("ລະ ວັ ງ", "dense", "ລະວັງ"), ("숙식 제공", "dense", "숙식제공"),
        ("V.i.ệ.c n.h.ẹ", "joined_view", "việc nhẹ"), ("nhắn t e l e abc", "joined_view", "nhắn tele abc"),
        ("bán th.ận", "joined_view", "bán thận"), ("C ầ n  n g ư ờ i  đ i  C a m", "joined_view", "cần người đi cam"),
        ("v!ệc l0wong 1ương c4mb0dia", "unleet", "việc lowong lương cambodia"), ("Fr33 t1cket", "unleet", "free ticket"),
        ("free ✈️ 🏠", "emoji_view", "free  flight   house "), ("🇰🇭", "emoji_view", " cambodia "),
    ],
)  # fmt: skip
def test_a_view_undoes_its_disguise(raw: str, name: str, seen: str) -> None:
    found = views(raw)
    assert getattr(found, name).text == seen
    spans_hold(found)


def test_pay_dates_and_addresses_are_no_leetspeak() -> None:
    for raw in (
        "lương 25tr, ca 8h-17h30",
        "hr@b4se.example.org",
        "@user_22",
        "https://example.org/a1b2",
        "visa E8, quận 7, 13th month",
    ):
        assert views(raw).unleet is views(raw).folded_view or views(raw).unleet.text == views(raw).folded_view.text


def test_addresses_are_not_joined() -> None:
    found = views("hr@a.example.org www.example.org t.me/abc example.com")
    assert found.joined_view.text == found.folded_view.text


def test_russian_stays_russian_beside_latin_names() -> None:
    found = views("Работа в Telegram и WhatsApp, оплата в USDT")
    assert found.folded_view.text == "работа в telegram и whatsapp, оплата в usdt"
    assert "confusables" not in found.disguise_counts


def test_a_latin_letter_hidden_in_russian_is_set_right_and_counted() -> None:
    found = views("Ищем мoдeли для рaботы")
    assert found.folded_view.text == "ищем модели для работы"
    assert found.disguise_counts["confusables"] == 3


def test_each_removal_is_counted_by_kind_and_the_raw_text_stays() -> None:
    raw = "V\u200biệc n.h.ẹ \u202eＡ v1ệc ✈️"
    found = views(raw)
    assert found.disguise_counts == {"zero_width": 1, "dotted": 2, "bidi": 1, "full_width": 1, "leet": 1, "emoji": 1}
    assert found.raw == raw


def test_joiners_where_a_script_needs_them_are_no_disguise() -> None:
    for raw in ("ශ්‍රී ලංකා", "ការងារ\u200bល្អ", "👩‍⚕️", "می‌خواهم"):
        assert "zero_width" not in views(raw).disguise_counts


def test_a_plain_text_has_one_view() -> None:
    assert [view.name for view in views("Nhan vien cham soc khach hang, luong 9-11 trieu").distinct()] == ["folded"]


def test_phrases_fold_as_texts_do() -> None:
    assert fold("Đi Làm NGAY") == "đi làm ngay"
    assert bare("Đi Làm NGAY") == "di lam ngay"
    assert dense("高薪 招聘") == "高薪招聘"


def test_burmese_signs_typed_in_another_order_fold_alike() -> None:
    assert fold("ကို") == fold("ကုိ")


def test_zawgyi_folds_as_unicode_and_leads_back_to_what_was_typed() -> None:
    raw = "ဖုန္း ေနရာတိုင္းလိုလို အေဖာက္ခံေနရတယ္"
    found = views(raw)
    assert found.zawgyi
    assert found.folded_view.text == fold("ဖုန်း နေရာတိုင်းလိုလို အဖောက်ခံနေရတယ်")
    spans_hold(found)
    place = found.folded_view.text.index("နေရာ")
    start, end = found.folded_view.span(place, place + 2)
    assert raw[start:end] == "ေန"
    assert not views("နေရာတိုင်းလိုလို အဖောက်ခံနေရတယ်").zawgyi


def test_spans_of_a_hit_cover_the_disguise() -> None:
    raw = "xx b\u200bá.n t.h.ậ.n yy"
    view = views(raw).joined_view
    start = view.text.index("thận")
    first, end = view.span(start, start + 4)
    assert raw[first:end] == "t.h.ậ.n"


def test_any_string_folds() -> None:
    random.seed(7)
    for _ in range(300):
        raw = "".join(
            chr(random.choice((random.randrange(0x80), random.randrange(0x3000), random.randrange(0x110000)))) for _ in range(60)
        )
        spans_hold(views(raw))
    assert views("").folded_view.text == ""
    assert views("\ud800 \udfff").folded_view.text == "\ufffd \ufffd"


@pytest.mark.parametrize("unit", ["a.", "a ", "1a", "ก ", "е a", "\u200b", "🇰", "e\u0301", "@a.", "áx1"])
def test_a_megabyte_of_one_disguise_is_folded_in_seconds(unit: str) -> None:
    found = views(unit * (1_000_000 // len(unit)))
    for view in found.distinct():
        assert len(view.text) <= 2 * len(found.raw)
    assert found.disguise_counts is not None


def test_emoji_are_read_as_words_of_the_texts_language_where_it_is_known() -> None:
    assert "passport" in views("🛂 stays with boss").worded_in("en").text
    assert "paspor" in views("🛂 dipegang bos").worded_in("id").text
    assert "护照" in views("🛂 老板拿").worded_in("zh").text
    assert "passport" in views("🛂 hos chefen").worded_in("sv").text
    plain = views("no emoji here")
    assert plain.worded_in("en") is plain.folded_view


def test_digits_in_cyrillic_words_are_cyrillic_letters() -> None:
    assert views("Р4б0т4 в 0фисе, 6есплатно, 4ат").unleet.text == "работа в офисе, бесплатно, чат"
    assert views("зарплата 3000 в месяц").unleet.text == "зарплата 3000 в месяц"
