"""Opens files that are gzip by content (``sitemap.xml.gz``), within the page limit: a bomb costs 64 KiB at a time and is dropped.

Scrapy opens what ``Content-Encoding`` names and leaves such files closed. Opened or not, a body never grows past
``DOWNLOAD_MAXSIZE``; the request then fails by name and the run goes on.
"""

import zlib

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.responsetypes import responsetypes

STEP = 65_536


class TooLarge(IgnoreRequest):
    """A body grows past the limit when it is opened."""


class GunzippedMiddleware:
    """Replaces a gzip body by its content."""

    def __init__(self, crawler: Crawler) -> None:
        self._limit = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self._stats = crawler.stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "GunzippedMiddleware":
        """Return the middleware for ``crawler``, as Scrapy asks for it."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Return the response with its content opened; raise TooLarge for a bomb, leave a damaged file as it is."""
        if response.body[:3] != b"\x1f\x8b\x08":
            return response
        try:
            body = gunzipped(response.body, request.meta.get("download_maxsize", self._limit))
        except ValueError as exc:
            if self._stats:
                self._stats.inc_value("drop/too_large")
            raise TooLarge(f"{response.url}: {exc}") from exc
        except zlib.error:
            return response
        url = response.url.removesuffix(".gz")
        return response.replace(body=body, cls=responsetypes.from_args(url=url, body=body))


def gunzipped(body: bytes, limit: int) -> bytes:
    """Return the content of the gzip members in ``body``; raise ValueError past ``limit`` bytes, zlib.error when damaged."""
    out = bytearray()
    while body[:2] == b"\x1f\x8b":
        member = zlib.decompressobj(wbits=31)
        out += member.decompress(body, STEP)
        while not member.eof and (rest := member.unconsumed_tail):
            if len(out) > limit:
                raise ValueError(f"more than {limit} bytes when opened")
            out += member.decompress(rest, STEP)
        if len(out) > limit:
            raise ValueError(f"more than {limit} bytes when opened")
        if not member.eof:
            break  # cut off: what there is, is kept
        body = member.unused_data
    return bytes(out)
