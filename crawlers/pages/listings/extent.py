"""How much a list says there is: a total ("18 / 30", "1-10 of 32", "共32条"), a number of pages, a "load more" button.

Words of the adverts do not count: an advertiser could announce any number. Numbers count more than words: a range as long as
the shown list, or a first number equal to it, is read in any language.
"""

import re
from collections.abc import Iterator
from itertools import takewhile
from typing import Any

import msgspec
from selectolax.lexbor import LexborNode

from crawlers.pages.document import PageDocument
from crawlers.pages.listings import extent_markup
from crawlers.pages.listings.extent_json import JsonExtent, read_json_extent
from crawlers.pages.listings.pager import PAGER_NAMES, PAGING, is_paging, last_number, names_of, series_step
from crawlers.pages.listings.pager_words import BARE, FOUND, MORE
from crawlers.pages.node_path import TEXT_BODY, climb
from crawlers.pages.posting_fields import prose


class Extent(msgspec.Struct, frozen=True, kw_only=True):
    """What a list page announces; None where it says nothing."""

    total: int | None = None
    """Items of the whole list."""
    pages: int | None = None
    """Pages of the whole list."""
    more: str = ""
    """A sign that there is more, without an address: the words of a button, the name of a key."""
    told: str = ""
    """A sign for a script that there is more: it counts where the page links no later page."""
    scripted: str = ""
    """A control that leads on by a script or a form: it counts where the page links no further page."""
    endless: str = ""
    """A sign that scrolling brings more: it counts where no further page is linked and nobody scrolled."""
    following: tuple[str, ...] = ()
    """Addresses of further pages that stand elsewhere than in a link of a pager."""


