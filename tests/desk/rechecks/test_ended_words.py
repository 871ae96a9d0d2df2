"""A page that shows no advert says that it is over; words of a working page do not."""

import pytest

from crawlers.pages.postings.plain import CLOSED
from desk.rechecks.shown_words import read_end


@pytest.mark.parametrize(
    "said",
    [
        "We couldn't find that job", "The opening is no longer listed", "Ogłoszenie jest nieaktualne", "이 공고는 마감되었습니다",
        "この求人は掲載を終了しました", "Die Anzeige ist leider abgelaufen", "ไม่พบประกาศที่คุณต้องการ", "Bài đăng này đã được đóng",
    ],
)  # fmt: skip
def test_an_end_is_read_from_a_thing_and_its_end(said):
    assert read_end(f"Board Log in {said} Your account") == "ended"


@pytest.mark.parametrize(
    "said",
    [
        "This page is not available in your country.", "This content isn't available in your country due to a legal request.",
        "Объявление недоступно в вашей стране.", "该页面在您所在的地区不可用。", "Esta página no está disponible en tu país.",
        "Cette page n'est pas disponible dans votre pays.", "Diese Seite ist in Ihrem Land nicht verfügbar.",
        "Halaman ini tidak tersedia di negara Anda.", "หน้านี้ไม่พร้อมใช้งานในประเทศของคุณ", "هذه الصفحة غير متاحة في بلدك",
        "Trang này không tìm thấy tại khu vực của bạn", "यह पेज आपके देश में उपलब्ध नहीं है",
        "The page is temporarily unavailable. Please try again later.", "Страница временно недоступна.",
        "This page is currently unavailable because of maintenance.", "Halaman sedang tidak tersedia untuk sementara.",
        "Your login has expired, please sign in to view the advert.", "登录已过期，请重新登录后查看该职位。",
        "Phiên đăng nhập đã hết hạn, vui lòng đăng nhập để xem tin này.", "Сессия истекла, войдите, чтобы увидеть объявление.",
    ],
)  # fmt: skip
def test_what_is_kept_from_us_is_not_over(said):
    """A region, a fault of today, our own session: each counted as a removal, with hours, on the platform's card."""
    assert read_end(f"Board {said}") == "kept"
    assert read_end(f"Board {said}. This job has expired.") == "ended"


@pytest.mark.parametrize(
    "said",
    [
        "This temporary job has expired.", "This job has expired - see similar jobs in your area",
        "Jobs in your area This job has expired", "This account has been suspended",
        "Cette offre a expiré, voir les offres dans votre région", "Esta oferta ha caducado, mira ofertas en tu zona",
        "Tin tuyển dụng này đã hết hạn, xem việc làm tại khu vực của bạn",
    ],
)  # fmt: skip
def test_an_end_that_leads_to_adverts_near_us_or_is_of_somebody_s_account_is_one(said):
    """Each was taken for a page that is kept from us, so that a removal did not count."""
    assert read_end(f"Board {said}") == "ended"


@pytest.mark.parametrize(
    "said",
    [
        "Find your next job. Post an ad.", "The shop is closed on Sunday. New jobs daily", "急招客服，职位不限，包吃住",
        "Tuyển nhân viên, không cần kinh nghiệm", "Nous recrutons: plus de 300 offres", "Вакансии компании",
    ],
)  # fmt: skip
def test_a_working_page_says_no_end(said):
    assert not read_end(said)


def test_open_for_applications_is_no_end():
    """The Thai words for open and closed differ in one letter before."""
    assert not read_end("ประกาศ เปิดรับสมัครแล้ววันนี้")
    assert not CLOSED.search("เปิดรับสมัครแล้ววันนี้")
    assert CLOSED.search("ปิดรับสมัครแล้ว")
