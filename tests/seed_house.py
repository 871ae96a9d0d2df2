"""Seeds in a git work tree with two people: one signs commits, another accepts them at the desk."""

import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine

from desk.cases.accepted_seeds import SeedChange
from desk.database import open_database
from desk.people.accounts import User, add_user, user
from lurewatch.app.in_force import InForce, read_in_force
from lurewatch.app.seeds.seed_acceptance import accept_change, waiting_change
from lurewatch.settings import Settings
from tests.services.shared import shared_folder

PASSWORD = "gravel-lantern-otter-93"
PEOPLE = {"ann": "lead", "mallory": "admin", "ben": "analyst"}
"""Ann and Mallory have keys and may change the seeds."""


class SeedHouse(NamedTuple):
    """An installation whose seeds are a repository; its first commit was signed by Ann and accepted by Mallory."""

    folder: Path
    settings: Settings
    engine: Engine

    @property
    def seeds(self) -> Path:
        return self.settings.seeds

    @property
    def board(self) -> Path:
        return self.seeds / "sources" / "board.yml"

    def person(self, name: str) -> User:
        with self.engine.connect() as connection:
            return user(connection, name)

    def edit(self, path: str, old: str, new: str) -> None:
        file = self.seeds / path
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")

    def git(self, *words: str) -> str:
        return run_git(self.seeds, *words)

    def commit(self, signer: str = "", subject: str = "Tidy") -> str:
        """Commit everything, signed with somebody's key; return the id."""
        return commit(self.folder, signer, subject)

    def waiting(self) -> SeedChange | None:
        return waiting_change(self.settings, self.engine)

    def accept(self, by: str, seen: SeedChange | None = None) -> None:
        seen = seen or self.waiting()
        assert seen is not None
        accept_change(self.settings, self.engine, seen, by=self.person(by), reason="it is right")

    def in_force(self) -> InForce:
        return read_in_force(self.settings)


def run_git(seeds: Path, *words: str) -> str:
    identity = ("-c", "user.name=somebody", "-c", "user.email=somebody@example.org")
    quiet = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    done = subprocess.run(("git", *identity, *words), cwd=seeds, env=quiet, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def commit(folder: Path, signer: str, subject: str) -> str:
    seeds = folder / "seeds"
    run_git(seeds, "add", "--all")
    key = ("-c", "gpg.format=ssh", "-c", f"user.signingkey={folder / 'keys' / signer}") if signer else ()
    run_git(seeds, *key, "commit", "--quiet", "--allow-empty", "-m", subject, *(["-S"] if signer else []))
    return run_git(seeds, "rev-parse", "HEAD")


def make_key(folder: Path, name: str) -> str:
    """Make a key and return its line of ``allowed_signers``."""
    (folder / "keys").mkdir(exist_ok=True)
    key = folder / "keys" / name
    subprocess.run(("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(key)), check=True)
    kind, public = key.with_suffix(".pub").read_text(encoding="utf-8").split()[:2]
    return f"{name}@example.org {kind} {public}\n"


def settings_of(folder: Path) -> Settings:
    return Settings(
        seeds=folder / "seeds", runs=str(folder / "runs"), state=folder / "state", store=str(folder / "index.sqlite"),
        assessed=str(folder / "assessed"), database=f"sqlite:///{folder / 'desk.sqlite'}",
    )  # fmt: skip


def make_seed_house(folder: Path, seeds: Path) -> None:
    """Lay out a whole installation below ``folder``, to be copied for each test; made once a run: all its rules are parsed."""
    shutil.copytree(shared_folder("seed-house", lambda made: _make_seed_house(made, seeds)), folder, dirs_exist_ok=True)


def _make_seed_house(folder: Path, seeds: Path) -> None:
    own = folder / "seeds"
    (own / "sources").mkdir(parents=True)
    for name in ("places.yml", "platforms.yml", "lures/indicators.yml", "lures/concepts.yml"):
        (own / name).parent.mkdir(exist_ok=True)
        shutil.copy(seeds / name, own / name)
    shutil.copytree(seeds / "lures" / "en", own / "lures" / "en")
    text = (seeds / "sources" / "sample_board.yml").read_text(encoding="utf-8")
    text = text.replace("http://127.0.0.1:8101", "https://board.example.org").replace("retention_days: 30", "retention_days: 365")
    item = r"'^https://board\.example\.org/jobs/[a-z0-9-]+\.html$'"
    text = text.replace("\naccess:", f"  takedown: {{contact: abuse@board.example.org, format: csv, item: {item}}}\n\naccess:")
    (own / "sources" / "board.yml").write_text(text, encoding="utf-8")
    (own / "allowed_signers").write_text(make_key(folder, "ann") + make_key(folder, "mallory"), encoding="utf-8")
    run_git(own, "init", "--quiet", "--initial-branch=main")
    commit(folder, "ann", "Begin")
    settings = settings_of(folder)
    house = SeedHouse(folder, settings, open_database(settings.database))
    for name, role in PEOPLE.items():
        add_user(
            house.engine, name=name, email=f"{name}@example.org", role=role, password=PASSWORD, now=datetime.now(UTC)
        )  # fmt: skip
    house.accept("mallory")
    house.engine.dispose()


def copy_seed_house(made: Path, folder: Path) -> SeedHouse:
    """Return a house of one's own, copied from one that ``make_seed_house`` made."""
    shutil.copytree(made, folder, dirs_exist_ok=True)
    settings = settings_of(folder)
    return SeedHouse(folder, settings, open_database(settings.database))
