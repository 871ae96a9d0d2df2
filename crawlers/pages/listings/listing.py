"""List pages: addresses of the detail pages a list leads to, and its next and previous page. An empty list has none.

The links are those of the group that looks most like one list of adverts: same markup, telling words, a card or row each.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from urllib.parse import urldefrag, urlsplit

import re2
from selectolax.lexbor import LexborNode

from crawlers.items import ParsedPage
from crawlers.pages.document import PageDocument
from crawlers.pages.listings import pager
from crawlers.pages.node_path import TEXT_BODY, class_and_id, climb, name_tag
from crawlers.pages.posting_fields import prose
from crawlers.pages.postings import job_posting_ld

FAMILY = "listing"
NOTHING_FOUND = re2.compile(
    (
        r"(?i)no (?:jobs?|results?|vacanc\w+|listings?|ads?|posts?|items?|openings?|matching \w+|positions?)"
        r"(?: \w+){0,3} (?:found|available|match\w*)|"
        r"(?:currently|at (?:the|this) moment|right now|presently)[^.\n]{0,20} no (?:\w+ ){0,2}(?:jobs?|vacanc\w+|"
        r"openings?|positions?|adverts?)|"
        r"no (?:current |open )?(?:jobs?|vacanc\w+|openings?|positions?)(?: \w+){0,2} (?:at (?:the|this) moment|"
        r"currently|right now|yet)|"
        r"(?:hiện )?chưa có (?:\w+ ){0,2}(?:tin|việc|kết quả|bài)|belum ada (?:lowongan|hasil|iklan)|"
        r"ยังไม่มี(?:งาน|ประกาศ|ตำแหน่ง)|"
        r"暂时没有|目前没有(?:职位|岗位)|нет (?:вакансий|результатов|объявлений)|"
        r"nothing found|\b0 (?:jobs|results|vacancies|ads)\b|did not match any|"
        r"không (?:tìm thấy|có)(?: \w+){0,3} (?:kết quả|việc làm|tin)|không tìm thấy|没有找到|"
        r"沒有找到|暂无(?:职位|数据|结果|信息)|暫無|查無|无搜索结果|找不到|ไม่พบ|tidak ditemukan|"
        r"tiada (?:hasil|keputusan|jawatan)|tidak ada (?:lowongan|hasil)|"
        r"walang (?:nahanap|resulta)|រកមិនឃើញ|មិនមានលទ្ធផល|ບໍ່ພົບ|မတွေ့ပါ|"
        r"कोई (?:परिणाम|नौकरी) नहीं|কোনো ফলাফল|কোন ফলাফল|کوئی نتیجہ نہیں|"
        r"aucun (?:résultat|emploi)|aucune (?:offre|annonce)|nenhum (?:resultado|emprego)|"
        r"nenhuma vaga|ningún resultado|no se encontraron|sin resultados|ничего не найдено|"
        r"не найдено|hakuna (?:matokeo|kazi)|검색 결과가 없|결과가 없|見つかりませ|該当する|"
        r"keine (?:ergebnisse|treffer|stellen)|nenašli jsme|nebyly nalezeny|nic jsme nenašli|"
        r"žádné (?:nabídky|výsledky)|nenalezen|لا توجد نتائج|لم يتم العثور"
    ).replace(r"\w", r"[\pL\pM\pN_]")
)


def parse(document: PageDocument) -> ParsedPage:
    """Return the detail links of a list, in page order, and the pages before and after it."""
    following, preceding = pager.pages(document)
    return ParsedPage(
        family=FAMILY,
        title=document.heading,
        links=() if says_empty(document) else tuple(detail_links(document)),
        next_page=following,
        previous_page=preceding,
        facts={"older_page": older} if (older := pager.older(document)) else {},
    )


def says_empty(document: PageDocument) -> bool:
    """Tell whether a short visible line says that nothing was found; suggestions below it are not results."""
    if not NOTHING_FOUND.search(document.text):
        return False
    return any(len(line) < 160 and NOTHING_FOUND.search(line) for line in prose.text_of(document.body).split("\n"))


def detail_links(document: PageDocument) -> list[str]:
    """Return the addresses of the adverts a list leads to: those told to search engines, else the likeliest group of links."""
    entries = _item_list(document)
    return entries if len(entries) >= 2 else find_best_group(document)


def _item_list(document: PageDocument) -> list[str]:
    """Return the addresses of a schema.org ItemList, which some boards print for search engines; breadcrumbs are none."""
    if '"ItemList"' not in document.text:
        return []
    blocks = (block for block in job_posting_ld.blocks(document.text) if '"ItemList"' in block)
    urls = [_element_url(element) for block in blocks for element in _list_elements(job_posting_ld.read(block)[0])]
    addresses = (document.absolute(url) for url in urls if isinstance(url, str))
    results = dict.fromkeys(document.identity.page(address) for address in addresses if address)
    host = urlsplit(document.url).netloc
    return [address for address in results if not host or urlsplit(address).netloc == host]


def _list_elements(value: Any) -> Iterator[Any]:
    """Yield the elements of each ItemList in a JSON-LD value."""
    for item_list in job_posting_ld.find_things(value, lambda item: item.get("@type") == "ItemList"):
        elements = item_list.get("itemListElement")
        yield from elements if isinstance(elements, list) else [elements]


def _element_url(element: Any) -> Any:
    if not isinstance(element, dict):
        return element
    inner = element.get("item", element)
    return element.get("url") or (inner.get("url") or inner.get("@id") if isinstance(inner, dict) else inner)


def longest_paragraph(document: PageDocument) -> int:
    """Return the length of the longest run of text that is shown outside of links: an advert has one, a list has teasers."""
    longest = 0
    for node in document.body.css("p, div, td, li, dd, section, article, blockquote"):
        said = 0
        child = node.first_child
        while child is not None:
            if child.tag == "-text":
                said += len((child.text_content or "").strip())
            elif child.tag in ("b", "i", "em", "strong", "span", "font", "u"):
                said += len(child.text(strip=True))
            child = child.next
        if said > longest and not any(prose.is_hidden(outer) for outer in climb(node, _CLIMBED)):
            longest = said
    return longest


_ASIDE = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|menu|breadcrumbs?|crumbs?|sidebar|related|similar|recommend\w*|cookie|consent|share|social|login|"
    r"tags?|filters?|facets?|lang\w*|banner|popular|widget|pager|pagination|pagenavi|dropdown|toolbar|advert\w*|partners?)(?:[\s_-]|$)|"
    r"(?:^|\s)(?:(?:site|page|main|top|global)[-_]?)?(?:header|footer|foot|side)(?:\s|$)",
    re.I,
)
"""Names of parts that are not the list. A card's own ``card__header`` is part of it."""
_OTHER_PAGES = re.compile(
    (
        r"/(?:login|signin|sign-in|register|signup|logout|account|user|users|profile|member|members|search|tag|tags|category|categories|about|contact|help|faq|terms|privacy|policy|feed|rss|cart|wp-login|wp-admin|cdn-cgi|author|lien-he|gioi-thieu|dang-nhap|dang-ky|admin)(?:[/.?]|$)"
    ),
    re.I,
)
FEWEST = 3
"""Links in the same kind of place that make a list, whatever they say."""
_PLACES = frozenset({"odd", "even", "bg", "row", "first", "last", "active", "featured"})
"""Class names of an item's position in a list."""
_MEASURED = 300
"""Nodes of a card that are read to measure what it says."""
_CLIMBED = 40
"""Levels above a link that are checked for its part of the page."""
_NUMBERED = re.compile(r"[a-z]{0,12}(?:[-_]?\d+)?(?:\.\w{2,5})?", re.I)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5")


