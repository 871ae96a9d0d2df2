"""A model is a folder whose card names what lies beside it; a half-written or mixed one is refused."""

from pathlib import Path

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace

from enrichment.errors import ModelError
from enrichment.model import CARD, FORMAT, NGRAMS, WEIGHTS, Card, SourceCounts, load, model_digest, save
from enrichment.ngram_model import SIZE, SUMS, NgramModel
from enrichment.scoring import Weights

NGRAM_MODEL = NgramModel(np.full((SIZE, 1 + len(SUMS)), 30, np.int16))


def saved(folder: Path, weights: Weights | None = None) -> Card:
    """Write a small model."""
    made = weights or Weights(points={"organ": 12.0})
    return save(folder, made, NGRAM_MODEL, created="2026-01-02", trained_on={"a": SourceCounts(9, 4)})


def test_it_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    """With its card."""
    card = saved(tmp_path)
    read = load(tmp_path)
    assert (read.weights, read.card) == (Weights(points={"organ": 12.0}), card)
    assert np.array_equal(read.ngrams.points, NGRAM_MODEL.points)
    assert read.card.trained_on == {"a": SourceCounts(texts=9, lures=4)}


def test_the_version_is_that_of_the_numbers(tmp_path: Path) -> None:
    """The same numbers have the same version, whenever they were learned."""
    first, again = saved(tmp_path / "first"), saved(tmp_path / "again")
    other = saved(tmp_path / "other", Weights(points={"organ": 12.01}))
    assert first.version == again.version != other.version
    assert (tmp_path / "first" / WEIGHTS).read_bytes() == (tmp_path / "again" / WEIGHTS).read_bytes()


@pytest.mark.parametrize("name", [WEIGHTS, NGRAMS, CARD])
def test_a_missing_file_is_named_with_its_fix(tmp_path: Path, name: str) -> None:
    """Nothing is judged with half a model."""
    saved(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(ModelError, match=f"{name}.*evaluation train --write"):
        load(tmp_path)


def test_files_of_two_models_are_refused(tmp_path: Path) -> None:
    """As a write that was cut short, or a careless copy, would leave them."""
    saved(tmp_path / "old")
    saved(tmp_path / "new", Weights(points={"organ": 9.0}))
    (tmp_path / "new" / WEIGHTS).replace(tmp_path / "old" / WEIGHTS)
    with pytest.raises(ModelError, match=r"card\.json: names version \w+, but the files beside it are version"):
        load(tmp_path / "old")


@pytest.mark.parametrize("name", [WEIGHTS, NGRAMS, CARD])
def test_the_digest_changes_with_every_file_of_a_model(tmp_path: Path, name: str) -> None:
    """A made-up model whose card names it rightly has another digest, and so has the same model with another card."""
    saved(tmp_path / "model")
    before = model_digest(tmp_path / "model")
    saved(tmp_path / "other", Weights(points={"organ": 9.0}))
    assert model_digest(tmp_path / "model") == before != model_digest(tmp_path / "other")
    (tmp_path / "model" / name).write_bytes((tmp_path / "model" / name).read_bytes() + b"\n")
    if name == CARD:
        assert model_digest(tmp_path / "model") != before
    else:
        with pytest.raises(ModelError):
            model_digest(tmp_path / "model")


@pytest.mark.parametrize("other", [0, FORMAT + 1])
def test_a_model_of_another_format_is_refused_before_it_is_read(tmp_path: Path, other: int) -> None:
    """Its other files may hold anything."""
    saved(tmp_path)
    (tmp_path / CARD).write_bytes(msgspec.json.encode({"format": other, "new": [1]}))
    (tmp_path / WEIGHTS).unlink()
    with pytest.raises(ModelError, match=rf"card\.json: format {other}, but this version of LureWatch reads format {FORMAT}"):
        load(tmp_path)


def test_the_shipped_model_is_whole_and_says_what_it_learned_from() -> None:
    """Real texts are named beside the carried ones."""
    model = load()
    assert model.version == model.card.version
    assert {"terse.jsonl", "telegram_zh"} <= {*model.card.trained_on}
    assert replace(model.weights, prior=0.0) != model.weights
