"""A page that shows no advert says that it is over; words of a working page do not."""

import pytest

from crawlers.pages.postings.plain import CLOSED
from desk.rechecks.ended_words import says_ended


@pytest.mark.parametrize(
    "said",
    [
        "We couldn't find that job", "The opening is no longer listed", "Ogłoszenie jest nieaktualne", "이 공고는 마감되었습니다",
        "この求人は掲載を終了しました", "Die Anzeige ist leider abgelaufen", "ไม่พบประกาศที่คุณต้องการ", "Bài đăng này đã được đóng",
    ],
)  # fmt: skip
def test_an_end_is_read_from_a_thing_and_its_end(said):
    assert says_ended(f"Board Log in {said}")


@pytest.mark.parametrize(
    "said",
    [
        "Find your next job. Post an ad.", "The shop is closed on Sunday. New jobs daily", "急招客服，职位不限，包吃住",
        "Tuyển nhân viên, không cần kinh nghiệm", "Nous recrutons: plus de 300 offres", "Вакансии компании",
    ],
)  # fmt: skip
def test_a_working_page_says_no_end(said):
    assert not says_ended(said)


def test_open_for_applications_is_no_end():
    """The Thai words for open and closed differ in one letter before."""
    assert not says_ended("ประกาศ เปิดรับสมัครแล้ววันนี้")
    assert not CLOSED.search("เปิดรับสมัครแล้ววันนี้")
    assert CLOSED.search("ปิดรับสมัครแล้ว")
