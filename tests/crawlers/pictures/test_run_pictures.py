"""What pictures show stands in their posting, with its place."""

from crawlers.items import Capture, Media, Posting
from crawlers.pictures.image_table import KnownImage
from crawlers.pictures.picture import Box, PictureCode, PictureReading
from crawlers.pictures.run_pictures import add_pictures

CODE = PictureCode(
    kind="QR Code", content="https://t.me/sample_hr", box=Box(left=0, top=0, width=9, height=9), links=("https://t.me/sample_hr",)
)


def posting(text: str, *urls: str) -> Posting:
    media = tuple(Media(url=url, kind="image") for url in urls)
    return Posting(id="p", source="s", url="https://a.example/1", text=text, media=media, contacts=("tel:+84900000147",))


def known(**readings: str):
    capture = Capture(record_id="<r>", sha256="0" * 64, run="run-1")
    images = {
        url: KnownImage(capture=capture, reading=PictureReading(state="read", text=text, codes=(CODE,)))
        for url, text in readings.items()
    }
    return images.get


def test_words_follow_the_text_and_their_place_is_kept():
    joined = add_pictures(posting("Caption", "a", "b", "c"), known(a="Salary 2500", c="Call now"), "run-2")
    assert joined.text == "Caption\n\nSalary 2500\n\nCall now"
    assert [joined.text[media.start : media.end] for media in joined.media] == ["Salary 2500", "", "Call now"]
    assert joined.contacts == ("tel:+84900000147", "https://t.me/sample_hr")
    assert [media.capture.run if media.capture else None for media in joined.media] == ["run-1", None, "run-1"]


def test_a_poster_without_a_caption_is_the_text():
    joined = add_pictures(posting("", "a"), known(a="Salary 2500"), "run-1")
    assert (joined.text, joined.media[0].start, joined.media[0].capture.run) == ("Salary 2500", 0, None)


def test_the_same_words_are_not_said_twice():
    joined = add_pictures(posting("", "a", "b"), known(a="Salary 2500", b="Salary 2500"), "run-1")
    assert joined.text == "Salary 2500"
    assert (joined.media[1].start, joined.media[1].end) == (0, 0)


def test_a_posting_without_kept_pictures_stays_as_it_is():
    assert add_pictures(posting("Caption", "a"), known(), "run-1") == posting("Caption", "a")
