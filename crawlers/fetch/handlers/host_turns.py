"""Waiting for a host's turn: what every request of a crawl does before it leaves, whichever lane carries it.

The turns are those of ``crawlers/fetch/host_rates.py``, shared with all other runs. A crawl that is given no rates keeps its own
pace alone (``middlewares/politeness.py``).
"""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from scrapy.crawler import Crawler
from scrapy.http import Response

from crawlers.fetch.host_rates import HostRates
from crawlers.fetch.middlewares.blocks import stop_as_blocked
from crawlers.fetch.middlewares.politeness import LONGEST_WAIT, pace_of, retry_after, says_not_now
from crawlers.fetch.scrapy_settings import is_loopback
from crawlers.sources.setting_types import site
from foundation.crawl_errors import Blocked

HOLD = "host_hold"
"""Why a run ends that would have to wait longer than LONGEST_WAIT, because a host told another run to come later."""
STEP_SECONDS = 1.0
"""The longest sleep: a run that was refused meanwhile does not wait on."""

LOOK_SECONDS = 0.05
"""How often it is looked whether a host is to be left alone that is asked without a delay (sample sites, tests)."""


def _no_note(seconds: float) -> None:
    """Take a wait nobody asked about."""


class HostTurns:
    """The turns of one crawl."""

    def __init__(self, crawler: Crawler) -> None:
        assert crawler.stats
        self._crawler = crawler
        self._stats = crawler.stats
        self._pace = pace_of(crawler)
        rates = crawler.settings.get("LUREWATCH_HOST_RATES")
        self._rates = HostRates.open_at(rates) if rates else None
        self._sites = frozenset(crawler.settings.getlist("LUREWATCH_SITES"))
        self._own_next: dict[str, float] = {}
        """Host -> when this run itself may ask it again, on the monotonic clock."""
        self._free_until: dict[str, float] = {}
        """Host that is asked without a delay -> until when no other look at its hold is needed, on the monotonic clock."""
        self._waited = 0.0

    async def take(self, url: str, note: Callable[[float], None] = _no_note) -> None:
        """Return when a request to ``url`` may leave; ``note`` is told each sleep in seconds before it begins.

        Raise Blocked, and end the run, when its host is to be left alone for longer than LONGEST_WAIT.
        """
        if self._rates is None:
            return
        rates, host = self._rates, host_of(url)
        gap = self._pace.delay(urlsplit(url).hostname or "")
        asked = time.monotonic()
        if not gap and asked < self._free_until.get(host, 0.0):
            return
        left = rates.reserve(host, gap) if gap else 0.0
        while True:
            if (hold := rates.hold_seconds(host)) > LONGEST_WAIT:
                raise stop_as_blocked(self._crawler, url, HOLD, None, f"left alone for another {hold:.0f} s")
            if left <= 0:
                left = rates.start(host, gap) if gap else hold
                if left <= 0:
                    break
            if refused := self._stats.get_value("blocked/reason"):
                raise Blocked(url, str(refused))
            step = min(left, STEP_SECONDS)
            note(step)
            await asyncio.sleep(step)
            left -= step
        now = time.monotonic()
        self._free_until[host] = now + LOOK_SECONDS
        self._waited += max(0.0, now - max(asked, self._own_next.get(host, 0.0)))
        self._own_next[host] = now + gap

    def note_answer(self, response: Response) -> None:
        """Let no run ask the host of an answer that says "not now", for as long as it says, or LONGEST_WAIT when it does not say.

        Not so for hosts of other sites than the source's own: an advert may carry a picture from anywhere, and must not be able
        to stop other sources by it.
        """
        if self._rates is None or response.status not in (429, 503) or site(response.url) not in self._sites:
            return
        value = (response.headers.get("Retry-After") or b"").decode("latin-1")
        if not says_not_now(response.status, {"retry-after": value} if value else {}):
            return
        seconds = retry_after(value, datetime.now(UTC))
        seconds, host = LONGEST_WAIT if seconds is None else seconds, host_of(response.url)
        self._rates.hold(host, seconds)
        self._own_next[host] = max(self._own_next.get(host, 0.0), time.monotonic() + seconds)

    def whole_seconds_waited(self) -> int:
        """Return the seconds this run has waited for others since the last call; the rest of a second is kept for the next."""
        seconds = int(self._waited)
        self._waited -= seconds
        return seconds


_TURNS: WeakKeyDictionary[Crawler, HostTurns] = WeakKeyDictionary()


def turns_of(crawler: Crawler) -> HostTurns:
    """Return the turns all components of ``crawler`` share."""
    if crawler not in _TURNS:
        _TURNS[crawler] = HostTurns(crawler)
    return _TURNS[crawler]


def host_of(url: str) -> str:
    """Return the host whose rate a request to ``url`` counts for; on loopback each port is a site of its own."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return f"{host}:{parts.port}" if parts.port and is_loopback(host) else host
