"""Text is what a reader sees; links are split into contacts and pages."""
# ruff: noqa: E501 - one case a line reads best

import pytest

from crawlers.pages import page_urls
from crawlers.pages.document import PageDocument
from crawlers.pages.posting_fields import prose


def text(markup: str) -> str:
    return prose.text_of(PageDocument(markup, "").body)


@pytest.mark.parametrize(
    ("markup", "seen"),
    [
        ("<p>a</p><p>b</p>", "a\nb"), ("a<br>b<br/>c", "a\nb\nc"), ("<ul><li>a<li>b</ul>", "a\nb"),
        ("<table><tr><td>a<td>b</table>", "a\nb"), ("<b>wor</b>ld  \n  and\xa0more", "world and more"),
        ("<pre>a\n  b</pre>", "a\n  b"), ("x<script>y()</script><style>z</style><noscript>n</noscript>w", "xw"),
        ("x<p hidden>y</p><p style='DISPLAY : none'>z</p><i style='font-size:0'>k</i>w", "x\nw"),
        ("<i style='font-size:0.9em'>small</i>", "small"), ("<i class='emoji'><b>🔥</b></i> hot", "🔥 hot"), ("&lt;b&gt;", "<b>"),
        ("<!-- c -->a", "a"), ("", ""),
    ],
)  # fmt: skip
def test_text_is_what_a_reader_sees(markup: str, seen: str) -> None:
    assert text(markup) == seen


@pytest.mark.parametrize(
    ("markup", "seen"),
    [
        ("plain & simple", "plain & simple"), ("&lt;p&gt;a&lt;br&gt;b &amp;amp; c&lt;/p&gt;", "a\nb & c"),
        ("a &amp; b < c", "a & b < c"), ("one\n\n two ", "one\ntwo"), ("&" * 10_000, "&" * 10_000),
    ],
)  # fmt: skip
def test_fragments_are_read_whether_escaped_or_not(markup: str, seen: str) -> None:
    assert prose.text_of_html(markup) == seen


def test_links_are_split_into_contacts_and_pages() -> None:
    markup = (
        "<a href='mailto:a@b.example.org?subject=x'>m</a><a href='tel:+84 500'>t</a><a href='https://t.me/x_y'>g</a><a href='//zalo.me/1'>z</a>"
        "<a href='weixin://dl/chat?x'>w</a><a href='/p'>p</a><a href='javascript:x()'>j</a><a href='data:text/html,x'>d</a><a href='#a'>h</a>"
        "<a href='http://[bad'>b</a><a href='http://no name/'>n</a><a href='/p'>again</a>"
    )
    contacts, pages = page_urls.of(PageDocument(markup, "").body, "https://b.example.org/a/")
    assert contacts == (
        "mailto:a@b.example.org?subject=x", "tel:+84 500", "https://t.me/x_y", "https://zalo.me/1", "weixin://dl/chat?x",
    )  # fmt: skip
    assert pages == ("https://b.example.org/p",)


@pytest.mark.parametrize(
    ("href", "reaches"),
    [
        ("https://t.me/sample_cook", True), ("https://wa.me/15550100", True), ("mailto:hr@reef.example.org", True),
        ("https://api.whatsapp.com/send?phone=15550100&text=hi", True), ("https://zalo.me/84500000123", True),
        ("https://t.me/share/url?url=https://board.example.org", False), ("https://wa.me/?text=look", False),
        ("https://api.whatsapp.com/send?text=look", False), ("mailto:?subject=look", False),
        ("https://social-plugins.line.me/lineit/share?url=x", False),
    ],
)  # fmt: skip
def test_a_button_that_passes_the_page_on_reaches_nobody(href: str, reaches: bool) -> None:
    assert page_urls.is_contact(href) is reaches
