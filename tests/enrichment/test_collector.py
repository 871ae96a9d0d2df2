"""The collector of cycles waits, and goes on whatever happened."""

import gc

import pytest

from enrichment.collector import collector_waits


def test_the_collector_waits_and_goes_on_after_an_error_too() -> None:
    with pytest.raises(ValueError, match="wrong"), collector_waits():
        assert not gc.isenabled()
        raise ValueError("wrong")
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with collector_waits():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
