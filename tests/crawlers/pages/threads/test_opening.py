"""The opening post of a thread is told by evidence: right, or kept without a name, and never somebody else's words."""
# ruff: noqa: E501 - markup is shown as it stands

import pytest

from crawlers.pages import page_families
from tests.crawlers.pages.threads.thread_cases import HELD_OUT, LOOKED_AT
from tests.crawlers.pages.threads.thread_pages import OPENER, OPENING, TITLE, ThreadCase

CASES = LOOKED_AT | HELD_OUT


def with_long_replies(case: ThreadCase) -> ThreadCase:
    """The same page with one reply that says far more than the opening post."""
    return case._replace(html=case.html.replace("be careful with them please.", "be careful with them please. " * 20))


def verdict(case: ThreadCase) -> str:
    """Return ``right``, ``unnamed`` or what is wrong."""
    read = page_families.parse(case.html, case.url)
    named = [posting for posting in read.postings if posting.author]
    if any(posting.author != OPENER or not posting.text.startswith(OPENING) for posting in named):
        return f"wrong: names {[(posting.author, posting.text[:30]) for posting in named]}"
    adverts = [posting for posting in read.postings if posting.form != "reply"]
    if adverts and not adverts[0].text.startswith(OPENING):
        return f"wrong: {read.family} {read.facts} begins with {adverts[0].text[:40]!r}"
    if adverts and read.family != "forum" and "answer" in adverts[0].text:
        return f"wrong: {read.family} mixes {adverts[0].text[:140]!r}"
    if adverts and adverts[0].title not in (TITLE, None):
        return f"wrong: title {adverts[0].title!r}"
    if not adverts or (case.named and not named):
        return f"unnamed ({read.family}, {read.facts}, {len(read.postings)} postings)"
    return "right" if adverts[0].title else "unnamed: no title"


@pytest.mark.parametrize("long", [False, True])
@pytest.mark.parametrize("name", CASES)
def test_an_opening_post_is_right_or_unnamed(name: str, long: bool) -> None:
    case = with_long_replies(CASES[name]) if long else CASES[name]
    assert verdict(case) == "right" if case.told else not verdict(case).startswith("wrong")


def smf_post(key: int, author: str, text: str, at: str) -> str:
    return (
        f'<div class="windowbg" id="msg{key}"><div class="post_wrapper"><div class="poster"><h4><a href="?action=profile">{author}</a>'
        f'</h4></div><div class="keyinfo">{at}</div><div class="post"><div class="inner" id="msg_{key}">{text}</div></div></div></div>'
    )


def comment_post(key: int, author: str, text: str, at: str) -> str:
    return (
        f'<div class="comments-item" id="c-{key}"><a class="author" href="/user/{key}">{author}</a> {at}'
        f'<time datetime="2025-03-0{key}">x</time><div class="text">{text}</div></div>'
    )


DECLARED = (
    f'<script type="application/ld+json">{{"@type": "DiscussionForumPosting", "headline": "{TITLE}", "author": "{OPENER}", '
    f'"text": "{OPENING}, six nights a week, contract from the first day."}}</script>'
)


@pytest.mark.parametrize(
    ("post", "first", "head", "named"),
    [
        (smf_post, OPENING, "", OPENER),  # the replies alone are numbered
        (comment_post, "I asked there last year", "", None),  # the opening post is not among the comments
        (comment_post, "I asked there last year", DECLARED, OPENER),
    ],
)
def test_the_first_reply_opens_no_thread(post, first: str, head: str, named: str | None) -> None:
    writer = OPENER if first == OPENING else "sample_b"
    at = ("March 1, 2025", "<span>#1</span>", "<span>#2</span>") if post is smf_post else ("<span>#1</span>", "#2", "#3")
    said = ((writer, first), ("sample_c", "They never answered me."), ("sample_d", "They pick up after four."))
    rows = "".join(post(key, *words, place) for key, (words, place) in enumerate(zip(said, at, strict=True), 1))
    read = page_families.parse(f"<!-- {'Simple Machines' * (post is smf_post)} -->{head}{rows}", "https://f.example.org/topic/77")
    assert [found.author for found in read.postings if found.author] == [named] * bool(named)
    assert not read.postings or (read.postings[0].text.startswith(OPENING) if named else read.postings[0].form == "reply")
