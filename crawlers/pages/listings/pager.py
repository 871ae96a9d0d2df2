"""Finds the next and previous page of a list or thread: declared links, pager words, page numbers.

An address continues the list of another when it is the same with one number changed or added, or a mark to go on from:
``/jobs`` and ``/jobs?page=2``, ``/cta/index100.html`` and ``/cta/index200.html``, ``/list`` and ``/list?after=x`` are one list
each, whatever language its links speak.
"""

import re
from itertools import pairwise
from typing import Literal, NamedTuple
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from selectolax.lexbor import LexborNode

from crawlers.items import Lead
from crawlers.pages.document import PageDocument
from crawlers.pages.listings import pager_words as words
from crawlers.pages.listings.json_facts import CURSOR, OFFSET, PAGE, parameter_name
from crawlers.pages.node_path import climb
from crawlers.pages.posting_fields import prose
from foundation.url_template import page_number

PAGER_NAMES = re.compile(r"pag(?:e|ing|ina|er)|nav-links|wp-pagenavi|nav-(?:next|previous)|navigation|phan-?trang|seiten", re.I)
OFFSET_PARAMETER = re.compile(r"([?&](?:start|offset|from|skip|begin|st|startrow|first|o)=)(\d{1,7})(?=\D|$)", re.I)
"""Addresses that count items instead of pages."""
PAGING = re.compile(
    r"pagin(?:at|g)|paging|pager(?![a-z])|page[-_]?(?:nav|numbers?|links?|item|jump)|nav-links|pagenavi|phan-?trang|seiten|"
    r"(?:^|[\s_-])(?:pg|pgr|pages)(?:[\s_-]|$)",
    re.I,
)
"""Names of a pager alone: ``page`` is also what themes call the wrapper of a whole page."""
_FORWARD = re.compile(r"(?:^|[\s_-])(?:next|forward)|(?:next|forward)(?:[\s_-]|$)", re.I)
_BACK = re.compile(r"(?:^|[\s_-])(?:prev|back(?:ward)?(?:[\s_-]|$))|prev(?:ious)?(?:[\s_-]|$)", re.I)
_MARK = re.compile(r"[A-Za-z][\w-]{2,40}")
_LONGEST = 40
"""Characters of what a pager's link says."""
FEWEST_LETTERS = 6
"""Links of one letter each that make an alphabet; a pager or a grade has fewer."""
_SLIDES = re.compile(r"slick|swiper|carousel|slide|owl-|gallery|calendar|lightbox|datepicker", re.I)


def pages(document: PageDocument) -> tuple[str | None, str | None]:
    """Return (next page, previous page) as absolute addresses on the same site; None where there is none."""
    following: list[tuple[int, str]] = []
    preceding: list[tuple[int, str]] = []
    here = document.identity.page(document.url)
    for node in document.tree.css("a[href], link[rel][href]"):
        rel = (node.attributes.get("rel") or "").lower().split()
        if node.tag == "link" and not {"next", "prev", "previous"} & set(rel):
            continue
        address = document.absolute(node.attributes.get("href"))
        if address is None or (page := document.identity.page(address)) == here or not document.is_own_host(address):
            continue
        step = series_step(here, page)
        forward, strength = _direction(node, rel)
        if forward is None and step is not None:
            forward, strength = _judge_series(node, step)
        if forward is not None:
            # a pager whose addresses look like the page's own outranks a second list's pager on the same page
            (following if forward else preceding).append((strength - 2 * (step is not None), address))
    first, last = (min(links, key=lambda link: link[0], default=(0, None))[1] for links in (following, preceding))
    return first, last


def find_further_pages(document: PageDocument) -> list[Lead]:
    """Return the other pages of the list: the next, the older one, and all that its pager numbers."""
    following, _ = pages(document)
    leads = {url: 1 for url in (following, older(document)) if url}
    leads |= {lead.url: lead.ahead for lead in _numbered_leads(document)}
    here = document.identity.page(document.url)
    return [Lead(url, ahead) for url, ahead in leads.items() if document.identity.page(url) != here]


def find_letters(document: PageDocument) -> list[str]:
    """Return the other parts of a list that is split by the letters of an alphabet (``/jobs/a``, ``?letter=B``): links of one
    letter each, whose addresses are this page's own with the letter added or changed."""
    here = urlsplit(document.identity.page(document.url))
    groups: dict[str, dict[str, str]] = {}
    for node in document.body.css("a[href]"):
        letter = node.text()[:20].strip()
        address = document.absolute(node.attributes.get("href"))
        if len(letter) != 1 or not letter.isalpha() or address is None or not document.is_own_host(address):
            continue
        parts = urlsplit(address)
        parent, _, last = parts.path.rstrip("/").rpartition("/")
        if parts.path.rstrip("/") == here.path.rstrip("/"):
            names = [name for name, value in parse_qsl(parts.query) if value.casefold() == letter.casefold()]
            groups.setdefault(f"?{names[-1]}" if names else "", {}).setdefault(letter.casefold(), address)
        elif unquote(last).split(".")[0].casefold() == letter.casefold() and _is_beside(here.path, parent):
            groups.setdefault("/", {}).setdefault(letter.casefold(), address)
    letters = max((group for name, group in groups.items() if name), key=len, default={})
    return list(letters.values()) if len(letters) >= FEWEST_LETTERS else []


