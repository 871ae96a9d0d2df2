"""What the n-gram model learns from."""

import numpy as np
import pytest

from enrichment.ngram_model import UNLEVELLED, NgramModel, encode_model, place_of, script_of
from enrichment.text.views import codes_of
from evaluation import ngram_training
from evaluation.labelled_listings import Listing
from evaluation.ngram_training import TrainingText, learn_apart, learn_ngrams, ngrams_of


def text(words: str, kind: str, source: str = "", *, stance_known: bool = True) -> TrainingText:
    """Return a text to learn from."""
    return TrainingText(ngrams_of(codes_of(words).astype(np.intp)), kind, source, "en", stance_known)


def points(model: NgramModel, piece: str) -> list[int]:
    """Return what a piece is worth for lures and for reports, in hundredths."""
    return [int(value) for value in model.points[place_of(piece)][1:]]


def test_learning_is_deterministic_and_tells_lures_from_reports() -> None:
    """Twice the same; each sum has its own points."""
    texts = [
        text(f"{word} {own} paid trip", kind)
        for _ in range(4)
        for word, own, kind in (("typist", "secret", "scam_compound"), ("police", "warned", "warning"))
    ]
    made, again = learn_ngrams(texts), learn_ngrams(texts)
    assert encode_model(made) == encode_model(again)
    assert points(made, "typi")[0] > 0 > points(made, "poli")[0]
    assert points(made, "poli")[1] > 0 > points(made, "typi")[1]
    assert points(made, "quix") == [0, 0], "what no text shows says nothing"


def test_wording_of_one_source_says_less_than_that_of_several(monkeypatch: pytest.MonkeyPatch) -> None:
    """A board that holds honest adverts only is known by its own words: they are no evidence on other boards."""
    several = [
        text(words, kind, source)
        for source in ("board", "channel", "forum")
        for words, kind in (("typist secret guarded", "scam_compound"), ("teacher licence contract", "benign_job"))
        for _ in range(4)
    ]
    one = [text("harvest orchard basket", "benign_job", "orchards") for _ in range(12)]
    asked = [text("police warned", "warning", "forum") for _ in range(4)]
    monkeypatch.setattr(ngram_training, "ACROSS", 0.0)
    monkeypatch.setattr(ngram_training, "OWN", 2.0)
    made = learn_ngrams([*several, *one, *asked])
    monkeypatch.setattr(ngram_training, "OWN", 0.0)
    blind = learn_ngrams([*several, *one, *asked])
    assert points(blind, "orcha")[0] < 2 * points(made, "orcha")[0] < 0
    assert points(made, "licen")[0] < 2 * points(made, "orcha")[0]


def test_a_script_whose_sums_stay_lower_is_read_as_latin_letters_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lures and others of Thai are told apart, but all of them below none: what they lack is learned out of source."""
    thai = script_of(codes_of("พิมพ์งาน"))
    kinds = (("typist secret guarded", "scam_compound"), ("teacher licence contract", "benign_job"), ("police", "warning"))
    texts = [
        text(f"{word} {filler}", kind)._replace(script=script)
        for script, filler in ((0, "guarded secret"), (thai, "licence contract teacher"))
        for _ in range(8)
        for word, kind in kinds
    ]
    sides = [number // 3 % 2 for number in range(len(texts))]
    made = learn_apart(texts, {"lure": sides, "report": sides})
    assert all((model.levels == UNLEVELLED).all() for model in made), "too few texts of a script"
    monkeypatch.setattr(ngram_training, "LEAST_OF_SCRIPT", 8)
    for model in learn_apart(texts, {"lure": sides, "report": sides}):
        assert model.levels[0].tolist() == [0, 100, 0]
        assert model.levels[thai][0] > 0


def test_the_stance_is_not_learned_from_texts_whose_class_leaves_it_open() -> None:
    """Real spam offers loans and prizes: it is no lure, but it does not warn either."""
    words = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda sigma tau"
    spam = "omikron prize winner jackpot cashback bonus credit voucher lottery casino spin deposit"
    texts = [
        *(text(f"{words} offer", "scam_compound") for _ in range(4)),
        *(text(f"{words} report", "warning") for _ in range(4)),
        *(text(f"{spam} {number}", "other", stance_known=False) for number in range(4)),
    ]
    told = learn_ngrams(texts).score(codes_of(spam * 3).astype(np.intp))
    heard = learn_ngrams([item._replace(stance_known=True) for item in texts]).score(codes_of(spam * 3).astype(np.intp))
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
