"""Contacts on real messages are judged by marks, which tell no number and no name."""

import json
from pathlib import Path

import pytest

from evaluation.measures import DataError, f1
from evaluation.real_contacts import mark, report
from evaluation.text_sets import carried_texts

HEAD = "sample\tsource\tid\tcontacts\n"


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """Return a folder with one text of a source."""
    line = {"id": "a", "text": "Zalo 0500000142, web www.sample99.com/ hoặc Zoom ID 845 1234 5678"}
    (tmp_path / "sms_vi.jsonl").write_text(json.dumps(line), encoding="utf-8")
    return tmp_path


def test_a_mark_depends_on_the_text_and_not_on_how_an_address_is_written() -> None:
    assert mark("a", "url", "https://www.Sample99.com/") == mark("a", "url", "sample99.com")
    assert mark("a", "phone", "+84500000142") != mark("b", "phone", "+84500000142")
    kind, _, bits = mark("a", "phone", "+84500000142").partition(":")
    assert (kind, len(bits)) == ("phone", 4)


def test_right_extra_and_missed_contacts_are_counted(texts: Path) -> None:
    """The address is read and not labelled; a handle is labelled and not there."""
    labels = texts / "labels.tsv"
    marks = f"{mark('a', 'zalo', '+84500000142')} {mark('a', 'telegram', 'sample_hr')}"
    labels.write_text(f"{HEAD}1\tsms_vi\ta\t{marks}\n", encoding="utf-8")
    for found in report(texts, labels).values():
        assert found["texts"] == 1
        assert dict(found["tables"]["source"]) == {"sms_vi": [1, 1, 1]}
        assert dict(found["tables"]["type"]) == {"zalo": [1, 0, 0], "url": [0, 1, 0], "telegram": [0, 0, 1]}
        assert {(what, one.partition(":")[0]) for _, what, one in found["mistakes"]} == {("extra", "url"), ("missed", "telegram")}


def test_a_label_without_its_text_is_named(texts: Path) -> None:
    labels = texts / "labels.tsv"
    labels.write_text(f"{HEAD}1\tsms_vi\tb\t\n", encoding="utf-8")
    with pytest.raises(DataError, match="sms_vi has no text b"):
        report(texts, labels)


def test_real_messages_are_read_at_the_level_documented(shared_data: Path) -> None:
    for found in report(shared_data / "texts", carried_texts().contact_labels).values():
        right, extra, missed = (sum(counts[place] for counts in found["tables"]["source"].values()) for place in range(3))
        assert f1(right, extra, missed) >= 0.95
