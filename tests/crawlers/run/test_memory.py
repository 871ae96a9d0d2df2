"""A crawl's memory is its own, not that of the process that started it."""

import subprocess
import sys

CHILD = """
import resource
from crawlers.fetch.memory import ResidentMemory
held = ResidentMemory.get_virtual_size(ResidentMemory.__new__(ResidentMemory))
print(held, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
"""
PARENT = f"""
import subprocess, sys
large = bytearray(b"x") * (400 << 20)
sys.stdout.write(subprocess.run([sys.executable, "-c", {CHILD!r}], capture_output=True, text=True, check=True).stdout)
"""


def test_a_large_parent_does_not_count() -> None:
    """The peak the system tells is inherited; what is held is a fraction of it."""
    told = subprocess.run([sys.executable, "-c", PARENT], capture_output=True, text=True, check=True).stdout
    held, peak = map(int, told.split())
    assert 10 << 20 < held < 300 << 20
    assert peak > held


def test_a_crawl_started_by_a_large_process_is_not_stopped(site, source_of, started, pages):
    """Its peak is over the crawl's limit from the start; what it holds is not."""
    pages.board(site, 3)
    out, err = started(source_of(), before="large = bytearray(b'x') * (1100 << 20)\ndel large\n").communicate()
    assert '"state":"ok"' in out, err
