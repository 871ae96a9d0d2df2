"""The sample sites of ``seeds/sample/``, served on 127.0.0.1 the way a real web server would.

Ports are those of ``ports.json``, or free ones; then the addresses written inside the pages (sitemap, canonical links,
feeds) are rewritten to match. Files are read at each request, so a test may edit its own copy while it is served.
"""

import hashlib
import json
import re
import shutil
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from email.utils import formatdate, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from crawlers.fetch.scrapy_settings import is_loopback, start_origins
from crawlers.sources.source import Source
from foundation.crawl_errors import CrawlError

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".xml": "application/xml",
    ".txt": "text/plain; charset=utf-8",
    ".json": "application/json",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
FEEDS = {"rss.xml": "application/rss+xml; charset=utf-8", "atom.xml": "application/atom+xml; charset=utf-8"}
MOVED = "sample-ports.json"
_OWN = re.compile(rb"\b127\.0\.0\.1:(\d{2,5})\b")


class SampleError(CrawlError):
    """The sample sites cannot be served; the message says why and what to do."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], root: Path) -> None:
        super().__init__(address, _Answer)
        self.root = root.resolve()
        self.moved: dict[bytes, bytes] = {}


class _Answer(BaseHTTPRequestHandler):
    """GET and HEAD of files, with validators; everything else is refused by the base class."""

    protocol_version = "HTTP/1.1"
    server_version = "sample"
    sys_version = ""
    server: _Server

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: the crawler's log is enough."""

    def _answer(self, *, with_body: bool) -> None:
        path = unquote(urlsplit(self.path).path).replace("\0", "")
        file = (self.server.root / path.lstrip("/")).resolve()
        if not file.is_relative_to(self.server.root):
            return self._send(HTTPStatus.NOT_FOUND, b"not here\n", {"Content-Type": "text/plain"}, with_body)
        if file.is_dir():
            if not path.endswith("/") and not path.startswith("/s/"):  # t.me serves /s/<channel> itself, without a slash
                return self._send(HTTPStatus.MOVED_PERMANENTLY, b"", {"Location": f"{path}/"}, with_body)
            file /= "index.html"
        if not file.is_file():
            return self._send(HTTPStatus.NOT_FOUND, b"not here\n", {"Content-Type": "text/plain"}, with_body)
        body = _OWN.sub(lambda match: self.server.moved.get(match[0], match[0]), file.read_bytes())
        changed = int(file.stat().st_mtime)
        headers = {
            "Content-Type": FEEDS.get(file.name) or TYPES.get(file.suffix, "application/octet-stream"),
            "ETag": f'"{hashlib.sha256(body).hexdigest()[:16]}"',
            "Last-Modified": formatdate(changed, usegmt=True),
        }
        if self._is_known(headers["ETag"], changed):
            return self._send(HTTPStatus.NOT_MODIFIED, b"", headers, with_body=False)
        return self._send(HTTPStatus.OK, body, headers, with_body)

    def _is_known(self, etag: str, changed: int) -> bool:
        """Return whether the asker has this version (RFC 9110: If-None-Match decides alone when it is there)."""
        if (tags := self.headers.get("If-None-Match")) is not None:
            return tags.strip() == "*" or etag in {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        try:
            since = parsedate_to_datetime(self.headers.get("If-Modified-Since", ""))
        except ValueError:
            return False
        return changed <= since.timestamp()

    def _send(self, status: HTTPStatus, body: bytes, headers: Mapping[str, str], with_body: bool) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status is not HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)


@contextmanager
def serve(folder: Path, ports: Mapping[str, int] | None = None) -> Iterator[dict[str, str]]:
    """Serve each site of ``folder`` on 127.0.0.1 while the block runs; yield site name -> base address (no slash at the end).

    ``ports`` None takes the fixed ports of ``ports.json``; a site missing from ``ports`` gets a free one. Raises
    SampleError when the folder is not a sample folder or a port is taken.
    """
    written = _ports(folder)
    wanted = written if ports is None else ports
    with ExitStack() as stack:
        servers: dict[str, _Server] = {}
        for name in written:
            servers[name] = _listening(folder / name, wanted.get(name, 0))
            stack.callback(servers[name].server_close)
        moved = {_origin(port): _origin(servers[name].server_port) for name, port in written.items()}
        for server in servers.values():
            server.moved = moved
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
            stack.callback(server.shutdown)
        yield {name: f"http://127.0.0.1:{server.server_port}" for name, server in servers.items()}


