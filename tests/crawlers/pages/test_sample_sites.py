"""The sample sites, page by page from disk: every public listing is found and its facts are right."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import msgspec
import pytest

from crawlers.items import Posting
from crawlers.pages import page_families

GOAL = 0.98
HOSTS = {"telegram-preview": "https://t.me", "forum": "http://127.0.0.1:8104", "feed": "http://127.0.0.1:8105"}


@pytest.fixture(scope="module")
def expected(shared_data: Path) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in (shared_data / "sites" / "expected.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        found[entry["site"]].append(entry)
    return found


def postings(folder: Path, site: str) -> dict[str, Posting]:
    """Return path -> posting over all pages of a site that a static server would serve."""
    found: dict[str, Posting] = {}
    for file in sorted(folder.rglob("*.html")) + sorted(folder.rglob("*.xml")):
        path = "/" + file.relative_to(folder).as_posix().removesuffix("index.html")
        host = HOSTS.get(site, "http://127.0.0.1:8101")
        page = page_families.parse(file.read_text(encoding="utf-8"), host + path)
        for posting in page.postings:
            if site == "telegram-preview":
                if page.family != "channel":
                    continue
                channel, number = (posting.native_id or "").split("/")
                found[f"/s/{channel}/#{number}"] = posting
            elif site == "feed":
                known = found.get(posting.url.removeprefix(host))
                found[posting.url.removeprefix(host)] = merged(known, posting) if known else posting
            else:
                found[posting.url.removeprefix(host)] = posting
    return found


def merged(page: Posting, item: Posting) -> Posting:
    """Return an item with what only its own page says, as the feed spider does."""
    facts = {name: getattr(page, name) for name in ("company", "location") if getattr(item, name) is None}
    return msgspec.structs.replace(item, **facts)


@pytest.mark.parametrize("site", ["jobboard-jsonld", "jobboard-microdata", "telegram-preview", "forum", "feed"])
def test_every_public_listing_is_found_with_its_facts(
    site: str, shared_data: Path, expected: dict[str, list[dict[str, Any]]]
) -> None:
    found = postings(shared_data / "sites" / site, site)
    public = [entry for entry in expected[site] if entry["robots_allowed"]]
    assert [entry["url_path"] for entry in public if entry["url_path"] not in found] == []
    for field in ("title", "company", "location", "posted_at", "text"):
        wrong = [
            (entry["url_path"], entry.get(field), said(found[entry["url_path"]], field))
            for entry in public
            if not right(entry, found, field)
        ]
        assert len(wrong) <= (1 - GOAL) * len(public), wrong


def right(entry: dict[str, Any], found: dict[str, Posting], field: str) -> bool:
    posting = found[entry["url_path"]]
    if field == "text":
        return entry["text_contains"] in posting.text
    if field == "posted_at":
        return bool(posting.posted_at) and posting.posted_at.isoformat().startswith(
            entry["posted_at"].removesuffix("T00:00:00+00:00")
        )
    return said(posting, field) == entry[field]


def said(posting: Posting, field: str) -> Any:
    return getattr(posting, "heading" if field == "title" else field)
