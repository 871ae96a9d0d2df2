"""The network on the sample sites and a planted world, through a real store."""

from evaluation.network_quality import render, report
from evaluation.text_sets import carried_texts


def test_the_network_finds_half_as_many_again_and_raises_no_warner_and_no_hub(seeds):
    found = report(carried_texts().training, seeds=seeds, count=1000)
    assert found["records"] > 1100
    assert found["text_and_network"]["lure"] >= 1.5 * found["text"]["lure"]
    assert "warner" not in found["raised"], found["wrongly_raised"]
    assert "hub" not in found["raised"], found["wrongly_raised"]
    assert "ratio" in render(found)
