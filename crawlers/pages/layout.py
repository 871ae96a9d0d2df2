"""Where the parts of a hand-made advert page stand: headline, byline, facts by class name, body text. Used by the plain
family."""

import re
from typing import Any

from bs4 import BeautifulSoup, Comment, Tag

from crawlers.pages import labels, prose

_OTHERS = re.compile(
    (
        r"(?:^|[\s_-])(?:similar|related|recommend\w*|more-?jobs|other-?jobs|also|suggest\w*|sidebar|breadcrumbs?|crumbs?|cookie\w*|consent|share|social|comments?|footer|navbar|nav|menu|pagination|pager|login|modal|popup|newsletter|advert|ads|banner|toolbar|dropdown|tabs?-nav|skip-link)(?:[\s_-]|$)"
    ),
    re.I,
)
_OTHERS_HEADING = re.compile(
    (
        r"^(?:similar|related|recommended|more|other|latest|popular) (?:jobs?|ads?|vacanc\w+|listings?|positions?|posts?)|"
        r"people also|you may also|việc làm (?:tương tự|liên quan|khác|mới)|"
        r"tin (?:liên quan|tương tự|khác)|相关(?:的)?(?:职位|招聘|岗位|推荐|企业)|相似职位|推荐职位|猜你喜欢|其他职位|"
        r"相關(?:職缺|工作)|งานที่(?:เกี่ยวข้อง|คล้าย)|ประกาศ(?:ที่เกี่ยวข้อง|อื่น)|"
        r"lowongan (?:terkait|serupa|lain\w*)|jawatan (?:berkaitan|lain)|offres? similaires?|"
        r"vagas (?:semelhantes|relacionadas)|ofertas (?:similares|relacionadas)|"
        r"похожие вакансии|другие вакансии|podobné nabídky|ähnliche (?:stellen|jobs)|"
        r"関連する?(?:求人|情報)|비슷한|추천 ?채용|សេវាកម្មស្រដៀង|ការងារស្រដៀង|আরও চাকরি|संबंधित नौकरियां|"
        r"وظائف (?:مشابهة|ذات صلة)"
    ),
    re.I,
)
_SEMANTIC = {
    "company": re.compile(
        (
            r"(?:^|[-_\s])(?:company|employer|hiring-?org\w*|org-?name|organi[sz]ation|recruiter|advertiser|co)(?:[-_]*(?:name|title|link))*(?:[-_\s]|$)|"
            r"companyname|topcard__org"
        ),
        re.I,
    ),
    "location": re.compile(
        (
            r"(?:^|[-_\s])(?:job-?)?(?:location|place|locality|loc|city|region|area|address)(?:[-_]*(?:name|text|city))*(?:[-_\s]|$)|"
            r"joblocation"
        ),
        re.I,
    ),
    "pay_raw": re.compile(
        (
            r"(?:^|[-_\s])(?:job-?)?(?:salary|wage|pay|compensation)(?:[-_]*(?:text|range|info|snippet|amount))*(?:[-_\s]|$)|"
            r"salary"
        ),
        re.I,
    ),
    "posted_at": re.compile(
        (
            r"(?:^|[-_\s])(?:date|posted?|post-?date|posted-?(?:on|at|time\w*|date)|published|publish-?date|time-?ago|datetime|pubdate|createdate)(?:[-_\s]|$)|"
            r"posted-time|date-posted"
        ),
        re.I,
    ),
    "employment_type": re.compile(r"(?:^|[-_\s])(?:job-?type|employment-?type|contract-?type)(?:[-_\s]|$)", re.I),
    "valid_through": re.compile(r"(?:^|[-_\s])(?:deadline|closing-?date|expir\w+|valid-?through)(?:[-_\s]|$)", re.I),
}
_BODY = re.compile(
    (
        r"(?:^|[\s_-])(?:(?:job|vacancy|ad|post|advert)[-_]?)?(?:description|desc|details?-?(?:text|body|content)|body|content|txt|text|article-?body|entry-?content)(?:[-_](?:text|body|content|inner|html|markup|main))*(?:[\s_-]|$)|"
        r"jobdesc|job-details|show-more-less-html__markup"
    ),
    re.I,
)
_TITLE_CLASSES = ", ".join(
    f'[class*="{name}-title"], [class*="{name}_title"], [class*="{name}title"]' for name in ("job", "posting", "ad", "vacancy")
)
_TITLE_CLASSES += ', [class*="topcard__title"]'
_LONGEST_TITLE = 300
_SEPARATORS = re.compile(r"\s+[|–—·•»:-]+\s+|\s*[|_»｜]\s*|\s+(?:at|in|tại|bei|chez)\s+")
_DATE = re.compile(r"\d{1,4}\s*[-/.年]\s*\d{1,2}|\d+\s*\w+\s*ago|\b(?:19|20|25)\d{2}\b")


