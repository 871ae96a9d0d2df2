"""CPU seconds that hostile texts and pages cost, the slowest first. The tests assert only that they grow linearly.

``python -m benchmarks.hostile [--json]``. Texts are a mebibyte of one unit (``tests/enrichment/test_facts_hold.py``), pages
those of ``tests/crawlers/pages/test_hostile.py``. Times are the least of three rounds. Aim: none over 2 s on a quiet machine.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from crawlers.pages import page_families
from enrichment.assess import Assessor
from tests.crawlers.pages.test_hostile import PAGES, URL
from tests.enrichment.test_facts_hold import HOSTILE

ROOT = Path(__file__).resolve().parent.parent
SIZE = 1 << 20


def seconds(work: Callable[[], object]) -> float:
    """Return the least CPU seconds of three rounds."""
    rounds = []
    for _ in range(3):
        begun = time.process_time()
        work()
        rounds.append(time.process_time() - begun)
    return min(rounds)


def measure(size: int = SIZE) -> Iterator[tuple[str, float]]:
    """Yield what each costs: ``text`` or ``page`` with its name, and its CPU seconds."""
    assessor = Assessor(ROOT / "seeds")
    for unit in HOSTILE:
        text = (unit * (size // len(unit) + 1))[:size]
        yield f"text {unit!r}", seconds(lambda text=text: assessor.assess(id="x", title=None, text=text))  # type: ignore[misc]
    for name, page in PAGES.items():
        yield f"page {name}", seconds(lambda page=page[:size]: page_families.parse(page, URL))  # type: ignore[misc]  # mypy: lambda default


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the table")
    parser.add_argument("--size", type=int, default=SIZE, help="characters of a text, bytes of a page at most (default 1 MB)")
    given = parser.parse_args()
    table = dict(sorted(measure(given.size), key=lambda row: -row[1]))
    if given.json:
        print(json.dumps(table))
        return
    for name, spent in table.items():
        print(f"{spent:7.3f} s  {name}")


if __name__ == "__main__":
    main()
