"""A search field is one line of one table; an index written before it is refused with the command that mends it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from index import fields
from index.base import Query, StoreError
from index.elastic import client
from index.elastic.elastic_store import ElasticStore
from index.maintain import migrate_alias
from index.query.parse import parse
from index.sqlite.sqlite_store import SqliteStore

ROOT = Path(__file__).resolve().parents[2]
LINE = '    Field("author", lambda record: (record.posting.author,)),\n'
ASK = """
import sys
from pathlib import Path
from index.base import Query, StoreError
from index.maintain import migrate_file
from index.query.parse import parse
from index.sqlite.sqlite_store import SqliteStore
path = Path(sys.argv[1])
try:
    SqliteStore(path)
except StoreError as exc:
    print(exc)
migrate_file(path, force=False)
page = SqliteStore(path).search(parse("author:sample_hr88"))
print([hit.record.id for hit in page.hits], page.facets["author"])
"""


@pytest.fixture
def with_author(tmp_path: Path) -> dict[str, str]:
    """Return the environment of a checkout whose table has one line more."""
    shutil.copytree(ROOT / "index", tmp_path / "edited" / "index", ignore=shutil.ignore_patterns("__pycache__"))
    table = tmp_path / "edited" / "index" / "fields.py"
    before, line, after = table.read_text(encoding="utf-8").partition('    Field("flagged"')
    table.write_text(before + LINE + line + after, encoding="utf-8")
    return os.environ | {"PYTHONPATH": str(tmp_path / "edited")}


def test_a_field_is_added_by_one_line_and_old_records_are_found_by_it(tmp_path, record, with_author):
    path = tmp_path / "index.sqlite"
    store = SqliteStore(path)
    old = record("a", "Typist wanted")
    store.put([replace(old, posting=replace(old.posting, author="sample_hr88")), record("b", "Typist wanted")])
    store.close()
    asked = subprocess.run(
        [sys.executable, "-c", ASK, path], cwd=tmp_path, env=with_author, capture_output=True, text=True, check=False
    )
    assert asked.returncode == 0, asked.stderr
    refused, found = asked.stdout.splitlines()
    assert "written with other search fields (author; schema" in refused
    assert refused.endswith("run `lurewatch index migrate`")
    assert found == "['a'] (('sample_hr88', 1),)"


@pytest.mark.parametrize("written", ["tag:1 harm:1", f"{fields.SCHEMA} author:1", fields.SCHEMA.replace("tag:1", "tag:2"), ""])
def test_a_file_of_another_schema_is_refused_by_one_sentence_and_migrated(tmp_path, record, written):
    path = tmp_path / "index.sqlite"
    store = SqliteStore(path)
    store.put([record("a", "Typist wanted")])
    store._connection().execute("UPDATE settings SET value = ? WHERE name = 'fields'", (written,))
    store.close()
    with pytest.raises(StoreError, match=r"other search fields.*run `lurewatch index migrate`") as refused:
        SqliteStore(path)
    assert "\n" not in str(refused.value)
    older = SqliteStore(path, older=True)
    assert not older.is_current
    assert [one.id for one in older.scan(Query())] == ["a"]
    older.close()


def test_a_file_written_before_schemas_were_kept_is_read_as_it_is(tmp_path, record):
    path = tmp_path / "index.sqlite"
    store = SqliteStore(path)
    store.put([record("a", "Typist wanted")])
    store._connection().execute("DELETE FROM settings")
    store.close()
    again = SqliteStore(path)
    assert (again.count(), again.is_current) == (1, True)
    again.close()


def test_an_elasticsearch_index_of_another_schema_is_refused_and_migrated(elasticsearch_url, elastic_index, record, monkeypatch):
    alias = elastic_index()
    older = client.mapping() | {
        "mappings": client.mapping()["mappings"] | {"_meta": client.mapping()["mappings"]["_meta"] | {"fields": "tag:1"}}
    }
    with monkeypatch.context() as before:
        before.setattr(client, "mapping", lambda: older)
        before.setattr("index.elastic.client.schema_problem", lambda *_: None)
        store = ElasticStore(elasticsearch_url, alias)
        store.put([record("a", "Typist wanted")])
        store.close()
    with pytest.raises(StoreError, match=r"other search fields.*run `lurewatch index migrate`"):
        ElasticStore(elasticsearch_url, alias)
    assert migrate_alias(elasticsearch_url, alias).now == f"{alias}-2"
    store = ElasticStore(elasticsearch_url, alias)
    assert store.get("a") is not None  # by its id: what was copied is searched a moment later
    store.close()


def test_every_field_is_typed_by_its_words_and_counted(tmp_path, record):
    store = SqliteStore(tmp_path / "index.sqlite")
    store.put([record("a", "Typist wanted")])
    for word, field in fields.BY_WORD.items():
        value = field.known[0] if field.known else "vi" if field.names else "sample"
        assert parse(f"{word}:{value}").filters == {field.name: (value,)}
    assert tuple(store.search(Query()).facets) == fields.NAMES
    store.close()
