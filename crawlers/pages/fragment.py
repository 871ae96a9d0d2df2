"""Lists that a site's script fetches as HTML inside JSON (``{"html": "<li>…", "max_num_pages": 4}``), and where they are."""

import json
import re
from typing import Any
from urllib.parse import urlencode

import msgspec

from crawlers.pages.document import PageDocument
from crawlers.pages.listings.extent_json import JsonExtent, read_json_extent

_KEYS = ("html", "content", "data", "markup", "fragment", "results", "listings")
_MARKUP = re.compile(r"\s*<(?:!--|/?[a-zA-Z])")
_WRAPPED = re.compile(r"^\s*<!--WPJM-->(.*)<!--WPJM_END-->\s*$", re.S)
"""Marks that WP Job Manager before 1.30 put around its JSON."""
_ENDPOINT = re.compile(r'job_manager_ajax_filters\s*=\s*\{[^}]{0,4000}?"ajax_url"\s*:\s*("(?:[^"\\]|\\.){1,500}")')
"""What WP Job Manager tells its script (assets/js/ajax-filters.js); ``%%endpoint%%`` stands for the name of a question."""


class HtmlAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """HTML from a JSON answer, and what the answer says about the rest of the list."""

    html: str
    extent: JsonExtent


def open_fragment(text: str, url: str) -> HtmlAnswer | None:
    """Return the HTML in a JSON answer fetched from ``url``; None for other texts."""
    if wrapped := _WRAPPED.match(text):
        text = wrapped[1]
    if text.lstrip()[:1] != "{":
        return None
    try:
        answer: Any = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return None
    holders = [answer, answer.get("data")] if isinstance(answer, dict) else []
    for holder in holders:
        for key in _KEYS:
            if isinstance(holder, dict) and isinstance(value := holder.get(key), str) and _MARKUP.match(value):
                return HtmlAnswer(html=value, extent=read_json_extent(holder, key, url, 1))
    return None


def endpoint(document: PageDocument) -> str | None:
    """Return the address from which a page's script fetches the first part of its list, as HTML inside JSON; None for none."""
    match = _ENDPOINT.search(document.text)
    holder = document.tree.css_first("div.job_listings[data-per_page]") if match else None
    if match is None or holder is None:
        return None
    address = document.absolute(json.loads(match[1]).replace("%%endpoint%%", "get_listings"))
    size = (holder.attributes.get("data-per_page") or "").strip()
    asked = {"per_page": size} if size.isdecimal() else {}
    order = {key: holder.attributes.get(f"data-{key}") or "" for key in ("orderby", "order")}
    asked |= {key: value for key, value in order.items() if value}
    return f"{address}?{urlencode({**asked, 'page': 1})}" if address and "?" not in address else None