def _is_beside(path: str, parent: str) -> bool:
    """Tell whether ``path`` is the folder ``parent``, or one letter in it."""
    above, _, last = path.rstrip("/").rpartition("/")
    return path.rstrip("/") == parent or (above == parent and len(unquote(last).split(".")[0]) == 1)


def _numbered_leads(document: PageDocument) -> list[Lead]:
    """Return the other pages that the pager links by number or offset, also earlier ones: a page in between may have failed.

    ``?page=1`` may be the second page (Drupal).
    """
    by_page, by_offset, first = _pager_numbers(document)
    here, start = page_number(document.url), _item_offset(document.url) or 0
    own = first if here is None else here
    offsets = sorted({start, *(offset for offset, _ in by_offset)})
    size = min((later - offset for offset, later in pairwise(offsets)), default=1)
    leads = [Lead(url, number - own) for number, url in sorted(by_page) if number != own]
    leads += [Lead(url, round((offset - start) / size)) for offset, url in sorted(by_offset) if offset != start]
    return leads or _text_leads(document)


def _pager_numbers(document: PageDocument) -> tuple[list[tuple[int, str]], set[tuple[int, str]], int]:
    """Return the links of the pager by page number and by number of the first item, and the number of the first page."""
    here = document.identity.page(document.url)
    in_pager: dict[int, bool] = {}
    by_page: list[tuple[int, str]] = []
    by_offset: set[tuple[int, str]] = set()
    first = 1
    for node in document.tree.css("a[href]"):
        address = document.absolute(node.attributes.get("href"))
        if address is None or series_step(here, document.identity.page(address)) is None:
            continue
        number, offset = page_number(address), _item_offset(address)
        if (number is None and offset is None) or not _stands_in_pager(node, in_pager):
            continue
        if number is None:
            by_offset.add((offset or 0, address))
            continue
        text = node.text()[:20].strip()
        first = 0 if text.isdigit() and number == int(text) - 1 else first
        by_page.append((number, address))
    return by_page, by_offset, first


def _item_offset(address: str) -> int | None:
    """Return the number of the first item that an address names; None when it names none."""
    match = OFFSET_PARAMETER.search(address)
    return int(match[2]) if match else None


def _text_leads(document: PageDocument) -> list[Lead]:
    """Return the links of a pager whose text is a page number, whatever their addresses count (``iPage,2``, ``topic=5.15``).

    The number that links nowhere, or to this page, is this page's own.
    """
    linked, own = _linked_numbers(document)
    pager = any(is_paging(node) for _, node in linked.values()) or _counts_on(linked.get(own + 1), own)
    return [Lead(url, number - own) for number, (url, _) in sorted(linked.items())] if pager else []


def last_number(document: PageDocument) -> int | None:
    """Return the number of the last page that a pager links by number; None without such a pager."""
    linked, own = _linked_numbers(document)
    beside = next((linked[number] for number in (own + 1, own - 1) if number in linked), None)
    return max(linked) if beside and is_paging(beside[1]) else None


def _linked_numbers(document: PageDocument) -> tuple[dict[int, tuple[str, LexborNode]], int]:
    """Return (page number -> address and link, of the links whose text is one; the first number that links nowhere)."""
    here = document.identity.page(document.url)
    linked: dict[int, tuple[str, LexborNode]] = {}
    for node in document.tree.css("a[href]"):
        text = node.text()[:20].strip()
        if not (text.isdecimal() and 0 < len(text) < 5):
            continue
        address = document.absolute(node.attributes.get("href"))
        if address is None or not document.is_own_host(address) or document.identity.page(address) == here:
            continue
        if is_paging(node) or series_step(here, document.identity.page(address)):
            linked.setdefault(int(text), (address, node))
    return linked, next(number for number in range(1, len(linked) + 2) if number not in linked)


def _counts_on(link: tuple[str, LexborNode] | None, own: int) -> bool:
    """Tell whether a link of the next number stands right behind this page's own, which links nowhere."""
    behind = re.compile(rf"(?<!\d){own}\W{{0,12}}{own + 1}(?!\d)")
    around = climb(link[1].parent if link else None, 3)
    return any(behind.search(" ".join(outer.text(separator=" ")[:500].split())) for outer in around)


