"""Redirects of Scrapy, without a referer and with a login wall seen at the door.

Every target comes back through the engine, so robots.txt and the address guard judge it like any other address.
"""

from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.http import Response

from crawlers.middlewares.blocks import is_login_address, stop_as_blocked


class RedirectsMiddleware(RedirectMiddleware):
    """Follows at most REDIRECT_MAX_TIMES redirects to http and https addresses."""

    def _engine_started(self) -> None:
        """Do nothing: Scrapy looks here for its referer middleware, and we send no referer."""

    def handle_referer(self, request: Request, response: Response) -> None:  # noqa: ARG002 - the signature is Scrapy's
        """Drop the referer: the site need not know where we came from."""
        request.headers.pop("Referer", None)

    def _redirect(self, redirected: Request, request: Request, reason: Any) -> Request:
        if is_login_address(redirected.url) and not is_login_address(request.url):
            raise stop_as_blocked(self.crawler, redirected.url, "login_wall")
        return super()._redirect(redirected, request, reason)
