"""Linking on labelled listings, from their raw text alone: the campaigns a person labelled, and no decoy."""

import pytest

from evaluation.campaign_quality import render, report
from evaluation.text_sets import carried_texts


@pytest.mark.parametrize("name", ["listings-dev.jsonl", "campaigns-grown.jsonl"])
def test_labelled_campaigns_are_found_and_nobody_who_warns_is_in_one(seeds, name):
    found = report(carried_texts().training / name, seeds=seeds)
    assert found["f1"] >= 0.95, render(found)
    assert found["decoys"] == [], render(found)
    assert found["labelled_pairs"] >= 14
