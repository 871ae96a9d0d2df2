"""Facts of a hand-made page found by name or place: class names, the line below the headline, the page title.

The plain family uses them after labels, which are more certain.
"""

import re
from typing import Any

from bs4 import Tag

from crawlers.pages.posting_fields import field_labels as labels
from crawlers.pages.posting_fields import prose
from foundation.yaml_limits import read_table

_NAMED = {
    field: re.compile("|".join(names), re.I) for field, names in read_table(__file__, "named.yml", dict[str, list[str]]).items()
}
_NOT_THE_COMPANY = re.compile(r"logo|rating|review|size|industry|address|location|website|count|intro|profile|follow", re.I)
_DAY = re.compile(
    r"\d|ago|today|yesterday|hôm|vừa|วัน|เมื่อ|今|昨|刚|剛|오늘|어제|kemarin|hari ini|вчера|сегодня|hoje|ontem|hoy|ayer|hier|heute"
)
_DATE = re.compile(r"\d{1,4}\s*[-/.年]\s*\d{1,2}|\d+\s*\w+\s*ago|\b(?:19|20|25)\d{2}\b")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LONGEST = 120


def names(node: Tag) -> str:
    """Return what an element is called: classes, id, itemprop and test attributes, camel case taken apart."""
    attrs = node.attrs or {}
    said = attrs.get("class") or ()
    parts = [*([said] if isinstance(said, str) else said)]
    parts += [
        str(attrs[name])
        for name in ("id", "itemprop", "data-test", "data-testid", "data-automation", "data-qa", "data-cy")
        if attrs.get(name)
    ]
    return _CAMEL.sub("-", " ".join(parts)) if parts else ""


def facts(root: Tag, near: Tag | None) -> dict[str, str]:
    """Return facts found by class names, the nearest to the headline first; a ``<time>`` gives the date."""
    results: dict[str, str] = {}
    start = near
    for _ in range(5):
        if start is not None and start.parent is not None and start.parent.name not in ("body", "html", "[document]"):
            start = start.parent
    for scope in (start, root):
        if scope is None:
            continue
        stamp = scope.find("time")
        if isinstance(stamp, Tag) and (when := prose.one_line(str(stamp.get("datetime") or "") or stamp.get_text(" "))):
            results.setdefault("posted_at", when)
            results.setdefault("stamp", prose.one_line(stamp.get_text(" ")) or "")
        for name, said in _within(scope, near).items():
            results.setdefault(name, said)
        if "company" in results and "location" not in results and (place := _name_beside(scope, results["company"])):
            results["location"] = place
    return results


def _within(scope: Tag, near: Tag | None) -> dict[str, str]:
    """Return field -> words of the first element with such a name; a named element inside it is preferred."""
    chosen: dict[str, Tag] = {}
    for node in scope.find_all(True):
        called = names(node)
        if not called or node is near:
            continue
        for name, pattern in _NAMED.items():
            before = chosen.get(name)
            if before is not None and not any(outer is before for outer in node.parents):
                continue
            if not pattern.search(called) or (name == "company" and _NOT_THE_COMPANY.search(called)):
                continue
            if _fits(name, node, near):
                chosen[name] = node
    results: dict[str, str] = {}
    for name, node in chosen.items():
        inner = node.find(["strong", "b"]) if name == "company" else None
        said = prose.one_line((inner or node).get_text(" ")) or ""
        pair = labels.read_label(said)
        results[name] = pair[1] if pair and pair[0] == name else said
    return results


def _fits(name: str, node: Tag, near: Tag | None) -> bool:
    said = prose.one_line(node.get_text(" "))
    if not said or len(said) > _LONGEST or labels.field(said) or (near is not None and near in node.descendants):
        return False
    if name == "posted_at":
        return bool(_DAY.search(said))
    if name in ("pay_raw", "employment_type"):
        return bool(re.search(r"\d", said)) == (name == "pay_raw")
    return True


def _name_beside(scope: Tag, company: str) -> str | None:
    """Return the short text right after the company's name in the same row: boards print "Company · Place"."""
    for string in scope.find_all(string=True):
        if prose.one_line(str(string)) != company:
            continue
        node: Any = string.parent
        for _ in range(3):
            follower = node.find_next_sibling()
            said = prose.one_line(follower.get_text(" ")) if follower is not None else None
            if said:
                is_place = len(said) < 80 and not _DATE.search(said) and not labels.field(said)
                return said if is_place and follower.name not in prose.BLOCKS | {"a", "time"} else None
            node = node.parent
            if node is None:
                return None
    return None


def byline(near: Tag | None) -> dict[str, str]:
    """Return company and place from a short line "Company – Place" right below the headline."""
    node = near.find_next_sibling() if near is not None else None
    if not isinstance(node, Tag) or node.name not in ("p", "div", "span", "h2", "h3", "small"):
        return {}
    said = prose.one_line(node.get_text(" "))
    if not said or len(said) > _LONGEST or said.endswith((".", "。", "!", "?")):
        return {}
    parts = [part for part in re.split(r"\s+[–—|·•-]\s+", said) if part and not _DATE.search(part)]
    if len(parts) == 2 and not any(labels.read_label(part) for part in parts):
        return {"company": parts[0], "location": parts[1], "byline": said}
    return {}


def title_mate(root: Tag, page_title: str | None, title: str | None) -> dict[str, str]:
    """Return the company of a page title "Title | Company | Site" when the page also shows that name by itself."""
    parts = [part for part in re.split(r"\s*[|｜_]\s*|\s+[–—-]\s+", page_title or "") if part]
    if len(parts) < 3 or not title or parts[0] != title:
        return {}
    for node in root.find_all(["h2", "h3", "h4", "a", "p", "span", "div", "strong", "td"]):
        said = node.get_text(" ", strip=True)
        if said == parts[1]:
            return {"company": said}
    return {}
