"""Of a kept page only its words are left, in their order; however it is written, taking it apart is bounded."""

import re
from datetime import UTC, datetime

import pytest

from crawlers.evidence.kept_pages import KeptPage
from desk.web.saved_page import KEPT_TAGS, MOST, document, saved_page

HOSTILE = [
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<base href='https://evil.example/'><a href='x'>link</a>",
    "<form action='https://evil.example/'><input name=a><button formaction='javascript:pwned()'>b</button></form>",
    "<link rel=stylesheet href='https://evil.example/x.css'><link rel=prefetch href='//evil.example'>",
    "<p style='background:url(https://evil.example/x.png)'>x</p><style>@import 'https://evil.example/x.css'</style>",
    "<svg onload=pwned()><image href='https://evil.example/x'/><use href='data:image/svg+xml,x#y'/></svg>",
    '<svg></p><style><a id="</style><img src=1 onerror=pwned()>">',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=pwned()&gt;">',
    "<math><mi//xlink:href='data:x,<script>pwned()</script>'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=pwned()>",
    '<noscript><p title="</noscript><img src=x onerror=pwned()>">',
    "<template><img src=x onerror=pwned()></template>",
    "<div><template shadowrootmode=open><img src=x onerror=pwned()></template></div>",
    "<textarea></textarea><img src=x onerror=pwned()><xmp><img src=x onerror=pwned()></xmp>",
    "<select><style></select><img src=x onerror=pwned()></style></select>",
    "<img src='https://evil.example/x.png' srcset='//evil.example/y 2x'><picture><source srcset='//evil.example'></picture>",
    "<iframe src='https://evil.example' srcdoc='<script>pwned()</script>'></iframe><object data='//evil.example'></object>",
    "<embed src='//evil.example'><video poster='//evil.example' autoplay><source src='//evil.example' onerror=pwned()></video>",
    "<a href=javascript:pwned() autofocus onfocus=pwned() tabindex=1>a</a><details open ontoggle=pwned()>d</details>",
    "<table background='//evil.example'><td background='//evil.example'></table>",
    "<body onload=pwned() background='//evil.example'>",
    "<!--><img src=x onerror=pwned()>--><![CDATA[<img src=x onerror=pwned()>]]>",
    "<p lang='\" onmouseover=pwned() x=\"' dir=rtl>lang</p><p id=main class=toast name=csrf>clobber</p>",
    "</div></body></html><script>pwned()</script><frameset onload=pwned()>",
]
"""Page texts that load, lead, send or run when a word of them is believed."""


def kept(body: bytes, kind: str = "text/html; charset=utf-8") -> KeptPage:
    return KeptPage(
        kind="response", record_id="r", beside="", url="https://board.example.org/", at=datetime(2026, 11, 23, tzinfo=UTC),
        sha256="", content_type=kind, body=body,
    )  # fmt: skip


def test_words_and_their_order_stay(tmp_path):
    page = "<title>Board</title><h1>Operator</h1><p style='display:none'>hidden <a href='/x'>words</a></p><ul><li>one<li>two</ul>"
    shown = saved_page(kept(f"<html><body>{page}</body></html>".encode()))
    assert shown.body == "<h1>Operator</h1><p>hidden words</p><ul><li>one</li><li>two</li></ul>"
    assert not shown.cut
    assert not shown.source


def test_nothing_is_left_that_loads_leads_or_runs():
    for payload in HOSTILE:
        body = saved_page(kept(f"<html><body>{payload}<p>end".encode())).body
        for tag, attributes in re.findall(r"<([a-zA-Z!?][^\s>/]*)([^>]*)>", body):
            assert tag in KEPT_TAGS, (payload, tag)
            assert re.fullmatch(r"( (lang|dir)=\"[^\"<>]*\")*\s*/?", attributes), (payload, attributes)


def test_a_page_of_ten_megabytes_is_cut():
    shown = saved_page(kept(b"<html><body>" + b"<p>word " * 1_250_000))
    assert shown.cut
    assert shown.size == 10_000_012
    assert MOST // 2 < len(shown.body) < 3 * MOST


def test_markup_that_takes_the_sanitizer_minutes_is_shown_as_source():
    shown = saved_page(kept(b"<html>" + b"<div>" * 400_000))
    assert shown.source
    assert shown.body.startswith("<pre>&lt;html&gt;&lt;div&gt;")


@pytest.mark.parametrize("kind", ["application/json", "application/rss+xml", "text/plain", ""])
def test_what_is_no_web_page_is_shown_as_source(kind):
    shown = saved_page(kept(b'{"title": "<script>pwned()</script>"}', kind))
    assert shown.source
    assert shown.body == "<pre>{&quot;title&quot;: &quot;&lt;script&gt;pwned()&lt;/script&gt;&quot;}</pre>"


def test_the_notes_of_the_desk_and_the_language_are_escaped():
    made = document(saved_page(kept(b"x", "text/plain")), '"><script>', ["<b>cut</b>"])
    assert "<em>&lt;b&gt;cut&lt;/b&gt;</em>" in made
    assert '<div lang="&quot;&gt;&lt;script&gt;"' in made
