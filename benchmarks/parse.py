"""Job pages with JSON-LD: ours against BeautifulSoup(html.parser) + extruct, and against bare selectolax + orjson, side by side.

    python benchmarks/parse.py [--pages 200] [--rounds 5]

All read the same generated pages (mean size printed) for the same facts: title, company, place, date, pay, words of the description. The
bare peer does only that and nothing of what a parser owes its user (text with lines, pay, dates in UTC, ids, contacts, repairs).
"""
# ruff: noqa: E501 - markup reads best unbroken

import argparse
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime

import extruct
import orjson
from bs4 import BeautifulSoup
from selectolax.lexbor import LexborHTMLParser

from crawlers.pages import page_families

NOW = datetime(2025, 3, 20, tzinfo=UTC)


def page(number: int) -> str:
    """Return a job page of about 17 KB, as large boards serve them: navigation, one advert, similar ones, scripts, footer."""
    description = "".join(
        f"<p>Paragraph {part} of advert {number}: keep the door from ten to six, carry bags.</p>" for part in range(12)
    )
    facts = {
        "@context": "https://schema.org/",
        "@type": "JobPosting",
        "title": f"Night porter {number}",
        "description": description + '<p>Write to <a href="mailto:desk@quay.example.org">desk@quay.example.org</a></p>',
        "datePosted": "2025-03-02",
        "validThrough": "2025-04-02T23:59:00+07:00",
        "employmentType": "FULL_TIME",
        "hiringOrganization": {"@type": "Organization", "name": "Quay Hotel"},
        "jobLocation": {
            "@type": "Place",
            "address": {"@type": "PostalAddress", "addressLocality": "Kampot", "addressCountry": "KH"},
        },
        "baseSalary": {
            "@type": "MonetaryAmount",
            "currency": "USD",
            "value": {"@type": "QuantitativeValue", "minValue": 300, "maxValue": 450},
        },
    }
    links = "".join(f'<li class="nav-item"><a class="nav-link" href="/c/{part}">Category {part}</a></li>' for part in range(90))
    similar = "".join(
        f'<li class="card"><h3><a href="/ad/{part}">Similar advert {part}</a></h3><p>Quay · Kampot</p></li>' for part in range(24)
    )
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Night porter {number} - Harbour Jobs</title>'
        f'<link rel="canonical" href="https://jobs.example.org/ad/{number}">'
        f'<script type="application/ld+json">{json.dumps({"@context": "https://schema.org", "@type": "WebSite", "name": "Harbour Jobs"})}</script>'
        f'<script type="application/ld+json">{json.dumps(facts)}</script><style>{".a{color:red}" * 200}</style></head>'
        f"<body><nav><ul>{links}</ul></nav><main><h1>Night porter {number}</h1><div class='description'>{description}</div></main>"
        f"<aside><ul>{similar}</ul></aside><script>{'var x=1;' * 300}</script><footer>{'<p>Footer words of the board</p>' * 20}</footer></body></html>"
    )


def ours(text: str, url: str) -> str | None:
    """Read the page as the crawl does."""
    return page_families.parse(text, url, now=NOW).postings[0].title


def soup_and_extruct(text: str, url: str) -> str | None:
    """Read the page the way most crawlers in the field do."""
    soup = BeautifulSoup(text, "html.parser")
    facts = next(
        item for item in extruct.extract(text, base_url=url, syntaxes=["json-ld"])["json-ld"] if item["@type"] == "JobPosting"
    )
    body = BeautifulSoup(facts["description"], "html.parser").get_text("\n")
    assert soup.title and body and facts["hiringOrganization"]["name"] and facts["jobLocation"]["address"]["addressLocality"]
    return str(facts["title"])


def bare(text: str, url: str) -> str | None:
    """Read the JSON-LD and nothing else, with the fastest libraries there are."""
    del url
    for node in LexborHTMLParser(text).css('script[type="application/ld+json"]'):
        facts = orjson.loads(node.text())
        if facts["@type"] == "JobPosting":
            body = LexborHTMLParser(facts["description"]).text()
            assert body and facts["hiringOrganization"]["name"] and facts["jobLocation"]["address"]["addressLocality"]
            return str(facts["title"])
    return None


def microseconds(read: Callable[[str, str], str | None], pages: list[tuple[str, str]]) -> float:
    """Return the time per page of one round."""
    started = time.perf_counter()
    for text, url in pages:
        assert read(text, url)
    return (time.perf_counter() - started) / len(pages) * 1e6


def main() -> None:
    """Time the three in turn, so that noise on the machine meets all of them; the best round of each counts."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--pages", type=int, default=200)
    options.add_argument("--rounds", type=int, default=5)
    chosen = options.parse_args()
    pages = [(page(number), f"https://jobs.example.org/ad/{number}") for number in range(chosen.pages)]
    best: dict[str, float] = {}
    for _ in range(chosen.rounds):
        for read, share in ((ours, 1), (bare, 1), (soup_and_extruct, 8)):
            taken = microseconds(read, pages[: max(1, len(pages) // share)])
            best[read.__name__] = min(best.get(read.__name__, taken), taken)
    print(f"{len(pages)} pages, mean {sum(len(text) for text, _ in pages) / len(pages) / 1000:.1f} KB; best of {chosen.rounds}")
    for name, taken in best.items():
        print(f"{name:<20}{taken:>9.0f} us/page")
    print(f"ours is {best['soup_and_extruct'] / best['ours']:.1f} x as fast as BeautifulSoup + extruct (goal 30)")
    print(f"ours takes {best['ours'] / best['bare']:.2f} x the time of bare selectolax + orjson (goal 1.3)")


if __name__ == "__main__":
    main()