_NUM = r"(\d{1,3}(?:[.,\u00a0\u202f' ]\d{3})+|\d{1,7})(?![.,]?\d)"
_OF = (
    r"of|out of|/|trong(?: tổng)?(?: số)?|trên(?: tổng)?(?: số)?|จาก(?:ทั้งหมด)?|dari(?:pada)?(?: total)?|ng|sa|"
    r"sur|de(?: un total de)?|"
    r"di|von|из|共|總共|总共|全部?|में से|এর মধ্যে|میں سے|ကနက်|နၲ|នៃ|ຈາກ|ya|kati ya|中の|से|ከ"
)
_TO = r"-|–|—|~|〜|～|to|through|đến|tới|至|到|ถึง|sampai|hingga|s/d|à|a|ate|até|bis|до|по|から|부터|ຫາ|ដល់|से"
_COUNTERS = r"(?:\s*(?:件|条|條|个|個|筆|笔|项|건|개|jobs?|results?|items?|việc làm|kết quả|tin|รายการ|งาน|lowongan|hasil))?"
_RANGE = re.compile(
    rf"{_NUM}{_COUNTERS}\s*(?:{_TO})\s*{_NUM}{_COUNTERS}\W{{0,4}}?\s*"
    rf"(?:{_OF})\W{{0,3}}\s*(?:about |over |khoảng )?{_NUM}(?!/\d)",
    re.I,
)
_RANGE_AFTER = re.compile(
    rf"{_NUM}(?![-./]\d)\s*(?:件|条|條|個|个|건|筆|में से)?\s*(?:中|중|里|裡)?\W{{0,4}}"
    rf"(?:의 |第|当前|目前|显示|顯示|表示){{0,2}}\W{{0,2}}{_NUM}\s*(?:{_TO})\s*{_NUM}",
    re.I,
)
_SHOWN_OF = re.compile(rf"(?<![/\d]){_NUM}{_COUNTERS}\s*(?:{_OF})\W{{0,3}}\s*{_NUM}(?!/\d)", re.I)
_SHOWING = re.compile(
    r"showing|displaying|viewed|you['’]ve seen|hiển thị|đang xem|แสดง|menampilkan|memaparkan|affich|mostrando|"
    r"exibindo|показан|显示|顯示|已加载|"
    r"表示中|दिखा|দেখানো|ipinapakita|angezeigt|zobrazeno",
    re.I,
)
_NOUN = re.compile(
    r"^\W*(?:\d[\d.,\u00a0 ]*)\s*(?:\w+\s){0,2}?(?:jobs?|vacanc(?:y|ies)|listings?|positions?|openings?|adverts?|"
    r"ads|việc làm|tin tuyển dụng|"
    r"个职位|個職缺|个岗位|份工作|ตำแหน่ง(?:งาน)?|lowongan|jawatan|offres?|vagas|ofertas|вакансий|вакансии|ajira|"
    r"nafasi|공고|求人)\b",
    re.I,
)
_PAGE = (
    r"pages?|trang|หน้า(?:ที่)?|halaman|laman|muka surat|p[aá]gina|seite|страница|стр\.?|ページ|페이지|pahina|"
    r"ទំព័រ|စာမျက်နှာ|ໜ້າ|पृष्ठ|পাতা|"
    r"পৃষ্ঠা|صفحہ|පිටුව|பக்கம்|ukurasa|ገጽ|stránka|strona"
)
_PAGES = re.compile(
    rf"(?:{_PAGE})\W{{0,3}}(\d{{1,5}})\W{{0,3}}\s*(?:{_OF})\W{{0,3}}\s*(?:\w+\W)?(\d{{1,5}})(?!\d)|"
    r"第\s*(\d{1,5})\s*[页頁]?\s*[/,，（(]?\s*[共/]?\s*(\d{1,5})\s*[页頁]|(\d{1,5})\s*/\s*(\d{1,5})\s*(?:页|頁|"
    r"ページ|페이지|trang|pages?)",
    re.I,
)
_PAGES_IN_ALL = re.compile(rf"\W{{0,3}}(?:(?:{_PAGE})\s*\((\d{{1,5}})\)|[共/]\s*(\d{{1,5}})\s*[页頁])", re.I)
"""The number of pages without that of this one."""
_ALL = re.compile(
    rf"(?:(?:view|see|show|browse) all(?: of)?(?: our)?|xem tất cả|查看全部|全部|ดูทั้งหมด|lihat semua|voir (?:toutes )?les|"
    rf"ver (?:las|as|todas as|todas las|todos los)|показать все|alle)\W{{0,2}}\s*{_NUM}\W?\s*"
    r"(?:(?:open |current |available )?(?:jobs?|openings?|positions?|vacanc(?:y|ies)|roles|listings|offers|results)|"
    r"việc làm|tin|个?职位|งาน|lowongan|offres|vagas|ofertas|вакансии|вакансий|stellen)?",
    re.I,
)
_MORE_NAMES = re.compile(
    r"load[-_]?more|more[-_](?:jobs|results|listings|button|btn)|btn[-_]more|show[-_]more[-_](?:jobs|results|"
    r"listings)|infinite[-_]more",
    re.I,
)
_SIZES = re.compile(r"per page|/\s*page|mỗi trang|每页|每頁|ต่อหน้า|per halaman|par page|por página|на странице|件ずつ|개씩", re.I)
"""Lines that say how long a page is."""
_ASIDE = frozenset({"nav", "footer", "aside", "select", "form", "dialog"})
_ASIDE_NAMES = re.compile(
    r"(?:^|[\s_-])(?:filters?|facets?|menu|sidebar|related|similar|comments?|cookie|dropdown|share)(?:[\s_-]|$)", re.I
)
_BESIDE = (
    "nav, footer, aside, select, fieldset, label, a[href], div[class], div[id], ul[class], ul[id], section[class], form[class]"
)
_FILTER_NAMES = re.compile(r"(?:^|[\s_-])(?:filters?|facets?|tabs?)(?:[\s_-]|panel|list|box|form|group|$)", re.I)
_LONGEST_LINE = 120
_MOST_MORE = 400
"""Candidates for a "load more" that are looked at."""
_FIT = 0.2
"""Share by which a range may differ from the number of items counted: boards add paid adverts."""


def read_extent(document: PageDocument, items: list[str], *, thread: bool = False) -> Extent:
    """Return what a page with these ``items`` (addresses of its adverts) announces; of a ``thread`` only what its pager says."""
    if thread:
        lines = [line for node in _pagers(document) for line in prose.text_of(node, most=400).split("\n")]
        jump = extent_markup.pages(document, frozenset())
        return Extent(total=_from_range(lines, len(items)), pages=_largest(_pages(lines), jump))
    cards = _cards(document, items)
    skip = cards | frozenset(node.mem_id for node in document.body.css(_BESIDE) if _counts_others(document, node, cards))
    lines = [line for line in prose.text_of(document.body, skip=skip).split("\n") if len(line) <= _LONGEST_LINE]
    headings = [prose.one_line(prose.text_of(node, most=200)) or "" for node in document.body.css("h1, h2")[:20]]
    state = read_state_extent(document, len(items))
    total = _total(lines, headings, len(items))
    button, leads = _more(document, skip)
    return Extent(
        total=total if total is not None else _largest(state.total, extent_markup.total(document, skip)),
        pages=_largest(_pages(lines), state.pages, extent_markup.pages(document, skip), last_number(document)),
        more=(extent_markup.node_text(button) or "load more") if button is not None else "",
        told=state.more or ("next" if state.following else ""),
        scripted=extent_markup.find_script_control(document, skip),
        endless=extent_markup.endless(document),
        following=tuple(dict.fromkeys([*leads, *extent_markup.following(document, skip)])),
    )


