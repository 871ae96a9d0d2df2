"""What the n-gram model learns from."""

import numpy as np
import pytest

from enrichment.text.views import codes_of
from evaluation.ngram_training import SCALED_MOST, TrainingText, balanced, learned
from lurewatch.models.labelled_listings import Listing


def test_each_language_holds_as_much_of_both_sides() -> None:
    """A language with one side stays as it is, and no text counts as many times more."""
    sides = np.array([True, False, False, False, True])
    languages = np.array(["vi", "vi", "vi", "vi", "ru"])
    scaled = balanced(sides, np.ones(5), languages)
    assert scaled[:4].tolist() == pytest.approx([2.0, 2 / 3, 2 / 3, 2 / 3])
    assert scaled[4] == 1.0
    many = balanced(np.array([True, *[False] * 99]), np.ones(100), np.array(["vi"] * 100))
    assert many[0] == SCALED_MOST


def test_the_stance_is_not_learned_from_texts_whose_class_leaves_it_open() -> None:
    """Real spam offers loans and prizes: it is no lure, but it does not warn either."""
    words = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda sigma tau"
    spam = "omikron prize winner jackpot cashback bonus credit voucher lottery casino spin deposit"
    texts = [
        *(TrainingText(f"{words} offer", "scam_compound", f"a{number}") for number in range(4)),
        *(TrainingText(f"{words} report", "warning", f"b{number}") for number in range(4)),
        *(TrainingText(f"{spam} {number}", "other", f"c{number}", stance_known=False) for number in range(4)),
    ]
    told = learned(texts).score(codes_of(spam * 3).astype(np.intp))
    heard = learned([text._replace(stance_known=True) for text in texts]).score(codes_of(spam * 3).astype(np.intp))
    assert told is not None
    assert heard is not None
    assert told.reports < heard.reports


@pytest.mark.parametrize(
    ("kind", "source", "known"), [("other", "sms_vi", False), ("other", "", True), ("warning", "lures", True)]
)
def test_real_texts_of_no_class_leave_the_stance_open(kind: str, source: str, known: bool) -> None:
    """Authored others ask, tell or announce."""
    item = Listing(id="1", lang="zh-Hant", label=0, kind=kind, text="x", source=source)
    assert item.stance_known is known
    assert item.language == "zh"
