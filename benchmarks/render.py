"""The rendered lane against a new Chromium context per page, on the same pages, in one run, turn by turn.

    python benchmarks/render.py [--pages 40] [--rounds 3] [--json FILE]

``chromium``: what a crawler does that wants isolation and nothing else: one browser, and for every page a new context and page,
``goto``, wait for the selector, content and a screenshot, close. No proxy, no guard, no robots.txt. ``shell``: the same with
chromium-headless-shell. ``ours``: ``crawlers.fetch.handlers.rendered_fetch`` under Scrapy with everything on: guarded proxy,
robots.txt, budgets, honest name, screenshot; a context per site, pages reused within it.

Each is timed from the first page to the last, start-up left out, against a server in a process of its own; a page has a
stylesheet, 60 KB of script that builds it, and six 30 KB images.
"""

import argparse
import asyncio
import json
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

HERE = Path(__file__)
WAIT_FOR = "#list .job"
PEERS = {"chromium": "chromium", "shell": "chromium-headless-shell"}
KINDS = {"advert": 6, "list": 40}
"""Adverts on a page: one screen of them, and a list of 4,500 pixels, whose screenshot costs both sides most of their time."""
SCRIPT = "const filler = '%s';" % ("x" * 60_000)
BUILD = """
const COUNT = Number(location.pathname.split('/')[2]);
const list = document.getElementById('list');
for (let n = 0; n < COUNT; n++) { const d = document.createElement('div'); d.className = 'job';
  d.innerHTML = `<h2>advert ${n}</h2><p>${'text '.repeat(20)}</p>`; list.append(d); }
"""


