"""A model: all learned values, as one folder with a version.

``weights.json`` holds the points of every feature and the calibration, ``ngrams.npz`` the n-gram model, ``card.json`` what both
were learned from and how they measured. The version is made from the first two: the same numbers have the same version.
"""

import hashlib
from pathlib import Path
from typing import NamedTuple

import msgspec

from enrichment import ngram_model
from enrichment.errors import ModelError
from enrichment.ngram_model import NgramModel
from enrichment.scoring import Weights

SHIPPED = Path(__file__).parent / "shipped_model"
"""The model that is used unless another is named."""
WEIGHTS, NGRAMS, CARD = "weights.json", "ngrams.npz", "card.json"
FORMAT = 2
"""Of the three files together; raised when what one of them holds is read otherwise than before."""


class SourceCounts(msgspec.Struct, frozen=True):
    """How many texts of a source were learned from, and how many of them are lures."""

    texts: int
    lures: int


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """What a model was learned from, and how it measured."""

    version: str
    """First 12 hex digits of the SHA-256 of weights and n-grams."""
    created: str
    """Day it was learned (ISO 8601)."""
    trained_on: dict[str, SourceCounts]
    """Texts learned from, by file."""
    figures: dict[str, float] = {}
    """Measured on texts not learned from, by name of the figure."""
    format: int = 1
    """Format of the files; cards written before it was named have the first."""


class _Format(msgspec.Struct, frozen=True):
    """What can be read of a card of any format."""

    format: int = 1


class Model(NamedTuple):
    """All values that judge."""

    weights: Weights
    ngrams: NgramModel
    card: Card

    @property
    def version(self) -> str:
        """First 12 hex digits of the SHA-256 of weights and n-grams."""
        return self.card.version


def load(folder: Path = SHIPPED) -> Model:
    """Read the model of ``folder``; raise ModelError when a file is missing, damaged, of another format, or not the
    one its card names."""
    try:
        card = (folder / CARD).read_bytes()
        if (result := msgspec.json.decode(card, type=_Format).format) != FORMAT:
            raise ModelError(
                f"{folder / CARD}: format {result}, but this version of LureWatch reads format {FORMAT}; use the model and the "
                "version that belong together, or learn the model again: python -m evaluation train --write"
            )
        weights, ngrams = ((folder / name).read_bytes() for name in (WEIGHTS, NGRAMS))
        model = Model(
            msgspec.json.decode(weights, type=Weights), ngram_model.load(folder / NGRAMS), msgspec.json.decode(card, type=Card)
        )
    except (OSError, msgspec.DecodeError) as exc:
        raise ModelError(f"{folder}: no model ({exc}); restore it, or learn one: python -m evaluation train --write") from exc
    if (version := _version(weights, ngrams)) != model.version:
        raise ModelError(
            f"{folder / CARD}: names version {model.version}, but the files beside it are version {version}; "
            "restore the three files together, or learn the model again: python -m evaluation train --write"
        )
    return model


def model_digest(folder: Path = SHIPPED) -> str:
    """Return the SHA-256 (64 hex digits) of the whole model: weights, n-grams and card; raise ModelError as ``load`` does.

    The version begins the digest of the first two alone, which is short enough to be forged; this one is for what people accept.
    """
    load(folder)
    digest = hashlib.sha256()
    for name in (WEIGHTS, NGRAMS, CARD):
        digest.update(hashlib.sha256((folder / name).read_bytes()).digest())
    return digest.hexdigest()


def save(
    folder: Path,
    weights: Weights,
    ngrams: NgramModel,
    *,
    created: str,
    trained_on: dict[str, SourceCounts],
    figures: dict[str, float] | None = None,
) -> Card:
    """Write a model to ``folder``, the card last: a write that is cut short leaves a folder that ``load`` refuses."""
    files = {WEIGHTS: _text(weights), NGRAMS: ngram_model.encode_model(ngrams)}
    card = Card(version=_version(*files.values()), created=created, trained_on=trained_on, figures=figures or {}, format=FORMAT)
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in (*files.items(), (CARD, _text(card))):
        part = folder / f"{name}.part"
        part.write_bytes(data)
        part.replace(folder / name)
    return card


def _version(weights: bytes, ngrams: bytes) -> str:
    return hashlib.sha256(weights + b"\0" + ngrams).hexdigest()[:12]


def _text(written: Weights | Card) -> bytes:
    """Return JSON with one value a line, so that a change of one can be reviewed."""
    return msgspec.json.format(msgspec.json.encode(written, order="deterministic"), indent=1) + b"\n"
