"""Checks a source file against the first pages of its site: robots.txt, terms, list, adverts, bounds; and proposes changes.

Pure functions of the fetched pages: `crawlers.discovery.source_verification` fetches, `lurewatch sources verify` shows.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Literal

import msgspec
from selectolax.lexbor import LexborHTMLParser

from crawlers.discovery.guided_fetch import FetchedPage
from crawlers.evidence.partition import Report
from crawlers.items import Posting
from crawlers.sources.expectations import fill_rates
from crawlers.sources.source import Source

Outcome = Literal["passed", "attention", "failed"]
FIELDS = ("title", "text", "company", "location", "posted_at")
SENTENCES = 6
"""Sentences of the terms that are shown; all of them are for a person to read."""
_SENTENCE = re.compile(r"[^.!?。！？។။\n]{12,400}[.!?。！？។။\n]")
_ROBOTS = re.compile(
    r"\brobots?\b|\bspiders?\b|\bscrap(?:e|es|ed|ing|er|ers)\b|\bcrawl|\bautomat|data mining|\bbots?\b|tự động|thu thập|"
    r"爬虫|爬蟲|抓取|自动|自動|อัตโนมัติ|otomatis|automatiz|automatisé|автоматич|робот|स्वचालित|স্বয়ংক্রিয়|خودکار",
    re.I,
)
"""Words by which terms speak of reading by a program, in the languages of the shipped sources."""


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at."""

    name: str
    """``robots``, ``terms``, ``list``, ``adverts`` or ``bounds``."""
    outcome: Outcome
    message: str
    fix: str = ""
    quotes: tuple[str, ...] = ()
    """Sentences of the terms that speak of programs, as the page has them."""


def robots_check(pages: Sequence[FetchedPage]) -> Check:
    """Return whether robots.txt lets us read the first page and the adverts behind it."""
    first = pages[0]
    refused = [page.url for page in pages if page.error == "robots"]
    if first.error == "robots" and "unreachable" in first.robots:
        message = f"robots.txt of {first.url} cannot be read ({first.robots}), so nothing is read (RFC 9309)"
        return Check(name="robots", outcome="failed", message=message, fix=_fix_of(first.robots))
    if first.error == "robots":
        fix = "leave the source disabled, or ask the operator in writing; robots.txt is never bypassed"
        return Check(name="robots", outcome="failed", message=f"robots.txt forbids {first.url} ({first.robots})", fix=fix)
    delay = f"; it asks for {first.crawl_delay:g} s between requests" if first.crawl_delay else ""
    if refused:
        message = f"robots.txt allows the list and forbids {len(refused)} of the pages looked at, {refused[0]} first{delay}"
        return Check(
            name="robots", outcome="attention", message=message, fix="these pages stay unread: see that others are enough"
        )
    if first.error:
        message = f"{first.url} could not be read ({first.error})"
        return Check(name="robots", outcome="failed", message=message, fix=_fix_of(first.error))
    return Check(name="robots", outcome="passed", message=f"{first.robots or 'no rule'}{delay}")


def terms_check(page: FetchedPage | None, url: str | None) -> Check:
    """Return the sentences of the terms that speak of programs; only a person can say what they allow."""
    read_it = "read the terms in a browser, all of them, then verify again with --terms-read"
    if page is None:
        message = "no page of terms is named by the file or linked by the list"
        return Check(name="terms", outcome="attention", message=message, fix="find them, write access.terms_url, verify again")
    if page.error or page.status >= 400:
        message = f"{url} could not be read ({page.error or f'HTTP {page.status}'})"
        return Check(name="terms", outcome="attention", message=message, fix=read_it)
    quotes = tuple(dict.fromkeys(_robot_sentences(page)))
    message = f"{url}: {len(quotes)} sentences speak of programs that read pages"
    return Check(name="terms", outcome="attention", message=message, fix=read_it, quotes=quotes[:SENTENCES])


def _robot_sentences(page: FetchedPage) -> Iterator[str]:
    tree = LexborHTMLParser(page.text)
    for node in tree.css("script, style, nav, header, footer"):
        node.decompose()
    text = tree.body.text(separator="\n") if tree.body else ""
    for sentence in _SENTENCE.findall(f"{text}\n"):
        if _ROBOTS.search(sentence):
            yield " ".join(sentence.split())


def list_check(report: Report, postings: Sequence[Posting], speaks: Sequence[str], *, mended: bool) -> Check:
    """Return whether the source's own spider read adverts from its list, as its file says or after the change proposed."""
    if not postings:
        message = f"nothing was read ({report.state}: {report.reason or 'no posting'})"
        fix = f"the site shows {'; '.join(speaks)}: correct crawl" if speaks else "correct crawl.start, follow or page"
        return Check(name="list", outcome="failed", message=message, fix=fix)
    if mended:
        message = f"the file's own lines read nothing; with those proposed it reads adverts: the site shows {'; '.join(speaks)}"
        return Check(name="list", outcome="attention", message=message, fix="look at the change of crawl before it is written")
    return Check(name="list", outcome="passed", message="; ".join(speaks) or "adverts are read from it")


def adverts_check(postings: Sequence[Posting]) -> Check:
    """Return which facts the adverts that were read have."""
    rates = fill_rates(postings, FIELDS)
    message = f"{len(postings)} read: " + ", ".join(f"{name} {rate:.0%}" for name, rate in rates.items())
    if not postings or min(rates["title"], rates["text"]) < 0.8:
        fix = "name a parser in crawl.page, or save a page case and mend the parser"
        return Check(name="adverts", outcome="failed", message=message, fix=fix)
    if rates["posted_at"] == 0:
        fix = "without a date, the age of an advert counts from the first run that saw it"
        return Check(name="adverts", outcome="attention", message=message, fix=fix)
    return Check(name="adverts", outcome="passed", message=message)


def bounds_check(proposed: Mapping[str, Any] | None) -> Check:
    """Return the bounds of a healthy run that the look gives."""
    if proposed is None:
        fix = "set expect from the first run: least 10-20 % under it, most about twice"
        return Check(name="bounds", outcome="attention", message="one look could not tell how long the list is", fix=fix)
    expect = proposed["expect"]
    message = f"at least {expect['min']['postings']} and at most {expect['max']['postings']} adverts a run, from one look"
    return Check(name="bounds", outcome="passed", message=message)


def changes_of(
    source: Source,
    pages: Sequence[FetchedPage],
    proposed: Mapping[str, Any] | None,
    *,
    mended: bool,
    terms_url: str | None,
    today: date,
) -> dict[str, Any]:
    """Return the keys that a verified file has otherwise than ``source``, dotted, for ``crawlers.sources.source_edit``."""
    changes: dict[str, Any] = {"verified": today}
    if terms_url and not source.access.terms_url:
        changes["access.terms_url"] = terms_url
    if (delay := pages[0].crawl_delay or 0) > source.access.delay_seconds:
        changes["access.delay_seconds"] = float(delay)
    if proposed and mended:
        changes["crawl"] = proposed["crawl"]
    if proposed:
        changes["expect"] = proposed["expect"]
    return changes


def _fix_of(error: str) -> str:
    if error.startswith("blocked"):
        return "leave the source disabled and ask its operator for access; blocks are never bypassed"
    return "open it with a browser: correct crawl.start, or try again later"
