"""Judging cannot be changed past the signatures by a file: not by what is kept of the rules, nor by another model or its card."""

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec
import pytest

from enrichment.assess import Assessor
from enrichment.errors import ModelError
from enrichment.model import SHIPPED, model_digest
from lurewatch.app import pipeline
from lurewatch.app.doctor.checks import in_force
from lurewatch.app.in_force import InForce, replace_seeds
from lurewatch.app.seeds import judging
from tests.seed_house import SeedHouse

LURE = "Typist wanted in Sihanoukville, free ticket and visa, we hold your passport until your debt is paid"
OTHER_CODE = "0123456789ab"


def score(settings: InForce) -> float:
    judged = pipeline.judge_in_force(settings).assess(id="1", title=None, text=LURE)
    return judged.score


def rewrite_kept(change: Callable[[list[list[object]]], object], folder: Path, _: SeedHouse) -> None:
    """Change the rules and places that are kept, as somebody who knows the format would."""
    for file in folder.iterdir():
        file.write_bytes(msgspec.msgpack.encode(change(msgspec.msgpack.decode(file.read_bytes()))))


def keep_other_rules(folder: Path, house: SeedHouse) -> None:
    """Put what is rightly kept of other files in the place of what is kept: whole, and renamed."""
    names = {file.name: file.name.partition("-")[0] for file in folder.iterdir()}
    other = shutil.copytree(house.seeds, house.folder / "other")
    for file in (other / "lures" / "en").glob("[!h]*.yml"):
        file.unlink()
    Assessor(other)
    for name, kind in names.items():
        for file in [made for made in folder.glob(f"{kind}-*") if made.name not in names]:
            file.rename(folder / name)


def forge_digests(folder: Path, house: SeedHouse) -> None:
    """Empty what is kept and note the digest of that as what is expected."""
    ATTACKS["emptied"](folder, house)
    now = house.in_force()
    judging.note_parsed(now.judging, Assessor(now.seeds).parsed_digest, house.settings.state / "accepted")


def is_rules(kept: list[list[object]]) -> bool:
    return len(kept) == 3


ATTACKS: dict[str, Callable[[Path, SeedHouse], None]] = {
    "emptied": partial(rewrite_kept, lambda kept: [[], [], []] if is_rules(kept) else []),
    "halved": partial(rewrite_kept, lambda kept: [kept[0][1::2], *kept[1:]] if is_rules(kept) else kept[1::2]),
    "other rules": keep_other_rules,
    "forged digest": forge_digests,
}


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a cache of the test's own that others can write."""
    monkeypatch.setenv("LUREWATCH_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.mark.parametrize(
    ("attack", "signed"), [*((attack, True) for attack in ATTACKS), ("emptied", False), ("other rules", False)]
)
def test_rules_kept_otherwise_than_the_files_say_change_no_score(
    house: SeedHouse, cache: Path, attack: str, caplog: pytest.LogCaptureFixture, *, signed: bool
) -> None:
    settings = house.in_force() if signed else replace_seeds(house.settings, house.seeds)
    before = score(settings)
    assert before > 60 and in_force(settings).status != "missing" and "read instead" not in caplog.text
    ATTACKS[attack](cache, house)
    assert Assessor(settings.seeds).assess(id="1", title=None, text=LURE).score != before, "this attack changes nothing"
    told = in_force(settings)
    assert told.status == "missing" and f"rules or places kept in {cache}" in told.detail
    assert score(settings) == before and "which are read instead" in caplog.text
    assert in_force(settings).status != "missing", "they are not kept anew"


def test_what_waits_is_looked_at_by_its_files_and_not_by_what_is_kept_of_them(house: SeedHouse, cache: Path) -> None:
    """Who empties the copies of a commit before it is accepted neither hides what it does nor has them accepted."""
    control = house.seeds / "lures" / "en" / "control.yml"
    control.write_text(control.read_text(encoding="utf-8").replace("strength: strong", "strength: weak"), encoding="utf-8")
    house.commit("ann")
    honest = house.waiting()
    ATTACKS["emptied"](cache, house)
    assert house.waiting() == honest and honest is not None and honest.reduces
    ATTACKS["emptied"](cache, house)
    house.accept("mallory", honest)
    assert score(house.in_force()) > 60 and in_force(house.in_force()).status == "ok"


def test_another_model_judges_nothing_though_its_three_files_fit_together(
    house: SeedHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = shutil.copytree(SHIPPED, tmp_path / "model")
    card = msgspec.json.decode((model / "card.json").read_bytes())
    (model / "weights.json").write_bytes((model / "weights.json").read_bytes() + b"\n")
    with pytest.raises(ModelError, match="are version") as told:
        model_digest(model)
    card["version"] = str(told.value).partition("are version ")[2][:12]
    (model / "card.json").write_bytes(msgspec.json.encode(card))
    monkeypatch.setattr(judging, "model_digest", partial(model_digest, model))
    with pytest.raises(ModelError, match="not what was accepted: model "):
        score(house.in_force())
    told_by_doctor = in_force(house.in_force())
    assert told_by_doctor.status == "missing" and "not what was accepted: model " in told_by_doctor.detail


def test_other_code_judges_by_the_files_and_is_named_until_it_is_accepted(
    house: SeedHouse, cache: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    before = score(house.in_force())
    monkeypatch.setattr(judging, "_code_digest", lambda: OTHER_CODE)
    forge_digests(cache, house)
    assert score(house.in_force()) == before and "not what was accepted: code " in caplog.text
    told = in_force(house.in_force())
    assert told.status == "missing" and "code " in told.detail and "model" not in told.detail
    house.commit("ann", "Accept the code of this release")
    house.accept("mallory")
    assert in_force(house.in_force()).status == "ok"


def test_lists_of_words_beside_the_code_judge_as_it_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "ENRICHMENT", tmp_path)
    (tmp_path / "words.yml").write_text("Latn: {en: the}")
    before = judging._code_digest.__wrapped__()
    (tmp_path / "words.yml").write_text("Latn: {en: le}")
    assert judging._code_digest.__wrapped__() != before
