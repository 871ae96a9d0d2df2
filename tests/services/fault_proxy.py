"""A proxy that fails on purpose, in seeded ways, between a client and a real HTTP service."""

import json
import random
import socket
import struct
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.services.processes import PATIENCE

FAULTS = ("busy", "unavailable", "reset", "answer_lost", "truncated", "timeout", "half")
SLOW = 6
"""Answers that come too late; a client waits for each until it gives up."""


class FaultProxy:
    """Listens on 127.0.0.1 and forwards to ``target``; each request fails with the given chance.

    ``answer_lost`` carries the request out and resets the connection; ``half`` carries out the first half of a bulk request and
    calls the cluster too busy for the rest; ``timeout`` answers after ``slow`` seconds, ``SLOW`` times in all, and then resets.
    """

    def __init__(self, target: str, *, chance: float, seed: int, slow: float, faults: tuple[str, ...] = FAULTS) -> None:
        self.target, self.chance, self.slow, self.faults = target, chance, slow, faults
        self.counts: Counter[str] = Counter()
        self._random = random.Random(seed)
        self._next: dict[bool, list[str]] = {True: [], False: []}
        self._lock = threading.Lock()
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _any(self) -> None:
                proxy.handle(self)

            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _any

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def _draw(self, bulk: bool) -> str:
        with self._lock:
            fault = self._fault(bulk) if self._random.random() < self.chance else "none"
            if fault == "timeout" and self.counts[fault] >= SLOW:
                fault = "reset"
            self.counts[fault] += 1
            return fault

    def _fault(self, bulk: bool) -> str:
        """Return the next fault of bulk or of other requests: each comes once before any again, so that few requests meet all."""
        waiting = self._next[bulk]
        if not waiting:
            waiting += ["busy" if fault == "half" and not bulk else fault for fault in self.faults]
            self._random.shuffle(waiting)
        return waiting.pop()

    def handle(self, request: BaseHTTPRequestHandler) -> None:
        """Answer one request, or not."""
        body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        bulk = "_bulk" in request.path
        fault = self._draw(bulk)
        if fault == "timeout":
            time.sleep(self.slow)
        if fault in ("busy", "unavailable"):
            status = 429 if fault == "busy" else 503
            self._answer(request, status, {}, json.dumps({"error": {"type": fault, "reason": fault}, "status": status}).encode())
        elif fault == "reset":
            self._reset(request)
        elif fault == "half":
            self._half(request, body)
        else:
            status, headers, answer = self._forward(request, body)
            if fault == "answer_lost":
                self._reset(request)
            else:
                self._answer(request, status, headers, answer, cut=fault == "truncated")

    def _half(self, request: BaseHTTPRequestHandler, body: bytes) -> None:
        lines = body.rstrip(b"\n").split(b"\n")
        keep = (len(lines) // 2 + 1) // 2 * 2
        status, headers, answer = self._forward(request, b"\n".join(lines[:keep]) + b"\n")
        told = json.loads(answer)
        if status == 200:
            refused = {"index": {"status": 429, "error": {"type": "es_rejected_execution_exception", "reason": "half"}}}
            told["items"] += [refused] * ((len(lines) - keep) // 2)
            told["errors"] = True
        self._answer(request, status, headers, json.dumps(told).encode())

    def _forward(self, request: BaseHTTPRequestHandler, body: bytes) -> tuple[int, dict[str, str], bytes]:
        passed = {k: v for k, v in request.headers.items() if k.lower() not in ("host", "content-length", "connection")}
        outgoing = urllib.request.Request(self.target + request.path, data=body or None, headers=passed, method=request.command)
        try:
            with urllib.request.urlopen(outgoing, timeout=PATIENCE) as answer:
                return answer.status, dict(answer.headers), answer.read()
        except urllib.error.HTTPError as exc:
            return exc.code, dict(exc.headers), exc.read()

    def _answer(
        self, request: BaseHTTPRequestHandler, status: int, headers: dict[str, str], body: bytes, *, cut: bool = False
    ) -> None:
        try:
            request.send_response(status)
            for name in ("Content-Type", "content-type", "X-elastic-product"):
                if name in headers:
                    request.send_header(name, headers[name])
            if not headers:
                request.send_header("Content-Type", "application/json")
                request.send_header("X-elastic-product", "Elasticsearch")
            request.send_header("Content-Length", str(len(body)))
            request.end_headers()
            if request.command != "HEAD":
                request.wfile.write(body[: len(body) // 2] if cut else body)
            if cut:
                self._reset(request)
        except OSError:
            request.close_connection = True  # the client gave up first

    def _reset(self, request: BaseHTTPRequestHandler) -> None:
        request.close_connection = True
        request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.connection.close()


@pytest.fixture
def fault_proxy() -> Iterator[Callable[..., FaultProxy]]:
    """Return a function that puts a failing proxy before an address; all stop with the test."""
    proxies: list[FaultProxy] = []

    def put(target: str, *, chance: float, seed: int = 1, slow: float = 5, faults: tuple[str, ...] = FAULTS) -> FaultProxy:
        proxies.append(FaultProxy(target, chance=chance, seed=seed, slow=slow, faults=faults))
        return proxies[-1]

    yield put
    for proxy in proxies:
        proxy.close()
