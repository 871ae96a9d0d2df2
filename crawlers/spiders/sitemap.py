"""Sitemaps (sitemaps.org): what a ``urlset`` or a ``sitemapindex`` lists, with its lastmod as written."""

import msgspec
from lxml import etree
from scrapy.utils.sitemap import Sitemap

from crawlers.errors import PageChanged


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One listed address."""

    url: str
    lastmod: str | None = None


class Entries(msgspec.Struct, frozen=True, kw_only=True):
    """What one sitemap file says."""

    index: bool
    """True when the addresses are further sitemaps."""
    pages: tuple[Entry, ...]


def entries(body: bytes, url: str) -> Entries:
    """Return the entries of a sitemap (Scrapy's reader: no entities, no network); raise PageChanged when it is none."""
    try:
        read = Sitemap(body)
    except (etree.XMLSyntaxError, StopIteration) as exc:
        raise PageChanged(url, "sitemap XML") from exc
    if read.type not in {"urlset", "sitemapindex"}:
        raise PageChanged(url, f"urlset or sitemapindex (found <{read.type[:40]}>)")
    return Entries(
        index=read.type == "sitemapindex",
        pages=tuple(
            Entry(url=one["loc"].strip(), lastmod=(one.get("lastmod") or "").strip() or None) for one in read if one.get("loc")
        ),
    )
