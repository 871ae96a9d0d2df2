"""The pictures of an advert are told from logos, faces and what stands beside it."""

import pytest

from crawlers.pages.document import PageDocument
from crawlers.spiders.images import page_images


def urls(body: str, head: str = "") -> list[str]:
    document = PageDocument(f"<html><head>{head}</head><body>{body}</body></html>", "https://board.example/job/1")
    return [media.url.removeprefix("https://board.example") for media in page_images(document)]


def test_a_poster_is_found_also_when_it_is_loaded_late():
    assert urls('<article><img src="/up/poster.jpg"><img src="/blank.gif" data-src="/up/second.png"></article>') == [
        "/up/poster.jpg",
        "/up/second.png",
    ]


@pytest.mark.parametrize("markup", [
    '<header><img src="/top.jpg"></header>', '<div class="related-jobs"><p><img src="/other.jpg"></p></div>',
    '<img src="/logo.png">', '<img src="/a.jpg" class="user-avatar">', '<img src="/a.jpg" width="64" height="64">',
    '<img src="/drawing.svg">', '<img src="data:image/png;base64,AAAA">', "<img>",
])  # fmt: skip
def test_what_is_no_poster_is_left_out(markup):
    assert urls(markup) == []


def test_what_the_page_shows_of_itself_counts_when_there_is_nothing_else():
    head = '<meta property="og:image" content="/share/poster.jpg">'
    assert urls("<p>Words</p>", head) == ["/share/poster.jpg"]
    assert urls('<img src="/poster.jpg">', head) == ["/poster.jpg"]


def test_pictures_found_on_a_page_are_no_edit_of_its_advert():
    assert page_images(PageDocument('<img src="/p.jpg">', "https://board.example/"))[0].from_page
