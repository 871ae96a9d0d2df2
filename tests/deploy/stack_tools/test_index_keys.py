"""Keys of the index are made although Elasticsearch refuses every password for a moment after the first."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from deploy.stack import index_keys
from deploy.stack.index_keys import USES, write_keys
from index.base import StoreError
from lurewatch.settings import Settings

Answers = dict[str, list[int]]


@pytest.fixture
def cluster() -> Iterator[tuple[str, Answers]]:
    """Return an address that makes keys as Elasticsearch does, and the statuses it gives for each name before it does.

    The real one cannot be held in that moment; on a busy machine it is (tests/deploy/test_stack.py met it).
    """
    refusals: Answers = {}

    class Cluster(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            """Make a key, or refuse."""
            name = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["name"]
            status = refusals[name].pop(0) if refusals.get(name) else 200
            body = json.dumps(
                {"encoded": f"key of {name}"} if status == 200 else {"error": {"type": "security_exception"}}
            ).encode()
            self.send_response(status)
            for header, value in (("X-Elastic-Product", "Elasticsearch"), ("Content-Type", "application/json")):
                self.send_header(header, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Cluster)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", refusals
    server.shutdown()
    server.server_close()


def test_a_password_that_is_refused_for_a_moment_is_tried_again(
    cluster: tuple[str, Answers], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that stays refused is told."""
    url, refusals = cluster
    monkeypatch.setattr(index_keys, "PAUSES", (0.01,) * 4)
    for use in USES:
        (tmp_path / use).mkdir()
    refusals["lurewatch-erase"] = [401] * 4
    assert write_keys(Settings(store=url), "pw", tmp_path) == list(USES)
    assert (tmp_path / "erase" / "erase").read_text() == "key of lurewatch-erase"
    (tmp_path / "manage" / "manage").unlink()
    refusals["lurewatch-manage"] = [401] * 9
    monkeypatch.setattr(index_keys, "is_valid", lambda *_: True)
    with pytest.raises(StoreError, match="valid API key"):
        write_keys(Settings(store=url), "pw", tmp_path)
