"""PDQ gives the bits of the reference implementation, and stays near over what messengers do to a picture.

The expected hashes were computed with the reference C++ code (Python package pdqhash 0.2.8) on the same matrices.
"""

import io

import numpy as np
import pytest
from PIL import Image

from crawlers.pictures.pdq import pdq
from enrichment.campaigns.posters import MATCH, bits_apart


def pattern(height: int, width: int) -> Image.Image:
    y, x = np.mgrid[0:height, 0:width]
    channels = (x * y % 256, (x * x + 3 * y) % 256, (x ^ y) % 256)
    return Image.fromarray(np.stack(channels, -1).astype(np.uint8))


VECTORS = {
    (64, 64): ("999b13936331a6318c73397330cee3cf42c61e8ebe3ff13649acaa50c5f41f80", 100),
    (100, 130): ("655ca1fae17e4a76a279595493ee5a75fafa1874df8dba204744faaa80114544", 100),
    (333, 512): ("085873a2ffaf7fa272b255d522a2a2a550553b3a80553b2aafae050dbbba3a3a", 100),
    (512, 300): ("996a6a10bd6b6f7b50a79084bd6b948f2b6fc0b0bd6bc423716f4894b56b4894", 100),
}


@pytest.mark.parametrize("size", VECTORS)
def test_the_hash_is_that_of_the_reference_implementation(size):
    assert pdq(pattern(*size)) == VECTORS[size]


@pytest.mark.parametrize("change", ["jpeg", "half", "brighter", "caption"])
def test_a_copy_stays_within_the_published_threshold(poster, change):
    copy = poster.copy()
    if change == "jpeg":
        file = io.BytesIO()
        poster.save(file, "JPEG", quality=30)
        copy = Image.open(file)
    elif change == "half":
        copy = poster.resize((500, 350))
    elif change == "brighter":
        copy = poster.point(lambda value: min(255, int(value * 1.1)))
    else:
        copy.paste((200, 0, 0), (0, 680, 1000, 700))
    assert bits_apart(pdq(poster)[0], pdq(copy)[0]) <= MATCH


def test_another_picture_is_far_away(poster):
    assert bits_apart(pdq(poster)[0], pdq(poster.rotate(180))[0]) > 2 * MATCH


def test_a_plain_picture_has_no_quality(poster):
    assert pdq(Image.new("RGB", poster.size, (9, 9, 9)))[1] == 0
