"""A test double that follows LibreTranslate's OpenAPI document, on 127.0.0.1; it can misbehave."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jsonschema

REQUEST = {
    "type": "object",
    "properties": {
        "q": {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}, "source": {"type": "string"},
        "target": {"type": "string"}, "format": {"enum": ["text", "html"]}, "alternatives": {"type": "integer"},
        "api_key": {"type": "string"},
    },
    "required": ["q", "source", "target"],
    "additionalProperties": False,
}  # fmt: skip
"""The parameters of /translate as the server's own document (/spec) lists them."""
ANSWER = {
    "type": "object",
    "properties": {"translatedText": {"oneOf": [{"type": "string"}, {"type": "array"}]}},
    "required": ["translatedText"],
}
LANGUAGES = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "code": {"type": "string"}, "name": {"type": "string"}, "targets": {"type": "array", "items": {"type": "string"}},
        },
    },
}  # fmt: skip
SERVED = [
    {"code": code, "name": code, "targets": ["en", "fr", "vi", code]} for code in ("en", "fr", "vi", "th", "zh", "zh-Hans", "tl")
]


@dataclass
class Double:
    """The server: what it was asked, and how it answers."""

    url: str = ""
    asked: list[dict] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    """Requests that the document does not allow."""
    answer: Callable[[list[str]], object] = field(default=lambda texts: [f"EN {text}" for text in texts])
    """What /translate gives for a list of texts; bytes are sent as they are."""
    status: int = 200
    pause: float = 0.0
    drip: float = 0.0
    """Seconds between the bytes of an answer."""

    @property
    def sent(self) -> list[str]:
        """Every text that was sent."""
        return [text for body in self.asked for text in body["q"]]


class _Handler(BaseHTTPRequestHandler):
    """Answers as the document says, or as the double is told to."""

    double: Double

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Answer what is known of the server."""
        known = {"/languages": SERVED, "/spec": {"swagger": "2.0", "info": {"title": "LibreTranslate", "version": "1.9.6"}}}
        jsonschema.validate(SERVED, LANGUAGES)
        self._give(200 if self.path in known else 404, json.dumps(known.get(self.path)).encode())

    def do_POST(self) -> None:
        """Translate."""
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.double.bodies.append(content)
        body = json.loads(content)
        time.sleep(self.double.pause)
        given = self._translate(body)
        self._give(self.double.status, given if isinstance(given, bytes) else json.dumps(given).encode())

    def _translate(self, body: dict) -> object:
        try:
            jsonschema.validate(body, REQUEST)
        except jsonschema.ValidationError as exc:
            self.double.broken.append(str(exc))
        self.double.asked.append(body)
        given = self.double.answer(body["q"])
        if not isinstance(given, list):
            return given
        jsonschema.validate({"translatedText": given}, ANSWER)
        return {"translatedText": given}

    def _give(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        if status == 302:
            self.send_header("Location", "/languages")
        self.end_headers()
        step = 1 if self.double.drip else len(content) or 1
        try:
            for place in range(0, len(content), step):
                self.wfile.write(content[place : place + step])
                self.wfile.flush()
                time.sleep(self.double.drip)
        except OSError:
            pass  # the client has gone


@contextmanager
def serving_double() -> Iterator[Double]:
    """Serve the double on a free port; afterwards nothing was asked that the document does not allow."""
    double = Double()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"double": double}))
    server.daemon_threads = True
    double.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield double
    server.shutdown()
    server.server_close()
    thread.join()
    assert double.broken == []
