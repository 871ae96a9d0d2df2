"""Redirects of Scrapy, without a referer; a redirect to a log-in page is a wall.

Every target passes robots.txt and the address guard like any other address.
"""

from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.http import Response

from crawlers.fetch.middlewares.blocks import is_login_address, stop_as_blocked


class RedirectsMiddleware(RedirectMiddleware):
    """Follows at most REDIRECT_MAX_TIMES redirects to http and https addresses."""

    def _engine_started(self) -> None:
        """Do nothing: Scrapy looks here for its referer middleware, and we send no referer."""

    def handle_referer(self, request: Request, response: Response) -> None:  # noqa: ARG002 - the signature is Scrapy's
        """Drop the referer: the site need not know where we came from."""
        request.headers.pop("Referer", None)

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Return the request that a redirect leads to, the response when it is none; raise Blocked at a log-in wall."""
        self._answer = response
        return super().process_response(request, response)

    def _redirect(self, redirected: Request, request: Request, reason: Any) -> Request:
        if is_login_address(redirected.url) and not is_login_address(request.url):
            raise stop_as_blocked(self.crawler, redirected.url, "login_wall", self._answer)
        return super()._redirect(redirected, request, reason)
