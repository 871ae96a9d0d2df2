"""What a step clicks and what it leaves alone, in the words boards use."""

from typing import Any

import pytest

from crawlers.fetch.handlers.step_runner import wall_behind


def element(**told: Any) -> dict[str, Any]:
    """Return what the browser tells of an element."""
    return {"words": "", "names": "", "around": "", "href": "", "password": False, "disabled": False, **told}


@pytest.mark.parametrize(
    "told",
    [
        {"words": "Load more listings", "names": "load_more_jobs"},
        {"words": "Xem thêm việc làm"},
        {"words": "Show phone number", "names": "btn showphone"},
        {"words": "Hiện số", "href": "https://board.example/viec-lam/12#"},
        {"words": "แสดงเบอร์โทร"},
        {"words": "查看联系方式"},
        {"words": "Accept all", "around": "We value your privacy. Cookies help us. You may sign in at any time."},
        {"words": "Đồng ý", "around": "Trang này dùng cookie."},
        {"words": "Show contact", "around": "Night cook, must be over 18. " * 40},
        {"words": "Show more", "names": "author-logins-none blog-in"},
    ],
    ids=str,
)
def test_what_a_visitor_may_click_is_clicked(told: dict[str, Any]) -> None:
    assert wall_behind(element(**told)) == ""


@pytest.mark.parametrize(
    ("told", "wall"),
    [
        ({"words": "Đăng nhập để xem số điện thoại"}, "a log-in"),
        ({"words": "Log in to view contact"}, "a log-in"),
        ({"words": "查看", "names": "btn js-login-popup"}, "a log-in"),
        ({"words": "Show", "href": "https://board.example/login?next=/ad/1"}, "a log-in"),
        ({"words": "Continue", "password": True}, "a log-in"),
        ({"words": "登录后查看"}, "a log-in"),
        ({"words": "I'm not a robot"}, "a CAPTCHA"),
        ({"words": "Show", "names": "g-recaptcha"}, "a CAPTCHA"),
        ({"words": "点击", "around": "请完成验证码"}, "a CAPTCHA"),
        ({"words": "Enter", "around": "Are you over 18?"}, "an age check"),
        ({"words": "Tôi đã đủ 18 tuổi"}, "an age check"),
        ({"words": "Yes, I am 18+"}, "an age check"),
        ({"words": "ฉันอายุเกิน 18 ปี"}, "an age check"),
        ({"words": "Verify your identity"}, "an identity check"),
        ({"words": "Tiếp tục", "around": "Vui lòng xác minh danh tính bằng CCCD"}, "an identity check"),
        ({"words": "实名认证"}, "an identity check"),
    ],
    ids=str,
)
def test_what_looks_like_a_wall_is_never_clicked(told: dict[str, Any], wall: str) -> None:
    assert wall_behind(element(**told)) == wall
