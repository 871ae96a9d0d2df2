"""Near-same posters are found, photographs without words are not posters."""

import io
import random

import pytest
from PIL import Image, ImageDraw

from crawlers.items import Media, Posting
from crawlers.pictures.pdq import pdq
from crawlers.pictures.picture import Box, PictureCode, PictureReading
from enrichment.campaigns.posters import MATCH, are_near, bits_apart, near_pairs, poster_hashes, poster_tokens


def flipped(value: str, bits: int, seed: int = 1) -> str:
    number = int(value, 16)
    for place in random.Random(seed).sample(range(256), bits):
        number ^= 1 << place
    return f"{number:064x}"


BASE = f"{random.Random(7).getrandbits(256):064x}"


@pytest.mark.parametrize(("bits", "least"), [(0, 1.0), (8, 1.0), (16, 0.99), (31, 0.85)])
def test_near_hashes_are_found_by_their_bands(bits, least):
    pairs = [list(near_pairs([BASE, flipped(BASE, bits, seed)])) for seed in range(200)]
    found = sum(bool(pair) for pair in pairs) if bits else 200
    assert found >= least * 200


def test_hashes_further_apart_than_published_do_not_match():
    assert not are_near([BASE], [flipped(BASE, MATCH + 1)])
    assert list(near_pairs([BASE, flipped(BASE, MATCH + 1)])) == []


def test_a_poster_over_messengers_keeps_a_band():
    image = Image.new("RGB", (900, 700), (250, 240, 200))
    draw = ImageDraw.Draw(image)
    chance = random.Random(3)
    for _ in range(40):
        left, top = chance.randrange(800), chance.randrange(600)
        draw.rectangle(
            (left, top, left + chance.randrange(20, 200), top + chance.randrange(10, 60)), fill=(chance.randrange(255), 40, 90)
        )
    copy = image.resize((500, 389))
    file = io.BytesIO()
    copy.save(file, "JPEG", quality=40)
    one, two = pdq(image)[0], pdq(Image.open(file))[0]
    assert bits_apart(one, two) < 20
    assert {*poster_tokens([one])} & {*poster_tokens([two])}


def posting(reading: PictureReading, words: int) -> Posting:
    media = Media(url="https://a.example/p.jpg", kind="image", reading=reading, start=0, end=words)
    return Posting(id="p", source="s", url="https://a.example/1", text="x" * words, media=(media,))


def test_only_a_picture_with_words_or_a_contact_is_a_poster():
    code = PictureCode(kind="QR Code", content="c", box=Box(left=0, top=0, width=1, height=1), links=("https://t.me/sample_hr",))
    plain = PictureReading(state="read", pdq=BASE)
    assert poster_hashes(posting(plain, 12)) == ()
    assert poster_hashes(posting(plain, 60)) == (BASE,)
    assert poster_hashes(posting(PictureReading(state="read", pdq=BASE, codes=(code,)), 0)) == (BASE,)
    assert poster_hashes(posting(PictureReading(state="read"), 60)) == ()
