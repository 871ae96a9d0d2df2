"""Conditional GET (RFC 9110, section 13): a page that an earlier run kept is sent only if it has changed.

The earlier run's validators travel in ``request.meta["validators"]``. An answer of 304 lets the spider take that run's
postings over, with captures that point into its partition.
"""

from scrapy import Request
from scrapy.http import Response

from crawlers.frontier.visits import Validators, Visit


class ConditionalMiddleware:
    """Adds If-None-Match and If-Modified-Since where an earlier run kept validators."""

    def process_request(self, request: Request) -> None:
        """Set the headers; a rendered page is always fetched whole, because its scripts may bring news."""
        known: Validators | None = request.meta.get("validators")
        if known is None or request.meta.get("render"):
            return
        if known.etag:
            request.headers.setdefault("If-None-Match", known.etag)
        if known.modified:
            request.headers.setdefault("If-Modified-Since", known.modified)


def validators_of(visit: Visit, run_id: str) -> Validators | None:
    """Return what a later run may know of the visit's page; a page taken over keeps what it had."""
    if not visit.keep or visit.response is None or visit.outcome != "ok":
        return visit.validators
    assert visit.capture and visit.sha256, "evidence comes before the write"
    return Validators(
        etag=_header(visit.response, "ETag"),
        modified=_header(visit.response, "Last-Modified"),
        run=run_id,
        record_id=visit.capture,
        sha256=visit.sha256,
        fetched_at=visit.at,
        postings=tuple(posting.id for posting in visit.postings),
        steps=tuple(step for step in visit.steps if step.role != "image"),
        listed=visit.listed,
    )


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
