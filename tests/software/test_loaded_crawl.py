"""What warm children are forked from has loaded a whole crawl; multiprocessing would be silent about what cannot be loaded."""

import subprocess
import sys

ASKED = """
import sys, threading
import tests.software.loaded_crawl
wanted = ("child", "frontier.scheduler", "fetch.handlers.page_fetch", "fetch.middlewares.blocks", "evidence.visit_pipelines")
print([name for name in wanted if f"crawlers.{name}" not in sys.modules], "twisted.internet.reactor" in sys.modules)
print(threading.active_count())
"""


def test_a_crawl_is_loaded_and_nothing_of_it_runs() -> None:
    """A reactor is each child's own, and a thread would be lost in a fork."""
    told = subprocess.run([sys.executable, "-c", ASKED], capture_output=True, text=True, check=True).stdout
    assert told == "[] False\n1\n"


def test_a_crawl_does_not_load_what_few_pages_need() -> None:
    """Each crawl is a process of its own and would pay for it."""
    loaded = subprocess.run(
        [sys.executable, "-c", "import crawlers.child, sys; print(*sys.modules)"], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "crawlers.pages.page_families" in loaded
    assert {"feedparser", "ftfy", "wcwidth", "alembic", "numpy", "sqlalchemy"}.intersection(loaded) == set()
