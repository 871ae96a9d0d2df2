"""Chooses the pictures of adverts that a run fetches: on the source's site or a host it names, only new ones, within its
budget.

Of the page of one advert these are the pictures among its words, large enough to carry text, and what the page shows of itself
to others (``og:image``) when there is none. Logos, buttons, faces of people and what stands beside the advert are left out.
"""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from functools import cached_property

from scrapy import Request
from scrapy.http import Response
from selectolax.lexbor import LexborNode

from crawlers.fetch.middlewares.robots import RobotsDenied
from crawlers.frontier.frontier_store import FULL_EVERY, Frontier
from crawlers.frontier.visits import Step, Visit
from crawlers.items import Media, Posting
from crawlers.pages import page_urls
from crawlers.pages.document import PageDocument
from crawlers.pages.node_path import class_and_id, climb
from crawlers.pages.page_urls import is_web
from crawlers.pictures.language_packs import installed_packs
from crawlers.sources.setting_types import site
from crawlers.sources.source import Source
from foundation.crawl_errors import Blocked

SERVED_FROM = {"t.me": ("telesco.pe", "cdn-telegram.org")}
"""Sites known to serve their pictures from others."""


class ImageChoice:
    """The pictures of one run."""

    def __init__(self, source: Source, frontier: Frontier) -> None:
        self._budget = source.crawl.images
        self._frontier = frontier
        home = site(source.operator.url)
        starts = {site(url) for url in source.crawl.start}
        others = (*self._budget.hosts, *(host for start in starts for host in SERVED_FROM.get(start, ())))
        self._sites = {home, *map(_site_of_host, others)}
        self._left = self._budget.per_run - frontier.count_images()
        self._offered: set[str] = set()

    def steps(self, postings: Iterable[Posting], via: str, now: datetime) -> tuple[tuple[Step, ...], dict[str, int]]:
        """Return the steps to the pictures of ``postings`` that are not kept yet, and how many were left out, by the limit."""
        steps, dropped = [], Counter[str]()
        for posting in postings:
            pictures = [media for media in posting.media if media.kind == "image" and is_web(media.url)]
            near = [media for media in pictures if site(media.url) in self._sites]
            dropped["image_off_site"] += len(pictures) - len(near)
            dropped["image_per_posting"] += max(0, len(near) - self._budget.per_posting)
            for media in near[: self._budget.per_posting] if not posting.deleted else ():
                if not self._is_new(media, now):
                    continue
                if self._left <= 0:
                    dropped["image_per_run"] += 1
                    continue
                self._left -= 1
                steps.append(Step(url=media.url, role="image", via=via))
        return tuple(steps), dict(+dropped)

    @cached_property
    def _readable(self) -> bool:
        """Whether what an earlier run could not read can be read now."""
        return bool(installed_packs())

    def _is_new(self, media: Media, now: datetime) -> bool:
        key = self._frontier.key(media.url)
        if key in self._offered:
            return False
        self._offered.add(key)
        fresh = self._frontier.images.is_fresh(key, now, FULL_EVERY, readable=lambda: self._readable)
        return not fresh and bool(self._frontier.unseen([media.url]))


def image_visit(response: Response, now: datetime) -> Visit:
    """Return the visit of a picture: kept when it came, whatever it is; it is read after the walk."""
    came = 200 <= response.status < 300 and bool(response.body)
    return Visit(
        row=response.meta["row"],
        step=response.meta["step"],
        outcome="image/ok" if came else f"image/http/{response.status}",
        at=now,
        picture=response.body if came else b"",
        response=response if came else None,
    )


def lost_image_visit(request: Request, error: Exception, now: datetime) -> Visit:
    """Return the visit of a picture that did not come."""
    why = "refused" if isinstance(error, Blocked) else "robots" if isinstance(error, RobotsDenied) else type(error).__name__
    return Visit(row=request.meta["row"], step=request.meta["step"], outcome=f"image/{why}", at=now)


def _site_of_host(host: str) -> str:
    return site(f"https://{host}/")


MOST = 6
LEAST_SIDE = 200
"""Pixels that a picture with text has on each side, where the page says its size."""
_ORNAMENT = re.compile(
    r"logo|icon|avatar|sprite|emoji|banner|badge|button|flag|favicon|placeholder|pixel|spacer|captcha|profile|author|payment",
    re.I,
)
_BESIDE = frozenset({"header", "nav", "footer", "aside", "noscript"})
_BESIDE_NAMES = re.compile(
    r"\b(?:related|similar|sidebar|recommend\w*|advertis\w*|comments?|author|avatar|footer|header|menu)\b", re.I
)
_SOURCES = ("data-src", "data-original", "data-lazy-src", "src")
_NUMBER = re.compile(r"\s*(\d{1,5})")


def page_images(document: PageDocument) -> tuple[Media, ...]:
    """Return the pictures of the page's advert in their order."""
    written = document.text.encode().lower()  # bytes: letters of other scripts take ten times as long to make small
    if b"<img" not in written and b"og:image" not in written:  # most pages with JSON-LD are read without their tree
        return ()
    urls = dict.fromkeys(filter(None, (_address(document, node) for node in document.body.css("img"))))
    if not urls and (meta := document.tree.css_first('meta[property="og:image"]')):
        url = page_urls.absolute(document.base, meta.attributes.get("content"))
        urls = dict.fromkeys([url] if url and not _ORNAMENT.search(url) else [])
    return tuple(Media(url=url, kind="image", from_page=True) for url in list(urls)[:MOST])


def _address(document: PageDocument, node: LexborNode) -> str | None:
    said = node.attributes
    if any(_ORNAMENT.search(said.get(name) or "") for name in ("src", "class", "id", "alt")):
        return None
    if any((match := _NUMBER.match(said.get(name) or "")) and int(match[1]) < LEAST_SIDE for name in ("width", "height")):
        return None
    if _is_beside(node):
        return None
    for name in _SOURCES:
        if (url := page_urls.absolute(document.base, said.get(name))) and not re.search(r"\.svg(?:$|\?)", url, re.I):
            return url
    return None


def _is_beside(node: LexborNode) -> bool:
    """Whether a picture stands in a part of the page that is not its advert."""
    return any(outer.tag in _BESIDE or _BESIDE_NAMES.search(class_and_id(outer)) for outer in climb(node.parent))
