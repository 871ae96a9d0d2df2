"""`lurewatch search --saved`, as a shell calls it."""

from click.testing import CliRunner

from desk.database import open_database
from desk.people import saved_searches
from index.sqlite.sqlite_store import SqliteStore
from lurewatch.cli.contents import cli


def test_a_shared_search_runs_from_the_shell(tmp_path, monkeypatch, staff, record, now):
    monkeypatch.setenv("LUREWATCH_DATABASE", f"sqlite:///{tmp_path}/desk.sqlite")
    monkeypatch.setenv("LUREWATCH_STORE", f"{tmp_path}/index.sqlite")
    engine = open_database(f"sqlite:///{tmp_path}/desk.sqlite")
    people = staff(engine)
    store = SqliteStore(tmp_path / "index.sqlite")
    store.put([record(number, title=f"item {number}\x1b[31m", language=("en", "vi")[number % 2]) for number in range(4)])
    store.close()
    for name, query, shared, by in (
        ("Viet", "lang:vi", True, "minh"),
        ("Viet", "lang:en", True, "lead"),
        ("Own", "lang:en", False, "lead"),
    ):
        saved_searches.save(engine, name, query, shared=shared, by=people[by], now=now)

    def search(*words, code=0):
        result = CliRunner().invoke(cli, ["search", *words])
        assert (result.exit_code, "\x1b[31m" in result.output) == (code, False), result.output
        return result.stderr

    assert "2 of 2 for: lang:vi item" in search("item", "--saved", "minh/Viet", "--json")
    assert "several share" in search("--saved", "Viet", code=1)
    assert "there are: lead/Viet, minh/Viet" in search("--saved", "Own", code=1)