def is_slide(node: LexborNode) -> bool:
    """Tell whether an element is named as a slider or calendar."""
    return bool(_SLIDES.search(names_of(node)))


def is_paging(node: LexborNode) -> bool:
    """Tell whether an element stands in one that is named as a pager and as nothing else; a page's own wrapper is none."""
    for outer in climb(node, 6):
        names = names_of(outer)
        if _SLIDES.search(names):
            return False
        if PAGING.search(names) or "paginat" in (outer.attributes.get("aria-label") or "").lower():
            return True
    return False


def older(document: PageDocument) -> str | None:
    """Return the link to older posts, which blog software calls "next" or "previous"."""
    for node in document.tree.css("a[href]"):
        if words.OLDER.fullmatch((prose.one_line(node.text()) or "").strip(words.TRIM)):
            return document.absolute(node.attributes.get("href"))
    return None


def _direction(node: LexborNode, rel: list[str]) -> tuple[bool | None, int]:
    """Return (leads forward, strength: 0 is surest); (None, _) when the direction is unknown."""
    if "next" in rel or "prev" in rel or "previous" in rel:
        return "next" in rel, 0 if node.tag == "link" else 1
    text = prose.one_line(node.text()[:200]) or ""
    if len(text) > 40:
        return None, 9
    names = _names_around(node)
    if _SLIDES.search(names):
        return None, 9
    leads, strength = _judge_words(node, text, names)
    return (leads, strength) if leads is not None else _judge_signs(text)


def _judge_words(node: LexborNode, text: str, names: str) -> tuple[bool | None, int]:
    """Return the direction by the words of the link, or else by the names in its markup."""
    for word in _link_words(node, text):
        plain = words.phrase_of(word)
        if plain in words.NEXT and (plain not in words.AMBIGUOUS or _stands_in_pager(node)):
            return True, 2
        if plain in words.PREVIOUS and (plain not in words.AMBIGUOUS or _stands_in_pager(node)):
            return False, 2
    if re.search(r"(?:^|[\s_-])(?:nav-|pn)?prev(?:ious)?(?:[\s_-]|$|posts?link)", names, re.I):
        return False, 2
    if re.search(r"(?:^|[\s_-])(?:nav-|pn)?next(?:[\s_-]|$|posts?link)", names, re.I):
        return True, 2
    return None, 9


def _link_words(node: LexborNode, text: str) -> list[str]:
    """Return what a link says: its text, its title, its label, the words for its picture."""
    picture = node.css_first("img[alt]") if not text else None
    alt = picture.attributes.get("alt") if picture else None
    return [word for word in (text, node.attributes.get("title"), node.attributes.get("aria-label"), alt) if word]


def _judge_series(node: LexborNode, step: "SeriesStep") -> tuple[bool | None, int]:
    """Return the direction of a link to an address of the same list, where its words, its names or its place agree."""
    text = prose.one_line(node.text()[:200]) or ""
    names = _names_around(node)
    if len(text) <= _LONGEST and not _SLIDES.search(names):
        shown = [word for word in _link_words(node, text) if step.counts != "anything" or words.is_plain(word)]
        hints = [said for word in shown if (said := words.hint(word)) is not None]
        hints += [True] * bool(_FORWARD.search(names)) + [False] * bool(_BACK.search(names))
        if len(set(hints)) == 1 and (step.ahead >= 0 if hints[0] else step.ahead <= 0):
            return hints[0], 5
    if abs(step.ahead) == 1 and step.counts == "pages":
        return step.ahead > 0, 6 - _stands_in_pager(node)
    return None, 9


def _names_around(node: LexborNode) -> str:
    return " ".join(filter(None, (names_of(node), names_of(node.parent))))


def _judge_signs(text: str) -> tuple[bool | None, int]:
    """Return what "older", "newer" or an arrow says."""
    if words.OLDER.fullmatch(text.strip(words.TRIM)):
        return True, 3
    if words.NEWER.fullmatch(text.strip(words.TRIM)):
        return False, 3
    bare = text.replace(" ", "")
    if bare in words.ARROWS_NEXT:
        return True, 3 + (len(bare) > 1 or bare == "»")
    if bare in words.ARROWS_PREVIOUS:
        return False, 3 + (len(bare) > 1 or bare == "«")
    return None, 9


def names_of(node: LexborNode | None) -> str:
    """Return what a page calls an element: its classes, its id, and the words in its attributes for scripts and tests."""
    attributes = node.attributes if node is not None else {}
    if not attributes:
        return ""
    marks = [value for name, value in attributes.items() if name.startswith("data-") and value and _MARK.fullmatch(value)]
    return " ".join([attributes.get("class") or "", attributes.get("id") or "", *marks])


