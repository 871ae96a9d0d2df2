"""A page that is no advert is rejected with its reason, whatever its parser made of it."""

import pytest

from crawlers.pages import page_families
from crawlers.pages.postings.advert import OWN_ERROR

URL = "https://board.example.org/jobs/1"
ENTITIES = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("<html><head><title>Acme</title></head><body><h1>Welcome to our site</h1></body></html>", "only_heading"),
        ("<html><head><title>Acme jobs</title></head><body></body></html>", "only_heading"),
        ("<html><body><main><h1>Loading</h1><h2>Loading</h2></main></body></html>", "only_heading"),
        (f"<html><body><pre>{OWN_ERROR}page budget exceeded: requests</pre></body></html>", "own_proxy"),
        (f"{OWN_ERROR}ClientConnectorError: cannot connect", "own_proxy"),
        (f'<?xml version="1.0"?>{ENTITIES}<x>&b;</x>', "unknown_xml"),
        ('<?xml version="1.0"?><catalog><book><name>Deep nets, a novel in two parts</name></book></catalog>', "unknown_xml"),
        (f"{ENTITIES}<x>&b; and some text that looks like an advert for a cook in Hue</x>", "unknown_xml"),
        (f"{ENTITIES}<rss><channel><item><title>&b;</title><link>/1</link></item></channel></rss>", "own_entities"),
        ("<rss><channel><item><title>&b;</title><link>/1</link></item></channel></rss>", "only_entities"),
        ("<html><body><h1>&unknown;</h1><p>&other; &more;</p></body></html>", "only_entities"),
    ],
)
def test_what_is_no_advert_is_rejected_by_name(markup: str, reason: str) -> None:
    page = page_families.parse(markup, URL)
    assert (page.postings, [reject.reason for reject in page.rejected]) == ((), [reason])


@pytest.mark.parametrize(
    "markup",
    [
        "<html><body><h1>Cook</h1><p>Company: Reef</p><p>Location: Hue</p></body></html>",
        "<html><body><h1>Cook wanted, call +1 555 0100</h1><p>Call us now.</p></body></html>",
        "<html><body><h1>Cook</h1><p><a href='https://t.me/sample_cook'>Write</a></p></body></html>",
        "<html><body><h1>Cook &amp; waiter</h1><p>R&D; two people for a lab kitchen</p></body></html>",
        '<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x.dtd">'
        '<html xmlns="http://www.w3.org/1999/xhtml"><body><h1>Cook</h1><p>Two cooks for a canteen in Hue.</p></body></html>',
    ],
)
def test_a_short_advert_is_kept(markup: str) -> None:
    page = page_families.parse(markup, URL)
    assert (len(page.postings), page.rejected) == (1, ())
