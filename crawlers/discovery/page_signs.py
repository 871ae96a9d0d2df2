"""Signs of a site in a page, each a pure function of the page: selectors, feeds, terms, JSON paths, names."""
# ruff: noqa: SIM905 - a list of words reads best as one text

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urldefrag, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawlers.pages.listings.json_facts import at_path
from crawlers.pages.node_path import climb, name_tag
from crawlers.pages.page_urls import absolute, host_of

FEEDS = 'link[rel~="alternate"][type="application/rss+xml"], link[rel~="alternate"][type="application/atom+xml"]'
_NOT_JOBS_FEED = re.compile(r"comment|oembed|wlwmanifest", re.I)
_TERMS = re.compile(
    r"\bterms\b|conditions of use|điều khoản|quy định sử dụng|quy chế|使用条款|服务条款|服務條款|使用條款|ข้อกำหนด|เงื่อนไข|"
    r"syarat|ketentuan|लागू शर्तें|नियम र शर्त|শর্তাবলী|شرائط|termos de uso|"
    r"termos e condi|conditions (?:générales|d.utilisation)|términos|условия|"
    r"masharti|利用規約|이용약관|លក្ខខណ្ឌ|ເງື່ອນໄຂ|စည်းမျဉ်း|စည်းကမ်း",
    re.I,
)
COUNTRY_LANGUAGES = {
    "VN": "vi", "KH": "km", "TH": "th", "MM": "my", "LA": "lo", "PH": "tl", "ID": "id", "MY": "ms", "CN": "zh-Hans",
    "TW": "zh-Hant", "HK": "zh-Hant", "IN": "hi", "NP": "ne", "BD": "bn", "PK": "ur", "LK": "si", "KE": "sw", "TZ": "sw",
    "ET": "am", "BR": "pt", "PT": "pt", "RU": "ru", "FR": "fr", "KR": "ko", "JP": "ja", "MX": "es", "CO": "es",
}  # fmt: skip
"""Country -> the language most of its adverts are in."""
_JSON_NAMES = {
    "id": "id jobid job_id jobno uuid code reference",
    "url": "url link href joburl job_url detailurl permalink hostedurl absolute_url ref",
    "title": "title jobtitle job_title jobname name position subject headline",
    "text": "description jobdescription job_description body content text details summary descriptionplain",
    "company": "company companyname company_name company.name employer employername employer.name custname organization",
    "location": "location joblocation location.name city address jobaddrnodesc place region area",
    "pay": "salary salarydesc pay salarytext salary_text compensation wage",
    "posted_at": "posted_at postedat dateposted date_posted publishdate published_at publishedat appeardate activation_date date "
    "created_at createdat",
    "author": "author poster username author.name user.name",
}
_FIELD_OF = {name: field for field, names in _JSON_NAMES.items() for name in names.split()}
_NEXT = tuple(
    (
        "next next_page nextpage next_url nexturl links.next meta.next _links.next.href links.next.href paging.next "
        "pagination.next pagination.next_url meta.pagination.links.next"
    ).split()
)
_TITLE = 150
"""The longest line that may be a title."""
_LONGEST_KEY = 100
_CARDS = ("article", "li", "div", "tr", "section")


def channel_preview(url: str) -> str:
    """Return the public preview of a t.me address, any other address as it is."""
    parts = urlsplit(url)
    name = re.fullmatch(r"/(?:s/)?(\w{4,})/?(?:\d+/?)?", parts.path)
    return f"https://t.me/s/{name[1]}" if name and parts.hostname in ("t.me", "www.t.me", "telegram.me") else url


def feeds(tree: LexborHTMLParser, base: str) -> list[str]:
    """Return the feeds a page announces, without those of comments."""
    results = []
    for node in tree.css(FEEDS):
        href, title = node.attributes.get("href") or "", node.attributes.get("title") or ""
        if (address := absolute(base, href)) and not _NOT_JOBS_FEED.search(href + title):
            results.append(address)
    return list(dict.fromkeys(results))


def terms(tree: LexborHTMLParser, base: str) -> str | None:
    """Return the address of the terms of use, as the page links to it in any language served."""
    for node in tree.css("a[href]"):
        if _TERMS.search(node.text()[:80]) and (url := target(node, base)):
            return url
    return None


def selector_of(tree: LexborHTMLParser, base: str, wanted: Iterable[str]) -> str | None:
    """Return a short CSS selector that selects exactly the ``wanted`` links of a page, by class if possible; None for none."""
    targets = {urldefrag(url)[0] for url in wanted}
    places = [node for node in tree.css("a[href]") if target(node, base) in targets]
    candidates = {css for node in places[:5] for css in _candidates(node)} - {"a"}
    for css in sorted(candidates, key=lambda css: ("." not in css, "[" in css, css.count(" "), len(css))):
        if {target(node, base) for node in tree.css(css) if node.attributes.get("href")} == targets:
            return css
    return None


def selector_of_element(tree: LexborHTMLParser, node: LexborNode) -> str | None:
    """Return a short CSS selector that selects exactly one element of a page, by its id or classes; None for none."""
    name = node.attributes.get("id") or ""
    by_id = [f"#{name}"] if re.fullmatch(r"[A-Za-z][A-Za-z_-]*", name) else []
    own = [f"{node.tag}.{word}" for word in (node.attributes.get("class") or "").split() if re.fullmatch(r"[A-Za-z][\w-]*", word)]
    for css in (
        *by_id,
        *own,
        *(f"{name_tag(outer)} {name}" for name in (*own, name_tag(node)) for outer in climb(node.parent, 4)),
    ):
        if [place.mem_id for place in tree.css(css)] == [node.mem_id]:
            return css
    return None


