"""An installation with seeds of its own, a desk's database, and somebody who may change them."""

import json
import shutil
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from desk.database import open_database
from desk.people.accounts import User
from desk.tables import audit
from lurewatch.settings import Settings


@pytest.fixture
def settings(tmp_path: Path, seeds: Path) -> Settings:
    """Return settings whose seeds are one source and the rules of one language."""
    folder = tmp_path / "seeds"
    (folder / "sources").mkdir(parents=True)
    shutil.copy(seeds / "sources" / "sample_board.yml", folder / "sources" / "board.yml")
    (folder / "lures").mkdir()
    shutil.copy(seeds / "lures" / "indicators.yml", folder / "lures")
    shutil.copytree(seeds / "lures" / "sw", folder / "lures" / "sw")
    shutil.copy(seeds / "places.yml", folder)
    return Settings(
        seeds=folder, runs=str(tmp_path / "runs"), state=tmp_path / "state", database=f"sqlite:///{tmp_path / 'desk.sqlite'}"
    )


@pytest.fixture
def engine(settings: Settings) -> Engine:
    """Return the desk's database."""
    return open_database(settings.database)


@pytest.fixture
def operator() -> User:
    """Return an operator."""
    return User(id=1, name="minh", email="minh@example.org", role="operator", disabled=False)


def changes(engine: Engine) -> list[dict[str, str]]:
    """Return what the audit log has of changes: actor, action, subject and the detail of each entry."""
    with engine.connect() as connection:
        rows = connection.execute(select(audit.c.actor, audit.c.action, audit.c.subject, audit.c.detail).order_by(audit.c.seq))
        seen = [row for row in rows if row.action != "setting_first"]
        return [{"actor": row.actor, "action": row.action, "subject": row.subject} | json.loads(row.detail) for row in seen]
