"""Keys of the index are made although Elasticsearch refuses every password for a moment after the first."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.stack import index_keys
from deploy.stack.index_keys import USES, write_keys
from index.base import StoreError
from lurewatch.settings import Settings
from tests.loopback import Answer, Request, serve_answers

Answers = dict[str, list[int]]


@pytest.fixture
def cluster() -> Iterator[tuple[str, Answers]]:
    """Return an address that makes keys as Elasticsearch does, and the statuses it gives for each name before it does.

    The real one cannot be held in that moment; on a busy machine it is (tests/deploy/test_stack.py met it).
    """
    refusals: Answers = {}

    def make_key(asked: Request) -> Answer:
        name = json.loads(asked.body)["name"]
        status = refusals[name].pop(0) if refusals.get(name) else 200
        body = {"encoded": f"key of {name}"} if status == 200 else {"error": {"type": "security_exception"}}
        return status, {"X-Elastic-Product": "Elasticsearch", "Content-Type": "application/json"}, json.dumps(body).encode()

    with serve_answers(make_key) as url:
        yield url, refusals


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
