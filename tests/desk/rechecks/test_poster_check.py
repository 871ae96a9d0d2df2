"""A picture-only advert is told by its poster, as a messenger passes it on; another picture is none."""

import pytest
from PIL import Image

from crawlers.discovery.guided_fetch import FetchedPage, PageRequest
from crawlers.items import Media, Posting, posting_id
from crawlers.pictures.pdq import pdq
from crawlers.pictures.picture import PictureReading
from desk.rechecks.site_check import MOST_PICTURES, shows_poster
from tests.crawlers.pictures.conftest import packed, poster  # noqa: F401 - fixtures

URL = "https://board.example.org/post/7"


class Pictures:
    """A site with pictures alone."""

    def __init__(self, **files):
        self.files = {f"https://board.example.org/{name}.jpg": body for name, body in files.items()}
        self.asked: list[str] = []

    def fetch(self, url):
        self.asked.append(url)
        body = self.files.get(url, b"")
        error = "" if body else "HTTP 404"
        return FetchedPage(wanted=PageRequest(url=url), url=url, status=200 if body else 404, body=body, error=error)


@pytest.fixture
def reported(poster):  # noqa: F811
    reading = PictureReading(state="read", pdq=pdq(poster)[0])
    media = (Media(url="https://board.example.org/own.jpg", kind="image", start=0, end=90, reading=reading),)
    return Posting(id=posting_id("sample_board", URL), source="sample_board", url=URL, title=None, text="x" * 90, media=media)


def page(*names):
    body = "".join(f'<img src="/{name}.jpg">' for name in names) + '<img src="data:image/gif;base64,R0lGOD">'
    return FetchedPage(wanted=PageRequest(url=URL), url=URL, status=200, content_type="text/html", body=body.encode())


def test_a_copy_of_the_poster_is_known_and_another_picture_is_not(poster, packed, reported):  # noqa: F811
    copy = packed(poster.resize((640, 448)).convert("RGB"), "JPEG", quality=60)
    stripes = Image.effect_mandelbrot((640, 448), (-3, -2.5, 2, 2.5), 90).convert("RGB")
    site = Pictures(own=copy, other=packed(stripes, "JPEG"), broken=b"no picture at all")
    assert shows_poster(page("other", "broken", "own"), reported, site)
    assert site.asked[0].endswith("/own.jpg"), "the advert's own picture comes first"
    assert not shows_poster(page("other", "broken"), reported, site)
    assert not shows_poster(page("missing"), reported, site)


def test_few_pictures_are_asked_for_and_none_for_an_advert_without_a_poster(reported):
    site = Pictures()
    assert not shows_poster(page(*"abcdefgh"), reported, site)
    assert len(site.asked) == MOST_PICTURES
    plain = Posting(id="1", source="sample_board", url=URL, title="Cook", text="Cook wanted")
    assert not shows_poster(page("own"), plain, site)
    assert len(site.asked) == MOST_PICTURES
