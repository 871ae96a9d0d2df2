"""What is kept between runs is only ever a shortcut."""

import os
import shutil
from pathlib import Path

import pytest

from enrichment.facts import places
from enrichment.lexicon import cache
from enrichment.lexicon.lexicon import lexicon
from enrichment.lexicon.matcher import Matcher


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a cache folder of the test's own."""
    monkeypatch.setenv("LUREWATCH_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def lures(tmp_path: Path) -> Path:
    """Return a small lexicon."""
    (tmp_path / "indicators.yml").write_text('indicators:\n  - {slug: offer, family: voice, title: "t", why: "w"}\n')
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "voice.yml").write_text(
        "rules:\n  - {id: en-offer-0001, status: active, pattern: (easy|light) * work, gloss: g, indicator: offer, "
        "strength: weak, basis: own, added: 2026-11-28}\n"
    )
    return tmp_path


@pytest.mark.parametrize("damage", [None, b"", b"\xff" * 64])
def test_a_kept_or_damaged_copy_gives_the_same_answers(own_cache: Path, lures: Path, damage: bytes | None) -> None:
    """Damage is found and made good."""
    first = lexicon(lures)
    hits = Matcher([entry.form for entry in first.entries]).hits(b" easy office work ")
    files = list(own_cache.iterdir())
    assert hits
    assert len(files) == 1
    if damage is not None:
        for file in files:
            file.write_bytes(damage)
    again = lexicon(lures)
    assert again == first
    assert Matcher([entry.form for entry in again.entries]).hits(b" easy office work ") == hits


def test_a_copy_of_the_files_is_not_read_again_and_names_its_own_places(own_cache: Path, lures: Path, tmp_path: Path) -> None:
    """Seeds are copied by ``lurewatch sources init``, into images and by tests."""
    first = lexicon(lures)
    (kept,) = own_cache.iterdir()
    copy = shutil.copytree(lures, tmp_path / "elsewhere", ignore=shutil.ignore_patterns("cache"))
    again = lexicon(copy)
    assert list(own_cache.iterdir()) == [kept]
    assert [entry.place for entry in again.entries] == [f"{copy / 'en' / 'voice.yml'}:2"]
    assert [entry.place for entry in first.entries] == [f"{lures / 'en' / 'voice.yml'}:2"]
    assert again.version == first.version


def test_places_are_parsed_once(own_cache: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their copy is named by what the file says; damage is found and made good."""
    first = places.Gazetteer(seeds / "places.yml")
    (file,) = own_cache.iterdir()
    whole = file.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(places, "_parse_places", lambda path: pytest.fail("parsed again"))
        assert places.Gazetteer(seeds / "places.yml").parsed_digest == first.parsed_digest
    file.write_bytes(whole[:-5])
    assert places.Gazetteer(seeds / "places.yml").forms == first.forms
    assert file.read_bytes() == whole


def test_a_changed_file_is_read_again(own_cache: Path, lures: Path) -> None:
    """The copy is named by what it was made from."""
    before = lexicon(lures)
    file = lures / "en" / "voice.yml"
    file.write_text(file.read_text().replace("gloss: g", "gloss: h"))
    assert [entry.gloss for entry in before.entries + lexicon(lures).entries] == ["g", "h"]


@pytest.mark.parametrize("whose", ["another user's", "anybody's"])
def test_what_somebody_else_could_have_written_is_not_read(own_cache: Path, monkeypatch: pytest.MonkeyPatch, whose: str) -> None:
    cache.keep("name", b"data")
    assert cache.lookup("name") == b"data"
    if whose == "anybody's":
        (own_cache / "name").chmod(0o666)
    else:
        if os.geteuid() == 0:
            os.chown(own_cache / "name", 4241, -1)
        monkeypatch.setattr(os, "geteuid", lambda: 4242)
    assert cache.lookup("name") == b""


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file stands where the folder would be."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LUREWATCH_CACHE", str(tmp_path / "file"))
    cache.keep("name", b"data")
    assert cache.lookup("name") == b""


def test_what_was_not_used_for_longest_goes_first(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Editing a lexicon a thousand times fills no disk."""
    monkeypatch.setattr(cache, "MOST", 250)
    for number, name in enumerate(("first", "second", "third")):
        cache.keep(name, bytes(100))
        os.utime(own_cache / name, (number, number))
        if name == "second":
            assert cache.lookup("first")
    assert {file.name for file in own_cache.iterdir()} == {"first", "third"}
