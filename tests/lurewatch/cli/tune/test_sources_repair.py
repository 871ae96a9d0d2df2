"""A board that changes its layout between two looks is read again after `sources repair`, over loopback HTTP."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner, Result

from crawlers.discovery.page_case import problems
from crawlers.sources.source import load_source
from lurewatch.cli.contents import cli
from tests.crawlers.discovery.test_layout_repair import ADVERTS, NEW, OLD


class Board(BaseHTTPRequestHandler):
    """Three adverts in the layout of the hour, and their list."""

    layout = OLD

    def do_GET(self) -> None:
        """Answer the list, an advert or 404."""
        pages = {f"/viec/{number}": self.layout.format_map(advert) for number, advert in enumerate(ADVERTS)}
        links = "".join(
            f'<div class="card"><a href="/viec/{number}">{ad["title"]}</a></div>' for number, ad in enumerate(ADVERTS)
        )
        pages["/"] = f"<!doctype html><html lang=vi><title>Board</title><h1>Việc làm</h1>{links}</html>"
        body = pages.get(self.path, "").encode()
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def board() -> Iterator[str]:
    """The board on a free port, in its old layout."""
    Board.layout = OLD
    server = ThreadingHTTPServer(("127.0.0.1", 0), Board)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def source(board: str, seeds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A source of that board with its page case, as `sources new` writes them."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LUREWATCH_SEEDS", str(tmp_path / "seeds"))
    monkeypatch.setenv("LUREWATCH_ALLOW_LOOPBACK", "true")
    (tmp_path / "seeds" / "sources").mkdir(parents=True)
    result = sources("new", f"{board}/", "--name", "my_board", "--yes")
    assert result.exit_code == 0, result.output
    return tmp_path / "seeds" / "sources" / "my_board.yml"


def sources(*words: str) -> Result:
    """Run a subcommand in the working folder."""
    return CliRunner().invoke(cli, ["sources", *words])


def test_a_new_layout_is_read_again_and_the_case_is_replaced(source: Path) -> None:
    """Nothing to repair before; after, `sources try` reads the fields by the selectors, and the new case holds."""
    before = source.read_bytes()
    untouched = sources("repair", "my_board")
    assert untouched.exit_code == 0, untouched.output
    assert "nothing to repair" in untouched.output
    Board.layout = NEW
    shown = sources("repair", "my_board", "--json")
    assert shown.exit_code == 0, shown.output
    line = json.loads(shown.stdout)
    assert {entry["field"] for entry in line["repairs"]} == {"title", "pay"}
    assert source.read_bytes() == before, "nothing is written without a yes"
    written = sources("repair", "my_board", "--yes")
    assert written.exit_code == 0, written.output
    fields = load_source(source).crawl.fields.named_fields()
    assert fields["pay"] == "p.income-box"
    assert list(problems(Path("tests/sources/my_board"), fields)) == []
    tried = [json.loads(line) for line in sources("try", "my_board", "--json").stdout.splitlines()]
    assert tried[0]["title"] in {advert["title"] for advert in ADVERTS}
    assert tried[0]["pay_raw"].endswith("đồng/tháng")
    assert tried[0]["contacts"][0].startswith("tel:+84 900 000 00"), "a number on a button is read without a selector"


def test_a_field_that_is_gone_is_named_and_the_exit_code_says_so(source: Path) -> None:
    Board.layout = NEW.replace("{pay}", "")
    result = sources("repair", "my_board", "--json")
    assert result.exit_code == 1
    assert "pay: not found again" in result.output


def test_without_a_case_the_way_to_one_is_shown(source: Path) -> None:
    result = sources("repair", "my_board", "--cases", "elsewhere")
    assert result.exit_code == 1
    assert "no page case; `lurewatch sources new` writes one" in result.output