def prune(soup: BeautifulSoup) -> None:
    """Remove from ``soup`` what is not the advert: scripts, hidden parts, navigation, other adverts."""
    for node in soup.find_all(
        ["script", "style", "noscript", "template", "svg", "iframe", "nav", "footer", "select", "button", "aside"]
    ):
        node.decompose()
    for comment in soup.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    for node in soup.find_all(True):
        if node.decomposed or node.attrs is None or node.name in ("html", "body", "main"):
            continue
        names = f"{' '.join(node.get('class') or ())} {node.get('id') or ''}"
        style = str(node.get("style") or "")
        if (
            (node.has_attr("hidden") and node["hidden"] != "until-found")
            or (style and prose.HIDDEN_STYLE.search(style))
            or (names.strip() and _OTHERS.search(names))
            or (node.name == "header" and not node.find(["h1", "h2"]))
        ):
            node.decompose()
    for node in soup.find_all(["h2", "h3", "h4", "h5", "strong", "li", "div", "p", "b"]):
        if (
            node.decomposed
            or node.parent is None
            or len(node.get_text()) > 60
            or not _OTHERS_HEADING.search(node.get_text(" ", strip=True))
        ):
            continue
        for follower in list(node.find_next_siblings()):
            follower.decompose()
        outer = node.parent
        node.decompose()
        while (
            outer is not None
            and outer.parent is not None
            and outer.name in ("ul", "ol", "div", "section", "dl")
            and not outer.get_text(strip=True)
        ):
            parent = outer.parent
            for follower in list(outer.find_next_siblings(["ul", "ol", "dl"])):
                follower.decompose()
            outer.decompose()
            outer = parent


def headline(root: Tag, page_title: str | None, soup: BeautifulSoup) -> tuple[str | None, Tag | None]:
    """Return (title of the advert, the element that shows it); the page title, cut at its separators, confirms or replaces it."""
    parts = _title_parts((page_title or "")[:_LONGEST_TITLE])
    shown = [
        node
        for node in root.find_all(["h1", "h2", "h3", "font", "b", "strong", "td", "div", "p", "span", "a"])
        if len(node.get_text()) < 200
    ]
    for css in (
        "h1",
        '[itemprop="title"]',
        _TITLE_CLASSES,
    ):
        for node in root.select(css):
            if said := prose.one_line(node.get_text(" ")):
                if css == "h1" and len(parts) > 1 and said in parts[1:] and said not in parts[0]:
                    continue  # the site's own name stands in a heading
                return said, node
    for part in parts:
        for node in shown:
            if prose.one_line(node.get_text(" ")) == part:
                return part, node
    for node in root.find_all(["h2", "h3"]):
        said = prose.one_line(node.get_text(" "))
        if said and labels.field(said) is None:
            return said, node
    meta = soup.find("meta", attrs={"property": "og:title"})
    if isinstance(meta, Tag) and (said := prose.one_line(str(meta.get("content") or ""))):
        return _title_parts(said)[0], None
    if page_title:
        return parts[0], None
    strong = root.find(["strong", "b"])
    said = prose.one_line(strong.get_text(" ")) if strong is not None else None
    return (said, strong) if said and 4 < len(said) < 120 and labels.field(said) is None else (None, None)  # type: ignore[return-value]


def _title_parts(title: str) -> list[str]:
    """Return beginnings of a page title, longest first, each cut at a separator: "A - B | Site" gives "A - B | Site", "A -
    B", "A"."""
    cuts = [found.start() for found in _SEPARATORS.finditer(title)]
    return [title, *(title[:cut].strip() for cut in reversed(cuts) if title[:cut].strip())]


def semantic(root: Tag, near: Tag | None) -> dict[str, str]:
    """Return facts that class, id, itemprop or data attributes name, the nearest to the headline first; a ``<time>`` dates
    the page."""
    found: dict[str, str] = {}
    start = near
    for _ in range(5):
        if start is not None and start.parent is not None and start.parent.name not in ("body", "html", "[document]"):
            start = start.parent
    for scope in (start, root):
        if scope is None:
            continue
        stamp = scope.find("time")
        if isinstance(stamp, Tag) and (when := prose.one_line(str(stamp.get("datetime") or "") or stamp.get_text(" "))):
            found.setdefault("posted_at", when)
            found.setdefault("stamp", prose.one_line(stamp.get_text(" ")) or "")
        for node in scope.find_all(True):
            names = " ".join(
                filter(
                    None,
                    (
                        *(node.get("class") or ()),
                        str(node.get("id") or ""),
                        str(node.get("itemprop") or ""),
                        str(node.get("data-test") or node.get("data-testid") or node.get("data-automation") or ""),
                    ),
                )
            )
            if not names:
                continue
            for name, pattern in _SEMANTIC.items():
                if name in found or not pattern.search(names):
                    continue
                said = prose.one_line(node.get_text(" "))
                if (
                    not said
                    or len(said) > 120
                    or (near is not None and near in node.descendants)
                    or node is near
                    or labels.field(said)
                ):
                    continue
                if name == "posted_at" and not re.search(r"\d|ago|today|yesterday|hôm|วัน|今|昨|오늘|어제", said):
                    continue
                if name == "pay_raw" and not re.search(r"\d", said):
                    continue
                pair = labels.labelled(said)
                found[name] = pair[1] if pair and pair[0] == name else said
        if "company" in found and "location" not in found and (place := _beside(scope, found["company"])):
            found["location"] = place
    return found


