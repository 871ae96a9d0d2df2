"""A site served on loopback as the named software would answer: parameters it does not know change nothing."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from tests.software.adverts import Advert

Pages = dict[str, str]
Address = tuple[str, tuple[tuple[str, str], ...]]


class Family(NamedTuple):
    """Software, the address an operator would give, and how its pages are made."""

    name: str
    start: str
    pages: Callable[[list[Advert]], Pages]
    count: int
    """Adverts."""


class SoftwareSite:
    """The pages that stand now, and the requests that came."""

    def __init__(self, pages: Pages) -> None:
        self.url = ""
        self.asked: list[tuple[str, int]] = []
        """Path and status of each request, robots.txt apart."""
        self.show(pages)

    def show(self, pages: Pages) -> None:
        """Put ``pages`` in place of those that stood."""
        self.pages = {_address(path): body for path, body in pages.items()}
        self.parameters: dict[str, set[str]] = {}
        for path, parameters in self.pages:
            self.parameters.setdefault(path, set()).update(name for name, _ in parameters)

    def answer(self, target: str, etag: str | None) -> tuple[int, str, bytes]:
        """Return status, ETag and body."""
        path, parameters = _address(target)
        known = self.parameters.get(path, set())
        text = self.pages.get((path, tuple(pair for pair in parameters if pair[0] in known)))
        if text is None:
            return 404, "", b"<html><body><h1>Page not found</h1></body></html>"
        mark = f'"{hash(text) & 0xFFFFFFFF:x}"'
        return (304, mark, b"") if etag == mark else (200, mark, text.encode())

    def repeated(self) -> list[str]:
        """Return the addresses that were asked for twice."""
        return [path for path, count in Counter(_plain(path) for path, _ in self.asked).items() if count > 1]


def _address(target: str) -> Address:
    parts = urlsplit(target)
    return parts.path, tuple(sorted(parse_qsl(parts.query, keep_blank_values=True))) or ((parts.query, ""),) * bool(parts.query)


def _plain(target: str) -> str:
    """Return an address without what names a visit."""
    path, parameters = _address(target)
    return path + "?" + "&".join(f"{name}={value}" for name, value in parameters if name not in ("sid", "s", "PHPSESSID"))


@contextmanager
def served(pages: Pages) -> Iterator[SoftwareSite]:
    """Yield the running site."""
    site = SoftwareSite(pages)

    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path == "/robots.txt":
                status, mark, body = 200, "", b"User-agent: *\nDisallow: /wp-admin/\n"
            else:
                status, mark, body = site.answer(self.path, self.headers.get("If-None-Match"))
                site.asked.append((self.path, status))
            kind = "application/json" if body[:1] in (b"{", b"[") else "text/html"
            self.send_response(status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8" if self.path != "/robots.txt" else "text/plain")
            if mark:
                self.send_header("ETag", mark)
            if status != 304:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads, block_on_close, request_queue_size = True, False, 64

    server = Server(("127.0.0.1", 0), Answer)
    site.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
