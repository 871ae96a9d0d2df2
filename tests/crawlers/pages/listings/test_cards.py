"""Boards that print whole adverts one under the other: each card is a posting of its own."""

from contextlib import suppress
from datetime import UTC, datetime

from crawlers.pages import page_families
from crawlers.pages.document import PageDocument
from crawlers.pages.listings import cards
from foundation.crawl_errors import PageTooCostly
from tests.growth import LIMIT, MORE, growth

CARDS = """<html lang="en"><body><h1>Board</h1><div id="list">
<article class="job" id="j01" lang="vi"><h2 class="title">Lái xe nâng</h2>
<p><span class="company">Kho lạnh Sông</span> · <span class="location">Cần Thơ, VN</span>
<time datetime="2025-03-01">1/3</time></p>
<p>Cần lái xe nâng ca đêm, có bằng lái, làm tại kho.</p></article>
<article class="job" id="j02"><h2 class="title">Pastry cook</h2>
<p><span class="company">Old House</span> · <span class="location">Hải Phòng, VN</span></p>
<p>Bake every morning for the café. Write to bake@house.example.org</p></article>
</div></body></html>"""


def test_every_card_is_a_posting_with_its_own_address_and_language() -> None:
    """The card's id is the fragment; what one card says never leaks into another."""
    page = page_families.parse(CARDS, "https://board.example.org/", source="board")
    first, second = page.postings
    assert page.family == "cards"
    assert (first.url, first.title, first.company, first.location) == (
        "https://board.example.org/#j01", "Lái xe nâng", "Kho lạnh Sông", "Cần Thơ, VN",
    )  # fmt: skip
    assert (first.posted_at, first.language_hint) == (datetime(2025, 3, 1, tzinfo=UTC), "vi")
    assert (second.url, second.language_hint) == ("https://board.example.org/#j02", "en")
    assert "Bake" in second.text and "Bake" not in first.text
    assert first.id != second.id


def test_cards_that_link_to_pages_of_their_own_are_a_listing() -> None:
    """Their adverts are read where they stand whole."""
    linked = CARDS.replace("Lái xe nâng</h2>", '<a href="/1">Lái xe nâng</a></h2>').replace(
        "Pastry cook</h2>", '<a href="/2">Pastry cook</a></h2>'
    )
    assert page_families.family(linked, "https://board.example.org/") != "cards"


def test_one_card_or_none_is_no_board_of_cards() -> None:
    one = CARDS[: CARDS.index('<article class="job" id="j02"')]
    assert [cards.speaks(PageDocument(text, "https://board.example.org/")) for text in (CARDS, one, "", "<article id=")] == [
        True, False, False, False,
    ]  # fmt: skip


def test_a_card_that_hides_its_words_is_a_teaser() -> None:
    """Forty characters that a reader sees make an advert; scripts and hidden parts do not count."""
    hidden = "<article id='a{}'><h2>Cook</h2><script>{}</script><p hidden>{}</p></article>"
    page = "".join(hidden.format(number, "x" * 100, "y" * 100) for number in range(3))
    assert not cards.speaks(PageDocument(page, "https://board.example.org/"))


def test_many_unclosed_cards_are_linear_work() -> None:
    def read(text: str) -> None:
        with suppress(PageTooCostly):
            cards.speaks(PageDocument(text, "https://board.example.org/"))

    card = "<article id='a'><h2>Cook wanted at the pier</h2></article>" + "<article id " * 20
    assert growth(read, card * 200, card * 200 * MORE) <= LIMIT