def free_ports(folder: Path, earlier: Mapping[str, int]) -> dict[str, int]:
    """Return the port each site of ``folder`` can have: its own, that of an ``earlier`` time, or 0 (any)."""

    def is_free(name: str, port: int) -> bool:
        try:
            _listening(folder / name, port).server_close()
        except SampleError:
            return False
        return True

    wanted = {name: (port, earlier.get(name, 0)) for name, port in _ports(folder).items()}
    return {name: next((port for port in ports if is_free(name, port)), 0) for name, ports in wanted.items()}


def moved_seeds(urls: Mapping[str, str], into: Path, seeds: Path) -> Path:
    """Make ``into`` a seeds folder for the sample sites at ``urls``, served there again by ``demo sites``."""
    shutil.rmtree(into, ignore_errors=True)
    seeds_for(urls, into, seeds)
    (into / "sample").symlink_to((seeds / "sample").resolve())
    ports = {name: int(url.rpartition(":")[2]) for name, url in urls.items()}
    (into / MOVED).write_text(json.dumps(ports), encoding="utf-8")
    return into


def ports_of(seeds: Path) -> dict[str, int] | None:
    """Return the ports a folder of ``moved_seeds`` names; ``None`` (those of the sample itself) for any other."""
    file = seeds / MOVED
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else None


def original_seeds(seeds: Path) -> Path:
    """Return the seeds folder that ``moved_seeds`` made this one of; the folder itself when it was not made so."""
    return (seeds / "sample").resolve().parent if (seeds / MOVED).exists() else seeds


def how_to_serve(source: Source, *, allow_loopback: bool) -> str:
    """Return what to do when a source of this machine answers nothing; empty for a source elsewhere."""
    if any(not is_loopback(host) for host, _ in start_origins(source)):
        return ""
    serve_it = "its pages are on this machine: start the sample sites in a second window with `lurewatch demo sites`"
    return serve_it if allow_loopback else f"{serve_it}, and set LUREWATCH_ALLOW_LOOPBACK=true in this one"


def seeds_for(urls: Mapping[str, str], into: Path, seeds: Path) -> Path:
    """Make ``into`` a seeds folder like ``seeds`` whose only sources are the sample ones, at ``urls``; return it."""
    shutil.copytree(seeds, into, ignore=shutil.ignore_patterns("sources", "sample"), dirs_exist_ok=True)
    here = {_origin(port): urls[name].removeprefix("http://").encode() for name, port in _ports(seeds / "sample").items()}
    (into / "sources").mkdir(exist_ok=True)
    for path in sorted((seeds / "sources").glob("sample_*.yml")):
        text = _OWN.sub(lambda match: here.get(match[0], match[0]), path.read_bytes())
        (into / "sources" / path.name).write_bytes(text)
    return into


def _origin(port: int) -> bytes:
    return f"127.0.0.1:{port}".encode()


def _ports(folder: Path) -> dict[str, int]:
    try:
        ports = json.loads((folder / "ports.json").read_text(encoding="utf-8"))
        return {str(name): int(port) for name, port in ports.items()}
    except (OSError, ValueError, AttributeError) as exc:
        raise SampleError(
            f"{folder}/ports.json: not a sample folder ({exc}); use seeds/sample; `lurewatch sources init` writes it"
        ) from exc


def _listening(root: Path, port: int) -> _Server:
    try:
        return _Server(("127.0.0.1", port), root)
    except (OSError, OverflowError) as exc:
        reason = getattr(exc, "strerror", None) or str(exc)
        raise SampleError(
            f"port {port} for {root.name} cannot be used ({reason}); "
            "end the program that holds it, or let free ports be taken with `lurewatch demo sites --free-ports`"
        ) from exc
