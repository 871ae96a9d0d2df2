"""The limits on a crawl's memory: of its process, and of a body when it is opened."""

import resource
import struct
import traceback
import zlib
from pathlib import Path

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.extensions.memusage import MemoryUsage
from scrapy.http import Response
from scrapy.responsetypes import responsetypes
from scrapy.utils._compression import _DecompressionMaxSizeExceeded
from scrapy.utils.gz import gunzip, gzip_magic_number

_STATUS = Path("/proc/self/statm")


class ResidentMemory(MemoryUsage):
    """Scrapy's limit, which looks at the peak (``ru_maxrss``): on Linux a process inherits the peak of the one that started it,
    so that a crawl started by a large process would be over its limit before its first page."""

    def get_virtual_size(self) -> int:
        """Return the resident bytes; where the system does not tell, the peak."""
        try:
            return int(_STATUS.read_text().split()[1]) * resource.getpagesize()
        except OSError:
            return super().get_virtual_size()


class TooLarge(IgnoreRequest):
    """A body grows past the limit when it is opened."""


class GunzippedMiddleware(HttpCompressionMiddleware):
    """Opens bodies: what ``Content-Encoding`` names (Scrapy's part) and files that are gzip by content (``sitemap.xml.gz``).

    Neither grows past ``DOWNLOAD_MAXSIZE``: Scrapy reads both 64 KiB at a time. The request of a bomb fails with a reason and
    frees its memory at once (an exception's traceback would keep 10 MiB), and the run goes on.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler=crawler)
        self._limit = crawler.settings.getint("DOWNLOAD_MAXSIZE")

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Return the response with its content opened; raise TooLarge for a bomb, leave a damaged file as it is."""
        limit = request.meta.get("download_maxsize", self._limit)
        try:
            opened = super().process_response(request, response)
            if not isinstance(opened, Response) or not gzip_magic_number(opened):
                return opened
            body = gunzip(opened.body, max_size=limit)
        except (IgnoreRequest, _DecompressionMaxSizeExceeded) as exc:
            for item in (exc, exc.__cause__):
                traceback.clear_frames(item.__traceback__ if item else None)
            if self.stats:
                self.stats.inc_value("drop/too_large")
            raise TooLarge(f"{response.url}: more than {limit} bytes when opened") from None
        except (OSError, EOFError, struct.error, zlib.error):
            return response
        response = opened
        url = response.url.removesuffix(".gz")
        return response.replace(body=body, cls=responsetypes.from_args(url=url, body=body))
