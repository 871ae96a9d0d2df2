"""The measure itself tells linear work from quadratic work."""

import pytest

from tests.growth import LIMIT, MORE, STEPS, growth, loop_steps


def test_linear_work_is_within_the_limit_and_quadratic_work_is_not() -> None:
    small, large = "a " * 20_000, "a " * 20_000 * MORE
    assert growth(lambda text: [char for char in text if char == "b"], small, large) <= LIMIT
    small, large = "a" * 1200, "a" * 1200 * MORE
    assert growth(lambda text: sum(1 for one in text for other in text if one != other), small, large) > LIMIT


@pytest.mark.parametrize("times", [1, 3])
def test_the_cost_of_a_loop_is_its_steps(times: int) -> None:
    steps = loop_steps(lambda: [sum(number * number for number in range(STEPS)) for _ in range(times)], limit=0)
    assert 0.8 * times * STEPS < steps < 1.25 * times * STEPS
