"""WARC 1.1 records (ISO 28500:2017), each its own gzip member, so that a file cut anywhere keeps every whole record.

Written by hand because evidence is on the path of every page: warcio's writer takes several times as long per record
(docs/decisions/0121). Its reader and `warcio check` are what the tests judge these records with.

Bodies are kept as decoded from their transfer and content encodings, which is what the digests and the parsers saw; the
headers that no longer describe the body are kept under the ``X-Archive-Orig-`` names archives use for it.
"""

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from os import urandom
from uuid import UUID

Fields = Sequence[tuple[str, str]]
LEVEL = 3
"""zlib level: on pages, 3 is about as fast as 1 and within 6 % of the size of 6."""
WINDOWS = ((4_096, 28, 5), (65_536, 30, 7))
"""Block size -> (window bits + 16, memory level): clearing zlib's full window costs more than packing a short record."""
DECODED = {"content-encoding", "transfer-encoding", "content-length"}
REVISIT = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


def record_id() -> str:
    """Return a new WARC-Record-ID."""
    return f"<urn:uuid:{UUID(bytes=urandom(16), version=4)}>"


def instant(at: datetime) -> str:
    """Return a WARC-Date with microseconds, UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def sha256(content: bytes) -> str:
    """Return the digest as lower-case hex, the form `sha256sum` prints."""
    return hashlib.sha256(content).hexdigest()


def record(kind: str, identity: str, at: str, fields: Fields, block: bytes) -> bytes:
    """Return one record as a gzip member; ``fields`` come after the four that every record has."""
    head = [
        "WARC/1.1",
        f"WARC-Type: {kind}",
        f"WARC-Record-ID: {identity}",
        f"WARC-Date: {at}",
        *(f"{name}: {_one_line(value)}" for name, value in fields),
        f"WARC-Block-Digest: sha256:{sha256(block)}",
        f"Content-Length: {len(block)}",
        "",
        "",
    ]
    bits, memory = next(((bits, memory) for size, bits, memory in WINDOWS if len(block) <= size), (31, 8))
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, bits, memory)
    return packer.compress("\r\n".join(head).encode()) + packer.compress(block) + packer.compress(b"\r\n\r\n") + packer.flush()


def request_block(method: str, target: str, host: str, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Return the request as it went out; the Host header comes first."""
    lines = [f"{method} {target} HTTP/1.1".encode(), b"Host: " + host.encode("idna" if not host.isascii() else "ascii")]
    lines += [name + b": " + _flat(value) for name, value in headers if name.lower() != b"host"]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def response_block(protocol: str, status: int, reason: str, headers: Iterable[tuple[bytes, bytes]], body: bytes) -> bytes:
    """Return status line, headers and decoded body."""
    lines = [f"{protocol} {status} {reason}".rstrip().encode()]
    for name, value in headers:
        message = name.decode("latin-1").lower()
        lines.append((b"X-Archive-Orig-" if message in DECODED else b"") + name + b": " + _flat(value))
    lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def fields_block(fields: Fields) -> bytes:
    """Return an application/warc-fields block."""
    return "".join(f"{name}: {_one_line(value)}\r\n" for name, value in fields if value).encode()


def _one_line(value: str) -> str:
    return " ".join(value.splitlines()) if "\n" in value or "\r" in value else value


def _flat(value: bytes) -> bytes:
    return value.replace(b"\r", b" ").replace(b"\n", b" ")
