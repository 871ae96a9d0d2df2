"""The collector of cycles waits, and goes on whatever happened."""

import gc

import pytest

from enrichment.garbage_collection import pause_garbage_collection


def test_the_pause_garbage_collection_and_goes_on_after_an_error_too() -> None:
    with pytest.raises(ValueError, match="wrong"), pause_garbage_collection():
        assert not gc.isenabled()
        raise ValueError("wrong")
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with pause_garbage_collection():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
