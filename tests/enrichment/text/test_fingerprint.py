"""Copies share bands whatever contact, pay, date or spelling of accents they carry; different texts do not."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrichment.text.fingerprint import BANDS, LEAST, fingerprint, likeness, shingles

VIETNAMESE = (
    "TUYỂN GẤP nhân viên chăm sóc khách hàng. Việc nhẹ lương cao, không cần bằng cấp, bao ăn ở, công ty lo giấy tờ và xe đón. "
    "Nhắn Telegram @sample_one_hr, lương 22 triệu, đi ngày 12/03/2026."
)
PLAIN = (
    "tuyen gap nhan vien cham soc khach hang. viec nhe luong cao, khong can bang cap, bao an o, cong ty lo giay to va xe don. "
    "nhan telegram t.me/other_two_hr, luong 9 trieu, di ngay 01-04."
)
CHINESE = (
    "高薪诚聘打字员客服，包吃包住包机票，无需经验，年龄十八至三十五岁，月薪两万起，公司位于西港，联系微信sample_gh8866，"
    "名额有限速来报名，团队氛围好，每月准时发放工资，随时可以离职，绝不收取任何费用。"
)


def _bands_shared(one, two):
    return len(set(fingerprint(one).bands) & set(fingerprint(two).bands))


def test_contact_pay_date_and_accents_change_nothing():
    assert _bands_shared(VIETNAMESE, PLAIN) == BANDS


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (CHINESE, CHINESE.replace("sample_gh8866", "other77_b").replace("，", ",")),
        (CHINESE, CHINESE.replace("高薪诚聘", "高薪誠聘").replace("机票", "機票")),
        (VIETNAMESE, VIETNAMESE.upper()),
        (VIETNAMESE, VIETNAMESE.replace("lương", "lư\u200bơng")),
        (PLAIN[:118], PLAIN[:118].translate({code: code + 0xFEE0 for code in range(ord("a"), ord("t"))})),
    ],
)
def test_disguised_copies_are_the_same_text(one, two):
    assert likeness(shingles(one), shingles(two))[0] > 0.9
    assert _bands_shared(one, two) > BANDS // 2


def test_different_adverts_share_no_band_and_little_text():
    honest = (
        "Nhà hàng tại Đà Nẵng cần tuyển phụ bếp và phục vụ bàn, làm theo ca, lương theo thoả thuận, có đóng bảo hiểm đầy đủ. "
        "Nộp hồ sơ trực tiếp tại quầy từ thứ hai đến thứ sáu trong giờ hành chính."
    )
    assert _bands_shared(VIETNAMESE, honest) == 0
    assert likeness(shingles(VIETNAMESE), shingles(honest))[0] < 0.1


def test_too_little_text_has_no_bands():
    found = fingerprint("Tuyển CSKH, ib")
    assert (found.bands, found.shingles < LEAST) == ((), True)
    assert fingerprint("").shingles == 0


def test_recall_of_planted_copies_is_what_the_formula_says():
    """A copy with one of ten sentences new has J about 0.8: of 300, all but at most two share a band."""
    chance = random.Random(7)
    words = ["".join(chance.choice("abcdeghiklmnopqrstuvxy") for _ in range(chance.randint(2, 8))) for _ in range(900)]

    def sentence():
        return " ".join(chance.choice(words) for _ in range(9)) + ". "

    missed = 0
    for _ in range(300):
        text = [sentence() for _ in range(10)]
        copy = text.copy()
        copy[chance.randrange(10)] = sentence()
        missed += not _bands_shared("".join(text), "".join(copy))
    assert missed <= 2


@given(st.text(max_size=300))
def test_any_text_has_a_fingerprint_that_never_changes(raw):
    assert fingerprint(raw) == fingerprint(raw)
    assert likeness(shingles(raw), shingles(raw))[0] in (0.0, 1.0)


def test_broken_surrogates_raise_nothing():
    assert fingerprint("\ud800 việc nhẹ " * 40).shingles > 0
