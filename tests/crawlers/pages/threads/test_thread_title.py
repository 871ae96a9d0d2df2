"""A thread is called as its own heading says, never as the site, its menu or its log-in."""

import pytest

from crawlers.pages.document import PageDocument
from crawlers.pages.threads.thread_title import thread_title


@pytest.mark.parametrize(
    ("markup", "title"),
    [
        ("<title>Home</title><h1>Cook in Hue?</h1>", "Cook in Hue?"),
        ("<title>Login</title><meta property='og:title' content='Cook in Hue?'><h1>Home</h1>", "Cook in Hue?"),
        ("<title>Cook in Hue? - Sample Forum</title><h1>Sample Forum</h1><h2>Cook in Hue?</h2>", "Cook in Hue?"),
        ("<title>Cook - in Hue? | Sample</title>", "Cook - in Hue?"),
        ("<title>Sample - Login</title><h1>Menu</h1>", None),
        ("<title>Đăng nhập</title><h1>Trang chủ</h1><h2>x</h2>", None),
        ("<title>首页</title><h1>招厨师，包吃住</h1>", "招厨师，包吃住"),
        ("<meta property='og:site_name' content='Sample'><title>Sample</title><h1>Sample</h1>", None),
        ("", None),
    ],
)
def test_a_generic_title_is_passed_over(markup: str, title: str | None) -> None:
    assert thread_title(PageDocument(markup, "https://f.example.org/t/1"), None, None, None, frozenset()) == title


def test_what_the_software_or_structured_data_name_comes_first() -> None:
    document = PageDocument("<title>Cook</title><h1>Cook</h1>", "https://f.example.org/t/1")
    assert thread_title(document, "Cook in Hue", None, None, frozenset()) == "Cook in Hue"
    assert thread_title(document, "Home", "Night cook", None, frozenset()) == "Night cook"
