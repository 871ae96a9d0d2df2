"""WARC records of one page: ours against warcio's writer, the same request and response, both gzip and SHA-256.

python -m benchmarks.warc [ROUNDS]
"""

import io
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from benchmarks.site import write
from crawlers.evidence import warc

URL, AT = "https://board.example.org/job/1.html", "2026-11-25T00:00:00.000000Z"
SENT = [("User-Agent", "LureWatch/0.1 (+https://lurewatch.example.org/bot)"), ("Accept", "text/html"), ("Accept-Language", "vi")]
GOT = [("Content-Type", "text/html; charset=utf-8"), ("ETag", '"65f"'), ("Server", "nginx"), ("Cache-Control", "max-age=60")]


def ours(body: bytes) -> bytes:
    """Return response and request record as `crawlers/evidence/visit_pipelines.py` makes them."""
    raw = [[(name.encode(), value.encode()) for name, value in headers] for headers in (SENT, GOT)]
    identity = warc.record_id()
    fields = [("WARC-Target-URI", URL), ("WARC-Payload-Digest", f"sha256:{warc.sha256(body)}")]
    response = warc.record("response", identity, AT, fields, warc.response_block("HTTP/1.1", 200, "OK", raw[1], body))
    request = warc.request_block("GET", "/job/1.html", "board.example.org", raw[0])
    linked = [("WARC-Target-URI", URL), ("WARC-Concurrent-To", identity)]
    return response + warc.record("request", warc.record_id(), AT, linked, request)


def warcio(body: bytes) -> bytes:
    """Return the same two records by warcio's writer."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    head = StatusAndHeaders("200 OK", GOT, protocol="HTTP/1.1")
    response = writer.create_warc_record(URL, "response", payload=io.BytesIO(body), http_headers=head)
    head = StatusAndHeaders("GET /job/1.html HTTP/1.1", SENT, is_http_request=True)
    request = writer.create_warc_record(URL, "request", http_headers=head)
    writer.write_request_response_pair(request, response)
    return out.getvalue()


def microseconds(make: Callable[[bytes], bytes], pages: list[bytes]) -> float:
    """Return the time a page takes, processor time."""
    start = time.process_time()
    for page in pages:
        make(page)
    return (time.process_time() - start) / len(pages) * 1e6


def main() -> None:
    """Print the best of some rounds, interleaved."""
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), 300)
        pages = [path.read_bytes() for path in sorted(Path(folder, "job").iterdir())]
    rounds = [(microseconds(ours, pages), microseconds(warcio, pages)) for _ in range(int((sys.argv[1:] or ["5"])[0]))]
    mine, theirs = (min(times) for times in zip(*rounds, strict=True))
    sizes = [sum(len(make(page)) for page in pages) / len(pages) for make in (ours, warcio)]
    print(f"ours {mine:.0f} us and {sizes[0]:.0f} bytes a page, warcio {theirs:.0f} us and {sizes[1]:.0f} bytes")
    print(f"{theirs / mine:.1f} times as fast")


if __name__ == "__main__":
    main()
