"""A page case: a saved page of a source beside what must be read from it, with what could point at a person made unusable.

``<cases>/<source>/page.html`` (or ``.xml``) and ``case.json``. `tests/sources/test_cases.py` reads every case: a parser that
changes its mind about a page fails there, not in a run.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from crawlers.discovery.discover import SiteSurvey
from crawlers.discovery.guided_fetch import FetchedPage
from crawlers.items import ParsedPage
from crawlers.pages import page_families

EXPECTED = ("title", "company", "location", "pay_raw", "posted_at_raw", "employment_type", "native_id")
MOST = 20
"""Postings a case spells out."""
_SCRIPT = re.compile(r"<script\b(?![^>]*(?:ld\+json|__NEXT_DATA__))[^>]*>.*?</script\s*>", re.I | re.S)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_HANDLE = re.compile(
    r"((?:t\.me|telegram\.me|wa\.me|zalo\.me|line\.me/ti/p|m\.me|facebook\.com|fb\.com)/)(?!s/|share)[~@+]?[\w.%-]{3,}", re.I
)
_AT = re.compile(r"(?<![\w/.@])@(?!(?:type|context|graph|media|import|charset|keyframes|supports|page|layer)\b)[A-Za-z]\w{3,}")
_PHONE = re.compile(r"(?<![\w/=.:#-])\+?\(?\d(?:[\s().-]{0,2}\d){7,14}(?![\w.-]*\d|\w)")
_MONEY = re.compile(r"[1-9]\d{0,2}(?:[.,]\d{3})+(?:-[1-9]\d{0,2}(?:[.,]\d{3})+)?")
_DATE = re.compile(r"\d{4}\D\d{1,2}\D\d{1,2}|\d{1,2}\D\d{1,2}\D\d{4}")


class PageCase(msgspec.Struct, frozen=True, kw_only=True):
    """A page to keep, made unusable for reaching anybody."""

    name: str
    """File name of the page."""
    text: str
    facts: str
    """``case.json``: where and when the page was fetched, and what must be read from it."""


def redact_page(text: str) -> str:
    """Return a page without scripts, with e-mail addresses, handles and telephone numbers replaced by reserved ones.

    Names of people cannot be found by a program: the person who commits a case looks for them.
    """
    text = _SCRIPT.sub("", text)
    text = _EMAIL.sub("contact@example.org", text)
    text = _HANDLE.sub(r"\1sample_handle", text)
    text = _AT.sub("@sample_handle", text)
    return _PHONE.sub(lambda match: match[0] if _is_figure(match[0]) else re.sub(r"\d", "0", match[0]), text)


def _is_figure(digits: str) -> bool:
    return bool(_DATE.search(digits) or _MONEY.fullmatch(digits))


def case_of(site_survey: SiteSurvey, now: datetime) -> PageCase | None:
    """Return the case of the page that tells most about the source; None for a JSON API, which has no page."""
    if site_survey.spider == "json_api":
        return None
    return case_from(site_survey.details[0][0] if site_survey.details else site_survey.first, now)


def case_from(page: FetchedPage, now: datetime, fields: Mapping[str, str] | None = None) -> PageCase:
    """Return the case of a page fetched at ``now``, rendered and after the steps of its source where it has any; ``fields`` are
    ``crawl.fields`` of its source."""
    text = redact_page(page.text)
    read = page_families.parse(text, page.url, now=now, fields=fields)
    suffix = "xml" if read.family in ("feed", "xml_jobs") else "html"
    facts = {"url": page.url, "fetched_at": now.isoformat(), "family": read.family, **expected_values(read)}
    return PageCase(name=f"page.{suffix}", text=text, facts=json.dumps(facts, ensure_ascii=False, indent=1) + "\n")


def expected_values(read: ParsedPage) -> dict[str, Any]:
    """Return what a case says must be read from its page."""
    postings = []
    for posting in read.postings[:MOST]:
        facts = {name: value for name in EXPECTED if (value := getattr(posting, name)) is not None}
        postings.append({**facts, "begins": posting.text[:60], "contacts": len(posting.contacts)})
    return {"links": len(read.links), "postings": len(read.postings), "first": postings}


def problems(folder: Path, fields: Mapping[str, str] | None = None) -> Iterator[str]:
    """Yield what is read differently from the case in ``folder`` than it says; ``fields`` are ``crawl.fields`` of its source."""
    facts = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    page = next(folder.glob("page.*"))
    fetched_at = datetime.fromisoformat(facts["fetched_at"])
    read = page_families.parse(page.read_text(encoding="utf-8"), facts["url"], now=fetched_at, fields=fields)
    if read.family != facts["family"]:
        yield f"{page}: read as {read.family}, expected {facts['family']}"
    now = expected_values(read)
    for name in ("links", "postings"):
        if now[name] != facts[name]:
            yield f"{page}: {now[name]} {name}, expected {facts[name]}"
    for at, (got, want) in enumerate(zip(now["first"], facts["first"], strict=False)):
        for name in sorted({*got, *want} - ({"contacts"} - want.keys())):  # cases of release 0.2 do not count them
            if got.get(name) != want.get(name):
                yield f"{page}: posting {at}: {name} is {got.get(name)!r}, expected {want.get(name)!r}"
