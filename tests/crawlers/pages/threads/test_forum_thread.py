"""A thread gives one posting a post; only who opens it is named, and quotes are nobody's words."""

from datetime import UTC, datetime

import pytest

from crawlers.pages.document import PageDocument
from crawlers.pages.threads import forum_thread as forum
from crawlers.pages.threads.forum_thread import thread_title
from tests.growth import LIMIT, MORE, growth

URL = "https://forum.example.org/viewtopic.php?t=1"
TITLE = '<html id="phpbb"><h2 class="topic-title"><a>Tuyển đầu bếp</a></h2>'


def post(number: int, author: str, content: str) -> str:
    return (
        f'<div class="post has-profile" id="p{number}"><p class="author"><a class="username">{author}</a> '
        f'<time datetime="2025-03-01T10:00:00+00:00">x</time></p><div class="postbody"><div class="content">{content}'
        "</div></div></div>"
    )


THREAD = (
    TITLE + post(
        11, "sample_a",
        "<blockquote>quoted</blockquote>Cook wanted. <a href='https://t.me/sample_ops'>t</a><a href='javascript:x'>j</a>",
    ) + post(12, "sample_b", "Me too") + post(13, "sample_c", "<blockquote>only</blockquote>")
)  # fmt: skip


def test_only_the_opening_post_is_named() -> None:
    page = forum.parse(PageDocument(THREAD, URL))
    opening, reply = page.postings
    assert (opening.text, opening.author, opening.title) == ("Cook wanted. tj", "sample_a", "Tuyển đầu bếp")
    assert (opening.url, opening.native_id) == (f"{URL}#p11", "post/11")
    assert (opening.contacts, opening.posted_at) == (("https://t.me/sample_ops",), datetime(2025, 3, 1, 10, tzinfo=UTC))
    assert (reply.text, reply.author) == ("Me too", None)
    assert (reply.title, reply.thread_title, reply.heading) == (None, "Tuyển đầu bếp", "Tuyển đầu bếp")
    assert page.facts == {"software": "phpbb", "first_author": "sample_a"}


def test_a_post_of_quotes_alone_is_rejected_by_name() -> None:
    page = forum.parse(PageDocument(THREAD, URL))
    assert [(reject.url, reject.reason) for reject in page.rejected] == [(f"{URL}#p13", "no_text")]


def test_a_later_page_of_a_thread_names_nobody() -> None:
    page = forum.parse(
        PageDocument(TITLE + post(30, "sample_a", "Still open"), "https://forum.example.org/viewtopic.php?t=1&page=3")
    )
    assert [posting.author for posting in page.postings] == [None]


@pytest.mark.parametrize(
    ("at", "before", "after", "named"),
    [
        ("topic/5001-cook/", "forum/12-jobs/", "topic/5001-cook/page/2/", "sample_a"),
        ("topic/5001-cook/", "forum/12-jobs/", "", "sample_a"),
        ("topic/5001-cook", "topic/5001-cook?lang=en&page=1", "topic/5001-cook?lang=en&page=2", "sample_a"),
        ("index.php?topic=5001.20", "index.php?topic=5001.0", "", None),
        ("viewtopic.php?p=6001", "viewtopic.php?t=5001", "", None),
    ],
)
def test_the_forum_above_is_no_page_before_a_thread(at: str, before: str, after: str, named: str | None) -> None:
    links = "".join(f'<link rel="{rel}" href="/{href}">' for rel, href in (("prev", before), ("next", after)) if href)
    page = forum.parse(PageDocument(links + THREAD, f"https://forum.example.org/{at}"))
    assert page.postings[0].author == named


def test_an_index_leads_to_its_threads() -> None:
    topics = "".join(f'<a class="topictitle" href="/viewtopic.php?t={n}#p9">Cook {n}</a>' for n in (1, 2))
    page = forum.parse(PageDocument(f'{TITLE}{topics}<a class="topictitle" href="javascript:x">evil</a>', URL))
    assert page.links == ("https://forum.example.org/viewtopic.php?t=1", "https://forum.example.org/viewtopic.php?t=2")


@pytest.mark.parametrize(
    ("text", "speaks"), [(THREAD, True), ("phpBB", False), ("", False), ("<p>Cook wanted, see phpBB</p>", False)]
)
def test_a_mark_alone_is_no_thread(text: str, speaks: bool) -> None:
    assert forum.speaks(PageDocument(text, URL)) is speaks


def test_deep_quotes_are_linear_work() -> None:
    def read(text: str) -> None:
        forum.parse(PageDocument(text, URL))

    def quoted(depth: int) -> str:
        return TITLE + post(1, "sample_a", "<blockquote>" * depth + "x")

    assert growth(read, quoted(500), quoted(500 * MORE)) <= LIMIT


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
