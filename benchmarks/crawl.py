"""`lurewatch crawl` against Scrapy on one local job board, side by side, round by round.

    python -m benchmarks.crawl [--rounds 3] [--pages 2000]

nginx serves the board from core 0, every client has core 1 to itself. LureWatch fetches, keeps the evidence, extracts, checks
and seals a partition; the peers only fetch and extract. Pages a second are counted on the server: from the first request to
the last response, for LureWatch to the sealed report. The tutorial peer gets a tenth of the board: it would take minutes.
CPU a page (user + system, start-up included) is what is left of the comparison on a machine that others use too.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import fsspec
from rich.console import Console
from rich.table import Table
from warcio.archiveiterator import ArchiveIterator

from benchmarks.site import PER_LIST, write
from crawlers.evidence.partition import read_postings

PORT = 18811
BASE = f"http://127.0.0.1:{PORT}"
NGINX = """worker_processes 1; pid {0}/nginx.pid; error_log {0}/error.log; daemon off; {1}
events {{ worker_connections 1024; }}
http {{
  include /etc/nginx/mime.types; default_type text/html; charset utf-8; sendfile on; tcp_nopush on;
  keepalive_requests 1000000; open_file_cache max=5000 inactive=300s;
  log_format times '$msec $status $request_uri'; access_log {0}/access.log times;
  server {{ listen 127.0.0.1:{2}; root {0}/board; }}
}}
"""
SOURCE = """title: Bench board
summary: The generated board of benchmarks/site.py
kind: job_board
languages: [en]
enabled: true
operator: {{name: LureWatch benchmark, url: {0}/}}
access: {{basis: our own, terms_checked: "2026-11-25", review_by: "2099-12-31", delay_seconds: 0, requests_per_run: 100000}}
crawl:
  spider: board
  page: job_posting_ld
  start: [{0}/list-1.html]
  follow: "a.job::attr(href)"
  max_pages: 10000
