"""What is kept of each page stands on its own: any WARC tool reads it, and any change to it shows."""

import gzip
import hashlib
import random
import re
import subprocess
import sys
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse
from warcio.archiveiterator import ArchiveIterator

from crawlers.evidence import warc
from crawlers.evidence.partition import CAPTURES, REPORT, read_postings, read_report
from crawlers.evidence.run_signature import RUN_NAMESPACE, SIGNATURE, SIGNERS, read_key
from crawlers.evidence.visit_pipelines import EvidencePipeline
from crawlers.frontier.visits import Step, Visit
from crawlers.items import Posting

BODY = "<html><body>Tuyển nhân viên 工作 งาน</body></html>".encode()


@pytest.fixture
def partition(site, source_of, crawled, pages):
    """Crawl a board of three pages; return its partition's address."""
    pages.board(site, 3)
    return crawled(source_of())[0]


def inside(partition: str, name: str) -> Path:
    """Return the path of a file of a local partition."""
    return Path(partition.removeprefix("file://"), name)


def records(path: Path) -> list[tuple[object, bytes]]:
    """Return (record, its payload) for all records of a WARC."""
    with path.open("rb") as file:
        return [(record, record.content_stream().read()) for record in ArchiveIterator(file)]


def test_every_posting_leads_to_the_very_bytes_it_was_read_from(partition, site):
    """Record id and SHA-256 of a posting's capture are those of one response record, whose body the site sent."""
    kept = {record.rec_headers.get_header("WARC-Record-ID"): body for record, body in records(inside(partition, CAPTURES))}
    for posting in read_postings(partition):
        body = kept[posting.capture.record_id]
        assert hashlib.sha256(body).hexdigest() == posting.capture.sha256
        assert body == site.pages[f"/job/{posting.url[-1]}"].encode()


def test_each_response_has_its_request_and_what_was_decided_about_it(partition):
    """IP address, digests, the request as sent, robots decision and collector: the parts a takedown list asks for."""
    by_kind: dict[str, list] = {}
    for record, body in records(inside(partition, CAPTURES)):
        by_kind.setdefault(record.rec_type, []).append((record.rec_headers, body))
    responses = {headers.get_header("WARC-Record-ID"): headers for headers, _ in by_kind["response"]}
    assert len(by_kind["warcinfo"]) == 1
    assert len(responses) == len(by_kind["request"]) == len(by_kind["metadata"]) == 4
    for headers in responses.values():
        assert headers.get_header("WARC-IP-Address") == "127.0.0.1"
        assert re.fullmatch(r"sha256:[0-9a-f]{64}", headers.get_header("WARC-Payload-Digest"))
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", headers.get_header("WARC-Date"))
    for kind in ("request", "metadata"):
        assert {headers.get_header("WARC-Concurrent-To") for headers, _ in by_kind[kind]} == set(responses)
    for _, body in by_kind["metadata"]:
        assert b"robots: allowed" in body
        assert b"collector: LureWatch/0.1 (+https://lurewatch.example.org/bot)" in body


def test_tools_we_did_not_write_accept_it(partition):
    """warcio check and gzip -t find nothing, and the report's digests are what sha256sum prints."""
    path = inside(partition, CAPTURES)
    for command in ([Path(sys.executable).with_name("warcio"), "check", str(path)], ["gzip", "-t", str(path)]):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
    for name, digest in read_report(partition).digests.items():
        told = subprocess.run(["sha256sum", str(inside(partition, name))], capture_output=True, text=True, check=True).stdout
        assert told.split()[0] == digest


def test_every_change_to_the_file_shows(partition):
    """500 truncations, flipped bits, dropped and reordered records: the report's digest finds each."""
    content = inside(partition, CAPTURES).read_bytes()
    wanted = read_report(partition).digests[CAPTURES]
    draw = random.Random(5)
    starts = [match.start() for match in re.finditer(rb"\x1f\x8b\x08\x00\x00\x00\x00\x00", content)] + [len(content)]
    members = [content[low:high] for low, high in pairwise(starts)]
    for number in range(500):
        kind = number % 4
        if kind == 0:
            changed = content[: draw.randrange(len(content))]
        elif kind == 1:
            at = draw.randrange(len(content))
            changed = content[:at] + bytes([content[at] ^ 1 << draw.randrange(8)]) + content[at + 1 :]
        elif kind == 2:
            dropped = draw.randrange(len(members))
            changed = b"".join(member for place, member in enumerate(members) if place != dropped)
        else:
            shuffled = members[1:] + members[:1]
            draw.shuffle(shuffled)
            changed = b"".join(shuffled) if shuffled != members else b"".join(reversed(members))
        assert hashlib.sha256(changed).hexdigest() != wanted


