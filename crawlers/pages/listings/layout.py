"""Finds the parts of a hand-made advert page: headline, body text, and what is not the advert. Used by the plain family."""

import re
from copy import copy

from bs4 import BeautifulSoup, Tag
from bs4.element import Comment, PageElement

from crawlers.pages import named
from crawlers.pages.posting_fields import field_labels as labels
from crawlers.pages.posting_fields import prose

OTHERS = re.compile(
    (
        r"(?:^|[\s_-])(?:similar|related|recommend\w*|more-?jobs|other-?jobs|also|suggest\w*|sidebar|breadcrumbs?|crumbs?|cookie\w*|consent|share|social|comments?|footer|navbar|nav|menu|pagination|pager|login|modal|popup|newsletter|advert|ads|banner|toolbar|dropdown|tabs?-nav|skip-link)(?:[\s_-]|$)"
    ),
    re.I,
)
OTHERS_HEADING = re.compile(
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
_BODY = re.compile(
    r"(?:^|[\s_-])(?:(?:jobs?|job-?ad|vacancy|ad|post(?:ing)?|advert)[-_]?)?"
    r"(?:description|desc|des|details?(?:-?(?:text|body|content))?|body|content|txt|text|article-?body|entry-?content)"
    r"(?:[-_](?:text|body|content|inner|html|markup|main))*(?:[\s_-]|$)|jobdesc|job-details|show-more-less-html__markup",
    re.I,
)
_TITLE = re.compile(
    r"(?:^|[-_\s])(?:job|pos|position|posting|ad|advert|vacancy|listing|entry|post|topcard)[-_]{0,2}title(?:[-_\s]|$)", re.I
)
_LONGEST_TITLE = 300
_SEPARATORS = re.compile(r"\s+[|–—·•»:-]+\s+|\s*[|_»｜]\s*|\s+(?:at|in|tại|bei|chez)\s+")
_TITLE_TAIL = re.compile(r"\s+-\s+(?:job post|job|vacancy|việc làm|งาน)$", re.I)
"""What some boards print after a job's title in the same heading."""


UNREAD = frozenset({"script", "style", "noscript", "template", "svg", "iframe", "nav", "footer", "select", "button", "aside"})
"""Elements that hold nothing of the advert."""


def read_pruned(markup: str) -> tuple[BeautifulSoup, str | None]:
    """Return the page without what is not the advert (scripts, hidden parts, navigation, other adverts), and its title."""
    soup = BeautifulSoup(markup, "lxml")
    for node in soup.find_all(UNREAD):
        node.decompose()
    for comment in soup.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    page_title = prose.one_line(soup.title.get_text()) if soup.title else None
    _remove_hidden(soup)
    _remove_other_adverts(soup)
    return soup, page_title


def _remove_hidden(soup: BeautifulSoup) -> None:
    """Remove what a reader does not see, or what is named as another advert's."""
    for node in soup.find_all(True):
        if _is_removed(node) or node.attrs is None or node.name in ("html", "body", "main"):
            continue
        names = f"{' '.join(node.get('class') or ())} {node.get('id') or ''}"
        style = str(node.get("style") or "")
        if (
            (node.has_attr("hidden") and node["hidden"] != "until-found")
            or (node.name == "dialog" and not node.has_attr("open"))
            or (style and prose.HIDDEN_STYLE.search(style))
            or (names.strip() and OTHERS.search(names))
            or (node.name == "header" and not node.find(["h1", "h2"]))
        ):
            node.decompose()


def _is_removed(node: Tag) -> bool:
    """Whether an element was removed from the tree; faster than ``Tag.decomposed``, which searches the subtree."""
    return bool(node.__dict__.get("_decomposed"))


def _remove_other_adverts(soup: BeautifulSoup) -> None:
    """Remove each heading of other adverts with what follows it, and the lists that are empty then."""
    for node in soup.find_all(["h2", "h3", "h4", "h5", "strong", "li", "div", "p", "b"]):
        if (
            _is_removed(node)
            or node.parent is None
            or len(node.get_text()) > 60
            or not OTHERS_HEADING.search(node.get_text(" ", strip=True))
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
    parts = title_parts((page_title or "")[:_LONGEST_TITLE])
    for node in root.find_all("h1"):
        if said := _node_text(node):
            return said, node
    for node in root.find_all(lambda tag: tag.get("itemprop") == "title" or bool(_TITLE.search(named.names(tag)))):
        if (said := _node_text(node)) and len(said) < 200:
            return said, node
    if result := _shown_heading(root, parts) or _plain_heading(root):
        return result
    meta = soup.find("meta", attrs={"property": "og:title"})
    if isinstance(meta, Tag) and (said := prose.one_line(str(meta.get("content") or ""))):
        return title_parts(said)[0], None
    strong = root.find(["strong", "b", "font"])
    said = _node_text(strong) if isinstance(strong, Tag) else None
    if said and 2 < len(said) < 120 and labels.field(said) is None and labels.read_label(said) is None:
        return said, strong if isinstance(strong, Tag) else None
    return (parts[0], None) if page_title else (None, None)


def _shown_heading(root: Tag, parts: list[str]) -> tuple[str, Tag] | None:
    """Return the longest beginning of the page title that an element shows, and that element."""
    shown = [
        node
        for node in root.find_all(["h1", "h2", "h3", "font", "b", "strong", "td", "div", "p", "span", "a"])
        if len(node.get_text()) < 200
    ]
    return next(((part, node) for part in parts for node in shown if _node_text(node) == part), None)


def _plain_heading(root: Tag) -> tuple[str, Tag] | None:
    """Return the first lesser heading that names no field of an advert."""
    for node in root.find_all(["h2", "h3"]):
        if (said := _node_text(node)) and labels.field(said) is None:
            return said, node
    return None


def _node_text(node: Tag) -> str | None:
    said = prose.one_line(node.get_text(" "))
    return _TITLE_TAIL.sub("", said) if said else None


def title_parts(title: str) -> list[str]:
    """Return beginnings of a page title, longest first, each cut at a separator: "A - B | Site" gives "A - B | Site", "A -
    B", "A"."""
    cuts = [match.start() for match in _SEPARATORS.finditer(title)]
    return [title, *(title[:cut].strip() for cut in reversed(cuts) if title[:cut].strip())]


def description(root: Tag, near: Tag | None) -> Tag | None:
    """Return the element that holds the advert's own words: below a "description" heading, named so, or the densest text."""
    for heading in root.find_all(["h2", "h3", "h4", "h5", "strong", "b", "dt", "th", "div", "p", "span"]):
        is_heading = len(heading.get_text()) < 60 and labels.field(heading.get_text(" ")) == "text"
        if is_heading and (section := _named_around(heading, near) or _section(heading)):
            return section
    bodies: list[tuple[int, Tag]] = []
    for node in root.find_all(["div", "section", "article", "td", "dd", "p", "span", "main"]):
        if _BODY.search(named.names(node)) and (near is None or near not in node.descendants):
            length = len(node.get_text(" ", strip=True)) - sum(len(link.get_text(strip=True)) for link in node.find_all("a"))
            bodies.append((length, node))
    best = _densest(root)
    if bodies:
        length, node = max(bodies, key=lambda pair: pair[0])
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
        if _BODY.search(named.names(outer)):
            widest = outer
    return widest


def _section(heading: Tag) -> Tag | None:
    """Return what follows a heading, at its own level or the one above, as one element."""
    node: Tag = heading
    for _ in range(3):
        followers: list[PageElement] = []
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
                wrapper.append(copy(part))
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
        if said < 2 or parent is None or any(outer.name == "a" for outer in string.parents):
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
