"""A tilted poster is levelled, a small one enlarged."""

import pytest

from crawlers.pictures.script import LONG_SIDE, prepare_image, tilt_of


@pytest.mark.parametrize("turn", [-4.0, -1.5, 0.0, 3.0])
def test_the_tilt_of_a_poster_is_found(poster, turn):
    tilted = poster.rotate(turn, expand=True, fillcolor=(120, 120, 120)).convert("L")
    assert tilt_of(tilted) == pytest.approx(-turn, abs=0.5)


def test_bright_letters_on_dark_are_levelled_too(poster):
    dark = poster.point(lambda value: 255 - value).rotate(3, fillcolor=(0, 0, 0)).convert("L")
    assert tilt_of(dark) == pytest.approx(-3, abs=0.5)


def test_a_small_picture_is_enlarged_and_a_large_one_reduced(poster):
    picture, factor = prepare_image(poster)
    assert max(picture.size) == pytest.approx(LONG_SIDE.start, abs=1)
    assert factor == pytest.approx(1.4)
    assert max(prepare_image(poster.resize((3000, 2100)))[0].size) == LONG_SIDE.stop
