"""Judges what stands at the address of a reported advert: pure, from one answer and the advert as it was reported.

The page is compared with the words that the notice was about, not with its status alone: sites answer 200 for adverts that are
gone, and lead from an advert that has ended to their list.
"""

import re
from datetime import UTC, datetime
from itertools import groupby
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser

from crawlers.discovery.guided_fetch import FetchedPage
from crawlers.evidence.kept_pages import KeptPage, candidates, page_words, squeeze, without_pictures
from crawlers.items import Posting
from crawlers.pages import page_families
from crawlers.pages.postings.plain import CLOSED
from crawlers.sources.source import Source
from desk.rechecks.sighting import Sighting, State

NEAR, PART = 0.98, 0.3
"""Shares of the reported words on a page from which on it shows the advert unchanged, and edited. Below the first a parser's
joints are not to blame; below the second, sentences of the trade that any advert has."""
_PIECE, _STRIDE, _PIECES = 12, 6, 400
"""Letters of a compared piece, letters from one to the next, and the most pieces of a text."""
_SAID_WITHIN = 4_000
"""Characters within which a page says that something is gone."""
_NOT_THERE = re.compile(
    r"(?:page|post|message|content|video|listing|ad|job|advert\w*|item) (?:(?:was |is |has been )?(?:not found|not available|"
    r"unavailable|removed|deleted)|(?:could ?not|couldn['’]t|cannot|can['’]t) be found)\b|"
    r"this (?:page|content|post) is(?:n['’]t| not) available|"
    r"(?:this|the) (?:page|post|listing|ad|job|item)[^.\n]{0,40}(?:no longer (?:exists?|available)|does(?:n't| not) exist)|"
    r"không (?:tìm thấy|tồn tại|còn (?:tồn tại|hiệu lực|khả dụng))|đã bị (?:xóa|xoá|gỡ)|"
    r"(?:页面|頁面|内容|內容|帖子|信息|职位)[^。\n]{0,8}(?:不存在|已删除|已刪除|已下架|不可用)|ไม่พบ(?:หน้า|ประกาศ|เนื้อหา)|ถูกลบ|"
    r"tidak (?:ditemukan|tersedia)|telah dihapus|"
    r"រកមិនឃើញ|မတွေ့ပါ|नहीं मिला|পাওয়া যায়নি|page introuvable|n[’']existe plus|a été supprimée?|no (?:existe|encontrad[oa])|"
    r"não (?:existe|encontrad[oa])|не найден|удален[ао]?\b|찾을 수 없|삭제된|見つかりません|削除され|nicht gefunden|"
    r"غير موجود|تم حذف",
    re.IGNORECASE,
)


def address_to_ask(url: str) -> str:
    """Return the address that shows one posting alone: of a public Telegram channel, the embed, which says when it is gone."""
    parts = urlsplit(url)
    if parts.hostname == "t.me" and re.fullmatch(r"/(?!s/|c/)\w+/\d+", parts.path):
        return urlunsplit(parts._replace(query="embed=1&mode=tme", fragment=""))
    return url


def judge(page: FetchedPage, reported: Posting, source: Source) -> Sighting:
    """Return what an answer says of an advert that was reported."""
    state, detail = _state(page, reported, source)
    return Sighting(
        state=state, status=page.status, url=page.url, detail=detail, evidence=page.evidence, sha256=page.sha256
    )  # fmt: skip


def _state(page: FetchedPage, reported: Posting, source: Source) -> tuple[State, str]:
    if page.error.startswith("blocked"):
        return "walled", page.error.removeprefix("blocked (").removesuffix(")")
    if page.status in (404, 410):
        return "gone", ""
    if not 200 <= page.status < 300:
        return "unknown", page.error
    shown, said = _how_shown(page, reported, source), _visible_text(page.text)[:_SAID_WITHIN]
    closed = "closed" if CLOSED.search(said) else ""
    elsewhere = _name_of(page.url, source) != _name_of(page.wanted.url, source)
    if shown is not None:
        return ("moved" if elsewhere else shown), closed
    if elsewhere:
        return "tombstone", "redirect"
    if closed or _NOT_THERE.search(said):
        return "tombstone", "says_so"
    if _is_rewritten(page, reported, source):
        return "edited", "rewritten"
    return "unknown", "another_page"


def _name_of(url: str, source: Source) -> str:
    """Return what two addresses of one page have in common: neither scheme nor ``www`` nor a slash at the end makes another."""
    return re.sub(r"^https?://(?:www\.)?", "", source.identity.page(url)).rstrip("/")


def _how_shown(page: FetchedPage, reported: Posting, source: Source) -> Literal["up", "edited"] | None:
    """Return how a page shows the words that were reported; None when it does not."""
    own = without_pictures(reported)
    if any((read.title, read.text) == (own.title, own.text) for read in _readings(page, own.source, source)):
        return "up"
    said = page_words(page.text)
    share = share_shown(f"{own.title or ''}\n{own.text}", said)
    if share < PART:
        return None
    telling = _telling_words(f"{own.title or ''}\n{own.text}")
    return "up" if share >= NEAR and all(re.search(rf"(?<!\d){re.escape(word)}(?!\d)", said) for word in telling) else "edited"


def _is_rewritten(page: FetchedPage, reported: Posting, source: Source) -> bool:
    """Tell whether a page is the advert in other words: by facts written for machines, as any page may be read as plain text."""
    try:
        read = page_families.parse(page.text, page.url, source=reported.source, now=datetime.now(UTC), identity=source.identity)
    except Exception:  # noqa: BLE001 - a parser may raise anything, as it may in a crawl
        return False
    family = page_families.FAMILIES[read.family]
    return (family.machine_readable or family.spider == "channel") and any(each.id == reported.id for each in read.postings)


def _telling_words(text: str) -> set[str]:
    """Return pay, telephone numbers and handles as a page's words have them: an edit of one letter of these matters."""
    found = set()
    for line in text.splitlines():
        for is_telling, run in groupby(line.split(), lambda word: any(sign.isdigit() or sign == "@" for sign in word)):
            found.add(squeeze("".join(run)).strip(".,;:!?()") if is_telling else "")
    return found - {""}


def share_shown(text: str, said: str) -> float:
    """Return which share of a text stands in the words of a page (``page_words``); 0 for a text too short to tell."""
    own = squeeze(text)
    starts = range(0, len(own) - _PIECE + 1, max(_STRIDE, len(own) // _PIECES))
    return sum(own[at : at + _PIECE] in said for at in starts) / len(starts) if starts else 0.0


def _readings(page: FetchedPage, name: str, source: Source) -> list[Posting]:
    """Return the postings that the parsers read from a page."""
    kept = KeptPage(
        kind="response", record_id="", beside="", url=page.url, at=datetime.now(UTC), sha256="", content_type=page.content_type,
        body=page.body,
    )  # fmt: skip
    return list(candidates([kept], name, source))


def _visible_text(markup: str) -> str:
    """Return title and body of a page as a reader sees them, without its menus."""
    tree = LexborHTMLParser(markup)
    tree.strip_tags(["script", "style", "svg", "template", "noscript", "nav", "footer"])
    return " ".join(tree.root.text(separator=" ").split()) if tree.root else ""