def find_best_group(document: PageDocument) -> list[str]:
    """Return the addresses of the group of links that looks like a list of adverts: same markup, own words, own container."""
    groups = _group_links(document)
    scored = sorted(((_score(list(group.values())), signature) for signature, group in groups.items()), reverse=True)
    if not scored or scored[0][0] <= 0:
        return []
    best = groups[scored[0][1]]
    shapes = {_shape(page) for page in best}
    results = dict.fromkeys(best)
    for score, signature in scored[1:]:
        alike = [page for page in groups[signature] if _shape(page) in shapes]
        if score > 0 and len(alike) == len(groups[signature]):
            results.update(dict.fromkeys(alike))
    return list(results)


def find_repeated_links(document: PageDocument) -> list[str]:
    """Return the addresses of the largest group of links in the same kind of place, however little they say: adverts of a list
    of any make, or the lists by category or place that a page without adverts leads to; [] for fewer than three."""
    groups: dict[str, dict[str, None]] = defaultdict(dict)
    here = document.identity.page(document.url)
    for node in document.body.css("a[href]"):
        address = document.absolute(node.attributes.get("href"))
        if address and document.is_own_host(address) and document.identity.page(address) != here and not _aside(node):
            groups[" ".join(name_tag(above) for above in climb(node.parent, 2))][urldefrag(address)[0]] = None
    best = max(groups.values(), key=len, default={})
    return list(best) if len(best) >= FEWEST else []