expect: {{min: {{postings: {1}, fill_rate: {{title: 1, text: 1, company: 1, location: 1, pay: 1, posted_at: 1}}}}}}
"""


def main() -> None:
    """Measure, print the table, and fail when a ratio is under its goal."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--pages", type=int, default=2000)
    asked = options.parse_args()
    if shutil.which("nginx") is None:
        sys.exit("nginx serves the board: apt-get install nginx")
    lists = -(-asked.pages // PER_LIST)
    last = f"{BASE}/list-{max(1, lists - lists // 10 + 1)}.html"
    taken: dict[str, list[CrawlCost]] = {}
    with tempfile.TemporaryDirectory(prefix="lurewatch-bench-") as folder, served(Path(folder), asked.pages) as log:
        for _ in range(asked.rounds):
            for name, start in (("idiomatic", f"{BASE}/list-1.html"), ("tutorial", last)):
                command = [sys.executable, "-m", "benchmarks.crawl_peers", name, start]
                taken.setdefault(name, []).append(measured(command, log, dict(os.environ))[0])
            taken.setdefault("lurewatch", []).append(ours(Path(folder), asked.pages, log))
    sys.exit(printed(taken))


class CrawlCost(NamedTuple):
    """What one client took for the board."""

    pages: int
    seconds: float
    """From the first request to the last response, for LureWatch to the sealed report."""
    wall: float
    """From the start of the process to its end."""
    cpu: float
    first: float
    """When the first request came, seconds of the epoch."""


@contextmanager
def served(folder: Path, pages: int) -> Iterator[Path]:
    """Serve a new board from core 0; yield the access log."""
    write(folder / "board", pages)
    folder.chmod(0o755)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(NGINX.format(folder, user, PORT), encoding="utf-8")
    server = subprocess.Popen(["taskset", "-c", "0", "nginx", "-c", str(folder / "nginx.conf")])
    try:
        time.sleep(0.5)
        if server.poll() is not None:
            sys.exit(f"nginx did not start; see the lines above (is port {PORT} free?)")
        yield folder / "access.log"
    finally:
        server.terminate()
        server.wait()


def measured(command: list[str], log: Path, environ: dict[str, str]) -> tuple[CrawlCost, str]:
    """Run a client on core 1; return what it took and its output."""
    before, cpu, start = log.stat().st_size, _cpu(), time.perf_counter()
    done = subprocess.run(["taskset", "-c", "1", *command], env=environ, capture_output=True, text=True, check=False)
    wall, cpu = time.perf_counter() - start, _cpu() - cpu
    if done.returncode:
        sys.exit(f"{' '.join(command)}: {done.stdout[-2000:]} {done.stderr[-2000:]}")
    with log.open(encoding="utf-8") as file:
        file.seek(before)
        rows = [line.split() for line in file]
    served = [float(row[0]) for row in rows if row[1] == "200"]
    first = float(rows[0][0])
    return CrawlCost(len(served), served[-1] - first, wall, cpu, first), done.stdout


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def ours(folder: Path, pages: int, log: Path) -> CrawlCost:
    """Crawl the board with `lurewatch crawl` into a fresh state; check what came out; return what it took."""
    for name in ("state", "runs"):
        shutil.rmtree(folder / name, ignore_errors=True)
    (folder / "seeds" / "sources").mkdir(parents=True, exist_ok=True)
    (folder / "seeds" / "sources" / "bench_board.yml").write_text(SOURCE.format(BASE, pages), encoding="utf-8")
    environ = os.environ | {
        "LUREWATCH_SEEDS": str(folder / "seeds"),
        "LUREWATCH_RUNS": str(folder / "runs"),
        "LUREWATCH_STATE": str(folder / "state"),
        "LUREWATCH_ALLOW_LOOPBACK": "true",
    }
    command = [str(Path(sys.executable).with_name("lurewatch")), "crawl", "bench_board", "--json"]
    taken, out = measured(command, log, environ)
    told = json.loads(out)
    postings = list(read_postings(told["partition"]))
    with fsspec.open(f"{told['partition']}/captures.warc.gz", "rb") as file:
        responses = sum(record.rec_type == "response" for record in ArchiveIterator(file))
    assert responses == taken.pages, f"{taken.pages} pages served, {responses} kept"
    assert (told["state"], len(postings)) == ("ok", pages), told
    assert all(posting.capture and posting.title and posting.pay for posting in postings)
    return taken._replace(seconds=datetime.fromisoformat(told["finished_at"]).timestamp() - taken.first)


def printed(taken: dict[str, list[CrawlCost]]) -> int:
    """Print the table of best rounds; return 1 when a goal is missed."""
    best = {name: max(one.pages / one.seconds for one in rounds) for name, rounds in taken.items()}
    cpu = {name: min(one.cpu / one.pages for one in rounds) * 1e3 for name, rounds in taken.items()}
    rows = {
        "idiomatic": "Scrapy, idiomatic (parsel, LinkExtractor)",
        "tutorial": "Scrapy + BeautifulSoup + extruct",
        "lurewatch": "lurewatch crawl (evidence, extraction, checks, sealed)",
    }
    table = Table(title="Crawl of a local JSON-LD board, one client core", title_justify="left")
    for heading in ("client", "pages/s (each round)", "best", "× idiomatic", "× tutorial", "CPU ms/page", "wall s"):
        table.add_column(heading, justify="left" if heading == "client" else "right")
    for name, words in rows.items():
        each = " ".join(f"{one.pages / one.seconds:.0f}" for one in taken[name])
        walls = " ".join(f"{one.wall:.1f}" for one in taken[name])
        ratios = (f"{best[name] / best['idiomatic']:.2f}", f"{best[name] / best['tutorial']:.1f}")
        table.add_row(words, each, f"{best[name]:.0f}", *ratios, f"{cpu[name]:.2f}", walls)
    console = Console(width=130)
    console.print(table)
    missed = [
        f"{best['lurewatch'] / best[peer]:.2f} × {peer}, goal {goal}"
        for peer, goal in (("idiomatic", 1.5), ("tutorial", 15.0))
        if best["lurewatch"] / best[peer] < goal
    ]
    console.print("missed: " + "; ".join(missed) if missed else "both goals met (1.5 × idiomatic, 15 × tutorial)")
    return bool(missed)


if __name__ == "__main__":
    main()
