"""A source file is changed at the desk only whole, valid, as it was seen, and with its trace."""

from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Engine

from desk.people.accounts import User
from desk.refusals import DeskRefusal
from lurewatch.app.seeds import noted_change
from lurewatch.app.seeds.source_edits import SourceFiles
from lurewatch.settings import SHIPPED_SEEDS, Settings
from tests.lurewatch.app.seeds.conftest import changes


@pytest.fixture
def files(settings: Settings, engine: Engine) -> SourceFiles:
    return SourceFiles(settings, engine)


def version(files: SourceFiles) -> str:
    file = files.read("board")
    assert file is not None
    return file.version


def test_a_switch_changes_one_line_and_says_who_and_why(
    files: SourceFiles, settings: Settings, engine: Engine, operator: User
) -> None:
    path = settings.seeds / "sources" / "board.yml"
    before, seen = path.read_text(encoding="utf-8"), version(files)
    files.switch("board", enabled=False, version=seen, by=operator, reason="the site asked us to stop")
    changed = path.read_text(encoding="utf-8")
    differing = [(old, new) for old, new in zip(before.splitlines(), changed.splitlines(), strict=True) if old != new]
    assert differing == [("enabled: true", "enabled: false")]
    file = files.read("board")
    assert file is not None and file.source is not None and not file.source.enabled
    (entry,) = changes(engine)
    assert {"-enabled: true", "+enabled: false"} < set(entry.pop("diff").splitlines())
    assert entry == {
        "actor": "minh", "action": "source_off", "subject": "board", "reason": "the site asked us to stop",
        "before": seen, "after": file.version,
    }  # fmt: skip


def test_a_faulty_text_is_refused_with_line_and_fix_and_the_old_one_stays(
    files: SourceFiles, settings: Settings, engine: Engine, operator: User
) -> None:
    path = settings.seeds / "sources" / "board.yml"
    before = path.read_text(encoding="utf-8")
    faulty = before.replace("  spider: board\n", "  spider: bored\n")
    for change in (lambda: files.save("board", faulty, version=version(files), by=operator, reason="a test"),
                   lambda: files.try_text("board", faulty)):  # fmt: skip
        with pytest.raises(DeskRefusal, match=r"^board\.yml:2\d.*spider"):
            change()
    assert path.read_text(encoding="utf-8") == before and changes(engine) == []


def test_what_a_browser_sends_becomes_a_file_with_its_own_line_ends(
    files: SourceFiles, settings: Settings, operator: User
) -> None:
    path = settings.seeds / "sources" / "board.yml"
    text = path.read_text(encoding="utf-8").replace("max_pages: 5", "max_pages: 6")
    files.save("board", text.replace("\n", "\r\n") + "\r\n", version=version(files), by=operator, reason="a sixth page")
    assert path.read_text(encoding="utf-8") == text


def test_a_change_of_a_file_that_was_changed_meanwhile_is_refused(
    files: SourceFiles, settings: Settings, engine: Engine, operator: User
) -> None:
    seen, path = version(files), settings.seeds / "sources" / "board.yml"
    path.write_text(path.read_text(encoding="utf-8") + "# by hand\n", encoding="utf-8")
    with pytest.raises(DeskRefusal, match="changed since you opened it"):
        files.switch("board", enabled=False, version=seen, by=operator, reason="late")
    assert "# by hand" in path.read_text(encoding="utf-8") and changes(engine) == []


def test_it_takes_a_right_a_reason_a_change_and_a_folder_of_ones_own(
    files: SourceFiles, settings: Settings, engine: Engine, operator: User
) -> None:
    seen = version(files)
    analyst = msgspec.structs.replace(operator, role="analyst")
    shipped = SourceFiles(settings.model_copy(update={"seeds": SHIPPED_SEEDS}), engine)
    for editor, who, enabled, why, message in (
        (files, analyst, False, "why", "ask an operator"),
        (files, operator, False, "  ", "say why"),
        (files, operator, True, "why", "says so already"),
        (shipped, operator, False, "why", "only read"),
    ):
        with pytest.raises(DeskRefusal, match=message):
            editor.switch("board", enabled=enabled, version=seen, by=who, reason=why)
    assert changes(engine) == []


def test_a_file_that_cannot_be_written_leaves_no_trace_of_a_change(
    files: SourceFiles, engine: Engine, operator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(noted_change, "replace_file", full)
    with pytest.raises(DeskRefusal, match="No space left"):
        files.switch("board", enabled=False, version=version(files), by=operator, reason="why")
    assert changes(engine) == []


@pytest.mark.parametrize("name", ["", ".", "..", "../platforms", "nobody", "board/../board"])
def test_only_names_of_source_files_are_read(files: SourceFiles, settings: Settings, name: str) -> None:
    (settings.seeds / "platforms.yml").write_text("secret", encoding="utf-8")
    assert files.read(name) is None


def test_a_file_that_is_faulty_already_is_shown_with_its_fault(files: SourceFiles, settings: Settings) -> None:
    path = settings.seeds / "sources" / "board.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("kind: job_board", "kind: jobboard"), encoding="utf-8")
    file = files.read("board")
    assert file is not None and file.source is None and "board.yml:4" in file.fault
