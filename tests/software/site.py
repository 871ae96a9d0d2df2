"""A site served on loopback as the named software would answer: parameters it does not know change nothing."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from tests.loopback import Request, serve_answers
from tests.software.adverts import Advert

Pages = dict[str, str]
Address = tuple[str, tuple[tuple[str, str], ...]]


class Family(NamedTuple):
    """Software, the address an operator would give, and how its pages are made."""

    name: str
    start: str
    pages: Callable[[list[Advert]], Pages]
    count: int
    """Adverts."""


class SoftwareSite:
    """The pages that stand now, and the requests that came."""

    def __init__(self, pages: Pages) -> None:
        self.url = ""
        self.asked: list[tuple[str, int]] = []
        """Path and status of each request, robots.txt apart."""
        self.show(pages)

    def show(self, pages: Pages) -> None:
        """Put ``pages`` in place of those that stood."""
        self.pages = {_address(path): body for path, body in pages.items()}
        self.parameters: dict[str, set[str]] = {}
        for path, parameters in self.pages:
            self.parameters.setdefault(path, set()).update(name for name, _ in parameters)

    def answer(self, target: str, etag: str | None) -> tuple[int, str, bytes]:
        """Return status, ETag and body."""
        path, parameters = _address(target)
        known = self.parameters.get(path, set())
        text = self.pages.get((path, tuple(pair for pair in parameters if pair[0] in known)))
        if text is None:
            return 404, "", b"<html><body><h1>Page not found</h1></body></html>"
        mark = f'"{hash(text) & 0xFFFFFFFF:x}"'
        return (304, mark, b"") if etag == mark else (200, mark, text.encode())

    def repeated(self) -> list[str]:
        """Return the addresses that were asked for twice."""
        return [path for path, count in Counter(_plain(path) for path, _ in self.asked).items() if count > 1]


def _address(target: str) -> Address:
    parts = urlsplit(target)
    return parts.path, tuple(sorted(parse_qsl(parts.query, keep_blank_values=True))) or ((parts.query, ""),) * bool(parts.query)


def _plain(target: str) -> str:
    """Return an address without what names a visit."""
    path, parameters = _address(target)
    return path + "?" + "&".join(f"{name}={value}" for name, value in parameters if name not in ("sid", "s", "PHPSESSID"))


@contextmanager
def served(pages: Pages) -> Iterator[SoftwareSite]:
    """Yield the running site."""
    site = SoftwareSite(pages)

    def answer(request: Request) -> tuple[int, dict[str, str], bytes]:
        if request.path == "/robots.txt":
            return 200, {"Content-Type": "text/plain; charset=utf-8"}, b"User-agent: *\nDisallow: /wp-admin/\n"
        status, mark, body = site.answer(request.path, request.headers.get("If-None-Match"))
        site.asked.append((request.path, status))
        kind = "application/json" if body[:1] in (b"{", b"[") else "text/html"
        return status, {"Content-Type": f"{kind}; charset=utf-8"} | ({"ETag": mark} if mark else {}), body

    with serve_answers(answer) as site.url:
        yield site
