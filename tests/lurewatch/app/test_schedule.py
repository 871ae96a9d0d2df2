"""Only enabled sources are scheduled."""

from pathlib import Path

from lurewatch.app.schedule import scheduled_sources


def test_a_source_that_is_switched_off_is_not_scheduled(workplace: Path) -> None:
    assert [source.name for source in scheduled_sources()] == ["board"]
    seed = workplace / "seeds" / "sources" / "board.yml"
    seed.write_text(seed.read_text(encoding="utf-8").replace("enabled: true", "enabled: false"), encoding="utf-8")
    assert scheduled_sources() == []
