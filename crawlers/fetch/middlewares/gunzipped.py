"""Opens bodies: what ``Content-Encoding`` names (Scrapy's part) and files that are gzip by content (``sitemap.xml.gz``).

Neither grows past ``DOWNLOAD_MAXSIZE``; both are read 64 KiB at a time. The request of a bomb fails with a reason and frees
its memory at once (an exception's traceback would keep 10 MiB), and the run goes on.
"""

import traceback
import zlib

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.responsetypes import responsetypes

STEP = 65_536


class TooLarge(IgnoreRequest):
    """A body grows past the limit when it is opened."""


class GunzippedMiddleware(HttpCompressionMiddleware):
    """Replaces a packed body by its content."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler=crawler)
        self._limit = crawler.settings.getint("DOWNLOAD_MAXSIZE")

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Return the response with its content opened; raise TooLarge for a bomb, leave a damaged file as it is."""
        limit = request.meta.get("download_maxsize", self._limit)
        try:
            opened = super().process_response(request, response)
            if not isinstance(opened, Response) or opened.body[:3] != b"\x1f\x8b\x08":
                return opened
            body = gunzip(opened.body, limit)
        except (IgnoreRequest, TooLarge) as exc:
            for item in (exc, exc.__cause__):
                traceback.clear_frames(item.__traceback__ if item else None)
            if self.stats:
                self.stats.inc_value("drop/too_large")
            raise TooLarge(f"{response.url}: more than {limit} bytes when opened") from None
        except zlib.error:
            return response
        response = opened
        url = response.url.removesuffix(".gz")
        return response.replace(body=body, cls=responsetypes.from_args(url=url, body=body))


def gunzip(body: bytes, limit: int) -> bytes:
    """Return the content of the gzip members in ``body``; raise TooLarge past ``limit`` bytes, zlib.error when damaged."""
    out = bytearray()
    while body[:2] == b"\x1f\x8b":
        member = zlib.decompressobj(wbits=31)
        out += member.decompress(body, STEP)
        while not member.eof and (rest := member.unconsumed_tail):
            if len(out) > limit:
                raise TooLarge(f"more than {limit} bytes when opened")
            out += member.decompress(rest, STEP)
        if len(out) > limit:
            raise TooLarge(f"more than {limit} bytes when opened")
        if not member.eof:
            break  # cut off: what there is, is kept
        body = member.unused_data
    return bytes(out)
