"""Where the labelled texts of the source code lie: to train on, held out, and labels of texts that are not carried."""

from pathlib import Path
from typing import NamedTuple

from evaluation.measures import DataError

CARRIED = Path(__file__).resolve().parents[1] / "benchmarks" / "texts"
"""The folder of the source code; a wheel has none."""
LEARNED = ("listings-*.jsonl", "terse*.jsonl")
"""Files of the training folder that a model learns from."""
ADDITIONS = "additions.yml"


class TextSets(NamedTuple):
    """The labelled texts below one folder."""

    folder: Path

    @property
    def training(self) -> Path:
        """Texts that rules were mended for, and that models learn from."""
        return self.folder / "training"

    @property
    def held_out(self) -> Path:
        """Texts that are never used for training or corrections."""
        return self.folder / "held_out"

    @property
    def text_labels(self) -> Path:
        """Corrected labels of real texts, by id."""
        return self.folder / "labels" / "real-labels.tsv"

    @property
    def public_sources(self) -> Path:
        """List of public texts that are fetched and not carried."""
        return self.folder / "labels" / "public-sources.tsv"

    @property
    def contact_labels(self) -> Path:
        """Contacts of real messages, by id and mark."""
        return self.folder / "labels" / "real-contacts.tsv"

    @property
    def lurecheck(self) -> Path:
        """Functional tests and minimal pairs: nothing is trained on them, and no rule is written for them."""
        return self.folder / "lurecheck"

    @property
    def reason_labels(self) -> Path:
        """What two people read of the reasons shown of the unseen texts."""
        return self.lurecheck / "read-reasons.tsv"

    @property
    def parallel(self) -> Path:
        """Lures of every kind in every language and their honest twins: nothing is trained on them."""
        return self.folder / "parallel"

    def additions(self, *, held_out: bool = False) -> Path:
        """What an advertiser may add to a lure: the wordings to tune on, or those held out."""
        return (self.held_out if held_out else self.training) / ADDITIONS

    def training_files(self) -> list[Path]:
        """Return the labelled files a model learns from."""
        return learned_files(self.training)

    def unseen(self) -> list[Path]:
        """Return the labelled files no model learns from."""
        return sorted(self.held_out.glob("unseen*.jsonl"))


def carried_texts(folder: Path | None = None) -> TextSets:
    """Return the texts of ``folder``, or those of the source code; raise DataError where there are none."""
    texts = TextSets(folder or CARRIED)
    if not texts.training.is_dir():
        raise DataError(
            f"{texts.training}: no labelled texts; they come with the source code of LureWatch (benchmarks/texts), not with the "
            "installed package: run this in a checkout (`make setup`), or name labelled files of your own"
        )
    return texts


def learned_files(folder: Path) -> list[Path]:
    """Return the labelled files of ``folder`` that a model learns from."""
    return [file for pattern in LEARNED for file in sorted(folder.glob(pattern))]
