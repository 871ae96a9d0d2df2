"""The limit on a crawl's memory, compared with what its process uses now."""

import resource
from pathlib import Path

from scrapy.extensions.memusage import MemoryUsage

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
