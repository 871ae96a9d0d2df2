"""Boards that print whole adverts one under the other, and adverts drawn as pictures."""

from datetime import UTC, datetime

from crawlers.pages import registry

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
    page = registry.parse(CARDS, "https://board.example.org/", source="board")
    first, second = page.postings
    assert page.family == "cards"
    assert (first.url, first.title, first.company, first.location) == (
        "https://board.example.org/#j01",
        "Lái xe nâng",
        "Kho lạnh Sông",
        "Cần Thơ, VN",
    )
    assert (first.posted_at, first.language_hint) == (datetime(2025, 3, 1, tzinfo=UTC), "vi")
    assert (second.url, second.language_hint) == ("https://board.example.org/#j02", "en")
    assert "Bake" in second.text and "Bake" not in first.text
    assert first.id != second.id


def test_cards_that_link_to_pages_of_their_own_are_a_listing() -> None:
    """Their adverts are read where they stand whole."""
    linked = CARDS.replace("Lái xe nâng</h2>", '<a href="/1">Lái xe nâng</a></h2>').replace(
        "Pastry cook</h2>", '<a href="/2">Pastry cook</a></h2>'
    )
    assert registry.family(linked, "https://board.example.org/") != "cards"


def test_a_poster_is_read_from_top_to_bottom() -> None:
    """Whatever the order its lines were drawn in."""
    svg = (
        '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" xml:lang="vi"><text x="1" y="90">Lương 22 triệu</text>'
        '<text x="1" y="20">TUYỂN GẤP</text><script>alert(1)</script></svg>'
    )
    page = registry.parse(svg, "https://board.example.org/p.svg")
    (posting,) = page.postings
    assert (page.family, posting.title, posting.text) == ("poster", "TUYỂN GẤP", "TUYỂN GẤP\nLương 22 triệu")
    assert posting.language_hint == "vi"


def test_a_picture_without_words_is_rejected_by_name() -> None:
    """Seen, counted, not kept."""
    page = registry.parse('<svg xmlns="http://www.w3.org/2000/svg"><rect/></svg>', "https://board.example.org/p.svg")
    assert [one.reason for one in page.rejected] == ["no_text"]


def test_a_poster_names_who_second_and_where_last_unless_those_lines_say_something_else() -> None:
    """Figures, contacts and lists are never taken for a name."""
    page = (
        '<html lang="en"><body><div><h1>HIRING</h1><div>North Ops</div><div>65K a month</div><div>Free ticket</div>'
        "<div>Telegram sample_ops</div><div>{last}</div></div></body></html>"
    )
    (posting,) = registry.parse(page.format(last="Bangkok"), "https://board.example.org/p.html").postings
    assert (posting.title, posting.company, posting.location) == ("HIRING", "North Ops", "Bangkok")
    (posting,) = registry.parse(page.format(last="Call 0500 000 300"), "https://board.example.org/p.html").postings
    assert posting.location is None