def _group_links(document: PageDocument) -> dict[str, dict[str, tuple[LexborNode, str]]]:
    """Return markup -> address -> the link that says most, of the links that may lead to adverts."""
    groups: dict[str, dict[str, tuple[LexborNode, str]]] = defaultdict(dict)
    others = {document.identity.page(page) for page in (document.url, *pager.pages(document)) if page is not None}
    for anchor in document.body.css("a[href]"):
        address = document.absolute(anchor.attributes.get("href"))
        if address is None or not document.is_own_host(address):
            continue
        page = document.identity.page(address)
        path = urlsplit(page).path
        if page in others or _OTHER_PAGES.search(path) or path in ("", "/", "/index.html") or _aside(anchor):
            continue
        text = prose.one_line(prose.text_of(anchor, most=_MEASURED)) or anchor.attributes.get("title") or _laid_over(anchor)
        if len(text) < 2 or text.isdigit():
            continue
        group = groups[_signature(anchor)]
        if page not in group or len(text) > len(group[page][1]):
            group[page] = (anchor, text)
    return groups


def _laid_over(anchor: LexborNode) -> str:
    """Return the heading of the card that an empty link covers; "" when it is not the card's first element or only an icon."""
    card = anchor.parent
    if card is None or card.tag not in ("li", "article", "div", "tr") or anchor.css_first("*:not(a)") is not None:
        return ""
    headings = [node for tag in _HEADINGS for node in card.css(tag)]
    return (prose.one_line(headings[0].text()) or "") if len(headings) == 1 else ""


def _score(group: list[tuple[LexborNode, str]]) -> float:
    if len(group) < 2:
        anchor, text = group[0]
        return 1.0 if _heads(anchor) and _extra(anchor, text) > 8 else 0.0
    length = sum(min(_width(text), 60) for _, text in group) / len(group)
    heads = sum(_heads(anchor) for anchor, _ in group) / len(group)
    extra = sum(_extra(anchor, text) > 8 for anchor, text in group) / len(group)
    if heads < 0.5 and extra < 0.5 and length < 25:
        return 0.0
    return len(group) * length * (1 + heads) * (0.5 + extra)


def _width(text: str) -> int:
    """Return the length of ``text``; letters of dense scripts count twice."""
    return len(text) + sum("\u0e00" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7af" for char in text)


def _heads(anchor: LexborNode) -> bool:
    inside = (anchor.css_first(tag) is not None for tag in _HEADINGS)
    return any(outer.tag in _HEADINGS for outer in climb(anchor, 3)) or any(inside)


def _extra(anchor: LexborNode, text: str) -> int:
    """Return how much text the row or card around a link has besides the link."""
    outer = next((outer for outer in climb(anchor.parent) if outer.tag in ("li", "tr", "article", "div", "section", "dl")), None)
    if outer is None:
        return 0
    said = _width(prose.text_of(outer, most=_MEASURED))
    if (
        outer.tag == "div"
        and said - _width(text) <= 8
        and outer.parent is not None
        and outer.parent.tag in ("div", "li", "article", "td")
    ):
        near = outer.parent
        if len({link.attributes.get("href") for link in near.css("a[href]")}) <= 4:
            said = _width(prose.text_of(near, most=_MEASURED))
    return said - _width(text)


def _signature(anchor: LexborNode) -> str:
    parts: list[str] = []
    for outer in climb(anchor, 5):
        classes = sorted(re.sub(r"\d+", "", name) for name in (outer.attributes.get("class") or "").split())
        kept = ".".join(name for name in classes if name not in _PLACES)
        parts.append(f"{outer.tag}.{kept}{_column(outer) if outer.tag == 'td' else ''}")
    return "<".join(parts)


def _column(cell: LexborNode) -> int:
    """Return the number of the link's column, at most 50: links of one column are of one kind."""
    before, column = cell.prev, 0
    while before is not None and column < 50:
        column += before.tag in ("td", "th")
        before = before.prev
    return column


def _shape(page: str) -> str:
    """Return the shape that addresses of one kind share: their words, with numbers as 0 and slugs as *."""
    parts = urlsplit(page)
    kinds = [re.sub(r"\d+", "0", part) if _NUMBERED.fullmatch(part) else "*" for part in parts.path.split("/")]
    return "/".join(kinds) + ("?" if parts.query else "")


def _aside(anchor: LexborNode) -> bool:
    for outer in climb(anchor, _CLIMBED, until=TEXT_BODY):
        if outer.tag in ("nav", "footer", "aside", "header", "select") and not (
            outer.tag == "header" and outer.parent is not None and outer.parent.tag == "article"
        ):
            return True
        if _ASIDE.search(class_and_id(outer)):
            return True
    return False
