"""Real texts beside the project: labels as collected, corrected where a person read them again."""

import json
from pathlib import Path

import pytest

from evaluation.measures import DataError
from evaluation.real_texts import LEAST, MOST, group, real_texts


def write(folder: Path, name: str, *rows: dict[str, object]) -> None:
    """Write a file of real texts as the collectors lay it."""
    file = folder / "texts" / f"{name}.jsonl"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with one text of each kind."""
    write(
        tmp_path, "sms_ph", {"id": "p1", "lang": "en/tl", "recruit": "1", "text": "earn daily", "cluster": "a"},
        {"id": "p2", "lang": "en/tl", "recruit": "0", "text": "win a prize", "cluster": "b"},
    )  # fmt: skip
    write(
        tmp_path, "telegram_zh", {"id": "z1", "lang": "zh", "recruit_type": "compound", "text": "招人", "cluster": "c"},
        {"id": "z2", "lang": "zh", "recruit_type": "other?", "text": "做项目", "cluster": "d"},
    )  # fmt: skip
    write(
        tmp_path, "emscad", {"id": "e1", "lang": "en", "label": "fraud", "title": "Clerk", "description": "x", "cluster": "e"},
        {"id": "e2", "lang": "en", "label": "legit", "title": "Nurse", "description": "y", "benefits": "z", "cluster": "f"},
    )  # fmt: skip
    write(tmp_path, "real2/lures", {"id": "r1", "lang": "ru", "label": "1", "class": "mule", "text": "карты", "cluster": "g"})
    write(tmp_path, "real3/lures", {"id": "t1", "lang": "es", "text": "gana", "label": 1, "class": "job_scam", "source": "sms"})
    return tmp_path


def test_labels_and_classes_are_those_of_the_project(folder: Path, tmp_path: Path) -> None:
    """Undecided texts stand apart; fraud of other kinds is neither."""
    read = real_texts(folder, tmp_path / "real-labels.tsv")
    assert {item.id: (item.label, item.kind, item.source) for item in read.decided} == {
        "p1": (1, "money_scam", "sms_ph"), "p2": (0, "other", "sms_ph"), "z1": (1, "scam_compound", "telegram_zh"),
        "e2": (0, "benign_job", "emscad"), "r1": (1, "money_scam", "lures"), "t1": (1, "money_scam", "sms"),
    }  # fmt: skip
    assert {item.id for item in read.undecided} == {"z2", "e1"}
    assert {item.id: item.text for item in read.decided}["e2"] == "y\nz"
    assert {group(item) for item in read.decided if item.label} == {"ph", "zh", "ru", "es"}


def test_the_lures_of_a_small_group_count_as_more(folder: Path, tmp_path: Path) -> None:
    """Within bounds; other texts count once."""
    weights = {item.id: item.weight for item in real_texts(folder, tmp_path / "real-labels.tsv").decided}
    assert weights["p2"] == weights["e2"] == 1.0
    assert LEAST <= weights["r1"] <= MOST


def test_a_correction_changes_the_label_and_a_wrong_one_is_named(folder: Path, tmp_path: Path) -> None:
    """By id; no text is repeated in the file."""
    file = tmp_path / "real-labels.tsv"
    file.write_text("id\tlabel\tclass\treason\np2\tlure\tmoney_scam\tread by hand\nz1\tundecided\tother\tread by hand\n", "utf-8")
    read = real_texts(folder, file)
    assert {item.id: item.label for item in read.decided} == {"p1": 1, "p2": 1, "e2": 0, "r1": 1, "t1": 1}
    file.write_text("id\tlabel\tclass\treason\np2\tmaybe\tother\t-\n", "utf-8")
    with pytest.raises(DataError, match=r"real-labels\.tsv:2: label 'maybe'"):
        real_texts(folder, file)


def test_a_folder_without_real_texts_is_one_clear_error(tmp_path: Path) -> None:
    """It says what to give."""
    with pytest.raises(DataError, match="give the folder that holds texts/"):
        real_texts(tmp_path, tmp_path / "real-labels.tsv")
