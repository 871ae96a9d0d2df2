"""Hostile pages by seed. `python -m tests.crawlers.pages.hostile_variants 1000` reads that many and prints the dearest ones.

Each is one of the kinds below with its own elements, words and size, behind the head of a page of some family.
"""

# ruff: noqa: SIM905, T201 - a list of words reads best as one text; the command prints

import random
import sys
import time
from collections.abc import Callable

from crawlers.pages import page_families
from crawlers.pages.document import PageDocument
from crawlers.pages.listings import extent, listing
from foundation.crawl_errors import PageTooCostly

URL = "https://evil.example.org/jobs/1"
CONTAINERS = (
    "div section article span b i em font a ul ol li dl dd table td tr form p h2 pre blockquote svg g math mi select x-y".split()
)
HEADS = (
    "",
    "<!doctype html><html lang='en'><title>Cook wanted</title><body>",
    '<script type="application/ld+json">{"@type":"JobPosting","title":"Cook"}</script><h1>Cook</h1>',
    '<div itemscope itemtype="https://schema.org/JobPosting"><b itemprop="title">Cook</b>',
    '<div vocab="https://schema.org/" typeof="JobPosting"><b property="title">Cook</b>',
    '<div class="tgme_widget_message" data-post="a/1"><div class="tgme_widget_message_text">',
    '<div class="postbody" id="phpbb">viewtopic.php<div class="post" id="p1"><div class="content">',
    "<rss><channel><item><title>",
    "<rss><channel><item><description><![CDATA[",
    "<urlset><url><loc>https://evil.example.org/2</loc></url>",
    "<div class='card'><h3><a href='/ad/1'>Cook</a></h3><p>Quay</p></div>",
    "<p>Company: Quay</p><p>Salary: $900</p>",
    "<svg><text>",
)
MOST = 2_000_000
"""Characters of the longest: what a page may have and still be fetched."""


def _names(chance: random.Random) -> list[str]:
    return chance.choices(CONTAINERS, k=chance.randint(1, 4))


def _deep(chance: random.Random, size: int) -> str:
    opening = "".join(f"<{name}>" for name in _names(chance))
    return opening * (size // len(opening)) + "Cook"


def _deep_and_closed(chance: random.Random, size: int) -> str:
    names = _names(chance)
    opening, closing = "".join(f"<{name}>" for name in names), "".join(f"</{name}>" for name in reversed(names))
    times = size // (len(opening) + len(closing))
    return opening * times + "Cook" + closing * times


def _wrongly_closed(chance: random.Random, size: int) -> str:
    name, other = chance.sample(CONTAINERS, 2)
    part = f"<{name}>x</{other}>"
    return part * (size // len(part))


def _deep_then_flat(chance: random.Random, size: int) -> str:
    name, flat = chance.choice(CONTAINERS), chance.choice(["<p>x", "</x>", "<b>y</b>", "<li>z", "<hr>", "</p>"])
    return f"<{name}>" * (size // 2 // (len(name) + 2)) + flat * (size // 2 // len(flat))


def _attributes(chance: random.Random, size: int) -> str:
    value = chance.choice(["", "=x", '="x y"', "='>'", '=""'])
    name, cut = chance.choice(["div", "a", "body", "script", "p", "meta"]), chance.choice([" ", "\n", "/", "  "])
    return f"<{name} " + cut.join(f"a{n}{value}" for n in range(size // (7 + len(value) + len(cut)))) + ">Cook"


def _attributes_of_many(chance: random.Random, size: int) -> str:
    each = chance.choice([50, 500, 5_000])
    tag = "<body " + " ".join(f"a{chance.randrange(10**6)}=x" for _ in range(each)) + ">"
    return tag * max(1, size // len(tag))


def _entities(chance: random.Random, size: int) -> str:
    part = chance.choice(["&amp;", "&", "&#", "&#x41;", "&notit;", "&lt;b&gt;", "&CounterClockwiseContourIntegral;"])
    return part * (size // len(part))


def _unclosed(chance: random.Random, size: int) -> str:
    part = chance.choice(
        ["<", "<a ", "<!--", "<script>", "<title>", "<a href='", "</", "<textarea>", "<![CDATA[", "<?x ", '<p x="']
    )
    return part * (size // len(part))


def _json_ld(chance: random.Random, size: int) -> str:
    part = chance.choice(["[", '{"a":', '[{"@graph":[', '"', ",", "\\", '{"@type":"JobPosting","title":"x"},', "/*", "//\n"])
    return (
        '<script type="application/ld+json">{"@type":"JobPosting","a":'
        + part * (size // len(part))
        + chance.choice(["", "</script>"])
    )


def _giant(chance: random.Random, size: int) -> str:
    first, last = chance.choice(
        [("<!--", "-->"), ("<script>", "</script>"), ("<style>", "</style>"), ("<p>", "</p>"), ("<a href='/", "'>")]
    )
    return first + chance.choice(["x", "x ", "- ", "\n", "a.b@c ", "+84 ", "ก", "://", "$9 "]) * (size // 3) + last


def _table(chance: random.Random, size: int) -> str:
    row = "<tr>" + chance.choice(["<td>Cook", "<th>Company<td>x", "<td><a href='/ad/1'>Cook</a>"]) * chance.randint(1, 2_000)
    return "<table>" + row * max(1, size // len(row))


def _forms(chance: random.Random, size: int) -> str:
    part = chance.choice(
        ["<form><input name=q>", "<select><option>1<option>2</select>", "<button>Next</button>", "<label>Company<input>"]
    )
    return part * (size // len(part))


def _links(chance: random.Random, size: int) -> str:
    form = chance.choice(
        ["<a href='/ad/{0}'>Cook {0}</a>", "<a href='?page={0}'>{0}</a>", "<li><a href='//x{0}.example/'>Cook at sea</a>"]
    )
    return "".join(form.format(n) for n in range(size // len(form)))


def _labels(chance: random.Random, size: int) -> str:
    part = chance.choice(
        ["<dt>Company<dd>x", "<p>Salary: $9</p>", "<li>Phone: +1 555 0100", "<h2>Cook</h2>", "<time datetime=x>", "Date:\n"]
    )
    return part * (size // len(part))


KINDS: tuple[Callable[[random.Random, int], str], ...] = (
    _deep, _deep_and_closed, _wrongly_closed, _deep_then_flat, _attributes, _attributes_of_many, _entities, _unclosed, _json_ld,
    _giant, _table, _forms, _links, _labels,
)  # fmt: skip


def make_variant(seed: int, most: int = MOST) -> tuple[str, str]:
    """Return the name of the kind of a hostile page, and the page."""
    chance = random.Random(seed)
    kind = KINDS[seed % len(KINDS)]
    return kind.__name__, chance.choice(HEADS) + kind(chance, int(most * chance.uniform(0.5, 1.0)))


def read_as_spider(text: str) -> float:
    """Return the CPU seconds of reading a page as a detail page and as a list; a page that is set aside is read."""
    began = time.process_time()
    try:
        page = page_families.parse(text, URL)
        document = PageDocument(text, URL)
        extent.read_extent(document, page.links)
        listing.says_empty(document)
    except PageTooCostly:
        pass
    return time.process_time() - began


if __name__ == "__main__":
    costs = []
    for number in range(int(sys.argv[1])):
        name, page = make_variant(number)
        costs.append((read_as_spider(page), number, name))
    for seconds, number, name in sorted(costs, reverse=True)[:10]:
        print(f"{seconds:6.2f} s  seed {number}  {name}")
    print(f"{sum(seconds > 2 for seconds, _, _ in costs)} of {len(costs)} over 2 s of CPU")