def _counts_others(document: PageDocument, node: LexborNode, cards: frozenset[int]) -> bool:
    """Tell whether numbers in an element count something else than the list: a menu, a filter, a link to another list."""
    if node.tag in ("nav", "footer", "aside", "select"):
        return not PAGER_NAMES.search(names_of(node))
    if node.tag == "a":
        here, target = document.identity.page(document.url), _leads_to(document, node)
        other = extent_markup.is_linked(node) and target != here and series_step(here, target) is None
        return other and not _ALL.fullmatch(node.text()[:80].strip(" .…»›→\n"))
    if node.tag in ("div", "ul", "section", "form") and not _FILTER_NAMES.search(names_of(node)):
        return False
    return not any(inner.mem_id in cards for inner in node.css("*")) and not is_paging(node)


def _largest(*numbers: int | None) -> int | None:
    return max((number for number in numbers if number is not None), default=None)


def _total(lines: list[str], headings: list[str], count: int) -> int | None:
    """Return the total of the list: from a range, else from "shown of all", else from words."""
    for read in (_from_range, _from_shown):
        if (total := read(lines, count)) is not None:
            return total
    for line in lines:
        numbers = re.findall(_NUM, line)
        if len(numbers) == 1 and len(line) <= 80 and FOUND.search(line) and not _SIZES.search(line):
            return _number(numbers[0])
    for line in lines:
        if match := _ALL.fullmatch(line.strip(" .…»›→")):
            return _number(match[1])
    for line in headings:
        if len(re.findall(_NUM, line)) == 1 and _NOUN.match(line):
            return _number(re.findall(_NUM, line)[0])
    return None


def _from_range(lines: list[str], shown: int) -> int | None:
    """Return the total behind a range that fits the number of items: "21-40 of 300"."""
    for line in lines:
        for pattern, last in ((_RANGE, True), (_RANGE_AFTER, False)):
            if result := pattern.search(line):
                first, second, third = (_number(text) for text in result.groups()[:3])
                low, high, whole = (first, second, third) if last else (second, third, first)
                if low <= high <= whole and (abs(high - low + 1 - shown) <= max(1, _FIT * shown)):
                    return whole
    return None


def _from_shown(lines: list[str], shown: int) -> int | None:
    """Return the total of "20 of 300"."""
    for line in lines:
        if (result := _SHOWN_OF.search(line)) and not _PAGES.search(line):
            first, whole = _number(result[1]), _number(result[2])
            if whole >= first >= 1 and ((shown and first == shown) or _SHOWING.search(line)):
                return whole
    return None


def _pages(lines: list[str]) -> int | None:
    for line in lines:
        if len(line) <= _LONGEST_LINE and (match := _PAGES.search(line)):
            here, whole = (int(text) for text in match.groups() if text)
            if 1 <= here <= whole:
                return whole
        if match := _PAGES_IN_ALL.match(line):
            return int(match[1] or match[2])
    return None


def _number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def more_button(document: PageDocument, items: list[str]) -> LexborNode | None:
    """Return the visible element that brings more of a list with these ``items`` by a script alone; None when there is none."""
    return _more(document, _cards(document, items))[0]


def _more(document: PageDocument, skip: frozenset[int]) -> tuple[LexborNode | None, list[str]]:
    """Return (a visible button or link that brings more of the list without an address, addresses of those with one)."""
    leads: list[str] = []
    for node in document.body.css("button, a, [role=button], input[type=button], input[type=submit]")[:_MOST_MORE]:
        said = extent_markup.node_text(node)
        plain = said.strip(" .…»›↓▼+").lower()
        named = bool(_MORE_NAMES.search(names_of(node)))
        if not (MORE.fullmatch(plain) or (named and len(said) <= 40)) or "disabled" in node.attributes or _is_away(node, skip):
            continue
        if BARE.fullmatch(plain) and not named and not _follows_list(node, skip):
            continue
        if extent_markup.is_linked(node):
            leads += extent_markup.counted_addresses(document, node.attributes.get("href"))
        elif address := extent_markup.address(document, node):
            leads.append(address)
        else:
            return node, leads
    return None, leads


