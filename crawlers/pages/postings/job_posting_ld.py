"""Job pages with JSON-LD: JobPosting as object, array, in ``@graph``, nested or inside an ItemList; broken JSON repaired or
rejected by name."""

import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson

from crawlers.items import ParsedPage, Reject
from crawlers.pages.document import PageDocument
from crawlers.pages.postings import job_posting

FAMILY = "job_posting_ld"
_OPENING = re.compile(r"<script\b[^<>]{0,300}$", re.I)
_MOST_BLOCKS = 200
"""JSON-LD scripts looked at in one page; real pages hold under ten."""
_DEEPEST = 40
"""Levels of nesting looked into; real pages use under ten."""
_MOST_REPAIRED = 500_000
"""Characters of a faulty block that are repaired."""


def speaks(document: PageDocument) -> bool:
    """Tell whether the page carries a JobPosting in JSON-LD, whole or broken."""
    return "JobPosting" in document.text and any("JobPosting" in block for block in blocks(document.text))


def parse(document: PageDocument) -> ParsedPage:
    """Return the postings of every JobPosting on the page; a block that is beyond repair is a Reject ``json_ld_broken``."""
    results: list[Mapping[str, Any]] = []
    rejected: list[Reject] = []
    repairs: list[str] = []
    for block in blocks(document.text):
        if "JobPosting" not in block:
            continue
        value, repair = read(block)
        if value is None:
            rejected.append(Reject(url=document.url, reason="json_ld_broken", detail=repair))
            continue
        if repair:
            repairs.append(repair)
        results.extend(job_postings(value))
    here, alone = document.identity.page(document.url), len(results) == 1
    found = [
        (facts, document.address if alone else _own_address(facts, document) or f"{here}#job-{position}")
        for position, facts in enumerate(results, start=1)
    ]
    said = {"json_ld": f"repaired: {', '.join(repairs)}"} if repairs else {}
    return job_posting.page(document, FAMILY, found, rejected=rejected, said=said)


def blocks(text: str) -> Iterator[str]:
    """Yield the body of each JSON-LD script that is not inside a comment; found without building a tree."""
    at = text.find("ld+json")
    for _ in range(_MOST_BLOCKS):
        if at < 0:
            return
        start = text.find(">", at) + 1
        if start and _OPENING.search(text, max(0, at - 300), at):
            end = text.find("</script", start)
            if end < 0:
                end = text.find("</SCRIPT", start)
            comment = text.rfind("<!--", 0, at)
            if comment < 0 or text.find("-->", comment, at) >= 0:
                yield text[start : end if end >= 0 else len(text)]
            at = end if end >= 0 else len(text)
        at = text.find("ld+json", max(at, start, at + 1))


def read(block: str) -> tuple[Any, str]:
    """Return (value, how it was repaired); (None, why not) when the block is beyond repair."""
    try:
        return orjson.loads(block), ""
    except orjson.JSONDecodeError as error:
        first = str(error)
    text, done = block.strip().lstrip("\ufeff"), []
    unwrapped = (
        re.sub(
            r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:(?://\s*)?-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)\s*$",
            "",
            text,
        )
        .strip()
        .rstrip(";")
    )
    for name, repaired in _repairs(unwrapped) if len(unwrapped) <= _MOST_REPAIRED else ():
        if name:
            done.append(name)
        try:
            return json.loads(repaired, strict=False, parse_int=_read_integer), ", ".join(done) or (
                "unwrapped" if unwrapped != text else "control characters"
            )
        except (ValueError, RecursionError):
            continue
    return None, first[:200]


def _read_integer(digits: str) -> int | str:
    return int(digits) if len(digits) < 20 else digits  # more are no number of a page, and int() refuses 4,300


def _repairs(text: str) -> Iterator[tuple[str, str]]:
    """Yield repairs, the lightest first. Each keeps every value; none invents one."""
    yield "", text
    if "&quot;" in text and '"' not in text:
        text = html.unescape(text)
        yield "entities", text
    commas = _outside_strings(text)
    if commas != text:
        text = commas
        yield "commas", text
    escaped = re.sub(r'\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})', r"\\\\", text)
    if escaped != text:
        yield "backslashes", escaped
        text = escaped
    quoted = re.sub(r'(?<=[^\s\\:,{\[])"(?=[^\s:,}\]"])', r"\"", text)
    if quoted != text:
        yield "inner quotes", quoted


def _outside_strings(text: str) -> str:
    """Return ``text`` with doubled and trailing commas dropped, and missing ones between members put in, outside of strings."""
    parts = re.split(r'("(?:[^"\\]|\\.)*")', text)
    for at in range(0, len(parts), 2):
        part = re.sub(r",(?:\s*,)+", ",", parts[at])
        part = re.sub(r",(\s*[}\]])", r"\1", part)
        if 0 < at < len(parts) - 1 and part.isspace():
            part = "," + part
        parts[at] = re.sub(r"([}\]])(\s*)$", r"\1,\2", part) if at < len(parts) - 1 and re.search(r"[}\]]\s*$", part) else part
    return "".join(parts)


def job_postings(value: Any) -> list[Mapping[str, Any]]:
    """Return every JobPosting in a JSON-LD value, at whatever depth, in the order written."""
    return list(find_things(value, lambda item: is_job_posting(item.get("@type"))))


def find_things(value: Any, wanted: Callable[[dict[str, Any]], bool]) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON value that are wanted, in the order written, none from inside another."""
    waiting = [(value, 0)]
    while waiting:
        item, depth = waiting.pop()
        if isinstance(item, dict) and wanted(item):
            yield item
        elif depth < _DEEPEST and isinstance(item, dict | list):
            waiting.extend((part, depth + 1) for part in reversed(item.values() if isinstance(item, dict) else item))


def is_job_posting(kind: Any) -> bool:
    """Tell whether ``@type`` names JobPosting, alone or among others, with or without the schema.org address."""
    kinds = kind if isinstance(kind, list) else [kind]
    return any(isinstance(name, str) and re.split(r"[/#:]", name)[-1] == "JobPosting" for name in kinds)


def _own_address(facts: Mapping[str, Any], document: PageDocument) -> str | None:
    urls = (value for name in ("url", "@id", "sameAs") if isinstance(value := facts.get(name), str) and value.strip())
    return next(filter(None, map(document.absolute, urls)), None)  # a list's later pages may give the first as their own
