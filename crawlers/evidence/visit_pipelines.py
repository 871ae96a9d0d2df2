"""The pipelines of a visit, in their order: the first rejects invalid postings with a reason; the second makes WARC records of
every response and tells each posting the one it was read from; the last hands visits to the scheduler, which writes several in
one transaction.

A visit's records: ``response`` (WARC-IP-Address, block and payload digests), ``request`` and ``metadata`` (robots decision,
way there, TLS certificate) concurrent to it; for a rendered page also ``resource`` (screenshot) and, when the server's own
HTML is kept beside the rendered one, the rendered page as ``conversion`` of it. HTTP 304 becomes a ``revisit`` record that
refers to the response an earlier run kept. The answer that refused us is kept in the same way, its ``metadata`` names the
``block``; no posting refers to it.
"""

import base64
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import msgspec
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawlers.evidence import warc
from crawlers.fetch.middlewares.politeness import validators_of
from crawlers.frontier.visits import Visit
from crawlers.items import Capture, Posting, Reject
from crawlers.pages.page_urls import is_web
from crawlers.sources import causes

REASONS = {status.value: status.phrase for status in HTTPStatus}
_RESPONSE = ("Content-Type", "application/http; msgtype=response")
_REQUEST = ("Content-Type", "application/http; msgtype=request")


class EvidencePipeline:
    """Turns responses into records; pure, the write pipeline puts them into the file."""

    def __init__(self, user_agent: str) -> None:
        self._user_agent = user_agent

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "EvidencePipeline":
        """Make one that names the crawler's user agent."""
        return cls(str(crawler.settings["USER_AGENT"]))

    def process_item(self, visit: Visit) -> Visit:
        """Return the visit with its evidence and with captures on its postings."""
        if visit.response is None:
            return visit
        if visit.response.status == HTTPStatus.NOT_MODIFIED and visit.validators:
            return msgspec.structs.replace(visit, evidence=self._revisit(visit, visit.response))
        return self._store_response(visit, visit.response)

    def _store_response(self, visit: Visit, response: Response) -> Visit:
        identity, at = warc.record_id(), warc.instant(visit.at)
        body = _served_body(response)
        digest = warc.sha256(body)
        address = [("WARC-IP-Address", str(response.ip_address))] if response.ip_address else []
        uri, beside = ("WARC-Target-URI", response.url), ("WARC-Concurrent-To", identity)
        block = warc.response_block(
            response.protocol or "HTTP/1.1", response.status, REASONS.get(response.status, ""), _pairs(response), body
        )
        metadata = warc.fields_block(self._metadata_fields(visit, response))
        records = [
            warc.record("response", identity, at, [uri, *address, _RESPONSE, _payload(digest)], block),
            warc.record("request", warc.record_id(), at, [uri, *address, beside, _REQUEST], _request_block(response.request)),
            warc.record("metadata", warc.record_id(), at, [uri, beside, ("Content-Type", "application/warc-fields")], metadata),
        ]
        screenshot = rendered = None
        if image := response.meta.get("screenshot"):
            screenshot = warc.record_id()
            shown = ("WARC-Target-URI", f"urn:screenshot:{response.meta.get('rendered_url', response.url)}")
            fields = [shown, beside, ("Content-Type", "image/png"), _payload(warc.sha256(image))]
            records.append(warc.record("resource", screenshot, at, fields, image))
        if body is not response.body:
            rendered = warc.record_id()
            html = ("Content-Type", "text/html; charset=utf-8")
            fields = [uri, ("WARC-Refers-To", identity), html, _payload(warc.sha256(response.body))]
            records.append(warc.record("conversion", rendered, at, fields, response.body))
        capture = Capture(record_id=identity, sha256=digest, screenshot=screenshot, rendered=rendered, captured_at=visit.at)
        return msgspec.structs.replace(
            visit,
            evidence=b"".join(records),
            capture=identity,
            sha256=digest,
            postings=visit.postings
            if is_wall(visit)  # it refused us: no evidence of what was told elsewhere
            else tuple(
                posting if posting.capture else msgspec.structs.replace(posting, capture=capture) for posting in visit.postings
            ),
        )

    def _metadata_fields(self, visit: Visit, response: Response) -> list[tuple[str, str]]:
        entries = [
            ("robots", str(response.meta.get("robots", "not asked"))),
            ("fetchTimeMs", str(round(response.meta.get("download_latency", 0) * 1000))),
            ("via", visit.step.via or ""),
            ("hopsFromSeed", "L" * visit.step.depth),
            ("collector", self._user_agent),
        ]
        if is_wall(visit):
            entries.append(("block", visit.outcome.partition("/")[2]))
        if response.certificate:
            der = response.certificate if isinstance(response.certificate, bytes) else response.certificate.dump()
            entries.append(("tlsCertificate", base64.b64encode(der).decode()))
        return entries

    def _revisit(self, visit: Visit, response: Response) -> bytes:
        identity, at, before = warc.record_id(), warc.instant(visit.at), visit.validators
        assert before is not None
        uri = ("WARC-Target-URI", response.url)
        block = warc.response_block(response.protocol or "HTTP/1.1", response.status, "Not Modified", _pairs(response), b"")
        refers = [
            ("WARC-Profile", warc.REVISIT),
            ("WARC-Refers-To", before.record_id),
            ("WARC-Refers-To-Target-URI", response.url),
            ("WARC-Refers-To-Date", warc.instant(before.fetched_at)),
        ]
        beside = ("WARC-Concurrent-To", identity)
        return warc.record("revisit", identity, at, [uri, *refers, _payload(before.sha256), _RESPONSE], block) + warc.record(
            "request", warc.record_id(), at, [uri, beside, _REQUEST], _request_block(response.request)
        )