def _follows_list(node: LexborNode, cards: frozenset[int]) -> bool:
    """Tell whether an element directly follows the adverts: "show more" elsewhere opens a text."""
    for outer in climb(node, 3):
        before = outer.prev
        while before is not None and not before.is_element_node:
            before = before.prev
        if before is not None and (before.mem_id in cards or any(node.mem_id in cards for node in before.css("*")[:_MOST_MORE])):
            return True
    return False


def _is_away(node: LexborNode, skip: frozenset[int]) -> bool:
    """Tell whether an element is hidden, or stands in an advert, a menu or a filter."""
    return any(
        outer.mem_id in skip or outer.tag in _ASIDE or prose.is_hidden(outer) or _ASIDE_NAMES.search(names_of(outer))
        for outer in climb(node, 40)
    )


def _cards(document: PageDocument, items: list[str]) -> frozenset[int]:
    """Return the elements that show one advert each: the widest around a link to it that holds no link to another."""
    wanted = {document.identity.page(item) for item in items}
    places = [node for node in document.body.css("a[href]") if _leads_to(document, node) in wanted]
    around: dict[int, set[str]] = {}
    for node in places:
        for outer in climb(node.parent, 8, until=TEXT_BODY):
            around.setdefault(outer.mem_id, set()).add(_leads_to(document, node))
    if len(places) <= 1 or len(wanted) <= 1:
        return frozenset(node.mem_id for node in places)
    cards: set[int] = set()
    for node in places:
        alone = takewhile(lambda outer: len(around[outer.mem_id]) == 1, climb(node.parent, 8, until=TEXT_BODY))
        *_, card = node, *alone
        cards.add(card.mem_id)
    return frozenset(cards)


def _leads_to(document: PageDocument, node: LexborNode) -> str:
    address = document.absolute(node.attributes.get("href"))
    return document.identity.page(address) if address else ""


def _pagers(document: PageDocument) -> list[LexborNode]:
    return [
        node
        for node in document.body.css("div, ul, nav, p, td, span")
        if PAGER_NAMES.search(names_of(node)) or PAGING.search(names_of(node))
    ][:20]


_ITEM_LIST = re.compile(r'"numberOfItems"\s*:\s*"?(\d{1,7})\b')
_LONGEST = 4_000_000
"""Characters of a script that are read."""
_MOST = 20_000
"""Values of a state that are looked at."""


def read_state_extent(document: PageDocument, shown: int) -> JsonExtent:
    """Return the totals in the page's data; a total below the number of items ``shown`` is not the list's."""
    said = _item_list(document.text)
    total = said if said is not None and said >= shown else None
    if shown < 2 or "application/json" not in document.text:
        return JsonExtent(total=total)
    for node in document.tree.css('script[type="application/json"]'):
        text = node.text()
        if not re.search(r"total|count|next|more|last", text[:_LONGEST], re.I) or len(text) > _LONGEST:
            continue
        try:
            state = msgspec.json.decode(text.strip())
        except (msgspec.DecodeError, RecursionError):
            continue
        for holder, key in _lists(state, shown):
            extent = read_json_extent(holder, key, "", shown)
            if (extent.total or 0) >= shown or extent.more or extent.pages or extent.following:
                return extent
    return JsonExtent(total=total)


def _item_list(text: str) -> int | None:
    """Return the length that the page's one ItemList gives itself."""
    if text.count('"ItemList"') != 1:
        return None
    numbers = _ITEM_LIST.findall(text)
    return int(numbers[0]) if len(numbers) == 1 else None


def _lists(state: Any, shown: int) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield (object, key) of the lists of as many objects as the page shows items."""
    waiting = [state]
    for _ in range(_MOST):
        if not waiting:
            return
        value = waiting.pop()
        if isinstance(value, dict):
            for key, inner in value.items():
                if isinstance(inner, list) and len(inner) == shown and all(isinstance(item, dict) for item in inner):
                    yield value, key
            waiting += [inner for inner in value.values() if isinstance(inner, dict | list)]
        elif isinstance(value, list):
            waiting += [inner for inner in value if isinstance(inner, dict | list)]
