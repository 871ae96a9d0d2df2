"""Only enabled sources are scheduled."""

from pathlib import Path

from lurewatch.app.schedule import scheduled_crawls


def test_a_source_that_is_switched_off_is_not_scheduled(workplace: Path) -> None:
    assert [crawl.source.name for crawl in scheduled_crawls()] == ["board"]
    seed = workplace / "seeds" / "sources" / "board.yml"
    seed.write_text(seed.read_text(encoding="utf-8").replace("enabled: true", "enabled: false"), encoding="utf-8")
    assert scheduled_crawls() == []