def _stands_in_pager(node: LexborNode, known: dict[int, bool] | None = None) -> bool:
    """Tell whether the link stands in something named like a pager, or among two or more bare page numbers; ``known`` keeps
    what was found of elements looked at before."""
    known = {} if known is None else known
    for outer in climb(node, 4):
        if PAGER_NAMES.search(names_of(outer)) or "paginat" in (outer.attributes.get("aria-label") or "").lower():
            return True
        if outer.mem_id != node.mem_id:
            if outer.mem_id not in known:
                known[outer.mem_id] = sum((link.text().strip().isdigit()) for link in outer.css("a")[:30]) >= 2
            if known[outer.mem_id]:
                return True
    return False


_PAGE = re.compile(rf"{PAGE}|pn|startpage|pageidall|trang|halaman|hal|laman|muka|pagina|seite|strana|stranka|strona|sayfa|sivu")
_PATH = re.compile(rf"{_PAGE.pattern}|list|index")
_OFFSET, _CURSOR = re.compile(rf"{OFFSET}|begin|st|first|o"), re.compile(CURSOR)
_NOT_A_CURSOR = frozenset({"since", "csrftoken", "token", "accesstoken"})
_INDEX = re.compile(r"(?:/index)?(?:\.[a-z]{2,5})?/?$|/$", re.I)
"""What the address of a first page ends with and that of a later one need not."""
_LATER = re.compile(r"[/_.,-]?(?:([a-z]{1,12})[-_/,.=]?)?(\d{1,6})(?:\.[a-z]{2,5})?/?", re.I)
"""What the address of a later page adds: ``/2``, ``/page/2/``, ``-2.html``, ``/index100.html``, ``/iPage,2``."""


class SeriesStep(NamedTuple):
    """How an address relates to another one of the same list."""

    ahead: int
    """Pages or items further on; 0 where a number added to an address may be that of its own page (``?page=1``)."""
    counts: Literal["pages", "items", "anything"] = "anything"
    """What the name of what counts says: ``pages`` also for a mark to go on from."""


def series_step(here: str, address: str) -> SeriesStep | None:
    """Return how ``address`` continues the list of ``here``; None where it is no address of that list."""
    try:
        mine, other = urlsplit(here), urlsplit(address)
    except ValueError:
        return None
    if mine.netloc.removeprefix("www.") != other.netloc.removeprefix("www."):
        return None
    if mine.path.rstrip("/") == other.path.rstrip("/"):
        return _query_step(mine, other)
    return _path_step(mine.path, other.path) if mine.query == other.query else None


def _query_step(mine: SplitResult, other: SplitResult) -> SeriesStep | None:
    before, after = dict(parse_qsl(mine.query, keep_blank_values=True)), dict(parse_qsl(other.query, keep_blank_values=True))
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if len(changed) != 1:
        return None
    name = parameter_name(changed[0])
    old, new = before.get(changed[0], ""), after.get(changed[0], "")
    if _is_number(new or "0") and _is_number(old or "0") and (new or old):
        first = 0 if _OFFSET.fullmatch(name) else 1
        ahead = (int(new) if new else first) - (int(old) if old else first)
        return SeriesStep(ahead, "pages" if _PAGE.fullmatch(name) else "anything" if first else "items")
    is_cursor = bool(new) and name not in _NOT_A_CURSOR and _CURSOR.fullmatch(name) is not None
    return SeriesStep(1, "pages") if is_cursor else None


def _path_step(mine: str, other: str) -> SeriesStep | None:
    before, after = re.split(r"(\d+)", mine), re.split(r"(\d+)", other)
    if len(before) == len(after):
        places = [at for at, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
        if len(places) == 1 and places[0] % 2 and len(before[places[0]] + after[places[0]]) < 16:
            word = re.search(r"([a-z]+)[-_/,.=]?$", before[places[0] - 1], re.I)
            return SeriesStep(int(after[places[0]]) - int(before[places[0]]), _counts(word[1] if word else ""))
    if (added := _added_part(mine, other)) is not None:
        return SeriesStep(int(added[2]) - 1, _counts(added[1], added[0]))
    if (added := _added_part(other, mine)) is not None:
        return SeriesStep(1 - int(added[2]), _counts(added[1], added[0]))
    return None


def _counts(word: str | None, added: str = "") -> Literal["pages", "items", "anything"]:
    """Return what a number in a path counts, from the word before it; ``list.html`` and ``list_2.html`` are parts of one."""
    if word and _PATH.fullmatch(word.lower()):
        return "pages"
    return "items" if not word and re.fullmatch(r"[_-]\d+\.[a-z]{2,5}", added, re.I) else "anything"


def _added_part(first: str, later: str) -> re.Match[str] | None:
    """Return what the path of a later page adds to that of the first."""
    stem = _INDEX.sub("", first)
    return _LATER.fullmatch(later[len(stem) :]) if later.startswith(stem) else None


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) <= 7
