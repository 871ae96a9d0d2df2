"""The measure itself tells linear work from quadratic work."""

from tests.growth import LIMIT, MORE, growth


def test_linear_work_is_within_the_limit_and_quadratic_work_is_not() -> None:
    small, large = "a " * 20_000, "a " * 20_000 * MORE
    assert growth(lambda text: [char for char in text if char == "b"], small, large) <= LIMIT
    small, large = "a" * 800, "a" * 800 * MORE
    assert growth(lambda text: sum(1 for one in text for other in text if one != other), small, large) > LIMIT
