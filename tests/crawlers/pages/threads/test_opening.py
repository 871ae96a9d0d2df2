"""The opening post of a thread is told by evidence: right, or kept without a name, and never somebody else's words."""

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
