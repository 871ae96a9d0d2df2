"""The registry survives a kill at any point, and a damaged one is told, not guessed."""

import multiprocessing
import os
import signal
from pathlib import Path

import pytest
from msgspec.structs import replace

from lurewatch.models import model_registry
from lurewatch.models.model_registry import SHIPPED, Registry, RegistryError


def made(models: Path, version: str) -> None:
    model_registry.keep(models, version, lambda folder: (folder / "card.json").write_text("{}") and None)


def test_without_a_registry_the_shipped_model_judges(tmp_path):
    state = model_registry.read(tmp_path / "models")
    assert (state.champion, model_registry.folder_of(tmp_path, state.champion)) == (SHIPPED, None)


def test_the_newest_promotion_judges(tmp_path):
    made(tmp_path, "aa11")
    with model_registry.writing(tmp_path) as put:
        put(Registry(champions=("aa11",)))
    assert model_registry.folder_of(tmp_path, model_registry.read(tmp_path).champion) == tmp_path / "aa11"
    assert model_registry.names(tmp_path) == ["aa11"]


def test_a_damaged_registry_is_told(tmp_path):
    (tmp_path / model_registry.FILE).write_bytes(b'{"champions": [')
    with pytest.raises(RegistryError, match="backup"):
        model_registry.read(tmp_path)


@pytest.mark.parametrize("name", ["../secrets", "gone", "a/b", ""])
def test_only_a_model_of_the_folder_is_taken(tmp_path, name):
    with pytest.raises(RegistryError):
        model_registry.folder_of(tmp_path, name)


def test_a_model_that_could_not_be_written_is_not_there(tmp_path):
    def broken(folder: Path) -> None:
        (folder / "card.json").write_text("{}")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        model_registry.keep(tmp_path, "aa11", broken)
    assert model_registry.names(tmp_path) == []
    made(tmp_path, "aa11")
    assert model_registry.names(tmp_path) == ["aa11"]


def _write_for_ever(models: Path) -> None:
    number = 0
    while True:
        number += 1
        with model_registry.writing(models) as put:
            put(Registry(champions=(f"v{number}",) * 400, shadow=f"v{number}"))


def test_kill_9_leaves_a_whole_registry(tmp_path):
    made(tmp_path, "v0")
    with model_registry.writing(tmp_path) as put:
        put(Registry(champions=("v0",) * 400, shadow="v0"))
    for pause in (0.05, 0.1, 0.02):
        writer = multiprocessing.get_context("fork").Process(target=_write_for_ever, args=(tmp_path,))
        writer.start()
        writer.join(pause)
        assert writer.pid is not None
        os.kill(writer.pid, signal.SIGKILL)
        writer.join()
        state = model_registry.read(tmp_path)
        assert set(state.champions) == {state.shadow}
        with model_registry.writing(tmp_path) as put:  # the lock went with the process
            put(replace(state, shadow=state.shadow))
