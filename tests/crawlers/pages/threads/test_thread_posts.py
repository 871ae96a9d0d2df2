"""Posts of unknown software are found by what they hold; lists, blogs and adverts are no threads."""
# ruff: noqa: E501 - markup is shown as it stands

import pytest

from crawlers.pages import page_families
from crawlers.pages.document import PageDocument
from crawlers.pages.threads.thread_posts import thread_posts
from tests.growth import LIMIT, MORE, growth

URL = "https://g.example.org/thread/77"


def post(number: int, text: str = "I asked there last year and heard nothing.") -> str:
    return (
        f'<div class="post" id="post-{number}"><a class="author" href="/user/{number}">sample_{number}</a>'
        f'<time datetime="2025-03-01T10:{number % 60:02}:00Z">x</time><div class="post-text">{text}</div></div>'
    )


def row(number: int) -> str:
    return (
        f'<li class="topic post" id="topic-{number}"><a class="title" href="/thread/{number}">Cook wanted in Hue, at night</a>'
        f'<a class="author" href="/user/{number}">sample_{number}</a><time datetime="2025-03-01">x</time></li>'
    )


def entry(number: int) -> str:
    return f'<article class="post-{number} hentry">{post(number)}</article>'


def job(number: int) -> str:
    return (
        f'<div class="job-card" id="job-{number}"><h3><a href="/job/{number}">Cook</a></h3><span class="company">Reef</span>'
        '<time datetime="2025-03-01">x</time><p>Night shifts in Hue, contract and insurance.</p></div>'
    )


@pytest.mark.parametrize(("part", "count"), [(post, 3), (row, 0), (entry, 0), (job, 0), (lambda number: "<p>Cook wanted</p>", 0)])
def test_only_a_thread_has_posts(part, count: int) -> None:
    assert len(thread_posts(PageDocument("".join(map(part, (11, 12, 13))), URL))) == count


def test_a_post_inside_another_is_not_its_words() -> None:
    inner = post(12, "An answer to the first, which nobody else saw.")
    outer = post(11).replace("</div></div>", f"</div>{inner}</div>")
    first, second = thread_posts(PageDocument(outer, URL))
    assert (first.author, second.author) == ("sample_11", "sample_12")
    assert "answer" not in first.content.text()


def test_two_names_in_one_post_name_nobody() -> None:
    both = post(11).replace("</a>", '</a> edited by <a class="author" href="/user/9">sample_9</a>')
    assert [found.author for found in thread_posts(PageDocument(both + post(12), URL))] == [None, "sample_12"]


def marked(kind: str, number: int, text: str) -> str:
    """Return a post as microdata mark it, with an editor and badges beside it and a comment inside."""
    return (
        f'<div class="cell" itemprop="x" itemscope itemtype="https://schema.org/{kind}"><div class="words" itemprop="text">{text}</div>'
        f'<div class="post-signature">edited <time datetime="2025-03-02">x</time><a class="user" href="/users/9">sample_editor</a></div>'
        f'<div class="post-signature owner"><time itemprop="dateCreated" datetime="2025-03-01T10:00:00Z">x</time><span class="author" '
        f'itemprop="author" itemscope itemtype="https://schema.org/Person"><a href="/users/{number}">sample_{number}</a></span>'
        '<span>12,345 gold badges, silver badges, bronze badges</span></div><ul><li class="comment" itemprop="comment" itemscope '
        'itemtype="https://schema.org/Comment"><p itemprop="text">Which street is it in?</p><a class="user" href="/users/8">sample_8</a>'
        "<time>x</time></li></ul></div>"
    )


QUESTION, ANSWER = "Cook wanted at the sample kitchen, six nights a week.", "I asked there last year and heard nothing."


def test_what_microdata_mark_are_the_posts_and_badges_are_no_words() -> None:
    page = marked("Question", 11, QUESTION) + marked("Answer", 12, ANSWER)
    posts = thread_posts(PageDocument(page, URL))
    assert [(found.content.text(), found.author) for found in posts[::2]] == [(QUESTION, "sample_11"), (ANSWER, "sample_12")]
    opening = page_families.parse(page, URL).postings[0]
    assert (opening.text, opening.author, opening.form) == (QUESTION, "sample_11", None)


@pytest.mark.parametrize(
    "page",
    [
        lambda size: "".join(
            marked("Answer" if number > 10 else "Question", number, QUESTION) for number in range(10, 10 + size)
        ),
        lambda size: "".join(map(post, range(10, 10 + size))),
        lambda size: "".join(post(number).removesuffix("</div>") for number in range(10, 10 + size)),
        lambda size: '<div class="user date post" id="p11">' * size + "x",
        lambda size: '<span class="author">x</span><time>y</time>' * size,
    ],
    ids=["marked", "flat", "nested", "names alone", "no posts"],
)
def test_looking_for_posts_is_linear_work(page) -> None:
    assert growth(lambda text: thread_posts(PageDocument(text, URL)), page(40), page(40 * MORE)) <= LIMIT
