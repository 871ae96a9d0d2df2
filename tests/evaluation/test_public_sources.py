"""Public texts: read from a folder as the list says, and never anything else."""

import hashlib
from pathlib import Path

import pytest

from evaluation.measures import DataError
from evaluation.public_sources import MOST, PublicSource, public_sources, public_texts
from evaluation.text_sets import carried_texts


@pytest.fixture
def listed(tmp_path: Path):
    """Return a function that writes a fetched file and a list that names it."""

    def write(data: str, digest: str = "", **changed: str) -> Path:
        file = tmp_path / "owner/repo/data.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(data, encoding="utf-8")
        fields = {
            "name": "sms_xx", "repository": "owner/repo", "commit": "c" * 40, "path": "data.csv", "licence": "MIT",
            "language": "vi",
            "sha256": digest or hashlib.sha256(file.read_bytes()).hexdigest(), "shape": "csv", "text": "title+text",
            "taken": "label=ham|0", "kind": "other", "what": "x",
        } | changed  # fmt: skip
        rows = ["\t".join(PublicSource._fields), "\t".join(fields[name] for name in PublicSource._fields)]
        (tmp_path / "list.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
        return tmp_path / "list.tsv"

    return write


def test_rows_of_the_classes_named_are_read_once_and_as_others(tmp_path: Path, listed) -> None:
    """What a collector calls spam is left out: nobody has read it."""
    rows = ("ham,Hello,see you tomorrow", "spam,Win,a prize for you today", *["0,,see you at the market"] * 2)
    file = listed("\n".join(["label,title,text", *rows]))
    found = public_texts(tmp_path, file)
    assert [item.text for item in found] == ["Hello\nsee you tomorrow", "see you at the market"]
    assert {(item.label, item.kind, item.lang, item.source) for item in found} == {(0, "other", "vi", "sms_xx")}
    assert len({item.group for item in found}) == 2


def test_lines_may_name_their_language(tmp_path: Path, listed) -> None:
    """And a long file is thinned evenly."""
    lines = "\n".join(f"th\tmessage number {number:05}" for number in range(10 * MOST))
    found = public_texts(tmp_path, listed(lines, shape="lines", language="=", text="", taken=""))
    assert (len(found), found[0].lang, found[0].text) == (MOST, "th", "message number 00000")
    assert found[-1].text > "message number 01400"


def test_another_version_of_a_file_is_refused(tmp_path: Path, listed) -> None:
    """Its figures would be others."""
    with pytest.raises(DataError, match=r"data\.csv: SHA-256 .* not abc as in list\.tsv; fetch commit cccc"):
        public_texts(tmp_path, listed("label,title,text\n", digest="abc"))


def test_a_folder_without_any_is_one_clear_error(tmp_path: Path, listed) -> None:
    """It says what to fetch."""
    file = listed("label,title,text\n")
    with pytest.raises(DataError, match=r"no public texts; fetch those of .*list\.tsv"):
        public_texts(tmp_path / "elsewhere", file)


def test_a_faulty_list_is_named_by_line(tmp_path: Path) -> None:
    """Columns, then rows."""
    file = tmp_path / "list.tsv"
    file.write_text("name\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"list\.tsv:1: the columns are"):
        public_sources(file)
    file.write_text("\t".join(PublicSource._fields) + "\nsms_xx\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"list\.tsv:2: 1 columns"):
        public_sources(file)


def test_the_list_is_whole() -> None:
    """A digest, a commit, a licence and a reading for each; names are unique."""
    sources = public_sources(carried_texts().public_sources)
    assert len({source.name for source in sources}) == len(sources) >= 30
    assert all(len(source.sha256) == 64 and len(source.commit) == 40 and source.licence and source.what for source in sources)