def _beside(scope: Tag, company: str) -> str | None:
    """Return the short text right after the company's name in the same row: boards print "Company · Place"."""
    for string in scope.find_all(string=True):
        if prose.one_line(str(string)) != company:
            continue
        node: Any = string.parent
        for _ in range(3):
            follower = node.find_next_sibling()
            said = prose.one_line(follower.get_text(" ")) if follower is not None else None
            if said:
                return (
                    said
                    if len(said) < 80
                    and not _DATE.search(said)
                    and not labels.field(said)
                    and follower.name not in prose.BLOCKS | {"a", "time"}
                    else None
                )
            node = node.parent
            if node is None:
                return None
    return None


def byline(root: Tag, near: Tag | None) -> dict[str, str]:
    """Return company and place from a short line "Company – Place" right below the headline."""
    node = near.find_next_sibling() if near is not None else None
    if node is None or node.name not in ("p", "div", "span", "h2", "h3", "small"):
        return {}
    said = prose.one_line(node.get_text(" "))
    if not said or len(said) > 120 or said.endswith((".", "。", "!", "?")) or root is None:
        return {}
    parts = [part for part in re.split(r"\s+[–—|·•-]\s+", said) if part and not _DATE.search(part)]
    if len(parts) == 2 and not any(labels.labelled(part) for part in parts):
        return {"company": parts[0], "location": parts[1], "byline": said}
    return {}


def description(root: Tag, near: Tag | None) -> Tag | None:
    """Return the element that holds the advert's own words: below a "description" heading, named so, or the densest text."""
    for heading in root.find_all(["h2", "h3", "h4", "h5", "strong", "b", "dt", "th", "div", "p", "span"]):
        is_heading = len(heading.get_text()) < 60 and labels.field(heading.get_text(" ")) == "text"
        if is_heading and (section := _named_around(heading, near) or _section(heading)):
            return section
    named: list[tuple[int, Tag]] = []
    for node in root.find_all(["div", "section", "article", "td", "dd", "p", "span", "main"]):
        names = f"{' '.join(node.get('class') or ())} {node.get('id') or ''} {node.get('itemprop') or ''}"
        if names.strip() and _BODY.search(names):
            length = len(node.get_text(" ", strip=True)) - sum(len(link.get_text(strip=True)) for link in node.find_all("a"))
            named.append((length, node))
    best = _densest(root)
    if named:
        length, node = max(named, key=lambda pair: pair[0])
        if length >= 40 and (
            best is None
            or best is node
            or best in node.descendants
            or node in best.descendants
            or length > len(best.get_text(strip=True)) / 2
        ):
            return node
    return best


def _named_around(heading: Tag, near: Tag | None) -> Tag | None:
    """Return the widest element around a heading that is named as the advert's body and does not hold the headline."""
    widest = None
    for outer in heading.parents:
        if outer.name in ("body", "html", "[document]") or (near is not None and (outer is near or near in outer.descendants)):
            break
        names = f"{' '.join(outer.get('class') or ())} {outer.get('id') or ''} {outer.get('itemprop') or ''}"
        if names.strip() and _BODY.search(names):
            widest = outer
    return widest


def _section(heading: Tag) -> Tag | None:
    """Return what follows a heading, at its own level or the one above, as one element."""
    node: Tag = heading
    for _ in range(3):
        followers: list[Any] = []
        for sibling in node.next_siblings:
            if (
                isinstance(sibling, Tag)
                and sibling.name == heading.name
                and heading.name[0] == "h"
                and labels.field(sibling.get_text(" ")) not in (None, "text")
            ):
                break
            followers.append(sibling)
        if len("".join(part.get_text(" ") if isinstance(part, Tag) else str(part) for part in followers).strip()) >= 20:
            wrapper = BeautifulSoup("<div></div>", "lxml").div
            assert wrapper is not None
            for part in followers:
                wrapper.append(part.__copy__())
            return wrapper
        if node.parent is None or node.parent.name in ("body", "html"):
            return None
        node = node.parent
    return None


def _densest(root: Tag) -> Tag | None:
    """Return the element whose direct paragraphs and bare text say most outside of links."""
    weights: dict[int, tuple[float, Tag]] = {}
    for string in root.find_all(string=True):
        said = len(str(string).strip())
        parent = string.parent
        if said < 2 or parent is None or string.find_parent("a") is not None:
            continue
        holder: Tag | None = parent
        while holder is not None and holder.name not in ("div", "section", "article", "td", "main", "body", "dd", "[document]"):
            holder = holder.parent
        if holder is None:
            continue
        weight, share = 1.0, holder
        for _ in range(2):  # a container of several such blocks earns part of their weight
            known = weights.get(id(share), (0.0, share))
            weights[id(share)] = (known[0] + said * weight, share)
            if share.parent is None or share.name in ("body", "main"):
                break
            share, weight = share.parent, weight * 0.6
    return max(weights.values(), key=lambda pair: pair[0])[1] if weights else None
