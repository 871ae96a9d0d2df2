"""What a code says becomes the addresses a page would publish."""

import pytest

from crawlers.pictures.read_child import contact_links

VCARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Sample\r\nTEL;TYPE=CELL:+84 90 000 0147\r\nEMAIL:sample@example.org\r\nEND:VCARD"


@pytest.mark.parametrize(
    ("content", "links"),
    [
        ("https://t.me/sample_hr", ("https://t.me/sample_hr",)),
        ("HTTPS://T.ME/SAMPLE_HR", ("https://T.ME/SAMPLE_HR",)),
        ("https://wa.me/84900000147", ("https://wa.me/84900000147",)),
        ("https://zalo.me/0900000147", ("https://zalo.me/0900000147",)),
        ("https://u.wechat.com/sample", ("https://u.wechat.com/sample",)),
        ("tel:+84900000147", ("tel:+84900000147",)),
        ("+84 900 000 147", ("tel:+84 900 000 147",)),
        ("SMSTO:+84900000147:hello", ("sms:+84900000147",)),
        ("mailto:sample@example.org", ("mailto:sample@example.org",)),
        ("MATMSG:TO:sample@example.org;SUB:job;;", ("mailto:sample@example.org",)),
        (VCARD, ("tel:+84 90 000 0147", "mailto:sample@example.org")),
        ("MECARD:N:Sample;TEL:+84900000147;URL:https\\://t.me/sample_hr;;", ("tel:+84900000147", "https://t.me/sample_hr")),
        ("WIFI:S:cafe;T:WPA;P:secret;;", ()),
        ("8934563138164", ()),
        ("javascript:alert(1)", ()),
        ("", ()),
    ],
)
def test_contacts_in_a_code_are_links(content, links):
    assert contact_links(content) == links
