"""A readable notice shows the kept screenshot, encoded again, and the kept translation; it stands without them."""

import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from desk.takedown.exhibits import TALLEST, WIDEST, encoded_again, exhibits_of
from desk.takedown.repository import ListEntry
from tests.desk.custody import conftest as custody
from tests.desk.custody.conftest import indexed, noted, partition  # noqa: F401 - fixtures

SECRET = "comment of the browser"


def screenshot(size=(1200, 3000)):
    out, extra = io.BytesIO(), PngImagePlugin.PngInfo()
    extra.add_text("Comment", SECRET)
    Image.new("RGB", size, (200, 30, 30)).save(out, "PNG", pnginfo=extra)
    return out.getvalue()


def bomb():
    """Return the head of a PNG that claims 60,000 x 60,000 pixels."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))


@pytest.fixture
def image(monkeypatch):
    """Return a function that says what the run keeps as screenshot, before it is made."""
    return lambda content: monkeypatch.setitem(custody.records.__kwdefaults__, "image", content)


@pytest.fixture
def show_exhibit(desk_db, record, request, image):
    """Return a function that returns the exhibits of the second advert of a run with this screenshot."""

    def do(content, language="en", translator=None, **more):
        image(content)
        run = request.getfixturevalue("noted")
        item = indexed(record, run, run.postings[1], **more)
        body = {"grounds": [{"indicator": "x", "quote": "passport kept", "meaning": "m"}]}
        entry = ListEntry(item_id=item.id, change="new", decision_id=1, body=body)
        if translator:
            translator.translate_item(item, language)
        with desk_db.connect() as connection:
            return exhibits_of(connection, [entry], {item.id: item}, language, translator).get(item.id)

    return do


def test_a_screenshot_is_encoded_again_small_and_without_a_byte_of_the_file(show_exhibit):
    picture = show_exhibit(screenshot()).picture
    with Image.open(io.BytesIO(picture)) as image:
        assert (image.format, image.width, image.height) == ("JPEG", WIDEST, TALLEST)
        assert not image.info.get("comment")
    assert SECRET.encode() not in picture and len(picture) < 100_000
    assert encoded_again(screenshot()) == picture


@pytest.mark.parametrize("content", [b"png", b"", bomb(), screenshot()[:200]], ids=["no image", "empty", "bomb", "cut"])
def test_what_is_no_sound_picture_is_left_out_and_the_notice_stands(show_exhibit, content):
    assert show_exhibit(content) is None


def test_a_kept_translation_stands_there_with_its_engine_and_no_contact(show_exhibit, translator):
    exhibit = show_exhibit(screenshot((20, 20)), "fr", translator)
    assert exhibit.engine == "LibreTranslate 1.9.6"
    assert any("passport kept" in pair.original and pair.words.startswith("EN ") for pair in exhibit.sentences), exhibit.sentences
    assert not any("bright_hr" in pair.original + pair.words for pair in exhibit.sentences)


def test_nothing_is_sent_to_a_service_for_a_notice(show_exhibit, translator, double, record, desk_db):
    item = record(5, language="th")
    entry = ListEntry(item_id=item.id, change="new", decision_id=1, body={"grounds": []})
    with desk_db.connect() as connection:
        assert exhibits_of(connection, [entry], {item.id: item}, "en", translator) == {}
    assert double.asked == []
