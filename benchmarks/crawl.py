"""`lurewatch crawl` against Scrapy on a local job board, side by side, round by round: like with like.

    python -m benchmarks.crawl [--rounds 3] [--pages 1000]

Two boards of distinct pages, one with JSON-LD and one plain. nginx serves them from core 0, every client has core 1. Every
client keeps the evidence (a gzipped WARC record for each response); LureWatch also obeys robots.txt, checks addresses, reads
contacts, looks at each advert's state and seals a partition. Counted are processor seconds (user + system) of the whole
process, start-up included, and its wall time. On a machine that others use only the ratios of processor seconds hold.
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
from pathlib import Path
from typing import NamedTuple

import fsspec
from rich.console import Console
from rich.table import Table
from warcio.archiveiterator import ArchiveIterator

from benchmarks.site import write
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
  page: {2}
  start: [{0}/list-1.html]
  follow: "a.job::attr(href)"
  max_pages: 10000
expect: {{min: {{postings: {1}, fill_rate: {{title: 1, text: 1, company: 1, location: 1, pay: 1, posted_at: 1}}}}}}
"""


BOARDS = {"JSON-LD": "job_posting_ld", "plain": "plain"}
"""What its pages are -> the family that reads them."""
CLIENTS = {
    "idiomatic": "Scrapy, idiomatic (parsel, LinkExtractor), WARC",
    "tuned": "Scrapy, tuned (Lexbor, orjson), WARC",
    "lurewatch": "lurewatch crawl (evidence, extraction, checks, sealed)",
}


def main() -> None:
    """Measure both boards and print a table of each."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--pages", type=int, default=1000)
    asked = options.parse_args()
    if shutil.which("nginx") is None:
        sys.exit("nginx serves the board: apt-get install nginx")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # every client starts from byte code, as an installed one does
    for board, family in BOARDS.items():
        taken: dict[str, list[CrawlCost]] = {name: [] for name in CLIENTS}
        with (
            tempfile.TemporaryDirectory(prefix="lurewatch-bench-") as name,
            served(Path(name), asked.pages, plain=family == "plain") as log,
        ):
            for _ in range(asked.rounds):
                for peer in ("idiomatic", "tuned"):
                    taken[peer].append(theirs(peer, Path(name), log))
                taken["lurewatch"].append(ours(Path(name), asked.pages, log, family))
        print_costs(board, asked.pages, taken)


class CrawlCost(NamedTuple):
    """What one client took for the board."""

    pages: int
    wall: float
    """Seconds from the start of the process to its end."""
    cpu: float
    """Seconds of the processor, user and system, its children's too."""


@contextmanager
def served(folder: Path, pages: int, *, plain: bool) -> Iterator[Path]:
    """Serve a new board from core 0; yield the access log."""
    write(folder / "board", pages, plain=plain)
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
    return CrawlCost(sum(row[1] == "200" for row in rows), wall, cpu), done.stdout


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def theirs(peer: str, folder: Path, log: Path) -> CrawlCost:
    """Crawl the board with a peer; check that its evidence is whole; return what it took."""
    command = [sys.executable, "-m", "benchmarks.crawl_peers", peer, f"{BASE}/list-1.html", str(folder)]
    taken, _ = measured(command, log, dict(os.environ))
    kept = _responses(str(folder / "captures.warc.gz"))
    assert kept == taken.pages, f"{peer}: {taken.pages} pages served, {kept} kept"
    return taken


def ours(folder: Path, pages: int, log: Path, family: str) -> CrawlCost:
    """Crawl the board with `lurewatch crawl` into a fresh state; check what came out; return what it took."""
    for name in ("state", "runs"):
        shutil.rmtree(folder / name, ignore_errors=True)
    (folder / "seeds" / "sources").mkdir(parents=True, exist_ok=True)
    source = SOURCE.format(BASE, pages, family)
    (folder / "seeds" / "sources" / "bench_board.yml").write_text(source, encoding="utf-8")
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
    kept = _responses(f"{told['partition']}/captures.warc.gz")
    assert kept == taken.pages, f"{taken.pages} pages served, {kept} kept"
    assert (told["state"], len(postings)) == ("ok", pages), told
    assert all(posting.capture and posting.title and posting.pay for posting in postings)
    return taken


def _responses(warc: str) -> int:
    with fsspec.open(warc, "rb") as file:
        return sum(record.rec_type == "response" for record in ArchiveIterator(file))


def print_costs(board: str, pages: int, taken: dict[str, list[CrawlCost]]) -> None:
    """Print what each client took for a page: of its rounds the one with the least processor time."""
    best = {name: min(one.cpu / one.pages for one in rounds) * 1e3 for name, rounds in taken.items()}
    table = Table(title=f"{pages} {board} pages, evidence written, start-up included", title_justify="left")
    for heading in ("client", "CPU ms/page", "× idiomatic", "× tuned", "CPU ms/page, each round", "wall s, each round"):
        table.add_column(heading, justify="left" if heading == "client" else "right")
    for name, words in CLIENTS.items():
        each = " ".join(f"{one.cpu / one.pages * 1e3:.1f}" for one in taken[name])
        walls = " ".join(f"{one.wall:.1f}" for one in taken[name])
        ratios = (f"{best[name] / best['idiomatic']:.2f}", f"{best[name] / best['tuned']:.2f}")
        table.add_row(words, f"{best[name]:.1f}", *ratios, each, walls)
    Console(width=150).print(table)


if __name__ == "__main__":
    main()