def main() -> None:
    """Run all rounds and print the ratio of the best of each side."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--kind", choices=list(KINDS), help="only this kind of page")
    parser.add_argument("--side", choices=["server", "chromium", "shell", "ours"], help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, default=0, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.side == "server":
        asyncio.run(serve())
    elif given.side in PEERS:
        asyncio.run(peer(given.side, given.port, given.pages, given.kind))
    elif given.side == "ours":
        ours(given.port, given.pages, given.kind)
    else:
        compare([given.kind] if given.kind else list(KINDS), given.pages, given.rounds, given.json)


def compare(kinds: list[str], pages: int, rounds: int, out: Path | None) -> None:
    """Time both sides in turn against one server."""
    server = subprocess.Popen([sys.executable, str(HERE), "--side", "server"], stdout=subprocess.PIPE, text=True)
    assert server.stdout
    port = int(server.stdout.readline())
    figures: dict[str, float] = {}
    try:
        for kind in kinds:
            best = dict.fromkeys([*(name for name, path in PEERS.items() if shutil.which(path)), "ours"], 0.0)
            for number in range(rounds):
                for side in best:
                    rate = timed(side, kind, port, pages)
                    best[side] = max(best[side], rate)
                    print(f"{kind} round {number + 1}: {side:8} {rate:6.2f} pages/s", flush=True)
            figures |= {f"{kind}_{side}": rate for side, rate in best.items()}
            for side in best.keys() - {"ours"}:
                figures[f"{kind}_over_{side}"] = best["ours"] / best[side]
                print(f"{kind}: rendered lane / new context per page in {PEERS[side]} = {figures[f'{kind}_over_{side}']:.2f}")
    finally:
        server.terminate()
        server.wait(10)
    if out:
        out.write_text(json.dumps(figures))


def timed(side: str, kind: str, port: int, pages: int) -> float:
    """Return the pages a second of one side, run in a process of its own."""
    command = [sys.executable, str(HERE), "--side", side, "--kind", kind, "--port", str(port), "--pages", str(pages)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=300)
    rate: float = json.loads(done.stdout.strip().splitlines()[-1])["rate"]
    return rate


async def peer(side: str, port: int, pages: int, kind: str) -> None:
    """Render each page in a context of its own."""
    from playwright.async_api import async_playwright

    from crawlers.fetch.handlers.chromium import can_use_sandbox

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which(PEERS[side]),
            chromium_sandbox=can_use_sandbox(),
            args=["--disable-gpu", "--no-first-run"],
        )
        started = 0.0
        for number in range(pages + 1):
            context = await browser.new_context()
            page = await context.new_page()
            await page.goto(f"http://127.0.0.1:{port}/page/{KINDS[kind]}/{number}", wait_until="domcontentloaded")
            await page.wait_for_selector(WAIT_FOR, state="attached")
            assert f"advert {KINDS[kind] - 1}" in await page.content()
            await page.screenshot(full_page=True)
            await context.close()
            started = started or time.perf_counter()
        seconds = time.perf_counter() - started
        await browser.close()
    print(json.dumps({"rate": pages / seconds}))


def ours(port: int, pages: int, kind: str) -> None:
    """Render each page as a crawl does."""
    from scrapy import Request, Spider
    from scrapy.crawler import AsyncCrawlerProcess

    from crawlers.fetch.scrapy_settings import CrawlOptions, scrapy_settings
    from crawlers.sources.source import Limits

    start = f"http://127.0.0.1:{port}/"
    limits = Limits(seconds=300, rendered_requests=150)
    source: Any = SimpleNamespace(
        languages=("en",),
        access=SimpleNamespace(delay_seconds=0, requests_per_run=100_000),
        crawl=SimpleNamespace(start=(start,), limits=limits),
    )
    times: list[float] = []

    class Pages(Spider):
        name = "render"

        async def start(self) -> Any:
            for number in range(pages + 1):
                url = f"{start}page/{KINDS[kind]}/{number}"
                yield Request(url, self.parse, dont_filter=True, meta={"render": True, "wait_for": WAIT_FOR})

        def parse(self, response: Any) -> None:
            assert f"advert {KINDS[kind] - 1}".encode() in response.body and response.meta["screenshot"]
            times.append(time.perf_counter())

    options = CrawlOptions(user_agent="LureWatch/0.1 (+https://lurewatch.example.org/bot)", allow_loopback=True)
    process = AsyncCrawlerProcess({**scrapy_settings(source, options), "LOG_LEVEL": "ERROR"})
    process.crawl(Pages)
    process.start()
    assert len(times) == pages + 1, f"only {len(times)} pages came back"
    print(json.dumps({"rate": pages / (times[-1] - times[0])}))


async def serve() -> None:
    """Answer every request, keeping connections open."""
    chance = random.Random(1)
    png = _png(chance)
    page = (
        "<!doctype html><title>board</title><link rel=stylesheet href=/style.css><body><div id=list></div>"
        + "".join(f"<img src=/image/{{n}}/{n}.png>" for n in range(6))
        + "<script src=/app.js></script>"
    )

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                path = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1].decode()
                status, kind, body, kept = 200, "text/html", b"", "no-store"
                if path.startswith("/page/"):
                    body = page.replace("{n}", path.rpartition("/")[2]).encode()
                elif path == "/app.js":
                    kind, body, kept = "text/javascript", (SCRIPT + BUILD).encode(), "max-age=600"
                elif path == "/style.css":
                    kind, body, kept = "text/css", b".job { border: 1px solid #999; margin: 8px }" * 50, "max-age=600"
                elif path.startswith("/image/"):
                    kind, body, kept = "image/png", png, "max-age=600"
                else:
                    status = 404
                head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nCache-Control: {kept}\r\n"
                writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def _png(chance: random.Random) -> bytes:
    """Return a picture of noise, about 30 KB."""
    import struct
    import zlib

    side = 100
    rows = b"".join(b"\0" + chance.randbytes(side * 3) for _ in range(side))

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack("!I", len(data)) + name + data + struct.pack("!I", zlib.crc32(name + data))

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack("!IIBBBBB", side, side, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


if __name__ == "__main__":
    main()
