"""What the page of a feed's entry adds to it."""

import pytest

from crawlers.items import REPLY, ParsedPage, Posting
from crawlers.spiders.feed import complete_posting


@pytest.mark.parametrize(("form", "title"), [(REPLY, None), (None, "Typists for Poipet")])
def test_a_reply_never_takes_the_title_of_its_page(form: str | None, title: str | None) -> None:
    entry = Posting(id="a", source="board", url="https://forum.example.org/t/9", text="bump", form=form)
    page = ParsedPage(family="forum", postings=(Posting(id="b", source="board", url="x", text="", title="Typists for Poipet"),))
    assert complete_posting(entry, page).title == title