def is_wall(visit: Visit) -> bool:
    """Return whether the visit's response is an answer that refused us."""
    return visit.outcome.startswith("block/")


def _payload(digest: str) -> tuple[str, str]:
    return "WARC-Payload-Digest", f"sha256:{digest}"


def _served_body(response: Response) -> bytes:
    """Return the body as the server sent it: of a rendered page, the HTML before its scripts ran, when it was kept."""
    served = response.meta.get("served_html") if "rendered_html" in response.meta else None
    return served if isinstance(served, bytes) else response.body


def _pairs(message: Request | Response) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, values in dict.items(message.headers) for value in values]  # Scrapy's own copies each


def _request_block(request: Request | None) -> bytes:
    assert request, "Scrapy sets it on every response"
    parts = urlsplit(request.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return warc.request_block(request.method, target, parts.netloc.rpartition("@")[2], _pairs(request))


class WritePipeline:
    """Adds what a later run needs to know about the page, and hands the visit to the scheduler."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "WritePipeline":
        """Make one that writes through the crawler's scheduler."""
        return cls(crawler)

    def process_item(self, visit: Visit) -> Visit:
        """Return the visit as it was written, without its response."""
        spider: Any = self._crawler.spider
        scheduler = spider.scheduler
        validators, cause = validators_of(visit, scheduler.run_id), causes.cause_of_visit(visit)
        counted = visit.counted | _cost(visit.response)
        visit = msgspec.structs.replace(visit, validators=validators, cause=cause, response=None, counted=counted)
        scheduler.take_visit(visit)
        return visit


def _cost(response: Response | None) -> dict[str, int]:
    """Return what an answer adds to the run's counters: bytes of its body, and of a rendered page all bytes and milliseconds."""
    if response is None:
        return {}
    if "rendered_html" not in response.meta:
        return {"cost/bytes": len(response.body)}
    seconds = response.meta["download_latency"]
    return {"cost/bytes": response.meta["rendered_bytes"], "cost/browser_ms": round(1000 * seconds)}


FOREIGN = "other_source"


def fault(posting: Posting, source: str) -> str | None:
    """Return why a posting cannot stand in a partition of ``source``, None when it can."""
    if posting.source != source:
        return FOREIGN
    if not is_web(posting.url):
        return "no_address"
    if not (posting.text.strip() or (posting.title or "").strip() or posting.media):
        return "no_text"
    return None


class ValidatePipeline:
    """Splits a visit's postings into valid ones and rejects."""

    def __init__(self, source: str) -> None:
        self._source = source

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ValidatePipeline":
        """Make one for the crawler's source."""
        assert crawler.spider
        return cls(crawler.spider.name)

    def process_item(self, visit: Visit) -> Visit:
        """Return the visit with valid postings only, dated by the visit."""
        stand: list[Posting] = []
        rejected = list(visit.rejected)
        for posting in visit.postings:
            if why := fault(posting, self._source):
                rejected.append(Reject(url=posting.url, reason=why))
            elif posting.fetched_at is None:
                stand.append(msgspec.structs.replace(posting, fetched_at=visit.at))
            else:
                stand.append(posting)
        return msgspec.structs.replace(visit, postings=tuple(stand), rejected=tuple(rejected))
