"""Pages are written by people who want the reader to break: every family ends in time, in bounds, and with an answer."""
# ruff: noqa: E501 - one case a line reads best

import random
import tracemalloc
from contextlib import suppress

import pytest

from crawlers.items import ParsedPage
from crawlers.pages import page_families
from crawlers.pages.posting_fields import prose
from foundation.crawl_errors import PageTooCostly
from tests.crawlers.pages.hostile_variants import KINDS, make_variant, read_as_spider
from tests.growth import LIMIT, MORE, growth, loop_steps

URL = "https://evil.example.org/jobs/1"
BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))


def pages(share: int = 1) -> dict[str, str]:
    """Return the hostile pages, or such that repeat themselves only a ``share``-th as often."""
    return {
        "deep div": "<div>" * (5_000 // share) + "Cook wanted at the pier" + "</div>" * (5_000 // share),
        "deep inline": "<b><i>" * (50_000 // share) + "Cook",
        "deep tables": "<table><tr><td>" * (2_000 // share) + "Cook",
        "deep lists with links": "<ul><li><a href='/x'>Cook wanted</a>" * (3_000 // share),
        "deep blockquotes in a forum": '<div class="postbody" id="phpbb">viewtopic.php<div class="post" id="p1"><div class="content">'
        + "<blockquote>" * (5_000 // share)
        + "x",
        "deep microdata": '<div itemscope itemtype="https://schema.org/JobPosting"><b itemprop="title">x</b>'
        + '<div itemprop="jobLocation" itemscope itemtype="Place">' * (3_000 // share),
        "deep JSON-LD": '<script type="application/ld+json">{"@type":"JobPosting","title":"x","a":'
        + "[" * (100_000 // share)
        + "</script>",
        "deep closed JSON-LD": '<script type="application/ld+json">'
        + "[" * (900 // share)
        + '{"@type":"JobPosting","title":"x"}'
        + "]" * (900 // share)
        + "</script>",
        "unclosed script tags": "<script " * (50_000 // share) + "ld+json JobPosting",
        "many ld+json words": "application/ld+json JobPosting " * (20_000 // share),
        "many comments": "<!-- ld+json JobPosting " * (20_000 // share),
        "broken JSON of quotes": '<script type="application/ld+json">{"@type":"JobPosting","title":"'
        + '"a' * (50_000 // share)
        + "</script>",
        "broken JSON of commas": '<script type="application/ld+json">{"@type":"JobPosting","title":"x"'
        + "," * (100_000 // share)
        + "}</script>",
        "long attribute": '<a href="/' + "a" * (500_000 // share) + '">Cook</a>' + "<p>Cook wanted</p>",
        "many links": "".join(
            f"<div class='card'><h3><a href='/ad/{n}'>Cook number {n}</a></h3><p>Quay · Kampot</p></div>"
            for n in range(5_000 // share)
        ),
        "many page numbers": "<div class='pagination'>"
        + "".join(f"<a href='/jobs?page={n}'>{n}</a>" for n in range(5_000 // share))
        + "</div>",
        "many contact links": "<h1>Cook</h1><div>" + "<a href='tel:+15550100'></a>" * (20_000 // share) + "</div>",
        "deep contacts": "<h1>Cook</h1>" + "<div class='contact'>Phone: +1 555 0100" * (140 // share),
        "many labels": "<p>Company: x</p>" * (5_000 // share),
        "one long line": "Company " * (100_000 // share),
        "colons": ":" * (200_000 // share),
        "entities": "&amp;" * (100_000 // share),
        "titles": "<title>" + "a - " * (50_000 // share) + "</title><h1>Cook</h1>",
        "spaces": "<p>" + " \n" * (300_000 // share) + "Cook</p>",
        "numbers": "tel: " + "1 " * (100_000 // share),
        "thai without spaces": "<p>" + "รับสมัครงาน" * (20_000 // share) + "</p>",
        "zawgyi": "<p>" + "ေျပာသည္မွာ" * (20_000 // share) + "</p>",
        "mojibake": "<p>" + "Ná»™i dung " * (20_000 // share) + "</p>",
        "question marks": "<p>" + "p?átel " * (20_000 // share) + "</p>",
        "entity bomb feed": f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "ha">{BOMB}]><rss><channel><item><title>&e11;</title></item></channel></rss>',
        "entity bomb sitemap": f'<?xml version="1.0"?><!DOCTYPE urlset [<!ENTITY e0 "ha">{BOMB}]><urlset><url><loc>https://x.example.org/&e11;</loc></url></urlset>',
        "entity bomb jobs": f'<?xml version="1.0"?><!DOCTYPE j [<!ENTITY e0 "ha">{BOMB}]><jobs><job><title>&e11;</title><url>/1</url></job></jobs>',
        "external entity": '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">]><rss><channel><item><title>a&f;b</title></item></channel></rss>',
        "deep xml": "<?xml version='1.0'?><jobs>" + "<a>" * (20_000 // share),
        "deep rss": "<rss><channel><item><title>" + "<b>" * (5_000 // share),
        "many document types": "<rss>" + "<!DOCTYPE[" * (20_000 // share),
        "document types first": "<!DOCTYPE[" * (20_000 // share) + "<rss>",
        "many items": "<rss><channel>"
        + "<item><title>t</title><link>http://x.example.org/1</link></item>" * (6_000 // share)
        + "</channel></rss>",
        "telegram flood": '<div class="tgme_widget_message" data-post="a/1"><div class="tgme_widget_message_text">'
        + "<b>" * (20_000 // share)
        + "x",
        "telegram mentions": '<div class="tgme_widget_message" data-post="a/1"><div class="tgme_widget_message_text">'
        + "@abcdefgh" * (20_000 // share),
        "nul and controls": "\x00\x01\x02<h1>\x1b[31mCook</h1>\x00",
        "surrogates": "<h1>Cook \ud83d</h1>",
        "empty": "",
        "only a tag": "<",
    }


PAGES, QUARTERS = pages(), pages(MORE)


@pytest.mark.parametrize("name", PAGES)
def test_a_hostile_page_is_read_or_set_aside_in_linear_time(name: str) -> None:
    pages_read: list[ParsedPage] = []

    def read(text: str) -> None:
        with suppress(PageTooCostly):
            pages_read.append(page_families.parse(text, URL))

    assert growth(read, QUARTERS[name], PAGES[name]) <= LIMIT
    for page in pages_read[-1:]:
        assert page.family in page_families.FAMILIES
        said = "".join(f"{posting.title}{posting.text}" for posting in page.postings)
        assert "root:" not in said and "hahaha" not in said


@pytest.mark.parametrize(
    "name", ["deep div", "deep closed JSON-LD", "long attribute", *(name for name in PAGES if "entity" in name)]
)
def test_a_hostile_page_is_read_within_64_mib(name: str) -> None:
    tracemalloc.start()
    page_families.parse(PAGES[name], URL)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 64 * 1024 * 1024


@pytest.mark.parametrize("seed", range(2 * len(KINDS)))
def test_a_hostile_variant_costs_little(seed: int) -> None:
    """At most two seconds of a machine that does 20 million steps in one. More of them, and longer ones: that module's command."""
    _, page = make_variant(seed, 600_000)
    assert loop_steps(lambda: read_as_spider(page), 40e6) <= 40e6


@pytest.mark.parametrize(
    ("page", "why"),
    [
        ("<div>" * 20_000, "elements inside each other"),
        ("<p>" + "<svg><g>" * 9_000, "elements inside each other"),
        ("<p " + " ".join(f"a{number}='>'" for number in range(8_000)) + ">", "attributes in one tag"),
        ("<br>" * 50_000, "tags"),
    ],
)
def test_what_a_page_has_too_much_of_is_said(page: str, why: str) -> None:
    with pytest.raises(PageTooCostly, match=why):
        page_families.parse(page, URL)


def test_big_honest_markup_is_no_excess() -> None:
    """Rows and items that end by themselves, a map of a thousand paths, markup in scripts, values with brackets."""
    parts = (
        "<table>" + "<tr><td>Cook<td><p>Quay" * 1_100 + "</table>",
        "<ul>" + "<li>Cook<br><img src=x>" * 1_100 + "</ul>",
        "<svg>" + "<path d='M0 0'/>" * 3_000 + "</svg>",
        "<script>" + "'<div><b>' + " * 1_100 + "</script>",
        "<div data-a='<b>' data-b='>'></div>" * 1_000,
        "<select>" + "<option>1" * 3_000 + "</select>",
    )
    prose.html_tree("".join(parts))


@pytest.mark.parametrize("seed", range(20))
def test_a_damaged_page_is_still_read(seed: int) -> None:
    """Cuts, doubles and swaps pieces of real markup; the parsers may find nothing, but never raise."""
    chance = random.Random(seed)
    pieces = [
        '<script type="application/ld+json">{"@type":"JobPosting","title":"x","baseSalary":{"value":"1"},"jobLocation":[null,3,{"address":7}]}</script>',
        '<div itemscope itemtype="https://schema.org/JobPosting"><b itemprop="title">x</b></div>',
        '<div class="tgme_widget_message" data-post="a/1"><time datetime="x"></time></div>',
        '<div id="p1" class="post has-profile"><div class="content">x</div></div> phpBB',
        "<table><tr><th>Company<td>x</table><dl><dt>Date<dd>31/31/2025</dl>",
        "<rss><channel><item><title>x</title></item></channel></rss>",
        "<urlset><url><loc>https://x.example.org/</loc></url></urlset>",
        '<a href="http://[x" rel="next">Next</a><a href="/p?page=99999999999999">2</a>',
        "<base href='http://[bad'><link rel=canonical href='//'>",
    ]
    text = "".join(chance.choices(pieces, k=6))
    for _ in range(8):
        at = chance.randrange(len(text))
        text = (
            text[:at]
            + chance.choice(["", "<", '"', "&", "\x00", "</div>", "]]>", text[: chance.randrange(50)]])
            + text[at + chance.randrange(4) :]
        )
    for name in (None, *page_families.FAMILIES):
        page_families.parse(text, URL, page=name)