def test_whole_records_survive_a_file_cut_anywhere(partition):
    """Each record is its own gzip member, so n - 1 are read back from a file cut inside the last."""
    content = inside(partition, CAPTURES).read_bytes()
    starts = [match.start() for match in re.finditer(rb"\x1f\x8b\x08\x00\x00\x00\x00\x00", content)]
    whole = content[: starts[-1]]
    assert len(gzip.decompress(whole)) > 0
    assert len(starts) == len(records(inside(partition, CAPTURES)))


def visit_of(**meta: object) -> Visit:
    """Return the visit of one page, rendered when ``meta`` says so."""
    request = Request("https://board.example.org/jobs?q=a b#part", headers={"User-Agent": "x"})
    request.meta.update({"robots": "allowed: no rule"} | meta)
    headers = {"Content-Encoding": "gzip", "Content-Length": "99", "X-A": "1\r\nX-B: 2"}
    response = HtmlResponse(request.url, body=BODY, request=request, headers=headers, protocol="HTTP/1.1", certificate=b"DER")
    posting = Posting(id="a" * 32, source="s", url=request.url, text="x")
    at = datetime(2026, 11, 25, 1, 2, 3, 4, tzinfo=UTC)
    return Visit(
        row=1, step=Step(url=request.url, role="detail", via="https://board.example.org/", depth=1), outcome="ok", at=at,
        postings=(posting,), response=response,
    )  # fmt: skip


def test_a_rendered_page_keeps_what_was_sent_what_was_read_and_what_was_seen(tmp_path):
    """response = the server's HTML, conversion = the page as scripts left it, resource = the screenshot; all linked."""
    done = EvidencePipeline("ua").process_item(
        visit_of(rendered_html=BODY.decode(), served_html=b"<html></html>", screenshot=b"\x89PNG picture")
    )
    path = tmp_path / "one.warc.gz"
    path.write_bytes(done.evidence)
    kept = {record.rec_type: (record.rec_headers, body) for record, body in records(path)}
    capture = done.postings[0].capture
    assert kept["response"][1] == b"<html></html>"
    assert kept["conversion"][1] == BODY
    assert kept["resource"][1] == b"\x89PNG picture"
    assert kept["conversion"][0].get_header("WARC-Refers-To") == capture.record_id
    assert kept["conversion"][0].get_header("WARC-Record-ID") == capture.rendered
    assert kept["resource"][0].get_header("WARC-Record-ID") == capture.screenshot
    assert capture.sha256 == hashlib.sha256(b"<html></html>").hexdigest()


def test_headers_say_what_the_kept_body_is(tmp_path):
    """The body is kept decoded, so the encoding it came in stands under its archive name and the length is the kept one's."""
    path = tmp_path / "one.warc.gz"
    path.write_bytes(EvidencePipeline("ua").process_item(visit_of()).evidence)
    kept = {record.rec_type: (record, body) for record, body in records(path)}
    headers = kept["response"][0].http_headers
    assert headers.get_header("X-Archive-Orig-Content-Encoding") == "gzip"
    assert headers.get_header("Content-Encoding") is None
    assert headers.get_header("Content-Length") == str(len(BODY))
    assert headers.get_header("X-B") is None, "a header cannot break out of its line"
    assert b"tlsCertificate: REVS" in kept["metadata"][1]
    assert b"via: https://board.example.org/" in kept["metadata"][1]


@pytest.mark.parametrize("size", [0, 10, 4_096, 4_097, 65_536, 65_537, 300_000])
def test_records_of_every_size_are_read_back(size, tmp_path):
    """The compression window depends on the size; the content does not."""
    block = random.Random(size).randbytes(size)
    path = tmp_path / "one.warc.gz"
    fields = [("Content-Type", "image/png")]
    path.write_bytes(warc.record("resource", warc.record_id(), "2026-11-25T00:00:00.000000Z", fields, block))
    assert [body for _, body in records(path)] == [block]


def test_stock_ssh_keygen_verifies_the_signature_of_a_run(site, source_of, crawled, pages, tmp_path: Path) -> None:
    """The key is the state folder's own, made at first use; nobody else may read it."""
    pages.board(site, 2)
    state = tmp_path / "keys"
    address, _ = crawled(source_of(), key=read_key(None, state))
    folder = Path(address.removeprefix("file://"))
    assert (state / "run_key").stat().st_mode & 0o777 == 0o600
    assert read_key(None, state).private_bytes_raw() == read_key(state / "run_key", state).private_bytes_raw()
    name = (state / SIGNERS).read_text(encoding="utf-8").split()[0]
    verify = ["ssh-keygen", "-Y", "verify", "-f", state / SIGNERS, "-I", name, "-n", RUN_NAMESPACE, "-s", folder / SIGNATURE]
    for more, refused in ((b"", False), (b" ", True)):
        done = subprocess.run(verify, input=(folder / REPORT).read_bytes() + more, check=False)
        assert bool(done.returncode) == refused