def cards(tree: LexborHTMLParser) -> tuple[str, int]:
    """Return the selector of the elements that repeat with running text in them, and how many there are; ("", 0) for none."""
    counts: Counter[str] = Counter()
    for tag in _CARDS:
        for node in tree.css(f"{tag}[class]"):
            if 40 <= len(node.text(strip=True)) <= 4000:
                counts[name_tag(node)] += 1
    entries = [(css, count) for css, count in counts.items() if count >= 3 and len(tree.css(css)) == count]
    return max(entries, key=lambda pair: (pair[1], -len(pair[0])), default=("", 0))


def json_paths(value: Any) -> tuple[dict[str, str], int]:
    """Return the dotted paths to the items of a JSON answer and to their facts, and the number of items; ({}, 0) for none."""
    results = [(path, items) for path, items in _lists(value, "", 4) if len(items) >= 2]
    lists = [(path, items) for path, items in results if all(isinstance(item, dict) for item in items)]
    if not lists:
        return {}, 0
    path, items = max(lists, key=lambda pair: (len(_facts(pair[1][0])), len(pair[1])))
    facts = _facts(items[0])
    if "title" not in facts and (longer := _longer_text(items[0], facts.get("text"))):
        facts |= {"title": facts["text"], "text": longer}  # Lever calls the title ``text``
    if "title" not in facts:
        return {}, 0
    paths = {"items": path or ".", **facts}
    for name in _NEXT:
        if isinstance(link := at_path(value, name), str) and link:
            paths["next"] = name
            break
    return paths, len(items)


def country_of(url: str) -> str | None:
    """Return the country a host's last label, or its first one (``th.site.com``), stands for, None when neither does."""
    labels = host_of(url).upper().split(".")
    first = labels[0] if labels[0] not in ("MY", "IN") else ""  # my.site.com is somebody's account more often than Malaysia
    return next((label for label in (labels[-1], first) if label in COUNTRY_LANGUAGES and len(labels) > 1), None)


def language_of(tag: str | None) -> str | None:
    """Return an ISO 639-1 code, with the script for Chinese, of a language tag as pages write it; None for anything else."""
    parts = re.split(r"[-_]", (tag or "").lower())
    code = {"fil": "tl", "in": "id", "cmn": "zh", "yue": "zh"}.get(parts[0], parts[0])
    if not re.fullmatch("[a-z]{2}", code):
        return None
    if code == "zh":
        return "zh-Hant" if {"hant", "tw", "hk", "mo"} & set(parts[1:]) else "zh-Hans"
    return code


def target(node: LexborNode, base: str) -> str:
    """Return where a link leads, whole and without its fragment; "" where it leads to no page."""
    return urldefrag(absolute(base, node.attributes.get("href")) or "")[0]


def _candidates(node: LexborNode) -> Iterable[str]:
    own = name_tag(node)
    yield own
    above = [name_tag(outer) for outer in climb(node.parent, 4)]
    for at, outer in enumerate(above):
        yield f"{outer} {own}"
        for far in above[at + 1 :]:
            yield f"{far} {outer} {own}"
    folder = urlsplit(node.attributes.get("href") or "").path.strip("/").split("/")
    for part in folder[:-1]:
        if re.fullmatch(r"[A-Za-z][\w-]*", part):
            yield f"a[href*='{part}/']"


def _lists(value: Any, path: str, depth: int) -> Iterable[tuple[str, list[Any]]]:
    if isinstance(value, list):
        yield path, value
    elif isinstance(value, Mapping) and depth:
        for key, inner in value.items():
            if _is_path_part(key):
                yield from _lists(inner, f"{path}.{key}".lstrip("."), depth - 1)


def _facts(item: Mapping[str, Any]) -> dict[str, str]:
    results: dict[str, str] = {}
    for path in _leaves(item, "", 3):
        lowered = path.lower()
        field = _FIELD_OF.get(lowered) or _FIELD_OF.get(lowered.rsplit(".", 1)[-1] if lowered.count(".") < 2 else "")
        if field and (field not in results or len(path) < len(results[field])):
            results[field] = path
    return results


def _longer_text(item: Mapping[str, Any], short: str | None) -> str | None:
    """Return the path of a text that is longer than the one line at ``short``; None when there is no such pair."""
    line = at_path(item, short) if short else None
    if not isinstance(line, str) or len(line) > _TITLE:
        return None
    texts = [path for path in _leaves(item, "", 0) if _FIELD_OF.get(path.lower()) == "text" and len(str(item[path])) > len(line)]
    return max(texts, key=lambda path: len(str(item[path])), default=None)


def _leaves(value: Mapping[str, Any], path: str, depth: int) -> Iterable[str]:
    for key, inner in value.items():
        if not _is_path_part(key):
            continue
        here = f"{path}.{key}".lstrip(".")
        if isinstance(inner, Mapping) and depth:
            yield from _leaves(inner, here, depth - 1)
        elif isinstance(inner, str | int | float) and not isinstance(inner, bool):
            yield here


def _is_path_part(key: str) -> bool:
    """Tell whether a dotted path can name a key."""
    return key.isprintable() and key == key.strip() and 0 < len(key) <= _LONGEST_KEY and "." not in key
