"""Tells whether a page shows the poster of a reported advert: where its words are in a picture, the page has none to compare."""

from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

from crawlers.discovery.guided_fetch import FetchedPage
from crawlers.items import Posting
from crawlers.pictures.run_pictures import PictureReader
from enrichment.campaigns.posters import are_near, poster_hashes
from foundation.crawl_errors import CrawlError
from lurewatch.app.receivers.site_check import PageAsker

MOST_PICTURES = 3
"""Pictures of a page that are asked for, at most; those that the advert had come first."""


def shows_poster(page: FetchedPage, reported: Posting, asker: PageAsker) -> bool:
    """Tell whether one of the first pictures of a page is a poster of the advert, or a copy of it as messengers make them."""
    posters = poster_hashes(reported)
    if not posters:
        return False
    own = {media.url for media in reported.media}
    found = (urljoin(page.url, image.attributes.get("src") or "") for image in LexborHTMLParser(page.text).css("img[src]"))
    addresses = dict.fromkeys(url for url in found if url.startswith(("http://", "https://")))
    with PictureReader() as reader:
        for url in sorted(addresses, key=lambda url: url not in own)[:MOST_PICTURES]:
            try:
                answer = asker.fetch(url)
            except CrawlError:
                return False
            if not answer.error and are_near(posters, (value for value in (reader.read(answer.body).pdq,) if value)):
                return True
    return False
