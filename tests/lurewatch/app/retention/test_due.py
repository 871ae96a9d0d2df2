"""How long texts of a source are kept: by its file; of a faulty file nothing goes."""

from pathlib import Path

from lurewatch.app.retention.due import FOREVER, days_kept
from lurewatch.settings import load_settings
from tests.lurewatch.app.retention.test_purge import workplace  # noqa: F401 - a fixture


def test_a_source_is_kept_as_its_file_says_and_a_broken_file_lets_nothing_go(workplace: Path) -> None:  # noqa: F811
    path = workplace / "seeds/sources/board.yml"
    good = path.read_text(encoding="utf-8")
    assert days_kept(load_settings()) == {"board": 180}
    path.write_text(good.replace("retention_days: 180", "retention_days: 1"), encoding="utf-8")
    assert days_kept(load_settings()) == {"board": 1}
    path.write_text(good.replace("retention_days: 180", "retention_days: ["), encoding="utf-8")
    assert days_kept(load_settings()) == {"board": FOREVER}
